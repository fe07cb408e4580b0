// The table of scalar types: how each is called in TypeScript, read, written and sent as a word. What a value may be is
// value-checks.ts's.
import type { ByteOrder, Literal, ScalarName, ValueRules, WordType } from '../../model/model.js';
import { carrierOf } from '../words.js';
import { access, quote } from './jsdoc.js';
import { type Names, nameOf } from './names.js';

type Row = {
  readonly type: 'number' | 'bigint' | 'boolean';
  /** Suffix of DataView's get and set. */
  readonly view: string;
  /** Of an array of them; null where TypeScript has none. */
  readonly array: string | null;
  readonly bits: number;
  readonly signed: boolean;
};

const rows: Readonly<Record<ScalarName, Row>> = {
  u8: { type: 'number', view: 'Uint8', array: 'Uint8Array', bits: 8, signed: false },
  u16: { type: 'number', view: 'Uint16', array: 'Uint16Array', bits: 16, signed: false },
  u32: { type: 'number', view: 'Uint32', array: 'Uint32Array', bits: 32, signed: false },
  u64: { type: 'bigint', view: 'BigUint64', array: 'BigUint64Array', bits: 64, signed: false },
  i8: { type: 'number', view: 'Int8', array: 'Int8Array', bits: 8, signed: true },
  i16: { type: 'number', view: 'Int16', array: 'Int16Array', bits: 16, signed: true },
  i32: { type: 'number', view: 'Int32', array: 'Int32Array', bits: 32, signed: true },
  i64: { type: 'bigint', view: 'BigInt64', array: 'BigInt64Array', bits: 64, signed: true },
  f32: { type: 'number', view: 'Float32', array: 'Float32Array', bits: 32, signed: true },
  f64: { type: 'number', view: 'Float64', array: 'Float64Array', bits: 64, signed: true },
  bool: { type: 'boolean', view: 'Uint8', array: null, bits: 8, signed: false },
};

export type Value = WordType;

export function rowOf(type: Value): Row {
  return rows[carrierOf(type)];
}

/** The type of a value; of a safe one, `number`. */
export function scalarTypeText(names: Names, type: Value, rules: ValueRules | null = null): string {
  if (type.kind === 'status') return 'dextgen.Status';
  if ('name' in type) return nameOf(names.types, type.name);
  if (rules?.boolean === true) return 'boolean';
  return rules?.safe === true ? 'number' : rowOf(type).type;
}

/** Constructor of an array of plain numbers; null for what is no number, and for numbers that become something else. */
export function arrayConstructor(type: Value, rules: ValueRules | null = null): string | null {
  const converted = rules?.safe === true || rules?.boolean === true;
  return type.kind === 'scalar' && !converted ? rowOf(type).array : null;
}

export function scalarBits(type: Value): ScalarName {
  return carrierOf(type);
}

/** Where a value lies, as text, and how. */
export type Placed = {
  readonly at: string;
  readonly byteOrder: ByteOrder;
  readonly rules: ValueRules | null;
};

export function placed(place: string | Placed): Placed {
  return typeof place === 'string' ? { at: place, byteOrder: 'little', rules: null } : place;
}

/** `view.getUint32(offset + 4, true)`, converted to the TypeScript type. */
export function readText(names: Names, type: Value, place: string | Placed): string {
  const { at, byteOrder, rules } = placed(place);
  const { view, bits } = rowOf(type);
  const little = bits > 8 && byteOrder === 'little' ? ', true' : '';
  return valueText(names, { type, rules }, `view.get${view}(${at}${little})`);
}

/** A number as it was stored → the value of its type. */
export function valueText(
  names: Names,
  { type, rules }: { readonly type: Value; readonly rules: ValueRules | null },
  raw: string,
): string {
  const value = plainValue(names, type, raw, rules);
  const constant = rules?.const ?? null;
  if (constant === null) return value;
  return `dextgen.constant(${value}, ${givenLiteral(names, { type, rules }, constant)})`;
}

