// The module of an interface: its frame printed by ts-morph, what repeats for every type and method in bulk.
import {
  IndentationText,
  Project,
  QuoteKind,
  type StatementStructures,
  StructureKind,
  type WriterFunction,
} from 'ts-morph';
import type { Model, NamedType } from '../../model/model.js';
import { bannerLines } from '../banner.js';
import { clientSides, driverSides } from '../sides.js';
import { bufferStructure } from './buffers.js';
import { type Bulk, fillMarks, type Marks, markStatements } from './bulk.js';
import { clientStructure, deviceStructure, originOf } from './classes.js';
import { structStructures } from './codecs.js';
import { contractText, eventText, typesByName } from './contract.js';
import { subscriptionTexts } from './feeds.js';
import { handleStructure } from './handles.js';
import { key, quote, toDocs } from './jsdoc.js';
import { eventConstant } from './members.js';
import { chooseNames, type Names } from './names.js';
import { recordStructures } from './record-codecs.js';
import { type Tables, tablesOf } from './tables.js';
import { unionText } from './union-codecs.js';
import { variantStructures } from './variant-codecs.js';
import { bitsStructures, enumStructures, flagsStructures } from './word-codecs.js';

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
    .map((line) => `// ${line}`)
    .join('\n');
}

function statementsOf(
  model: Model,
  marks: Marks,
): (StatementStructures | string | WriterFunction)[] {
  const names = chooseNames(model);
  const tables = tablesOf(model);
  const types = typesByName(model);
  const numbers = new Map(model.events.map((event, index) => [event.name, index]));
  return [
    {
      kind: StructureKind.ImportDeclaration,
      namespaceImport: 'dextgen',
      moduleSpecifier: 'dextgen/client',
    },
    ...clientSides(model).map((side) => {
      const constant = originOf(side).contract;
      const text = contractText({ model, side, constant, types });
      return `\n${markStatements(marks, [text])}`;
    }),
    ...model.events.map((event, index) => `\n${eventText(event, eventConstant(index))}`),
    ...subscriptionTexts(model),
    `\n${clientSides(model)
      .map((side) => originOf(side).text)
      .join('\n')}\n`,
    ...constantsText(model),
    ...markStatements(
      marks,
      model.types.flatMap((type) => typeStructures(names, type, tables)),
    ),
    ...model.handles.map((handle) => handleStructure(names, handle)),
    ...model.buffers.map((buffer) => bufferStructure(model, names, buffer)),
    ...driverSides(model)
      .filter(({ clients }) => clients.length > 0)
      .map((side) => deviceStructure(model, names, side)),
    ...clientSides(model).map((side) => clientStructure({ model, names, marks, side, numbers })),
  ];
}

/** Constants as members of one object, whose names can meet no other. */
function constantsText({ constants }: Model): string[] {
  if (constants.length === 0) return [];
  const rows = constants.flatMap(({ name, kind, value, doc }) => {
    const text = kind === 'text' ? quote(String(value)) : numberText(value);
    const docs = toDocs({ doc }).map((line) => `  /** ${line.replaceAll('\n', ' ')} */`);
    return [...docs, `  ${key(name)}: ${text},`];
  });
  return [`\nexport const constants = {\n${rows.join('\n')}\n} as const;\n`];
}

/** Integers that a double would round are texts in the model. */
const numberText = (value: number | string): string =>
  typeof value === 'string' ? `${value}n` : String(value);

export function typeStructures(names: Names, type: NamedType, tables: Tables): readonly Bulk[] {
  switch (type.kind) {
    case 'enum':
      return enumStructures(names, type);
    case 'flags':
      return flagsStructures(names, type);
    case 'bits':
      return bitsStructures(names, type);
    case 'struct':
      return structStructures(names, type);
    case 'record':
      return recordStructures(names, tables.structs, type);
    case 'variant':
      return variantStructures({ names, ...tables, type });
    case 'union':
      return [unionText(names, type)];
    default:
      return type satisfies never;
  }
}
