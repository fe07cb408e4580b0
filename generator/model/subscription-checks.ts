// What the events of one subscription need so that an app can tell them apart and keep up with them.
import { child, type Entry, type Report, stringOf } from '../source/index.js';
import { deliveryOf } from './event-keys.js';
import { MIN_COMPLETION_WORDS } from './limits.js';
import type { SubscriptionEvent } from './model.js';
import type { Words } from './word-counts.js';

export type Member = { readonly entry: Entry; readonly event: SubscriptionEvent };

/** In a raw layout nothing but the first word tells events apart. */
export function checkTold(
  members: readonly Member[],
  layout: Words['layout'],
  report: Report,
): void {
  if (layout === 'header' || members.length < 2) return;
  const first = new Map<string, Member>();
  for (const member of members) {
    const { entry, event } = member;
    const key = String(event.word0);
    const earlier = first.get(key);
    if (event.word0 === null)
      report({
        code: 'DK622',
        at: entry.keySpan,
        message: `nothing tells "${event.name}" from the other events of its subscription`,
        hint: 'write "word0: …", the first word of its completions, for each of them.',
      });
    else if (earlier !== undefined)
      report({
        code: 'DK622',
        at: child(entry.value, 'word0')?.span ?? entry.keySpan,
        message: `"${earlier.event.name}" and "${event.name}" both begin with the word ${key}`,
        notes: [{ message: 'first used here', at: earlier.entry.keySpan }],
        hint: 'choose another number.',
      });
    else first.set(key, member);
  }
}

/** The number of words picks the prototype of the app's callback (contract §7.6), which is one for all. */
export function checkPrototypes(members: readonly Member[], report: Report): void {
  const prototype = ({ event }: Member): number => Math.min(event.words.min, MIN_COMPLETION_WORDS);
  const [first, ...others] = members;
  if (first === undefined) return;
  for (const other of others) {
    if (prototype(other) === prototype(first)) continue;
    report({
      code: 'DK623',
      at: other.entry.keySpan,
      message: `"${first.event.name}" has ${first.event.words.min} words and "${other.event.name}" ${other.event.words.min}: they would call the app back with two prototypes`,
      notes: [{ message: 'the other one is here', at: first.entry.keySpan }],
      hint: `give both at least ${MIN_COMPLETION_WORDS} words, or both the same number.`,
    });
  }
}

/** Nobody counts what is under way (contract §1.9). */
export function checkAcknowledged(owner: Entry, report: Report): void {
  if (deliveryOf(owner.value) !== 'standing') return;
  if (stringOf(child(owner.value, 'unacknowledged')) === 'allowed') return;
  report({
    code: 'DK620',
    at: owner.keySpan,
    message: `nothing acknowledges "${owner.key}": what an app does not read, the kernel queues, up to 65534 completions`,
    hint: 'write "unacknowledged: allowed" where that is how the interface is, or choose delivery: rearmed or async.',
  });
}
