// The module of an interface: its frame printed by ts-morph, what repeats for every type and method in bulk.
import {
  type ClassDeclarationStructure,
  IndentationText,
  Project,
  QuoteKind,
  Scope,
  type StatementStructures,
  StructureKind,
  type WriterFunction,
} from 'ts-morph';
import type { Model, NamedType } from '../../model/model.js';
import { bannerLines } from '../banner.js';
import { type Bulk, fillMarks, type Marks, markMethods, markStatements } from './bulk.js';
import { enumStructures, structStructures } from './codecs.js';
import { contractText, eventText } from './contract.js';
import { cleanText, toDocs } from './jsdoc.js';
import {
  bufferStructure,
  eventConstant,
  mapStructure,
  propertyStructure,
  streamStructure,
} from './members.js';
import { methodStructure } from './methods.js';
import { chooseNames, type Names } from './names.js';

export function printClient(model: Model): string {
  const marks: Marks = [];
  return fillMarks(printFrame(model, marks), marks);
}

function printFrame(model: Model, marks: Marks): string {
  const project = new Project({
    useInMemoryFileSystem: true,
    skipLoadingLibFiles: true,
    skipAddingFilesFromTsConfig: true,
    skipFileDependencyResolution: true,
    manipulationSettings: {
      indentationText: IndentationText.TwoSpaces,
      quoteKind: QuoteKind.Single,
    },
  });
  const statements = [banner(model), ...statementsOf(model, marks)];
  return project.createSourceFile(`${model.id}.ts`, { statements }).getFullText();
}

function banner(model: Model): string {
  return bannerLines(model)
    .map((line) => `// ${cleanText(line)}`)
    .join('\n');
}

function statementsOf(
  model: Model,
  marks: Marks,
): (StatementStructures | string | WriterFunction)[] {
  const names = chooseNames(model);
  return [
    {
      kind: StructureKind.ImportDeclaration,
      namespaceImport: 'dextgen',
      moduleSpecifier: 'dextgen/client',
    },
    `\n${contractText(model)}`,
    ...model.events.map((event, index) => `\n${eventText(event, eventConstant(index))}`),
    '\nconst origin = { contract, moduleUrl: import.meta.url };\n',
    ...markStatements(
      marks,
      model.types.flatMap((type) => typeStructures(names, type)),
    ),
    ...model.buffers.map((buffer) => bufferStructure(model, names, buffer)),
    deviceStructure(model, names),
    clientStructure(model, names, marks),
  ];
}

export function typeStructures(names: Names, type: NamedType): readonly Bulk[] {
  switch (type.kind) {
    case 'enum':
      return enumStructures(names, type);
    case 'struct':
      return structStructures(names, type);
    default:
      throw new Error(`no codec of ${type.kind}`);
  }
}

/** A driver's service before it is opened. */
function deviceStructure(model: Model, names: Names): ClassDeclarationStructure {
  return {
    kind: StructureKind.Class,
    name: names.deviceClass,
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
      {
        name: 'open',
        parameters: [{ name: 'options?', type: "Omit<dextgen.OpenOptions, 'device'>" }],
        returnType: `Promise<${names.clientClass}>`,
        statements: [`return ${names.clientClass}.open({ ...options, device: this.id });`],
      },
      ...model.properties.map((property) => propertyStructure(names, property, 'this.#device')),
    ],
  };
}

function clientStructure(model: Model, names: Names, marks: Marks): ClassDeclarationStructure {
  const { clientClass, deviceClass } = names;
  return {
    kind: StructureKind.Class,
    name: clientClass,
    isExported: true,
    implements: ['AsyncDisposable'],
    docs: toDocs({ doc: model.doc, notes: [`A connection to ${model.driver.className}.`] }),
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
      openStructure(clientClass),
      devicesStructure(deviceClass),
      ...markMethods(
        marks,
        model.methods.map((method) => methodStructure(names, method)),
      ),
      ...model.events.map((event, index) => streamStructure(names, event, eventConstant(index))),
      ...model.buffers.map((buffer) => mapStructure(names, buffer)),
      ...model.properties.map((property) => propertyStructure(names, property, 'this.#connection')),
      ...commonStructures(),
    ],
    getAccessors: endAccessors(),
  };
}

function openStructure(clientClass: string) {
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
    statements: [`return new ${clientClass}(await dextgen.openConnection(origin, options));`],
  };
}

function devicesStructure(deviceClass: string) {
  return {
    name: 'devices',
    isStatic: true,
    isAsync: true,
    docs: ['What is there now.'],
    parameters: [{ name: 'addon?', type: 'string' }],
    returnType: `Promise<${deviceClass}[]>`,
    statements: [
      'const devices = await dextgen.findDevices(origin, addon);',
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
