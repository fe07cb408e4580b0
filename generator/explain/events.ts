// An event: a ring or a completion, and what each of them costs.
import {
  COMPLETION_HEADER_WORDS,
  MAX_COMPLETION_WORDS,
  PAGE,
  RING_HEADER,
} from '../model/limits.js';
import type { CompletionDelivery, Event, Model, RingDelivery } from '../model/model.js';
import type { Carrier, Cost, Explanation, Layout, Limit } from './explanation.js';
import { findType, structLayout } from './layouts.js';

const hex = (value: number): string => `0x${value.toString(16)}`;

const ringBytes = ({ capacity, recordSize }: RingDelivery): number =>
  Math.ceil((RING_HEADER + capacity * recordSize) / PAGE) * PAGE;

const lost = {
  'drop-oldest': 'the oldest records are overwritten, and the app counts them',
  'drop-newest': 'new ones are refused and counted',
} as const;

function ringCarriers(delivery: RingDelivery): Carrier[] {
  return [
    {
      what: 'records',
      carrier: `ring in shared memory, type ${hex(delivery.ringMemoryType)}, read-only in the app`,
      because:
        'the schema says delivery: ring; the driver writes, and the kernel keeps the app from it',
      rule: 'contract §2.1',
    },
    {
      what: 'how far the app has read',
      carrier: `control page, type ${hex(delivery.controlMemoryType)}, read-write`,
      because: 'pages have one owner: the app writes this one, and the driver trusts nothing in it',
      rule: 'contract §2.6',
    },
    {
      what: 'wake-up',
      carrier: 'completion of 3 words, at most one for each time the app begins to wait',
      because: 'an app that drains the ring needs none',
      rule: 'contract §7.6',
    },
  ];
}

function completionCarrier({ words }: CompletionDelivery): Carrier {
  return {
    what: 'payload',
    carrier: `completion of ${words} words, the payload from word ${COMPLETION_HEADER_WORDS}`,
    because:
      'the schema says delivery: async; every completion of an event has the same number of words',
    rule: 'contract §0.3, rule 7',
  };
}

function ringLimits(delivery: RingDelivery): Limit[] {
  const { capacity, overflow } = delivery;
  return [
    {
      limit: 'records in the ring',
      used: '',
      most: `${capacity}; then ${lost[overflow]}`,
      rule: '',
    },
    { limit: 'memory', used: `${ringBytes(delivery)} bytes`, most: '1 GiB', rule: '' },
  ];
}

function completionLimits({ words, inFlight, overflow }: CompletionDelivery): Limit[] {
  const then = overflow === 'drop-oldest' ? 'the oldest that waits is dropped' : lost[overflow];
  return [
    {
      limit: 'completion words',
      used: String(words),
      most: String(MAX_COMPLETION_WORDS),
      rule: 'contract §0.2',
    },
    {
      limit: 'completions in flight',
      used: '',
      most: `${inFlight} unacknowledged for each subscription; then ${then}`,
      rule: 'contract §1.9',
    },
  ];
}

function ringCost(delivery: RingDelivery): Cost {
  const { recordSize } = delivery;
  return {
    messages: 0,
    words: 0,
    bytes: recordSize,
    copies: ['the driver into the ring', 'the client out of the ring, many records at a time'],
    notes: [
      `The ring takes ${ringBytes(delivery)} bytes of memory for each connection that opens it.`,
      'A client without the ring gets the same events as completions, with the costs of those.',
    ],
  };
}

function completionCost({ words }: CompletionDelivery, bytes: number): Cost {
  return {
    // To the kernel, and from there to the app (contract §1.9).
    messages: 2,
    words,
    bytes,
    copies: [
      'the driver into the words of the completion',
      'the kernel into the message for the port of the app (contract §1.9)',
      'the client out of the message',
    ],
    notes: [
      `The second message has ${76 + 8 * words} bytes behind its Mach header (contract §1.9).`,
      'The app acknowledges many at a time, with one call: the kernel itself would queue 65534 and tell nobody.',
    ],
  };
}

export function explainEvent(model: Model, event: Event): Explanation {
  const { name, id, doc, payload, delivery } = event;
  const type = findType(model, payload.name);
  const layouts: Layout[] = type?.kind === 'struct' ? [structLayout(type)] : [];
  const ring = delivery.kind === 'ring';
  return {
    kind: 'event',
    name,
    interface: model.name,
    doc,
    summary: `event ${id}, ${ring ? `ring of ${delivery.capacity} records` : 'completions'}, ${delivery.overflow}`,
    carriers: ring ? ringCarriers(delivery) : [completionCarrier(delivery)],
    layouts,
    limits: ring ? ringLimits(delivery) : completionLimits(delivery),
    cost: ring ? ringCost(delivery) : completionCost(delivery, payload.size),
    per: ring ? 'per record' : 'per event',
  };
}
