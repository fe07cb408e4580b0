// Structs as TypeScript types, each with a decoder and an encoder. Enums, flags and bit-fields are word-codecs.ts's.
import {
  type FunctionDeclarationStructure,
  type InterfaceDeclarationStructure,
  StructureKind,
} from 'ts-morph';
import type {
  ArrayType,
  Field,
  Literal,
  StringType,
  StructType,
  Type,
  ValueRules,
} from '../../model/model.js';
import { isWord } from '../words.js';
import { access, key, quote } from './jsdoc.js';
import { fieldTypeText, memberStructures, numbersOf } from './members-of-types.js';
import { type Names, nameOf } from './names.js';
import { givenLiteral, type Placed, placed, readText, scalarBits, writeText } from './scalars.js';
import { checkText, isPlain, limitMembers } from './value-checks.js';

export function typeText(names: Names, type: Type, given = false): string {
  return fieldTypeText(names, { type, rules: null }, given);
}

export function structStructures(
  names: Names,
  type: StructType,
): (InterfaceDeclarationStructure | FunctionDeclarationStructure)[] {
  const name = nameOf(names.types, type.name);
  return [
    ...memberStructures(names, type, `${type.size} bytes.`),
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
        ...type.fields.map((field) => `  ${key(field.name)}: ${decodeField(names, field)},`),
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
        { name: 'value', type: names.inputs.get(type.name) ?? name },
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

function decodeField(names: Names, { type, offset, byteOrder, rules }: Field): string {
  return decodeText(names, type, { at: at('offset', offset), byteOrder, rules });
}

/** The value at an offset of `view`. */
export function decodeText(names: Names, type: Type, place: string | Placed): string {
  const where = placed(place);
  switch (type.kind) {
    case 'struct':
    case 'union':
    case 'variant':
      return `decode${nameOf(names.types, type.name)}(view, ${where.at})`;
    case 'wide':
      return `dextgen.readWide(view, ${where.at}, ${where.byteOrder === 'little'})`;
    case 'string':
      return decodeString(type, where);
    case 'array':
      return decodeElements(names, type, where);
    default:
      return readText(names, type, where);
  }
}

function decodeString(type: StringType, { at: place, rules }: Placed): string {
  const text = `dextgen.readText(view, ${place}, ${type.size}, '${type.terminated}')`;
  const constant = rules?.const ?? null;
  return constant === null ? text : `dextgen.constant(${text}, ${quote(String(constant))})`;
}

function decodeElements(names: Names, { element, length }: ArrayType, where: Placed): string {
  const { at: place, byteOrder, rules } = where;
  const array = numbersOf({ type: element, rules });
  if (array !== null && byteOrder === 'big' && element.size > 1)
    return `dextgen.swappedView(${array}, view, ${place}, ${length})`;
  if (array === 'Float32Array') return `dextgen.float32View(view, ${place}, ${length})`;
  if (array !== null) return `dextgen.arrayView(${array}, view, ${place}, ${length})`;
  const inner = decodeText(names, element, { ...where, at: 'start' });
  return `dextgen.decodeArray(${length}, ${element.size}, ${place}, (start) => ${inner})`;
}

function encodeField(names: Names, field: Field): string[] {
  const { type, range, rules, byteOrder } = field;
  const initial = rules?.default ?? null;
  const given = access('value', field.name);
  return encodeLines({
    ...{ names, type, range, rules, byteOrder },
    offset: at('offset', field.offset),
    value: initial === null ? given : `${given} ?? ${literalOf(names, type, rules, initial)}`,
    member: quote(field.name),
    depth: 0,
  });
}

function literalOf(names: Names, type: Type, rules: ValueRules | null, literal: Literal): string {
  return isWord(type) ? givenLiteral(names, { type, rules }, literal) : quote(String(literal));
}

export type Encoding = {
  readonly names: Names;
  readonly type: Type;
  readonly range: Field['range'];
  readonly rules?: ValueRules | null;
  readonly byteOrder?: Field['byteOrder'];
  readonly offset: string;
  readonly value: string;
  readonly member: string;
  readonly depth: number;
};

/** Statements that put a value into `view`. */
export function encodeLines(encoding: Encoding): string[] {
  const { names, type, range, offset, value, member } = encoding;
  const { rules = null, byteOrder = 'little' } = encoding;
  switch (type.kind) {
    case 'struct':
    case 'union':
    case 'variant': {
      const name = nameOf(names.types, type.name);
      return [`encode${name}(view, ${offset}, ${value}, dextgen.inside(at, ${member}));`];
    }
    case 'wide': {
      const checked = `dextgen.checkWide(${value}, at, ${member})`;
      return [`dextgen.writeWide(view, ${offset}, ${checked}, ${byteOrder === 'little'});`];
    }
    case 'string':
      return [encodeString(encoding, type)];
    case 'array':
      return encodeElements(encoding, type);
    default: {
      const checked = checkText(names, { type, range, rules }, value, member);
      return [writeText(type, { at: offset, byteOrder, rules }, checked)];
    }
  }
}

function encodeString({ rules, offset, value, member }: Encoding, type: StringType): string {
  const constant = rules?.const ?? null;
  const text = constant === null ? value : quote(String(constant));
  const ascii = type.encoding === 'ascii' ? ', ascii: true' : '';
  const field = `{ offset: ${offset}, size: ${type.size}, terminated: '${type.terminated}'${ascii} }`;
  return `dextgen.writeText(view, ${text}, at, ${member}, ${field});`;
}

function encodeElements(encoding: Encoding, { element, length }: ArrayType): string[] {
  const { range, rules, byteOrder, offset, value, member, depth } = encoding;
  if (element.kind === 'scalar' && element.scalar !== 'bool' && isPlain(rules)) {
    const limits = limitMembers(element, range);
    const big = byteOrder === 'big' && element.size > 1 ? ', bigEndian: true' : '';
    const type = scalarBits(element);
    const info = `{ type: '${type}', offset: ${offset}, length: ${length}${limits}${big} }`;
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
