// Records as TypeScript types, each with a decoder and an encoder.
import {
  type FunctionDeclarationStructure,
  type InterfaceDeclarationStructure,
  StructureKind,
} from 'ts-morph';
import type { RecordType } from '../../model/model.js';
import { toDocs } from './jsdoc.js';
import { type Names, nameOf } from './names.js';
import type { RecordContext, Structs } from './record-context.js';
import { decodeLines } from './record-decoders.js';
import { agreements, partEncoder, preparation } from './record-encoders.js';
import { interfaceOf, notesOf } from './record-members.js';

export function recordStructures(
  names: Names,
  structs: Structs,
  type: RecordType,
): (InterfaceDeclarationStructure | FunctionDeclarationStructure)[] {
  const context: RecordContext = { names, structs, type, given: false };
  const name = nameOf(names.types, type.name);
  const input = names.inputs.get(type.name);
  return [
    interfaceOf(context, name, toDocs({ doc: type.doc, notes: notesOf(type) })),
    ...(input === undefined
      ? []
      : [interfaceOf({ ...context, given: true }, input, [`${name} as it is given.`])]),
    {
      kind: StructureKind.Function,
      name: `decode${name}`,
      isExported: true,
      parameters: [{ name: 'from', type: 'dextgen.RecordReader' }],
      returnType: name,
      statements: decodeLines(context),
    },
    {
      kind: StructureKind.Function,
      name: `encode${name}`,
      isExported: true,
      parameters: [
        { name: 'to', type: 'dextgen.RecordWriter' },
        { name: 'value', type: input ?? name },
        { name: 'at', initializer: `dextgen.argumentsOf('encode${name}')` },
      ],
      returnType: 'void',
      statements: [
        'dextgen.checkObject(value, at);',
        ...type.parts.flatMap(preparation),
        ...agreements(context),
        ...type.parts.flatMap((part, index) => partEncoder(context, part, index)),
        ...(type.capped ? [`dextgen.atMost(to, ${type.max}, at);`] : []),
      ],
    },
  ];
}
