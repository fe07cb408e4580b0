// What subscriptions of the interface's own ask of the driver class, and give it: spelt once for the .iig and the
// dispatch.
import type { Model, Subscription, SubscriptionEvent } from '../model/model.js';
import { typeName } from './c-names.js';
import { isPlainPayload, valueParameters } from './hooks.js';
import { clientClass } from './sides.js';
import { type Parameter, pointer, value } from './struct-parameters.js';

/** How an event is handed over: as the fields of its payload, as the payload, as words, or as nothing but itself. */
export type FeedEmission = 'values' | 'struct' | 'words' | 'signal';

export function emissionOf(model: Model, event: SubscriptionEvent): FeedEmission {
  const { payload } = event;
  if (payload === null) return wordBounds(event)[1] === 0 ? 'signal' : 'words';
  return isPlainPayload(model, payload.name) ? 'values' : 'struct';
}

/** The first parameter is the connection that the event is for; null for all that follow. */
export function feedParameters(
  model: Model,
  subscription: Subscription,
  event: SubscriptionEvent,
): readonly Parameter[] {
  const { payload } = event;
  const client = pointer(clientClass(model, subscription), 'client');
  const emission = emissionOf(model, event);
  if (emission === 'signal') return [client];
  if (payload === null)
    return [client, pointer('const uint64_t', 'words'), value('uint32_t', 'count')];
  return emission === 'values'
    ? [client, ...valueParameters(model, payload.name)]
    : [client, pointer(`const ${typeName(model, payload.name)}`, 'payload')];
}

/** Words that the driver says itself: all but the one that tells the event from others. */
export function wordBounds({ words, word0 }: SubscriptionEvent): readonly [number, number] {
  const tag = word0 === null ? 0 : 1;
  return [words.min - tag, words.max - tag];
}
