// Bit-fields: several values in one integer, each at its place, the least significant first.
import { child, type Entry, entriesOf, integerOf, type Span } from '../source/index.js';
import { numberNode } from './constants.js';
import { described, flagOf, type TypeDeclaration } from './enums.js';
import { readField } from './field-declaration.js';
import { isUnsignedName } from './flags.js';
import { isScalarName, scalarOf, scalars } from './layout.js';
import type { BitField, BitsType, NamedType, UnsignedName } from './model.js';
import { toModelNumber } from './numbers.js';
import { narrow, type RuleContext } from './value-rules.js';

export type BitsContext = RuleContext & {
  /** A type by name; reports and gives null when there is none. */
  readonly lookUp: (name: string, at: Span) => NamedType | null;
};

export type Reading = { readonly base: UnsignedName; readonly context: BitsContext; end: number };

function badType(text: string, at: Span, { context }: Reading): null {
  context.constants.report({
    code: 'DK426',
    at,
    message: `"${text}" cannot be a bit-field`,
    hint: 'bit-fields are integers, bool, enums and flags.',
  });
  return null;
}

export function typeOf(text: string, at: Span, reading: Reading): BitField['type'] | null {
  const name = text.trim();
  if (isScalarName(name)) {
    const whole = name === 'bool' || scalars[name].bounds !== null;
    return whole ? scalarOf(name) : badType(text, at, reading);
  }
  if (!/^[A-Za-z]\w*$/.test(name)) return badType(text, at, reading);
  const named = reading.context.lookUp(name, at);
  if (named === null) return null;
  const { kind } = named;
  if (kind !== 'enum' && kind !== 'flags') return badType(text, at, reading);
  const { size } = named;
  return kind === 'enum'
    ? { kind, name, base: named.base, size, align: size }
    : { kind, name, base: named.base, size, align: size };
}

function misfit(reading: Reading, at: Span, message: string, hint: string): null {
  reading.context.constants.report({ code: 'DK425', at, message, hint });
  return null;
}

/** Bits that every value of the type fits into. */
function neededWidth(type: BitField['type'], { context }: Reading): number {
  if (type.kind === 'scalar') return 1;
  const named = context.named(type.name);
  if (named?.kind === 'flags') {
    const bits = named.values.reduce((all, { value }) => all | BigInt(value), 0n);
    return bits.toString(2).length;
  }
  if (named?.kind !== 'enum') return 1;
  const numbers = [...named.values.map(({ value }) => value)];
  for (const { first, last } of named.ranges) numbers.push(first, last);
  const signed = named.base.startsWith('i');
  const widths = numbers.map((number) => {
    const value = BigInt(number);
    const magnitude = value < 0n ? -value - 1n : value;
    const bits = magnitude === 0n ? 0 : magnitude.toString(2).length;
    return signed ? bits + 1 : Math.max(1, bits);
  });
  return Math.max(1, ...widths);
}

type Placed = { readonly at: number; readonly width: number };

function placeOf(entry: Entry, type: BitField['type'], reading: Reading): Placed | null {
  const { key, keySpan, value } = entry;
  const { constants } = reading.context;
  const widthNode = numberNode(child(value, 'width'), constants);
  const atNode = numberNode(child(value, 'at'), constants);
  const bool = type.kind === 'scalar' && type.scalar === 'bool';
  const most = bool ? 1 : type.size * 8;
  const width = widthNode === null ? most : Number(integerOf(widthNode) ?? 0n);
  const at = atNode === null ? reading.end : Number(integerOf(atNode) ?? -1n);
  const whole = scalars[reading.base].size * 8;
  const place = widthNode?.span ?? keySpan;
  if (!(width >= 1 && width <= most)) {
    const hint = `choose a width from 1 to ${most}, or a wider type.`;
    return misfit(reading, place, `"${key}" cannot have ${width} bits`, hint);
  }
  const needed = neededWidth(type, reading);
  if (width < needed) {
    const hint = `give it ${needed} bits.`;
    return misfit(reading, place, `the values of "${key}" need more than ${width} bits`, hint);
  }
  if (at >= reading.end && at + width <= whole) return { at, width };
  const message =
    at < reading.end
      ? `"${key}" begins at bit ${at}; the one before it ends at ${reading.end}`
      : `"${key}" ends at bit ${at + width}; ${reading.base} has ${whole}`;
  const hint =
    at < reading.end ? 'list bit-fields from the least significant on, apart.' : 'widen the base.';
  return misfit(reading, atNode?.span ?? place, message, hint);
}

function bitField(entry: Entry, reading: Reading): BitField | null {
  const { context } = reading;
  const field = readField(entry, context.constants);
  const text = field.type?.text ?? 'u64';
  const type =
    field.type === null ? smallestOf(entry, reading) : typeOf(text, field.type.at, reading);
  if (type === null) return null;
  const placed = placeOf(entry, type, reading);
  if (placed === null) return null;
  reading.end = placed.at + placed.width;
  const { name, doc, unit, since } = field;
  const narrowed = narrow(field, type, context, placed.width);
  return { name, ...placed, type, doc, unit, since, ...narrowed };
}

/** Without a type it is the smallest unsigned integer that has the width. */
function smallestOf(entry: Entry, reading: Reading): BitField['type'] {
  const node = numberNode(child(entry.value, 'width'), reading.context.constants);
  const width = Number(integerOf(node) ?? 64n);
  const names: readonly UnsignedName[] = ['u8', 'u16', 'u32', 'u64'];
  return scalarOf(names.find((name) => scalars[name].size * 8 >= width) ?? 'u64');
}

export function bitsOf(declaration: TypeDeclaration, context: BitsContext): BitsType | null {
  const { name, base, node } = declaration;
  if (!isUnsignedName(base)) return null;
  const reading: Reading = { base, context, end: 0 };
  const all = entriesOf(child(node, 'fields')).map((entry) => bitField(entry, reading));
  const fields = all.filter((field) => field !== null);
  if (fields.length < all.length) return null;
  const mask = fields.reduce(
    (bits, { at, width }) => bits | (((1n << BigInt(width)) - 1n) << BigInt(at)),
    0n,
  );
  return {
    kind: 'bits',
    name,
    base,
    size: scalars[base].size,
    ...described(node, context.constants),
    fields,
    mask: toModelNumber(mask),
    open: flagOf(child(node, 'open')),
  };
}
