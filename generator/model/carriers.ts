// Which part of a call carries what: named scalars, one struct, or a run of bytes (contract §0.2, §1.6).
import { child, type Entry, type Report, type SourceNode } from '../source/index.js';
import { memorySlot, refuseMemoryKeys, withLengths } from './client-memory.js';
import { checkOrder, countOf, countsOf } from './counts.js';
import { type FieldDeclaration, readField } from './field-declaration.js';
import { refuseEach } from './field-keys.js';
import { MAX_SCALARS } from './limits.js';
import type { Payload, StructCarrier, Type } from './model.js';
import { pascal } from './names.js';
import { rangeOf } from './ranges.js';
import { type Direction, place, slotOf, type UnplacedSlot } from './scalar-slots.js';
import { openArray } from './type-faults.js';
import type { TypeTable } from './type-table.js';
import { typeUseOf } from './type-uses.js';
import {
  bytesCarrier,
  type CarrierContext,
  fixedCarrier,
  isVariable,
  refuseDirect,
  refuseTrailing,
  textCarrier,
  variableCarrier,
  withLengthScalar,
} from './variable-carriers.js';

export type PayloadDeclaration = {
  /** Method the arguments belong to; prefixes structs declared in place. */
  readonly owner: string;
  readonly direction: Direction;
  readonly entries: readonly Entry[];
  /** The scalars arrive in a completion, whose words are fewer and are counted elsewhere. */
  readonly completion: boolean;
  /** What the method says for all its structs. */
  readonly transfer?: SourceNode | null;
  /** Numbers of scalars that the schema accepts; null when it does not say. */
  readonly counts: SourceNode | null;
};

type Parts = {
  readonly scalars: UnplacedSlot[];
  struct: { readonly carrier: StructCarrier; readonly field: FieldDeclaration } | null;
};

export const nothing: Payload = {
  scalars: [],
  count: 0,
  counts: [{ first: 0, last: 0 }],
  struct: null,
};

/** It asks for scalars of its own, whatever its type. */
const isSpread = ({ value }: FieldDeclaration): boolean =>
  child(value, 'split') !== null || child(value, 'scalars') !== null;

function structCarrier(
  table: TypeTable,
  field: FieldDeclaration,
  declaration: PayloadDeclaration,
): StructCarrier | UnplacedSlot | null {
  const use = typeUseOf(table, field, declaration.owner);
  if (use === null) return null;
  const { report } = table;
  refuseEach(field, report);
  const context = contextOf(table, declaration);
  if (use.kind === 'memory') return memorySlot(field, declaration.direction, report);
  refuseMemoryKeys(field, report);
  if (use.kind !== 'bytes') refuseDirect(field, report);
  if (use.kind === 'bytes' || use.kind === 'text') refuseTrailing(field, context);
  switch (use.kind) {
    case 'bytes':
      return bytesCarrier(field, context);
    case 'text':
      return textCarrier(field, context);
    case 'record':
      return variableCarrier(
        field,
        { type: use.type, sizes: use.type, capped: isCapped(table, use.type.name) },
        context,
      );
    case 'open':
      openArray(report, field.name, field.type?.at ?? field.nameAt);
      return null;
    default:
      return typeCarrier(table, { field, type: use.type }, declaration);
  }
}

function isCapped(table: TypeTable, name: string): boolean {
  const type = table.resolved.get(name);
  return type?.kind === 'record' && type.capped;
}

function contextOf(
  { report }: TypeTable,
  { direction, transfer = null }: PayloadDeclaration,
): CarrierContext {
  return { direction, report, transfer };
}

