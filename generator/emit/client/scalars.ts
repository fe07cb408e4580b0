// The table of scalar types: how each is called in TypeScript, read, written, checked and sent as a word.
import type { Range, ScalarName, ScalarType, WordType } from '../../model/model.js';
import { carrierOf } from '../words.js';
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

function rowOf(type: Value): Row {
  return rows[carrierOf(type)];
}

export function scalarTypeText(names: Names, type: Value): string {
  return 'name' in type ? nameOf(names.types, type.name) : rowOf(type).type;
}

/** Constructor of an array of plain numbers; null for enums and booleans. */
export function arrayConstructor(type: Value): string | null {
  return type.kind === 'scalar' ? rowOf(type).array : null;
}

export function scalarBits(type: Value): ScalarName {
  return carrierOf(type);
}

/** `view.getUint32(offset + 4, true)`, converted to the TypeScript type. */
export function readText(names: Names, type: Value, at: string): string {
  const row = rowOf(type);
  const raw = `view.get${row.view}(${at}${row.bits > 8 ? ', true' : ''})`;
  if (type.kind === 'enum') return `dextgen.decodeEnum(${nameOf(names.types, type.name)}, ${raw})`;
  return type.kind === 'scalar' && type.scalar === 'bool' ? `${raw} !== 0` : raw;
}

/** `view.setUint32(at, value, true)` for a checked value. */
export function writeText(type: Value, at: string, value: string): string {
  const row = rowOf(type);
  const stored = type.kind === 'scalar' && type.scalar === 'bool' ? `Number(${value})` : value;
  return `view.set${row.view}(${at}, ${stored}${row.bits > 8 ? ', true' : ''});`;
}

/** The value, checked; of an enum, its number. `member` is the text of its name or index in `at`. */
export function checkText(
  names: Names,
  { type, range }: { readonly type: Value; readonly range: Range | null },
  value: string,
  member: string,
): string {
  if (type.kind === 'enum')
    return `dextgen.encodeEnum(${nameOf(names.types, type.name)}, ${value}, at, ${member})`;
  if (type.kind !== 'scalar') throw new Error(`no check of ${type.kind}`);
  const limits = limitTexts(type, range).map((text) => `, ${text}`);
  return `dextgen.check.${type.scalar}(${value}, at, ${member}${limits.join('')})`;
}

/** Minimum and maximum, as far as the schema gives them. */
function limitTexts(type: ScalarType, range: Range | null): string[] {
  if (range === null || type.scalar === 'bool') return [];
  const min = range.min === null ? 'undefined' : literalText(type, range.min);
  return range.max === null ? [min] : [min, literalText(type, range.max)];
}

/** `, min: 0, max: 5` of an array's elements. */
export function limitMembers(type: ScalarType, range: Range | null): string {
  const min = range === null || range.min === null ? '' : `, min: ${literalText(type, range.min)}`;
  const max = range === null || range.max === null ? '' : `, max: ${literalText(type, range.max)}`;
  return min + max;
}

/** A checked value as the word that travels: extended to 64 bits, a float as its bits. */
export function toWordText(type: Value, checked: string): string {
  if (type.kind === 'scalar' && type.scalar === 'f32') return `dextgen.floatToWord(${checked})`;
  if (type.kind === 'scalar' && type.scalar === 'f64') return `dextgen.doubleToWord(${checked})`;
  return rowOf(type).type === 'bigint' ? checked : `BigInt(${checked})`;
}

/** The word `word` of an answer as the TypeScript value. */
export function fromWordText(names: Names, type: Value, word: string): string {
  const { bits, signed, type: kind } = rowOf(type);
  if (type.kind === 'scalar' && type.scalar === 'bool') return `${word} !== 0n`;
  if (type.kind === 'scalar' && type.scalar === 'f32') return `dextgen.wordToFloat(${word})`;
  if (type.kind === 'scalar' && type.scalar === 'f64') return `dextgen.wordToDouble(${word})`;
  const cut = `BigInt.as${signed ? 'Int' : 'Uint'}N(${bits}, ${word})`;
  const value = kind === 'bigint' ? (signed ? cut : word) : `Number(${cut})`;
  return type.kind === 'enum'
    ? `dextgen.decodeEnum(${nameOf(names.types, type.name)}, ${value})`
    : value;
}

/** The text of a literal: `1`, `1n`. */
export function literalText(type: Value, value: number | string): string {
  return rowOf(type).type === 'bigint' ? `${value}n` : String(value);
}
