// The view of the driver's .iig: what the driver engineer writes, and what is generated beside it.
import type { ChildService, DriverAction, Method, Model } from '../../model/model.js';
import { actionType } from '../actions.js';
import { bannerLines } from '../banner.js';
import { pascal } from '../c-names.js';
import { commentLines, commentText, wrap } from '../c-text.js';
import {
  allParameters,
  anyClientParameters,
  completeParameters,
  contextParameters,
  createParameters,
  declare,
  emitParameters,
  givesObjects,
  hookParameters,
  memberNames,
  objectParameters,
  publishParameters,
  stateParameters,
} from '../hooks.js';
import { type ClientSide, type DriverSide, hasCore } from '../sides.js';
import { accessorClasses } from '../struct-parameters.js';
import { type Usage, usedBy } from '../usage.js';
import { feedHooks, feedMembers } from './feed-members.js';
import { handleMembers } from './handle-members.js';
import type { Member } from './member.js';
import { memoryMember, supplyHooks } from './memory-members.js';

export type DriverIigView = {
  readonly banner: readonly string[];
  readonly guard: string;
  readonly includes: readonly string[];
  readonly wireHeader: string;
  readonly docs: readonly string[];
  readonly className: string;
  readonly baseClass: string;
  readonly baseFramework: string;
  readonly userClients: readonly string[];
  /** Readers and writers of what varies in size. */
  readonly accessors: readonly string[];
  readonly hasClients: boolean;
  readonly hasCore: boolean;
  readonly suppliesMemory: boolean;
  readonly hasActions: boolean;
  readonly actions: readonly Member[];
  readonly hooks: readonly Member[];
  readonly generated: readonly Member[];
};

const INDENT = 4;

export function toDriverView(model: Model, side: DriverSide): DriverIigView {
  const { className, baseClass, baseFramework, actions, doc } = side.driver;
  const usage = usedBy(model, side.clients);
  return {
    banner: bannerLines(model),
    guard: `${className}_h`,
    includes: includesOf(side),
    wireHeader: `${model.id}.h`,
    docs: commentLines(doc),
    className,
    baseClass,
    baseFramework,
    userClients: side.clients.map(({ client }) => client.className),
    accessors: accessorClasses(
      model,
      side.clients.flatMap(({ methods }) => methods),
    ),
    hasClients: side.clients.length > 0,
    hasCore: hasCore(side),
    suppliesMemory: side.clients.some(({ buffers }) =>
      buffers.some(({ source }) => source.kind === 'driver'),
    ),
    hasActions: actions.length > 0,
    actions: actions.map(actionMember),
    hooks: [
      ...side.clients.flatMap((client) => [
        ...methodHooks(model, client),
        ...subscriberHooks(client),
        ...feedHooks(model, client),
        ...supplyHooks(model, client),
      ]),
      ...lossHooks(usage),
      ...(side.driver.clientHooks ? clientHooks() : []),
    ],
    generated: [
      ...side.clients.flatMap((client) => generatedMembers(model, client)),
      ...publishMembers(side),
      ...side.services.map((service) => createMember(service)),
      ...(side.driver.clientHooks ? contextMembers() : []),
      ...stateMembers(usage),
      ...handleMembers(model, usage),
    ],
  };
}

/** An unchecked method's hook takes the platform's own arguments. */
function includesOf({ driver, clients }: DriverSide): readonly string[] {
  const unchecked = clients.some(({ methods }) => methods.some((one) => one.unchecked !== null));
  const own = unchecked ? ['<DriverKit/IOUserClient.iig>'] : [];
  const includes = driver.actions.map((action) => actionType(action).include);
  return [...new Set([...own, ...includes])].sort();
}

function actionMember(action: DriverAction): Member {
  const { parameters: rest, actionLast = false } = actionType(action);
  const target = 'OSAction * action TARGET';
  const parameters = actionLast ? [...rest, target] : [target, ...rest];
  const type = ` TYPE(${action.providerClass}::${action.providerMethod});`;
  const head = `virtual void ${pascal(action.name)}`;
  return { docs: [], lines: wrap(head, parameters, type, INDENT) };
}

const uncheckedDocs = ({ unchecked }: Method): readonly string[] =>
  unchecked === null
    ? []
    : [
        `Nothing was checked: ${commentText(unchecked)}. Counts, sizes and values are the hook's to look at.`,
      ];

function methodHooks(model: Model, { methods }: ClientSide): Member[] {
  return methods.map((method) => ({
    docs: [...commentLines(method.doc), ...uncheckedDocs(method)],
    lines: declare(
      `kern_return_t ${memberNames.hook(method)}`,
      allParameters(hookParameters(model, method)),
      ' LOCALONLY;',
      INDENT,
    ),
  }));
}

