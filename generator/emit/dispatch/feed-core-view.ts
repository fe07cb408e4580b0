// The driver's half of its feeds: one function for each event that it can send.
import type { Model, Subscription, SubscriptionEvent } from '../../model/model.js';
import { interfaceTable, typeName } from '../c-names.js';
import { emissionOf, feedParameters } from '../feed-hooks.js';
import { assignValues, declare, memberNames } from '../hooks.js';
import { type ClientSide, driverClass, sideOf } from '../sides.js';

type Definition = { readonly signature: readonly string[]; readonly body: readonly string[] };

export function feedDefinitions(model: Model, { subscriptions }: ClientSide): Definition[] {
  const all = subscriptions.flatMap((subscription) =>
    subscription.events.map((event) => ({ subscription, event })),
  );
  return all.map(({ subscription, event }, index) => emit(model, { subscription, event, index }));
}

type Numbered = {
  readonly subscription: Subscription;
  readonly event: SubscriptionEvent;
  /** In the table of events. */
  readonly index: number;
};

function emit(model: Model, { subscription, event, index }: Numbered): Definition {
  const parameters = feedParameters(model, subscription, event);
  const emission = emissionOf(model, event);
  const result = emission === 'words' ? 'bool' : 'void';
  const table = interfaceTable(sideOf(model, subscription).client);
  const to = [
    'const dextgen::Recipients to = {',
    `    .core = &Core()->base, .interface = &${table}, .client = client};`,
  ];
  const { payload } = event;
  const head = `${result} ${driverClass(model, subscription)}::${memberNames.emit(event)}`;
  const signature = declare(head, parameters, ' {');
  if (emission === 'signal')
    return { signature, body: [...to, `dextgen::FeedEmit(to, ${index}, nullptr);`] };
  if (payload === null)
    return {
      signature,
      body: [...to, `return dextgen::FeedEmitWords(to, ${index}, words, count);`],
    };
  if (emission === 'struct')
    return { signature, body: [...to, `dextgen::FeedEmit(to, ${index}, payload);`] };
  return {
    signature,
    body: [
      `${typeName(model, payload.name)} payload = {};`,
      ...assignValues(model, payload.name, parameters.slice(1)),
      ...to,
      `dextgen::FeedEmit(to, ${index}, &payload);`,
    ],
  };
}
