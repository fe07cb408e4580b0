// Structs and enums as TypeScript types, each struct with a decoder and an encoder.
import {
  type FunctionDeclarationStructure,
  type InterfaceDeclarationStructure,
  StructureKind,
  type TypeAliasDeclarationStructure,
} from 'ts-morph';
import type { ArrayType, EnumType, Field, StructType, Type } from '../../model/model.js';
import { isWord } from '../words.js';
import { access, key, quote, toDocs } from './jsdoc.js';
import { type Names, nameOf } from './names.js';
import {
  arrayConstructor,
  checkText,
  limitMembers,
  literalText,
  readText,
  scalarTypeText,
  type Value,
  writeText,
} from './scalars.js';

export function typeText(names: Names, type: Type): string {
  switch (type.kind) {
    case 'scalar':
    case 'enum':
      return scalarTypeText(names, type);
    case 'struct':
    case 'union':
    case 'variant':
      return nameOf(names.types, type.name);
    case 'array':
      return arrayTypeText(names, type.element);
    default:
      throw new Error(`no codec of ${type.kind}`);
  }
}

function arrayTypeText(names: Names, element: Type): string {
  const array = isValue(element) ? arrayConstructor(element) : null;
  return (
    array ??
    `readonly ${typeText(names, element)}[]`.replace(
      /^readonly readonly (.*)\[\]$/,
      'readonly (readonly $1)[]',
    )
  );
}

function isValue(type: Type): type is Value {
  return isWord(type);
}

/** The type, and beside it the codec of the same name. */
export function enumStructures(
  names: Names,
  type: EnumType,
): [TypeAliasDeclarationStructure, string] {
  const name = nameOf(names.types, type.name);
  const base: Value = { kind: 'scalar', scalar: type.base, size: type.size, align: type.size };
  const notes = type.values.filter((v) => v.doc !== '').map((v) => `- ${v.name}: ${v.doc}`);
  const rows = type.values.map((v) => `  ${key(v.name)}: ${literalText(base, v.value)},`);
  return [
    {
      kind: StructureKind.TypeAlias,
      name,
      isExported: true,
      docs: toDocs({ doc: type.doc, notes }),
      type: type.values.map((v) => quote(v.name)).join(' | ') || 'never',
    },
    [`export const ${name} = dextgen.enumCodec({`, ...rows, '});\n'].join('\n'),
  ];
}

export function structStructures(
  names: Names,
  type: StructType,
): [InterfaceDeclarationStructure, FunctionDeclarationStructure, FunctionDeclarationStructure] {
  const name = nameOf(names.types, type.name);
  return [
    {
      kind: StructureKind.Interface,
      name,
      isExported: true,
      docs: toDocs({ doc: type.doc, notes: [`${type.size} bytes.`] }),
      properties: type.fields.map((field) => ({
        name: key(field.name),
        isReadonly: true,
        type: typeText(names, field.type),
        docs: toDocs({ doc: field.doc, unit: field.unit }),
      })),
    },
    {
      kind: StructureKind.Function,
      name: `decode${name}`,
      isExported: true,
      parameters: [
        { name: 'view', type: 'DataView' },
        { name: 'offset', initializer: '0' },
      ],
      returnType: name,
      statements: [
        'return {',
        ...type.fields.map(
          (field) =>
            `  ${key(field.name)}: ${decodeText(names, field.type, at('offset', field.offset))},`,
        ),
        '};',
      ],
    },
    {
      kind: StructureKind.Function,
      name: `encode${name}`,
      isExported: true,
      parameters: [
        { name: 'view', type: 'DataView' },
        { name: 'offset', type: 'number' },
        { name: 'value', type: name },
        { name: 'at', initializer: `dextgen.argumentsOf('encode${name}')` },
      ],
      returnType: 'void',
      statements: [
        'dextgen.checkObject(value, at);',
        ...type.fields.flatMap((field) => encodeField(names, field)),
      ],
    },
  ];
}

/** `offset + 16`. */
function at(base: string, offset: number): string {
  return offset === 0 ? base : `${base} + ${offset}`;
}

function decodeText(names: Names, type: Type, place: string): string {
  switch (type.kind) {
    case 'scalar':
    case 'enum':
      return readText(names, type, place);
    case 'struct':
    case 'union':
    case 'variant':
      return `decode${nameOf(names.types, type.name)}(view, ${place})`;
    case 'array': {
      const { element, length } = type;
      const array = isValue(element) ? arrayConstructor(element) : null;
      if (array === 'Float32Array') return `dextgen.float32View(view, ${place}, ${length})`;
      if (array !== null) return `dextgen.arrayView(${array}, view, ${place}, ${length})`;
      const inner = decodeText(names, element, 'start');
      return `dextgen.decodeArray(${length}, ${element.size}, ${place}, (start) => ${inner})`;
    }
    default:
      throw new Error(`no codec of ${type.kind}`);
  }
}

function encodeField(names: Names, field: Field): string[] {
  return encodeLines({
    names,
    type: field.type,
    range: field.range,
    offset: at('offset', field.offset),
    value: access('value', field.name),
    member: quote(field.name),
    depth: 0,
  });
}

type Encoding = {
  readonly names: Names;
  readonly type: Type;
  readonly range: Field['range'];
  readonly offset: string;
  readonly value: string;
  readonly member: string;
  readonly depth: number;
};

function encodeLines(encoding: Encoding): string[] {
  const { names, type, range, offset, value, member } = encoding;
  switch (type.kind) {
    case 'scalar':
    case 'enum':
      return [writeText(type, offset, checkText(names, { type, range }, value, member))];
    case 'struct':
    case 'union':
    case 'variant': {
      const name = nameOf(names.types, type.name);
      return [`encode${name}(view, ${offset}, ${value}, dextgen.inside(at, ${member}));`];
    }
    case 'array':
      return encodeElements(encoding, type);
    default:
      throw new Error(`no codec of ${type.kind}`);
  }
}

function encodeElements(encoding: Encoding, { element, length }: ArrayType): string[] {
  const { range, offset, value, member, depth } = encoding;
  if (element.kind === 'scalar' && element.scalar !== 'bool') {
    const limits = limitMembers(element, range);
    const info = `{ type: '${element.scalar}', offset: ${offset}, length: ${length}${limits} }`;
    return [`dextgen.encodeNumbers(view, ${value}, at, ${member}, ${info});`];
  }
  const [item, index] = [`item${depth || ''}`, `index${depth || ''}`];
  const body = encodeLines({
    ...encoding,
    type: element,
    offset: `${offset} + ${index} * ${element.size}`,
    value: item,
    member: index,
    depth: depth + 1,
  });
  return [
    `dextgen.encodeArray(${value}, at, ${member}, ${length}, (${item}, ${index}, at) => {`,
    ...body.map((line) => `  ${line}`),
    '});',
  ];
}
