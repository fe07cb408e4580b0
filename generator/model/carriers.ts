// Which part of a call carries what: named scalars, one struct, or a run of bytes (contract §0.2, §1.6).
import type { Entry, Report, SourceNode, Span } from '../source/index.js';
import { type FieldDeclaration, readField } from './field-declaration.js';
import { MAX_BYTES, MAX_INLINE, MAX_SCALARS } from './limits.js';
import type { Payload, ScalarSlot, StructCarrier, Type } from './model.js';
import { pascal } from './names.js';
import { sizeOf } from './quantities.js';
import { rangeOf } from './ranges.js';
import { openArray } from './type-faults.js';
import { type TypeTable, typeUseOf } from './types.js';
import { isWord } from './words.js';

export type Direction = 'input' | 'output';

export type PayloadDeclaration = {
  /** Method the arguments belong to; prefixes structs declared in place. */
  readonly owner: string;
  readonly direction: Direction;
  readonly entries: readonly Entry[];
  /** The scalars arrive in a completion, whose words are fewer and are counted elsewhere. */
  readonly completion: boolean;
};

type Parts = {
  readonly scalars: ScalarSlot[];
  struct: { readonly carrier: StructCarrier; readonly at: Span } | null;
};

const none: Payload = { scalars: [], struct: null };

/** The scalar that a type travels in, or null for what needs a struct. */
function scalarSlot(
  field: FieldDeclaration,
  type: Type,
  report: Report,
): Omit<ScalarSlot, 'index'> | null {
  if (!isWord(type)) return null;
  const { name, doc, unit, since } = field;
  const range = rangeOf(field, type, report);
  return { name, type, doc, unit, since, range, rules: null };
}

function badBytes(report: Report, at: Span, message: string): null {
  const hint =
    'write { type: bytes, max: 4096 }; sizes are whole numbers or texts such as "1 MiB".';
  report({ code: 'DK508', at, message, hint });
  return null;
}

function bytesLimit(field: FieldDeclaration, node: SourceNode, report: Report): number | null {
  const size = sizeOf(node);
  if (size !== null && size >= 0 && size <= MAX_BYTES) return size;
  return badBytes(
    report,
    node.span,
    `this is no size of bytes from 0 to ${MAX_BYTES} for "${field.name}"`,
  );
}

/** A run of bytes. An output that may exceed the inline limit reports its length in scalar 0 (contract §1.6). */
function bytesCarrier(
  field: FieldDeclaration,
  direction: Direction,
  report: Report,
): StructCarrier | null {
  const { name, doc } = field;
  if (field.max === null) return badBytes(report, field.nameAt, `"${name}" needs a max`);
  const max = bytesLimit(field, field.max, report);
  const min = field.min === null ? 0 : bytesLimit(field, field.min, report);
  if (max === null || min === null) return null;
  if (max === 0) return badBytes(report, field.max.span, `"${name}" can hold nothing`);
  if (min > max)
    return badBytes(report, (field.min ?? field.max).span, `min of "${name}" is above its max`);
  const large = max > MAX_INLINE;
  const lengthScalar = large && direction === 'output' ? 0 : null;
  return {
    kind: 'bytes',
    name,
    min,
    max,
    transfer: large ? 'either' : 'inline',
    transferDeclared: false,
    lengthScalar,
    lengthName: '',
    lengthType: 'u64',
    doc,
  };
}

function structCarrier(
  table: TypeTable,
  field: FieldDeclaration,
  { owner, direction }: PayloadDeclaration,
): StructCarrier | ScalarSlot | null {
  const use = typeUseOf(table, field, owner);
  if (use === null) return null;
  const at = field.type?.at ?? field.nameAt;
  if (use.kind === 'bytes') return bytesCarrier(field, direction, table.report);
  if (use.kind === 'open') {
    openArray(table.report, field.name, at);
    return null;
  }
  const slot = scalarSlot(field, use.type, table.report);
  if (slot !== null) return { ...slot, index: 0 };
  if (use.type.kind === 'struct') {
    rangeOf(field, use.type, table.report);
    const transfer = use.type.size > MAX_INLINE ? 'descriptor' : 'inline';
    return { kind: 'fixed', name: field.name, type: use.type, transfer, doc: field.doc };
  }
  const hint = `declare a struct "${pascal(owner)}${pascal(field.name)}" that holds it and pass that.`;
  table.report({ code: 'DK410', at, message: `an array cannot be an argument by itself`, hint });
  return null;
}

function addStruct(
  parts: Parts,
  carrier: StructCarrier,
  field: FieldDeclaration,
  context: { readonly report: Report; readonly direction: Direction },
): void {
  if (parts.struct === null) {
    parts.struct = { carrier, at: field.nameAt };
    return;
  }
  context.report({
    code: 'DK505',
    at: field.nameAt,
    message: `a call carries one struct as ${context.direction}, and "${parts.struct.carrier.name}" is one already`,
    notes: [{ message: 'first used here', at: parts.struct.at }],
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
  const { direction, entries } = declaration;
  if (entries.length === 0) return none;
  const parts: Parts = { scalars: [], struct: null };
  const slots: Entry[] = [];
  for (const entry of entries) {
    const field = readField(entry);
    const part = structCarrier(table, field, declaration);
    if (part === null) continue;
    if ('index' in part) {
      parts.scalars.push(part);
      slots.push(entry);
    } else addStruct(parts, part, field, { report: table.report, direction });
  }
  const struct = parts.struct?.carrier ?? null;
  const first = struct?.kind === 'bytes' && struct.lengthScalar !== null ? 1 : 0;
  const excess = slots[MAX_SCALARS - first];
  if (excess !== undefined && !declaration.completion)
    tooManyScalars(table.report, direction, excess, first === 1);
  return { scalars: parts.scalars.map((slot, i) => ({ ...slot, index: i + first })), struct };
}
