// How many words the completions of an event have: one number, or a range of them (contract §1.9, §7.6).
import { child, type Entry, integerOf, type Report, stringOf } from '../source/index.js';
import { wordsOf } from './completions.js';
import { COMPLETION_HEADER_WORDS, MAX_COMPLETION_WORDS, MIN_COMPLETION_WORDS } from './limits.js';
import type { StructRef, Subscription, SubscriptionEvent } from './model.js';
import { selectorRangeOf } from './quantities.js';

export type Words = {
  readonly layout: Subscription['layout'];
  readonly payload: StructRef | null;
  /** Word 0 tells it from others. */
  readonly tagged: boolean;
};

type Counts = SubscriptionEvent['words'];

const exactly = (count: number): Counts => ({ min: count, max: count });

function tooMany(entry: Entry, needed: number, report: Report): Counts {
  const node = child(entry.value, 'payload');
  report({
    code: 'DK507',
    at: node?.span ?? entry.keySpan,
    message: `"${entry.key}" takes ${needed} words; a completion has ${MAX_COMPLETION_WORDS}`,
    hint: 'choose a smaller payload, or let the app fetch it with a method.',
  });
  return exactly(MAX_COMPLETION_WORDS);
}

function badRange(entry: Entry, message: string, report: Report): Counts {
  const at = child(entry.value, 'words')?.span ?? entry.keySpan;
  const hint = `write a number, "variable", or a range such as "${MIN_COMPLETION_WORDS}-${MAX_COMPLETION_WORDS}".`;
  report({ code: 'DK561', at, message, hint });
  return exactly(MAX_COMPLETION_WORDS);
}

/** A varying number: the event is its words, and no payload says what they mean. */
function rangeOf(entry: Entry, { payload, layout }: Words, report: Report): Counts | null {
  const node = child(entry.value, 'words');
  const text = stringOf(node);
  if (node === null || text === null) return null;
  const all = { first: MIN_COMPLETION_WORDS, last: MAX_COMPLETION_WORDS };
  const range = text === 'variable' ? all : selectorRangeOf(node);
  if (range === null) return badRange(entry, `"${text}" is no number of words`, report);
  const { first: min, last: max } = range;
  if (layout === 'header' || payload !== null)
    return badRange(
      entry,
      'the number of words varies in a raw layout without a payload only',
      report,
    );
  if (min < MIN_COMPLETION_WORDS)
    return badRange(
      entry,
      `fewer than ${MIN_COMPLETION_WORDS} words would call the app back with another prototype than more do`,
      report,
    );
  if (min > max || max > MAX_COMPLETION_WORDS)
    return badRange(entry, `a completion has at most ${MAX_COMPLETION_WORDS} words`, report);
  return { min, max };
}

export function eventWords(entry: Entry, words: Words, report: Report): Counts {
  const { layout, payload, tagged } = words;
  const range = rangeOf(entry, words, report);
  if (range !== null) return range;
  const header = layout === 'header' ? COMPLETION_HEADER_WORDS : tagged ? 1 : 0;
  const needed = header + Math.ceil((payload?.size ?? 0) / 8);
  const least = layout === 'header' ? Math.max(needed, MIN_COMPLETION_WORDS) : needed;
  if (least > MAX_COMPLETION_WORDS) return tooMany(entry, least, report);
  const node = child(entry.value, 'words');
  return exactly(integerOf(node) === null ? least : wordsOf(node, { layout, least }, report));
}