function plainValue(names: Names, type: Value, raw: string, rules: ValueRules | null): string {
  switch (type.kind) {
    case 'enum':
      return `dextgen.decodeEnum(${nameOf(names.types, type.name)}, ${raw})`;
    case 'flags':
      return names.safe.has(type.name) ? `dextgen.safeNumber(${raw})` : raw;
    case 'bits':
      return `decode${nameOf(names.types, type.name)}(${raw})`;
    case 'status':
      return `dextgen.statusOf(${raw})`;
    case 'handle':
      return `${raw} as ${nameOf(names.types, type.name)}`;
    case 'scalar':
      if (type.scalar === 'bool') return `${raw} !== 0`;
      if (rules?.boolean === true) return `${raw} !== ${literalText(type, 0)}`;
      return rules?.safe === true ? `dextgen.safeNumber(${raw})` : raw;
    default:
      return type satisfies never;
  }
}

/** `view.setUint32(at, value, true)` for a checked value. */
export function writeText(type: Value, place: string | Placed, value: string): string {
  const { at, byteOrder } = placed(place);
  const { view, bits } = rowOf(type);
  const stored = type.kind === 'scalar' && type.scalar === 'bool' ? `Number(${value})` : value;
  const little = bits > 8 && byteOrder === 'little' ? ', true' : '';
  return `view.set${view}(${at}, ${stored}${little});`;
}

/** A checked value as the word that travels: extended to 64 bits, a float as its bits. */
export function toWordText(type: Value, checked: string): string {
  if (type.kind === 'scalar' && type.scalar === 'f32') return `dextgen.floatToWord(${checked})`;
  if (type.kind === 'scalar' && type.scalar === 'f64') return `dextgen.doubleToWord(${checked})`;
  return rowOf(type).type === 'bigint' ? checked : `BigInt(${checked})`;
}

/** The word `word` of an answer as the TypeScript value. */
export function fromWordText(
  names: Names,
  type: Value,
  word: string,
  rules: ValueRules | null = null,
): string {
  const { bits, signed, type: kind } = rowOf(type);
  if (type.kind === 'scalar' && type.scalar === 'bool') return `${word} !== 0n`;
  if (type.kind === 'scalar' && type.scalar === 'f32') return `dextgen.wordToFloat(${word})`;
  if (type.kind === 'scalar' && type.scalar === 'f64') return `dextgen.wordToDouble(${word})`;
  const cut = `BigInt.as${signed ? 'Int' : 'Uint'}N(${bits}, ${word})`;
  const raw = kind === 'bigint' ? (signed ? cut : word) : `Number(${cut})`;
  return valueText(names, { type, rules }, raw);
}

/** The text of a literal: `1`, `1n`. */
export function literalText(type: Value, value: number | string): string {
  return rowOf(type).type === 'bigint' ? `${value}n` : String(value);
}

/** A literal of the schema as a caller would write it: `'off'`, `3`, `3n`, `true`. */
export function givenLiteral(names: Names, stored: ValueOf, literal: Literal): string {
  const { type, rules } = stored;
  if (typeof literal === 'boolean') return String(literal);
  if (type.kind === 'enum') return quote(String(literal));
  const number = rules?.safe === true || (type.kind === 'flags' && names.safe.has(type.name));
  return number ? String(literal) : literalText(type, literal);
}

type ValueOf = { readonly type: Value; readonly rules: ValueRules | null };

/** A literal of the schema as the number that is stored. */
export function storedLiteral(names: Names, type: Value, literal: Literal): string {
  if (typeof literal === 'boolean') {
    const isBool = type.kind === 'scalar' && type.scalar === 'bool';
    return isBool ? String(literal) : literalText(type, Number(literal));
  }
  if (type.kind !== 'enum') return literalText(type, literal);
  return access(`${nameOf(names.types, type.name)}.values`, String(literal));
}
