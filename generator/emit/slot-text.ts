// How values lie in the scalars of a call, and how many of them a call may have, in words: for references and explain.
import type { CountRange, Payload, ScalarSlot } from '../model/model.js';

const manners = {
  memory: 'address and length of memory',
  bytes: 'bytes in order',
  each: 'one element each',
  'low-high': 'low half first',
  'high-low': 'high half first',
} as const;

/** `scalar 0`, or `scalars 1 to 2, bytes in order`; of a completion, its words. */
export function placeText(slot: ScalarSlot, word = 'scalar', first = 0): string {
  const { index, words } = slot;
  const from = first + index;
  if (slot.packing === 'word') return `${word} ${from}`;
  if (slot.packing === 'memory' && slot.lengthAt !== null)
    return `${word} ${from}, address of memory, its length in ${word} ${first + slot.lengthAt}`;
  const span = words === 1 ? `${word} ${from}` : `${word}s ${from} to ${from + words - 1}`;
  return `${span}, ${manners[slot.packing]}`;
}

/** `may be left out`, `5 when left out`, `creates a handle`; empty for a plain value. */
export function absenceText(slot: ScalarSlot): string {
  const { optional, rules } = slot;
  if (slot.packing === 'word' && (slot.handle === 'creates' || slot.handle === 'closes'))
    return `the call ${slot.handle} it`;
  const standIn = rules?.default ?? null;
  if (standIn !== null) return `${standIn} when left out`;
  return optional ? 'may be left out' : '';
}

const rangeText = ({ first, last }: CountRange): string =>
  first === last ? String(first) : `${first} to ${last}`;

/** `0, or 3 to 16`; empty where a call has exactly the scalars that are declared. */
export function countsText({ counts, count }: Payload): string {
  const [only] = counts;
  if (counts.length === 1 && only?.first === count && only.last === count) return '';
  const texts = counts.map(rangeText);
  return texts.length < 2
    ? (texts[0] ?? '')
    : `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}`;
}
