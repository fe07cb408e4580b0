// The scalars of a call: which value sits in which word, and what may be left out.
import {
  child,
  integerOf,
  type Report,
  type SourceNode,
  type Span,
  stringOf,
} from '../source/index.js';
import type { FieldDeclaration } from './field-declaration.js';
import { refuseLayoutKeys } from './field-keys.js';
import { MAX_SCALARS } from './limits.js';
import type { HandleRef, MemorySlot, ScalarSlot, SpanSlot, Type, WordSlot } from './model.js';
import { ruleContext, type TypeTable } from './type-table.js';
import { narrow } from './value-rules.js';
import { isWord } from './words.js';

export type Direction = 'input' | 'output';

/** Without its place, which depends on what stands before it. */
export type UnplacedSlot =
  | Omit<WordSlot, 'index'>
  | Omit<SpanSlot, 'index'>
  | Omit<MemorySlot, 'index'>;

/** Each behind the other; `first` words are taken. */
export function place(slots: readonly UnplacedSlot[], first: number): readonly ScalarSlot[] {
  let index = first;
  return slots.map((slot) => {
    const placed = { ...slot, index };
    index += slot.words;
    return placed;
  });
}

const isTrue = (node: SourceNode | null): boolean => node?.kind === 'scalar' && node.value === true;

type Declared = {
  readonly field: FieldDeclaration;
  readonly type: Type;
  readonly direction: Direction;
};

function factsOf({ field, type }: Declared, table: TypeTable) {
  const { name, doc, unit, since, value } = field;
  refuseLayoutKeys(field, table.report);
  const optional = isTrue(child(value, 'optional'));
  return { name, doc, unit, since, ...narrow(field, type, ruleContext(table)), optional };
}

function fail(report: Report, at: Span, message: string, hint: string): null {
  report({ code: 'DK523', at, message, hint });
  return null;
}

/** u16 to u64, i16 to i64 and the floats have halves of whole bytes. */
function halves({ field, type }: Declared, node: SourceNode, table: TypeTable) {
  const order = stringOf(node);
  if (type.kind === 'scalar' && type.size >= 2 && (order === 'low-high' || order === 'high-low'))
    return { packing: order, words: 2, type } as const;
  const hint = 'split u16 to u64, i16 to i64, f32 or f64; for anything else write "scalars: 2".';
  return fail(table.report, node.span, `"${field.name}" has no two halves to split`, hint);
}

function elements({ field, type }: Declared, node: SourceNode, table: TypeTable) {
  const count = type.kind === 'array' ? type.length : 0;
  if (type.kind === 'array' && isWord(type.element) && count <= MAX_SCALARS)
    return { packing: 'each', words: count, type } as const;
  const hint = `write an array of at most ${MAX_SCALARS} numbers, booleans or enums: "u32[4]".`;
  return fail(table.report, node.span, `"${field.name}" has no element for each scalar`, hint);
}

function bytes({ field, type }: Declared, node: SourceNode, table: TypeTable) {
  const words = Number(integerOf(node) ?? 0n);
  const needed = Math.ceil(type.size / 8);
  if (isWord(type)) {
    const hint = 'remove "scalars"; for two halves write "split: low-high".';
    return fail(table.report, node.span, `"${field.name}" fits one scalar`, hint);
  }
  if (type.kind === 'array' && type.element.kind === 'array') {
    const hint = 'declare a struct that holds it, and spread that.';
    return fail(table.report, node.span, `"${field.name}" is an array of arrays`, hint);
  }
  if (words >= needed && words <= MAX_SCALARS) return { packing: 'bytes', words, type } as const;
  const message = `the ${type.size} bytes of "${field.name}" take ${needed} scalars`;
  const large = needed > MAX_SCALARS;
  const hint = large
    ? `a call has ${MAX_SCALARS}: pass it as the struct of the call.`
    : `write "scalars: ${needed}".`;
  return fail(table.report, node.span, message, hint);
}

function spanOf(declared: Declared, table: TypeTable): Omit<SpanSlot, 'index'> | null {
  const { value } = declared.field;
  const split = child(value, 'split');
  const scalars = child(value, 'scalars');
  if (split !== null && scalars !== null) {
    const hint = 'remove one of the two.';
    return fail(table.report, split.span, '"split" does not go with "scalars"', hint);
  }
  const node = split ?? scalars;
  if (node === null) return null;
  const read = split !== null ? halves : stringOf(node) === 'each' ? elements : bytes;
  const span = read(declared, node, table);
  return span === null ? null : { ...factsOf(declared, table), ...span };
}

function handleOf({ field, direction }: Declared, type: HandleRef, report: Report) {
  const [creates, closes] = ['creates', 'closes'].map((key) => child(field.value, key));
  const wrong = direction === 'input' ? creates : closes;
  if (isTrue(wrong ?? null) && wrong) {
    const [does, belongs] = direction === 'input' ? ['creates', 'out'] : ['closes', 'in'];
    report({
      code: 'DK529',
      at: wrong.span,
      message: `a call ${does} the ${type.name} that stands below its "${belongs}"`,
      hint: `move "${field.name}" there, or remove "${does}".`,
    });
  }
  if (isTrue(creates ?? null)) return 'creates' as const;
  return isTrue(closes ?? null) ? ('closes' as const) : ('uses' as const);
}

/** Keys that only a handle has. */
function refuseHandleKeys({ field, type }: Declared, report: Report): void {
  if (type.kind === 'handle' || field.value.kind !== 'map') return;
  for (const key of ['creates', 'closes']) {
    const entry = field.value.entries.get(key);
    if (entry === undefined) continue;
    report({
      code: 'DK529',
      at: entry.keySpan,
      message: `"${field.name}" is no handle, so a call neither creates nor closes it`,
      hint: 'declare a handle below "handles" and use its name as the type.',
    });
  }
}

/** The scalars that a value travels in; null for what needs a struct. */
export function slotOf(declared: Declared, table: TypeTable): UnplacedSlot | null {
  refuseHandleKeys(declared, table.report);
  const { field, type } = declared;
  if (child(field.value, 'split') !== null || child(field.value, 'scalars') !== null)
    return spanOf(declared, table);
  if (!isWord(type)) return null;
  const handle = type.kind === 'handle' ? handleOf(declared, type, table.report) : null;
  return { ...factsOf(declared, table), packing: 'word', words: 1, type, handle };
}
