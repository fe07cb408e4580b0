// Memory types: one number, any, or a number that an app composes of parts. A type has 32 bits (contract §2.1).
import {
  child,
  type Entry,
  entriesOf,
  integerOf,
  type Report,
  type SourceNode,
  type Span,
  stringOf,
} from '../source/index.js';
import { typeOf } from './bits.js';
import { numberNode } from './constants.js';
import { readField } from './field-declaration.js';
import { scalarOf } from './layout.js';
import type { BitField, Buffer } from './model.js';
import { selectorRangeOf } from './quantities.js';
import { ruleContext, type TypeTable } from './type-table.js';
import { narrow } from './value-rules.js';

export type MemoryType = Pick<Buffer, 'memoryType' | 'parts' | 'anyType'>;

const BITS = 32;

function bad(report: Report, at: Span, message: string, hint: string): null {
  report({ code: 'DK660', at, message, hint });
  return null;
}

const smallest = (width: number) => scalarOf(width <= 8 ? 'u8' : width <= 16 ? 'u16' : 'u32');

type Bits = { readonly at: number; readonly width: number };

function partOf(entry: Entry, bits: Bits, table: TypeTable): BitField | null {
  const field = readField(entry, table.constants);
  if (field.type !== null && table.handles.has(field.type.text)) {
    const message = `"${field.type.text}" is a handle, which mapping memory does not look up`;
    const hint =
      'make the part a u32 that a method gives out, and let the driver find its memory by it.';
    return bad(table.report, field.type.at, message, hint);
  }
  const context = ruleContext(table);
  const type =
    field.type === null
      ? smallest(bits.width)
      : typeOf(field.type.text, field.type.at, { base: 'u32', context, end: 0 });
  if (type === null) return null;
  const base = type.kind === 'scalar' ? type.scalar : type.base;
  const at = field.type?.at ?? field.nameAt;
  if (type.size > 4 || base.startsWith('i')) {
    const hint =
      'use u8, u16, u32, bool, or an enum of one of them; a handle of 64 bits is an argument of a method.';
    return bad(
      table.report,
      at,
      `a part of a memory type is unsigned and has at most ${BITS} bits`,
      hint,
    );
  }
  const { name, doc, unit, since } = field;
  const { range, rules } = narrow(field, type, context, bits.width);
  // What the bits cannot hold is no value either.
  const most = 2 ** bits.width - 1;
  const narrower = type.kind === 'scalar' && type.scalar !== 'bool' && bits.width < type.size * 8;
  const limits = narrower ? { min: range?.min ?? null, max: range?.max ?? most } : range;
  return { name, ...bits, type, doc, unit, since, range: limits, rules };
}

/** `"0-15"`: what a part is added as; a map says the same with min and max. */
function addedOf(entry: Entry, table: TypeTable): BitField | null {
  const { keySpan, value } = entry;
  if (value.kind === 'map') {
    const max = integerOf(numberNode(child(value, 'max'), table.constants));
    if (max !== null && max >= 0n && max < 1n << BigInt(BITS))
      return partOf(entry, { at: 0, width: Math.max(1, max.toString(2).length) }, table);
    return bad(table.report, keySpan, `"${entry.key}" needs a max`, 'add "max: 15".');
  }
  const range = selectorRangeOf(value);
  if (range === null || range.first > range.last || range.last >= 2 ** BITS)
    return bad(
      table.report,
      value.span,
      'this is no range',
      'write "0-15", or { type: Kind, max: 3 } for an enum.',
    );
  const width = Math.max(1, range.last.toString(2).length);
  const type = smallest(width);
  const limits = { min: range.first === 0 ? null : range.first, max: range.last };
  return {
    name: entry.key,
    ...{ at: 0, width, type, doc: '', unit: '', since: '' },
    range: limits,
    rules: null,
  };
}

function bitsOf(node: SourceNode | null, at: Span, report: Report): Bits | null {
  const range = node === null ? null : selectorRangeOf(node);
  const hint = `write the bits from the lowest on, as in "0-15", none above ${BITS - 1}.`;
  if (range === null || range.first > range.last)
    return bad(report, node?.span ?? at, 'these are no bits', hint);
  if (range.last < BITS) return { at: range.first, width: range.last - range.first + 1 };
  const message = `a memory type has ${BITS} bits: IOConnectMapMemory64 takes a uint32_t (contract §2.1)`;
  return bad(report, node?.span ?? at, message, hint);
}

type Taken = Bits & { readonly name: string; readonly at2: Span };

type Fields = { base: bigint; sound: boolean; readonly parts: BitField[]; readonly taken: Taken[] };