function typeCarrier(
  table: TypeTable,
  { field, type }: { readonly field: FieldDeclaration; readonly type: Type },
  declaration: PayloadDeclaration,
): StructCarrier | UnplacedSlot | null {
  const { report } = table;
  const slot = slotOf({ field, type, direction: declaration.direction }, table);
  const context = contextOf(table, declaration);
  if (slot !== null) refuseTrailing(field, context);
  if (slot !== null || isSpread(field)) return slot;
  if (type.kind === 'struct' || type.kind === 'union') {
    rangeOf(field, type, report);
    return fixedCarrier(field, type, context);
  }
  if (type.kind === 'variant') {
    const named = table.resolved.get(type.name);
    if (named?.kind !== 'variant') return null;
    return variableCarrier(field, { type, sizes: named, capped: false }, context);
  }
  const at = field.type?.at ?? field.nameAt;
  const words = Math.ceil(type.size / 8);
  const spread = words <= MAX_SCALARS ? `, or spread it with "scalars: ${words}"` : '';
  const hint = `declare a struct "${pascal(declaration.owner)}${pascal(field.name)}" that holds it and pass that${spread}.`;
  const wide = field.type?.text.trim() === 'u128';
  const message = wide
    ? 'a u128 is two words, and an argument is one'
    : 'an array cannot be an argument by itself';
  report({ code: 'DK410', at, message, hint });
  return null;
}

function addStruct(
  parts: Parts,
  carrier: StructCarrier,
  field: FieldDeclaration,
  context: { readonly report: Report; readonly direction: Direction },
): void {
  if (parts.struct === null) {
    parts.struct = { carrier, field };
    return;
  }
  context.report({
    code: 'DK505',
    at: field.nameAt,
    message: `a call carries one struct as ${context.direction}, and "${parts.struct.carrier.name}" is one already`,
    notes: [{ message: 'first used here', at: parts.struct.field.nameAt }],
    hint: 'put both into one struct.',
  });
}

function tooManyScalars(
  report: Report,
  direction: Direction,
  entry: Entry,
  lengthScalar: boolean,
): void {
  const counted = lengthScalar ? ' (one of them carries the length of the bytes)' : '';
  report({
    code: 'DK504',
    at: entry.keySpan,
    message: `a call has at most ${MAX_SCALARS} scalars as ${direction}${counted}; "${entry.key}" is one too many`,
    hint: 'put some of them into a struct.',
  });
}

/** One direction of a call. What is wrong is reported and left out. */
export function payloadOf(table: TypeTable, declaration: PayloadDeclaration): Payload {
  const { direction, entries, counts: node } = declaration;
  if (entries.length === 0 && node === null) return nothing;
  const parts: Parts = { scalars: [], struct: null };
  const slots: Entry[] = [];
  const fields = new Map<string, FieldDeclaration>();
  for (const entry of entries) {
    const field = readField(entry, table.constants);
    const part = structCarrier(table, field, declaration);
    if (part === null) continue;
    if ('packing' in part) {
      parts.scalars.push(part);
      slots.push(entry);
      fields.set(field.name, field);
    } else addStruct(parts, part, field, { report: table.report, direction });
  }
  const carrier = parts.struct?.carrier ?? null;
  const first = carrier !== null && isVariable(carrier) && carrier.lengthScalar !== null ? 1 : 0;
  const scalars = place(parts.scalars, first);
  const excess = slots[scalars.findIndex(({ index, words }) => index + words > MAX_SCALARS)];
  if (excess !== undefined && !declaration.completion)
    tooManyScalars(table.report, direction, excess, first === 1);
  checkOrder(scalars, slots, table.report);
  const count = countOf(scalars, first);
  const counts = countsOf({ slots: scalars, count, node }, table.report);
  if (parts.struct === null || carrier === null || !isVariable(carrier))
    return { scalars: withLengths(scalars, fields, table.report), count, counts, struct: carrier };
  const { field } = parts.struct;
  const wish = { field, carrier, slots: scalars };
  const struct = withLengthScalar(wish, contextOf(table, declaration));
  // The dispatch fills in the length: neither the hook nor the app sees that scalar.
  const told = withLengths(scalars, fields, table.report);
  const own = told.filter(({ name }) => name !== struct?.lengthName);
  return { scalars: own, count, counts, struct };
}
