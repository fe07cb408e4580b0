// The view of the driver's generated half: emitting, answering, publishing and mapping.
import type {
  ChildService,
  Event,
  Method,
  Model,
  StateMachine,
  UserClient,
} from '../../model/model.js';
import { bannerLines } from '../banner.js';
import { interfaceTable, methodWordsConstant, typeName } from '../c-names.js';
import { stringLiteral, wrap } from '../c-text.js';
import {
  anyClientParameters,
  assignValues,
  completeParameters,
  contextParameters,
  createParameters,
  declare,
  emitParameters,
  givesObjects,
  isEmittedByValue,
  memberNames,
  payloadOf,
  stateParameters,
} from '../hooks.js';
import { type ClientSide, type DriverSide, driverClass, sideOf } from '../sides.js';
import { hasRecords } from '../struct-parameters.js';
import { type Numbered, usedBy } from '../usage.js';
import { feedDefinitions } from './feed-core-view.js';
import { copiesBytes } from './guard-view.js';
import { handleMembers } from './handle-view.js';
import { type Definition, memoryDefinition } from './memory-view.js';
import { type PropertyView, propertyView, publishers } from './property-view.js';
import { outputWords } from './value-view.js';

type ClientView = {
  readonly className: string;
  readonly interfaceName: string;
  readonly dictionary: string;
  /** Signature of the function that makes one. */
  readonly create: readonly string[];
};

export type CoreView = {
  readonly banner: readonly string[];
  readonly guard: string;
  readonly className: string;
  readonly hasRecords: boolean;
  readonly recordsHeader: string;
  readonly hasClients: boolean;
  readonly clients: readonly ClientView[];
  /** Signature of NewUserClient, and what it does once there is room. */
  readonly newUserClient: readonly string[];
  readonly opening: readonly string[];
  readonly properties: readonly PropertyView[];
  readonly copiesBytes: boolean;
  readonly maxClients: number;
  /** What an open fails with when there are as many clients as there may be. */
  readonly fullCode: string;
  readonly hasDefinitions: boolean;
  readonly definitions: readonly Definition[];
};

export function toCoreView(model: Model, side: DriverSide): CoreView {
  const { driver, clients, properties } = side;
  const { className } = driver;
  const { machines, handles } = usedBy(model, clients);
  const definitions = [
    ...clients.flatMap((client) => clientDefinitions(model, client)),
    ...publishers(side),
    ...side.services.map((service) => create(className, service)),
    ...(driver.clientHooks ? contextMembers(className) : []),
    ...machines.flatMap((machine) => stateMembers(className, machine)),
    ...handles.flatMap((handle) => handleMembers(model, className, handle)),
  ];
  return {
    banner: bannerLines(model),
    guard: `${className.toUpperCase()}_CORE_H`,
    className,
    hasRecords: hasRecords(model),
    recordsHeader: `${model.name}Records.h`,
    hasClients: clients.length > 0,
    clients: clients.map((client) => clientView(className, client)),
    ...newUserClient(side),
    properties: properties.map(propertyView),
    copiesBytes: clients.some(({ methods }) =>
      methods.some((method) => method.kind === 'async' && copiesBytes(method)),
    ),
    maxClients: driver.maxClients,
    // One that takes a single client is one that is opened exclusively.
    fullCode: driver.maxClients === 1 ? 'kIOReturnExclusiveAccess' : 'kIOReturnNoResources',
    hasDefinitions: definitions.length > 0,
    definitions,
  };
}

function clientView(driver: string, { client }: ClientSide): ClientView {
  const parameters = [`${driver} * driver`, 'IOUserClient ** client'];
  return {
    className: client.className,
    interfaceName: interfaceTable(client),
    dictionary: stringLiteral(client.dictionary),
    create: wrap(`kern_return_t Create${client.className}`, parameters, ' {'),
  };
}

/** An app chooses the class by the type it opens; a class without one takes every type that is left. */
function newUserClient({ driver, clients }: DriverSide) {
  const typed = clients.flatMap(({ client }) => (client.type === null ? [] : [client]));
  const rest = clients.find(({ client }) => client.type === null)?.client;
  const create = ({ className }: UserClient): string =>
    // A service or a method may have given the class a member of that name.
    `return ::Create${className}(this, userClient);`;
  const fallback = rest === undefined ? 'return kIOReturnBadArgument;' : create(rest);
  const cases = typed.flatMap((client) => [`case ${client.type}:`, `    ${create(client)}`]);
  const parameters = [
    typed.length > 0 ? 'uint32_t type' : 'uint32_t',
    'IOUserClient ** userClient',
  ];
  return {
    newUserClient: wrap(`kern_return_t ${driver.className}::NewUserClient_Impl`, parameters, ' {'),
    opening:
      typed.length === 0
        ? [fallback]
        : ['switch (type) {', ...cases, 'default:', `    ${fallback}`, '}'],
  };
}