function subscriberHooks({ events }: ClientSide): Member[] {
  return events.map((event) => ({
    docs: [`The number of clients that follow "${event.name}" has become \`count\`.`],
    lines: [`void ${memberNames.subscribers(event)}(uint32_t count) LOCALONLY;`],
  }));
}

/** What the driver hears when something of a client's is over. */
function lossHooks({ roles, handles }: Usage): Member[] {
  return [
    ...roles.map((role) => ({
      docs: [`The client, which had the role "${commentText(role.name)}", is gone.`],
      lines: declare(
        `void ${memberNames.roleLost(role)}`,
        anyClientParameters,
        ' LOCALONLY;',
        INDENT,
      ),
    })),
    ...handles.map((handle) => ({
      docs: [
        ...commentLines(handle.doc),
        'The handle of the object was closed, or its client is gone: whatever it stands for ends here.',
      ],
      lines: declare(
        `void ${memberNames.release(handle)}`,
        objectParameters,
        ' LOCALONLY;',
        INDENT,
      ),
    })),
  ];
}

function clientHooks(): Member[] {
  return [
    {
      docs: ['The first call of a client; what fails here fails the call.'],
      lines: declare('kern_return_t ClientOpened', anyClientParameters, ' LOCALONLY;', INDENT),
    },
    {
      docs: [
        'The last that is heard of a client that had called: closed, dead, or the driver stops.',
      ],
      lines: declare('void ClientClosed', anyClientParameters, ' LOCALONLY;', INDENT),
    },
  ];
}

function contextMembers(): Member[] {
  return [
    {
      docs: [
        "The driver's own pointer for a client, from ClientOpened to the end of ClientClosed.",
      ],
      lines: declare('void SetClientContext', contextParameters, ' LOCALONLY;', INDENT),
    },
    {
      docs: [],
      lines: declare('void * ClientContext', anyClientParameters, ' LOCALONLY;', INDENT),
    },
  ];
}

function stateMembers({ machines }: Usage): Member[] {
  const state = { type: 'uint32_t ', name: 'state' };
  return machines.flatMap((machine) => {
    const parameters = stateParameters(machine);
    const set = `void ${memberNames.setState(machine)}`;
    const get = `uint32_t ${memberNames.getState(machine)}`;
    return [
      {
        docs: [
          ...commentLines(machine.doc),
          'Calls move the state by themselves; this is for what the driver decides.',
        ],
        lines: declare(set, [...parameters, state], ' LOCALONLY;', INDENT),
      },
      { docs: [], lines: declare(get, parameters, ' LOCALONLY;', INDENT) },
    ];
  });
}

function generatedMembers(model: Model, side: ClientSide): Member[] {
  const { events, methods, buffers } = side;
  return [
    ...feedMembers(model, side),
    ...events.map((event) => ({
      docs: commentLines(event.doc),
      lines: declare(
        `void ${memberNames.emit(event)}`,
        emitParameters(model, event),
        ' LOCALONLY;',
        INDENT,
      ),
    })),
    ...methods
      .filter(({ kind }) => kind === 'async')
      .map((method) => ({
        docs: [
          `Answers a call of ${memberNames.hook(method)}, once. A stale call is ignored.`,
          ...(givesObjects(method)
            ? ["False unless a success was sent: then the objects are still the driver's."]
            : []),
        ],
        lines: declare(
          `${givesObjects(method) ? 'bool' : 'void'} ${memberNames.complete(method)}`,
          completeParameters(model, method),
          ' LOCALONLY;',
          INDENT,
        ),
      })),
    ...buffers.map((buffer) => memoryMember(model, buffer)),
  ];
}

/** A service from its dictionary. */
export function createMember(service: ChildService): Member {
  const { className, kernelClass, doc } = service;
  return {
    docs: [
      ...commentLines(doc),
      `Creates ${className}, an ${kernelClass}; the caller releases it.`,
    ],
    lines: declare(
      `kern_return_t ${memberNames.create(service)}`,
      createParameters,
      ' LOCALONLY;',
      INDENT,
    ),
  };
}

function publishMembers({ properties }: DriverSide): Member[] {
  if (properties.length === 0) return [];
  return [
    ...properties.map((property) => ({
      docs: commentLines(property.doc),
      lines: declare(
        `kern_return_t ${memberNames.publish(property)}`,
        publishParameters(property),
        ' LOCALONLY;',
        INDENT,
      ),
    })),
    {
      docs: ['Publishes every property, each with its default until it was published by itself.'],
      lines: ['kern_return_t PublishProperties() LOCALONLY;'],
    },
  ];
}
