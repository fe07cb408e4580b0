// The classes of the client: a device per driver, which is not open, and a connection per user client.
import { type ClassDeclarationStructure, Scope, StructureKind } from 'ts-morph';
import type { Model } from '../../model/model.js';
import { pascal } from '../c-names.js';
import { type ClientSide, type DriverSide, driverSides } from '../sides.js';
import { mapStructure } from './buffers.js';
import { type Marks, markMethods } from './bulk.js';
import { feedStructures } from './feeds.js';
import { toDocs } from './jsdoc.js';
import { eventConstant, propertyStructure, streamStructure } from './members.js';
import { methodStructure } from './methods.js';
import { type Names, nameOf } from './names.js';

/** A driver's service before it is opened. */
export function deviceStructure(
  model: Model,
  names: Names,
  { driver, clients, properties }: DriverSide,
): ClassDeclarationStructure {
  return {
    kind: StructureKind.Class,
    name: nameOf(names.devices, driver.name),
    isExported: true,
    docs: [`A ${model.name} that is there. Its properties can be read without opening it.`],
    properties: [{ name: '#device', isReadonly: true, type: 'dextgen.Device' }],
    ctors: [
      {
        parameters: [{ name: 'device', type: 'dextgen.Device' }],
        statements: ['this.#device = device;'],
      },
    ],
    getAccessors: [
      {
        name: 'id',
        docs: ['Registry entry id: the same for as long as the driver runs, never used again.'],
        returnType: 'bigint',
        statements: ['return this.#device.id;'],
      },
    ],
    methods: [
      ...clients.map(({ client }, index) => {
        const type = nameOf(names.clients, client.name);
        return {
          name: index === 0 ? 'open' : `open${pascal(client.name)}`,
          parameters: [{ name: 'options?', type: "Omit<dextgen.OpenOptions, 'device'>" }],
          returnType: `Promise<${type}>`,
          statements: [`return ${type}.open({ ...options, device: this.id });`],
        };
      }),
      ...properties.map((property) => propertyStructure(names, property, 'this.#device')),
    ],
  };
}

export type ClientParts = {
  readonly model: Model;
  readonly names: Names;
  readonly marks: Marks;
  readonly side: ClientSide;
  /** Places of the events among all of the interface, which their constants are named by. */
  readonly numbers: ReadonlyMap<string, number>;
};

export function clientStructure(parts: ClientParts): ClassDeclarationStructure {
  const { model, names, side } = parts;
  const { client, driver } = side;
  const clientClass = nameOf(names.clients, client.name);
  return {
    kind: StructureKind.Class,
    name: clientClass,
    isExported: true,
    implements: ['AsyncDisposable'],
    docs: toDocs({
      doc: side.first && client.doc === '' ? model.doc : client.doc,
      notes: [`A connection to ${driver.className}.`],
    }),
    properties: [
      { name: '#connection', isReadonly: true, type: 'dextgen.Connection' },
      {
        name: 'raw',
        isReadonly: true,
        type: 'dextgen.RawConnection',
        docs: [
          'Calls past every check of this client: for inspectors and for tests of the driver.',
        ],
      },
    ],
    ctors: [
      {
        scope: Scope.Private,
        parameters: [{ name: 'connection', type: 'dextgen.Connection' }],
        statements: [
          'this.#connection = connection;',
          'this.raw = new dextgen.RawConnection(connection);',
        ],
      },
    ],
    methods: [
      openStructure(clientClass, originOf(side).origin),
      devicesStructure(nameOf(names.devices, driver.name), originOf(side).origin),
      ...memberStructures(parts),
      ...commonStructures(),
    ],
    getAccessors: endAccessors(),
  };
}

/** What the schema declares. */
function memberStructures({ model, names, marks, side, numbers }: ClientParts) {
  const { methods, events, buffers, driver } = side;
  const properties = driverSides(model).find((one) => one.driver === driver)?.properties ?? [];
  return [
    ...markMethods(
      marks,
      methods.map((method) => methodStructure(names, method)),
    ),
    ...events.map((event) =>
      streamStructure(names, event, eventConstant(numbers.get(event.name) ?? 0)),
    ),
    ...feedStructures(model, names, side),
    ...buffers.map((buffer) => mapStructure(names, buffer)),
    ...properties.map((property) => propertyStructure(names, property, 'this.#connection')),
  ];
}

export type Origin = { readonly contract: string; readonly origin: string; readonly text: string };

/** The constants of a user client; those of the first have the plain names. */
export function originOf({ first, client }: ClientSide): Origin {
  const suffix = first ? '' : pascal(client.name);
  const [contract, origin] = [`contract${suffix}`, `origin${suffix}`];
  const member = first ? contract : `contract: ${contract}`;
  return {
    contract,
    origin,
    text: `const ${origin} = { ${member}, moduleUrl: import.meta.url };`,
  };
}

function openStructure(clientClass: string, origin: string) {
  return {
    name: 'open',
    isStatic: true,
    isAsync: true,
    docs: [
      'Opens a device and checks that its driver has this contract. Without a signal or a timeout it does not wait for\n' +
        'one to come.',
    ],
    parameters: [{ name: 'options?', type: 'dextgen.OpenOptions' }],
    returnType: `Promise<${clientClass}>`,
    statements: [`return new ${clientClass}(await dextgen.openConnection(${origin}, options));`],
  };
}

function devicesStructure(deviceClass: string, origin: string) {
  return {
    name: 'devices',
    isStatic: true,
    isAsync: true,
    docs: ['What is there now.'],
    parameters: [{ name: 'addon?', type: 'string' }],
    returnType: `Promise<${deviceClass}[]>`,
    statements: [
      `const devices = await dextgen.findDevices(${origin}, addon);`,
      `return devices.map((device) => new ${deviceClass}(device));`,
    ],
  };
}

function endAccessors() {
  return [
    {
      name: 'id',
      docs: ['Registry entry id of the device.'],
      returnType: 'bigint',
      statements: ['return this.#connection.service.id;'],
    },
    {
      name: 'end',
      docs: ['Why the connection ended; undefined while it is open.'],
      returnType: 'dextgen.EndReason | undefined',
      statements: ['return this.#connection.end;'],
    },
    {
      name: 'ended',
      docs: ['Settles when the connection ends: closed by this side, or the device is gone.'],
      returnType: 'Promise<dextgen.EndReason>',
      statements: ['return this.#connection.ended;'],
    },
  ];
}

function commonStructures() {
  return [
    {
      name: 'statistics',
      docs: ['What the driver counted for this connection.'],
      returnType: 'Promise<dextgen.Statistics>',
      statements: ['return dextgen.readStatistics(this.#connection);'],
    },
    {
      name: 'close',
      docs: ['Settles everything that is pending, then closes the connection.'],
      returnType: 'Promise<void>',
      statements: ['return this.#connection.close();'],
    },
    {
      name: '[Symbol.asyncDispose]',
      returnType: 'Promise<void>',
      statements: ['return this.close();'],
    },
  ];
}