function clientDefinitions(model: Model, side: ClientSide): Definition[] {
  const { events, methods, buffers } = side;
  return [
    ...events.map((event, index) => emit(model, event, index)),
    ...feedDefinitions(model, side),
    ...methods.filter(({ kind }) => kind === 'async').map((method) => complete(model, method)),
    ...buffers.map((buffer, index) => memoryDefinition(model, buffer, index)),
  ];
}

function emit(model: Model, event: Event, index: number): Definition {
  const parameters = emitParameters(model, event);
  const table = interfaceTable(sideOf(model, event).client);
  const signature = declare(
    `void ${driverClass(model, event)}::${memberNames.emit(event)}`,
    parameters,
    ' {',
  );
  if (!isEmittedByValue(model, event)) {
    return {
      signature,
      body: [`dextgen::EmitRecords(&Core()->base, ${table}, ${index}, {records, count});`],
    };
  }
  const payload = payloadOf(model, event);
  return {
    signature,
    body: [
      `${typeName(model, payload.name)} payload = {};`,
      ...assignValues(model, payload.name, parameters),
      `dextgen::EmitRecords(&Core()->base, ${table}, ${index}, {&payload, 1});`,
    ],
  };
}

function complete(model: Model, method: Method): Definition {
  const parameters = completeParameters(model, method);
  const outputs = parameters.slice(2);
  const gives = givesObjects(method);
  const signature = declare(
    `${gives ? 'bool' : 'void'} ${driverClass(model, method)}::${memberNames.complete(method)}`,
    parameters,
    ' {',
  );
  const { count, scalars, struct } = method.output;
  const names = new Map(scalars.map((slot, i) => [slot.name, outputs[i]?.name ?? '']));
  const plain = struct === null && scalars.every(({ packing }) => packing === 'word');
  const one = outputs.map(({ name }) => `dextgen::ToWord(${name})`);
  const size = struct?.kind === 'fixed' ? struct.type.size : 0;
  const words = count + Math.ceil(size / 8);
  const table = plain
    ? [`const uint64_t words[] = {${one.join(', ')}};`]
    : [
        `uint64_t words[${words}] = {};`,
        ...outputWords(method.output, { rules: null, words: 'words' }, (n) => names.get(n) ?? ''),
        ...structWords(outputs[scalars.length]?.name ?? '', count, size),
      ];
  const given = words > 0 ? 'words' : 'nullptr';
  const limit = methodWordsConstant(model, method);
  const header = method.answer?.layout === 'raw' ? '' : '2 + ';
  return {
    signature,
    body: [
      `static_assert(${limit} >= ${header}${words}, "every output has a word");`,
      ...(words > 0 ? table : []),
      `${gives ? 'return ' : ''}dextgen::PendingComplete(&Core()->base, call, status, ${given}, ${words});`,
    ],
  };
}

/** An answer with an error may come without its struct. */
function structWords(name: string, word: number, size: number): string[] {
  if (size === 0) return [];
  return [
    `if (${name} != nullptr) {`,
    `    memcpy(words${word === 0 ? '' : ` + ${word}`}, ${name}, ${size});`,
    '}',
  ];
}

function contextMembers(className: string): Definition[] {
  return [
    {
      signature: declare(`void ${className}::SetClientContext`, contextParameters, ' {'),
      body: ['dextgen::CoreSetContext(&Core()->base, client, context);'],
    },
    {
      signature: declare(`void * ${className}::ClientContext`, anyClientParameters, ' {'),
      body: ['return dextgen::CoreContext(&Core()->base, client);'],
    },
  ];
}

function stateMembers(className: string, machine: Numbered<StateMachine>): Definition[] {
  const parameters = stateParameters(machine);
  const state = { type: 'uint32_t ', name: 'state' };
  const [set, get] = [memberNames.setState(machine), memberNames.getState(machine)];
  const client = machine.scope === 'driver' ? 'nullptr' : 'client';
  const place = `&Core()->base, ${client}, ${machine.index}`;
  return [
    {
      signature: declare(`void ${className}::${set}`, [...parameters, state], ' {'),
      body: [`dextgen::CoreSetState(${place}, state);`],
    },
    {
      signature: declare(`uint32_t ${className}::${get}`, parameters, ' {'),
      body: [`return dextgen::CoreState(${place});`],
    },
  ];
}

/** Works on a driver and on a user client: the dictionary is looked up on the object itself (contract §4.2). */
export function create(className: string, service: ChildService): Definition {
  return {
    signature: declare(
      `kern_return_t ${className}::${memberNames.create(service)}`,
      createParameters,
      ' {',
    ),
    body: [`return Create(this, ${stringLiteral(service.dictionary)}, service);`],
  };
}
