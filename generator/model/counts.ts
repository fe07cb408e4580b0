// How many scalars a call may have: as many as are declared, fewer where the last are optional, or what the schema lists.
import { type Entry, itemsOf, type Report, type SourceNode, type Span } from '../source/index.js';
import { MAX_SCALARS } from './limits.js';
import type { CountRange, ScalarSlot } from './model.js';
import { selectorRangeOf } from './quantities.js';

/** Words of one direction: those of the values, and one in front where a length has it. */
export function countOf(slots: readonly ScalarSlot[], first: number): number {
  return slots.reduce((end, { index, words }) => Math.max(end, index + words), first);
}

/** A value that may be left out ends what must be there. */
export function checkOrder(
  slots: readonly ScalarSlot[],
  entries: readonly Entry[],
  report: Report,
): void {
  const first = slots.findIndex(({ optional }) => optional);
  if (first < 0) return;
  slots.slice(first).forEach((slot, offset) => {
    const [entry, earlier] = [entries[first + offset], entries[first]];
    if (slot.optional || entry === undefined || earlier === undefined) return;
    report({
      code: 'DK520',
      at: entry.keySpan,
      message: `"${slot.name}" is always there, but stands behind "${earlier.key}", which may be left out`,
      notes: [{ message: 'optional from here on', at: earlier.keySpan }],
      hint: `a call leaves out values from its end: make "${slot.name}" optional as well, or move it to the front.`,
    });
  });
}

/** As many as the required ones have, and on to each next value. */
function usualCounts(slots: readonly ScalarSlot[], count: number): readonly CountRange[] {
  const ends = slots.filter(({ optional }) => optional).map(({ index, words }) => index + words);
  const first = slots.find(({ optional }) => optional)?.index ?? count;
  return joined([first, ...ends].map((value) => ({ first: value, last: value })));
}

/** Neighbours as one range. */
function joined(ranges: readonly CountRange[]): readonly CountRange[] {
  const all: CountRange[] = [];
  for (const range of ranges) {
    const before = all.at(-1);
    if (before !== undefined && before.last + 1 >= range.first) {
      all[all.length - 1] = { first: before.first, last: Math.max(before.last, range.last) };
    } else all.push(range);
  }
  return all;
}

type Listed = CountRange & { readonly at: Span };

function bad(report: Report, at: Span, message: string, hint: string): null {
  report({ code: 'DK521', at, message, hint });
  return null;
}

function readRange(node: SourceNode, report: Report): Listed | null {
  const range = selectorRangeOf(node);
  const hint = `write a number (3) or a range of them ("3-16"), from 0 to ${MAX_SCALARS}.`;
  if (range !== null && range.first <= range.last && range.last <= MAX_SCALARS)
    return { ...range, at: node.span };
  return bad(report, node.span, 'this is no number of scalars', hint);
}

/** What a call of `length` scalars would lack or cut; null when it has what it must have. */
function lacks(slots: readonly ScalarSlot[], length: number): ScalarSlot | null {
  return (
    slots.find(
      ({ index, words, optional }) =>
        index + words > length && (!optional || (index < length && words > 1)),
    ) ?? null
  );
}

function refuseCut(
  { first, last, at }: Listed,
  slots: readonly ScalarSlot[],
  report: Report,
): boolean {
  for (let length = first; length <= last; length++) {
    const slot = lacks(slots, length);
    if (slot === null) continue;
    const cut = slot.index < length;
    const words = length === 1 ? '1 scalar' : `${length} scalars`;
    bad(
      report,
      at,
      `a call with ${words} would ${cut ? 'cut' : 'lack'} "${slot.name}"`,
      cut ? 'leave this count out.' : `leave this count out, or make "${slot.name}" optional.`,
    );
    return true;
  }
  return false;
}

export type Counted = {
  readonly slots: readonly ScalarSlot[];
  readonly count: number;
  /** What the schema lists; null when it lists nothing. */
  readonly node: SourceNode | null;
};

/** Ascending and apart. */
export function countsOf({ slots, count, node }: Counted, report: Report): readonly CountRange[] {
  const usual = usualCounts(slots, count);
  if (node === null) return usual;
  const listed = itemsOf(node).map((item) => readRange(item, report));
  const ranges = listed.filter((range) => range !== null).sort((a, b) => a.first - b.first);
  if (ranges.length < listed.length) return usual;
  for (const [i, range] of ranges.entries()) {
    const before = ranges[i - 1];
    if (before === undefined || before.last < range.first) continue;
    bad(report, range.at, 'this count is listed twice', 'remove one of the two.');
    return usual;
  }
  if (ranges.some((range) => refuseCut(range, slots, report))) return usual;
  if (count > (ranges.at(-1)?.last ?? 0)) {
    const message = `no accepted count has room for all ${count} scalars`;
    bad(report, node.span, message, `add ${count}, or remove the scalars that no call can have.`);
    return usual;
  }
  return joined(ranges.map(({ first, last }) => ({ first, last })));
}