function addField(entry: Entry, fields: Fields, table: TypeTable): void {
  const { key, keySpan, value } = entry;
  const { report } = table;
  const bits = bitsOf(child(value, 'bits'), keySpan, report);
  if (bits === null) return;
  const end = bits.at + bits.width;
  const earlier = fields.taken.find((one) => one.at < end && bits.at < one.at + one.width);
  if (earlier !== undefined) {
    const message = `the bits of "${key}" and "${earlier.name}" overlap`;
    bad(report, child(value, 'bits')?.span ?? keySpan, message, 'give each bits of its own.');
    return;
  }
  fields.taken.push({ ...bits, name: key, at2: keySpan });
  const fixed = numberNode(child(value, 'value'), table.constants);
  if (fixed === null) {
    const part = partOf(entry, bits, table);
    if (part !== null) fields.parts.push(part);
    else fields.sound = false;
    return;
  }
  const number = integerOf(fixed);
  if (number !== null && number >= 0n && number < 1n << BigInt(bits.width)) {
    fields.base |= number << BigInt(bits.at);
    return;
  }
  bad(
    report,
    fixed.span,
    `the value of "${key}" does not fit ${bits.width} bits`,
    'choose a smaller one.',
  );
}

function composed(node: SourceNode, table: TypeTable): MemoryType | null {
  const fields: Fields = { base: 0n, sound: true, parts: [], taken: [] };
  for (const entry of entriesOf(child(node, 'fields'))) addField(entry, fields, table);
  if (fields.parts.length === 0) {
    if (fields.taken.length > 0 && fields.sound)
      bad(
        table.report,
        node.span,
        'an app has nothing to choose in this memory type',
        'write the number.',
      );
    return null;
  }
  return { memoryType: Number(fields.base), parts: fields.parts, anyType: false };
}

function added(node: SourceNode, table: TypeTable): MemoryType | null {
  const base = integerOf(numberNode(child(node, 'base'), table.constants)) ?? 0n;
  const [entry, ...others] = entriesOf(child(node, 'plus'));
  const [second] = others;
  if (second !== undefined)
    bad(
      table.report,
      second.keySpan,
      'one part is added to a base',
      'write "fields" with the bits of each.',
    );
  const part = entry === undefined ? null : addedOf(entry, table);
  if (part === null) return null;
  const most = base + BigInt(part.range?.max ?? 0);
  if (base >= 0n && most < 1n << BigInt(BITS))
    return { memoryType: Number(base), parts: [part], anyType: false };
  return bad(table.report, node.span, `a memory type has ${BITS} bits`, 'choose a smaller base.');
}

/** What an app maps the buffer by; null when it is malformed, which is reported. */
export function memoryTypeOf(node: SourceNode | null, table: TypeTable): MemoryType | null {
  if (node?.kind === 'map') {
    const plus = child(node, 'plus') !== null;
    return plus ? added(node, table) : composed(node, table);
  }
  if (stringOf(node) === 'any') return { memoryType: 0, parts: [], anyType: true };
  const number = integerOf(numberNode(node, table.constants));
  if (number !== null && number >= 0n && number < 1n << BigInt(BITS))
    return { memoryType: Number(number), parts: [], anyType: false };
  if (node === null) return null;
  const hint = 'write a number, any, { base, plus } or { fields }.';
  return bad(table.report, node.span, 'this is no memory type', hint);
}

/** Lowest and highest number that a type can be. */
export function extentOf({ memoryType, parts, anyType }: MemoryType): readonly [number, number] {
  if (anyType) return [0, 2 ** BITS - 1];
  const lowest = parts.reduce((sum, part) => sum + Number(part.range?.min ?? 0) * 2 ** part.at, 0);
  const highest = parts.reduce(
    (sum, { at, width, range }) => sum + Number(range?.max ?? 2 ** width - 1) * 2 ** at,
    0,
  );
  return [memoryType + lowest, memoryType + highest];
}

/** Bits that are the same in every number of a type. */
function fixedMask({ parts }: MemoryType): bigint {
  const free = parts.reduce(
    (all, { at, width }) => all | (((1n << BigInt(width)) - 1n) << BigInt(at)),
    0n,
  );
  return ((1n << BigInt(BITS)) - 1n) & ~free;
}

/** Whether some number may be of both; apart is what differs in a bit that both fix, or in its extent. */
export function mayOverlap(a: MemoryType, b: MemoryType): boolean {
  const [[firstA, lastA], [firstB, lastB]] = [extentOf(a), extentOf(b)];
  if (lastA < firstB || lastB < firstA) return false;
  // A base may reach into the bits of its part: then only the extents tell.
  const whole = (type: MemoryType): boolean => (BigInt(type.memoryType) & ~fixedMask(type)) === 0n;
  if (!whole(a) || !whole(b)) return true;
  const common = fixedMask(a) & fixedMask(b);
  return (BigInt(a.memoryType) & common) === (BigInt(b.memoryType) & common);
}
