// Which keys of an event go with which delivery.
import {
  child,
  type Entry,
  integerOf,
  type Report,
  type SourceNode,
  stringOf,
} from '../source/index.js';

export type DeliveryName = 'ring' | 'async' | 'standing' | 'rearmed' | 'polled';

/** Deliveries that each key goes with; keys that are not here go with all. */
const deliveriesOf: Readonly<Record<string, readonly DeliveryName[]>> = {
  payload: ['ring', 'async', 'standing', 'rearmed'],
  capacity: ['ring'],
  inFlight: ['async'],
  overflow: ['ring', 'async', 'standing', 'rearmed'],
  subscribe: ['standing', 'rearmed'],
  layout: ['standing', 'rearmed'],
  words: ['standing', 'rearmed'],
  word0: ['standing', 'rearmed'],
  unacknowledged: ['standing'],
  queue: ['rearmed'],
  poll: ['polled'],
};

/** What is said once for a subscription, where it is declared. */
const ofSubscription = ['layout', 'unacknowledged', 'queue', 'overflow'];

export function deliveryOf(value: SourceNode): DeliveryName {
  return (stringOf(child(value, 'delivery')) ?? 'async') as DeliveryName;
}

/** Keys that mean something for another delivery only. */
export function refuseKeys(value: SourceNode, report: Report): void {
  if (value.kind !== 'map') return;
  const delivery = deliveryOf(value);
  for (const { key, keySpan } of value.entries.values()) {
    const allowed = deliveriesOf[key];
    if (allowed === undefined || allowed.includes(delivery)) continue;
    report({
      code: 'DK604',
      at: keySpan,
      message: `"${key}" does not go with delivery: ${delivery}`,
      hint: `remove it, or choose delivery: ${allowed.join(' or ')}.`,
    });
  }
}

/** Of an event that shares the subscription of another. */
export function refuseSharedKeys(entry: Entry, owner: string, report: Report): void {
  if (entry.value.kind !== 'map') return;
  for (const key of ofSubscription) {
    const found = entry.value.entries.get(key);
    if (found === undefined) continue;
    report({
      code: 'DK604',
      at: found.keySpan,
      message: `"${key}" is said once for a subscription, which here is that of "${owner}"`,
      hint: `remove it, or move it to "${owner}".`,
    });
  }
}

export function missingKey(entry: Entry, key: string, report: Report): null {
  report({
    code: 'DK203',
    at: entry.keySpan,
    message: `"${entry.key}" needs a key "${key}"`,
    hint: `add "${key}: …".`,
  });
  return null;
}

export function numberOf(node: SourceNode | null): number | null {
  const value = integerOf(node);
  return value === null ? null : Number(value);
}
