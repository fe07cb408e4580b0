// Events with a subscription of their own, and polled ones: what carries them, and what each of them costs.
import { guardNotes, leaveNotes } from '../emit/guard-text.js';
import { COMPLETION_HEADER_WORDS, MAX_COMPLETION_WORDS } from '../model/limits.js';
import type { Model, PolledEvent, Subscription, SubscriptionEvent } from '../model/model.js';
import type { Carrier, Cost, Explanation, Limit } from './explanation.js';
import { findType, structLayout } from './layouts.js';
import { explainMethod } from './methods.js';

export type SubscribedEvent = {
  readonly subscription: Subscription;
  readonly event: SubscriptionEvent;
};

export function subscriptionEvents({ subscriptions }: Model): readonly SubscribedEvent[] {
  return subscriptions.flatMap((subscription) =>
    subscription.events.map((event) => ({ subscription, event })),
  );
}

const countText = ({ words: { min, max } }: SubscriptionEvent): string =>
  min === max ? `${max} ${max === 1 ? 'word' : 'words'}` : `${min} to ${max} words`;

/** The word at which the payload begins. */
const firstWord = ({ layout }: Subscription, { word0 }: SubscriptionEvent): number =>
  layout === 'header' ? COMPLETION_HEADER_WORDS : word0 === null ? 0 : 1;

function payloadCarrier({ subscription, event }: SubscribedEvent): Carrier {
  const first = firstWord(subscription, event);
  const tag = event.word0 === null ? '' : `, which begins with ${event.word0}`;
  return {
    what: event.payload === null ? 'words' : 'payload',
    carrier: `completion of ${countText(event)}${tag}, the payload from word ${first}`,
    because:
      subscription.layout === 'raw'
        ? 'the schema says layout: raw: nothing of ours is in it'
        : 'behind the header, whose words are the id with flags and the losses',
    rule: 'contract §1.9, §7.6',
  };
}

function callCarriers(subscription: Subscription): Carrier[] {
  const { call, unsubscribe, delivery } = subscription;
  const ends = {
    null: `selector ${call.selector} without a completion`,
    selector: unsubscribe.kind === 'selector' ? `selector ${unsubscribe.call.selector}` : '',
    none: 'closing the connection',
  } as const;
  return [
    {
      what: 'to subscribe',
      carrier: `selector ${call.selector} with a completion`,
      because:
        delivery === 'standing'
          ? 'the driver keeps the completion and sends through it as often as it likes'
          : 'the driver sends through it once; the client then calls again',
      rule: 'contract §1.7',
    },
    {
      what: 'to end it',
      carrier: ends[unsubscribe.kind],
      because: 'the schema says so; what is kept then completes with kIOReturnAborted, once',
      rule: 'contract §1.7',
    },
  ];
}

function limitsOf({ subscription, event }: SubscribedEvent): Limit[] {
  const { delivery, queue, overflow } = subscription;
  const lost = overflow === 'drop-oldest' ? 'the oldest is lost' : 'the newest is lost';
  const waiting: Limit =
    delivery === 'standing'
      ? {
          limit: 'completions in flight',
          used: '',
          most: '65534 in the kernel, then they are lost; 1024 in the client',
          rule: 'contract §1.9',
        }
      : {
          limit: 'events that wait in the driver',
          used: '',
          most: `${queue}; then ${lost}`,
          rule: '',
        };
  return [
    {
      limit: 'completion words',
      used: countText(event),
      most: String(MAX_COMPLETION_WORDS),
      rule: 'contract §0.2',
    },
    waiting,
  ];
}

function costOf({ subscription, event }: SubscribedEvent): Cost {
  const { delivery, layout } = subscription;
  const { max } = event.words;
  const losses =
    layout === 'header'
      ? 'Losses are counted by the driver, and reach the app with the next event.'
      : 'Nothing tells the app what was lost before it came here.';
  const again = 'The app calls again for each: two messages there and two back (contract §1.5).';
  return {
    messages: delivery === 'rearmed' ? 6 : 2,
    words: max,
    bytes: event.payload?.size ?? 8 * max,
    copies: [
      'the driver into the words of the completion',
      'the kernel into the message for the port of the app (contract §1.9)',
      'the client out of the message',
    ],
    notes: [...(delivery === 'rearmed' ? [again] : []), losses],
  };
}

export function explainSubscriptionEvent(model: Model, of: SubscribedEvent): Explanation {
  const { subscription, event } = of;
  const { payload, name, doc, id } = event;
  const type = payload === null ? undefined : findType(model, payload.name);
  const shared =
    subscription.events.length > 1 ? `, on the subscription of ${subscription.name}` : '';
  const manner = subscription.delivery === 'standing' ? 'a standing completion' : 're-armed';
  return {
    kind: 'event',
    name,
    interface: model.name,
    doc,
    summary: `event ${id}, ${manner}${shared}`,
    carriers: [payloadCarrier(of), ...callCarriers(subscription)],
    layouts: type?.kind === 'struct' ? [structLayout(type)] : [],
    conditions: [
      ...guardNotes(subscription.call).map((text) => `To subscribe: ${text}`),
      ...leaveNotes(subscription).map((text) => `To end it: ${text}`),
    ],
    limits: limitsOf(of),
    cost: costOf(of),
    per: 'per event',
  };
}

function emptyText({ empty }: PolledEvent): string {
  switch (empty.kind) {
    case 'never':
      return 'every answer is an event';
    case 'error':
      return `nothing is there when it fails with ${empty.error}`;
    case 'values':
      return `nothing is there when ${empty.values.map(({ name, value }) => `${name} is ${value}`).join(' and ')}`;
    default:
      return empty satisfies never;
  }
}

export function explainPoll(model: Model, poll: PolledEvent): Explanation {
  const { name, doc, id, method, intervalMs } = poll;
  const found = model.methods.find((one) => one.name === method && one.client === poll.client);
  const call = found === undefined ? null : explainMethod(model, found);
  return {
    kind: 'event',
    name,
    interface: model.name,
    doc,
    summary: `event ${id}, polled with ${method} every ${intervalMs} ms`,
    carriers: [
      {
        what: 'the event',
        carrier: `outputs of ${method}, which the client calls while somebody waits`,
        because: `the schema says delivery: polled; ${emptyText(poll)}`,
        rule: '',
      },
    ],
    layouts: call?.layouts ?? [],
    limits: call?.limits ?? [],
    cost: call?.cost ?? null,
    per: 'per call',
  };
}
