// Events: their ids, their payloads, and how each is delivered.
import {
  child,
  type Entry,
  entriesOf,
  type Report,
  type SourceNode,
  type Span,
  stringOf,
} from '../source/index.js';
import { type ClientTable, clientNamed } from './clients.js';
import { deliveryOf, missingKey, numberOf, refuseKeys } from './event-keys.js';
import { payloadOf } from './event-payload.js';
import {
  COMPLETION_HEADER_WORDS,
  DEFAULT_IN_FLIGHT,
  DEFAULT_RING_CAPACITY,
  MAX_COMPLETION_WORDS,
  MAX_RING,
  MIN_COMPLETION_WORDS,
  RING_HEADER,
  RING_MEMORY,
} from './limits.js';
import type { Callable, MethodContext } from './methods.js';
import type {
  CompletionDelivery,
  Event,
  Method,
  Model,
  Overflow,
  RingDelivery,
  StructRef,
} from './model.js';
import { resolvePolls } from './polls.js';
import { type Group, groupsOf } from './subscription-groups.js';
import { resolveSubscriptions, subscriptionCallables } from './subscriptions.js';
import { textOf } from './text.js';
import type { TypeTable } from './type-table.js';

export type EventContext = {
  readonly types: TypeTable;
  /** Base of the contract selectors; null when the schema disables them. */
  readonly base: number | null;
  readonly plan: EventPlan;
  readonly methodContext: MethodContext;
  /** What a polled event may call. */
  readonly methods: readonly Method[];
};

/** What is known of events before anything else is resolved: their ids, and the selectors that they bring. */
export type EventPlan = {
  readonly entries: readonly Entry[];
  readonly ids: ReadonlyMap<Entry, number>;
  readonly groups: readonly Group[];
  readonly callables: readonly Callable[];
  readonly clientOf: (node: SourceNode) => string;
};

/** Explicit ids, each once, and the lowest free one for each of the others. */
function assignIds(entries: readonly Entry[], report: Report): ReadonlyMap<Entry, number> {
  const first = new Map<number, SourceNode>();
  for (const entry of entries) {
    const node = child(entry.value, 'id');
    const id = numberOf(node);
    if (node === null || id === null) continue;
    const earlier = first.get(id);
    if (earlier === undefined) first.set(id, node);
    else {
      report({
        code: 'DK601',
        at: node.span,
        message: `the event id ${id} is taken`,
        notes: [{ message: 'first used here', at: earlier.span }],
        hint: 'give each event an id of its own, or leave the ids out.',
      });
    }
  }
  let next = 1;
  const free = (): number => {
    while (first.has(next)) next += 1;
    return next++;
  };
  return new Map(entries.map((entry) => [entry, numberOf(child(entry.value, 'id')) ?? free()]));
}

function overflowOf(value: SourceNode): Overflow {
  return stringOf(child(value, 'overflow')) === 'drop-newest' ? 'drop-newest' : 'drop-oldest';
}

type Delivery = {
  readonly value: SourceNode;
  readonly at: Span;
  readonly payload: StructRef;
  readonly id: number;
};

function ringOf({ value, at, payload, id }: Delivery, base: number, report: Report): RingDelivery {
  const node = child(value, 'capacity');
  const capacity = numberOf(node) ?? DEFAULT_RING_CAPACITY;
  const place = node?.span ?? at;
  if ((BigInt(capacity) & (BigInt(capacity) - 1n)) !== 0n) {
    const below = 2 ** Math.floor(Math.log2(capacity));
    const hint = `write ${below} or ${below * 2}.`;
    report({
      code: 'DK602',
      at: place,
      message: `the capacity of a ring is a power of two, and ${capacity} is none`,
      hint,
    });
  } else if (capacity * payload.size + RING_HEADER > MAX_RING) {
    const message = `${capacity} records of ${payload.size} bytes are over the ${MAX_RING} bytes of a ring`;
    report({ code: 'DK603', at: place, message, hint: 'choose a smaller capacity.' });
  }
  const ringMemoryType = base + RING_MEMORY + 2 * id;
  const recordSize = payload.size;
  const overflow = overflowOf(value);
  return {
    kind: 'ring',
    capacity,
    overflow,
    recordSize,
    ringMemoryType,
    controlMemoryType: ringMemoryType + 1,
  };
}

function completionOf({ value, at, payload }: Delivery, report: Report): CompletionDelivery {
  const payloadWords = Math.ceil(payload.size / 8);
  const words = Math.max(MIN_COMPLETION_WORDS, COMPLETION_HEADER_WORDS + payloadWords);
  if (words > MAX_COMPLETION_WORDS) {
    const room = MAX_COMPLETION_WORDS - COMPLETION_HEADER_WORDS;
    report({
      code: 'DK507',
      at: child(value, 'payload')?.span ?? at,
      message: `the payload takes ${payloadWords} words; a completion has ${room} besides its header`,
      hint: 'use delivery: ring, or a smaller payload.',
    });
  }
  const inFlight = numberOf(child(value, 'inFlight')) ?? DEFAULT_IN_FLIGHT;
  return { kind: 'completion', words, overflow: overflowOf(value), inFlight };
}

function eventOf(entry: Entry, { types, base, plan }: EventContext): Event | null {
  const { key, keySpan, value } = entry;
  const id = plan.ids.get(entry) ?? 0;
  const payload = payloadOf(entry, types);
  if (child(value, 'payload') === null) return missingKey(entry, 'payload', types.report);
  if (payload === null || base === null) return null;
  const delivery: Delivery = { value, at: keySpan, payload, id };
  const ring = stringOf(child(value, 'delivery')) === 'ring';
  return {
    name: key,
    client: plan.clientOf(value),
    id,
    doc: textOf(child(value, 'doc')),
    payload,
    delivery: ring ? ringOf(delivery, base, types.report) : completionOf(delivery, types.report),
  };
}

function refuseWithoutContract(entry: Entry, report: Report): void {
  report({
    code: 'DK605',
    at: entry.keySpan,
    message: `the event "${entry.key}" needs the contract selectors, which "contract: none" disables`,
    hint: 'give it a selector of its own with delivery: standing or rearmed, or move the contract selectors with "contract: { base: … }".',
  });
}

const isOwn = ({ value }: Entry): boolean =>
  deliveryOf(value) === 'standing' || deliveryOf(value) === 'rearmed';

export function planEvents(
  node: SourceNode | null,
  clients: ClientTable,
  report: Report,
): EventPlan {
  const entries = entriesOf(node);
  const ids = assignIds(entries, report);
  for (const { value } of entries) refuseKeys(value, report);
  const groups = groupsOf(entries.filter(isOwn), report);
  const clientOf = (value: SourceNode): string => clientNamed(value, clients);
  return { entries, ids, groups, clientOf, callables: subscriptionCallables(groups, clientOf) };
}

/** Each list by id, or by selector. */
export function resolveEvents(
  context: EventContext,
): Pick<Model, 'events' | 'subscriptions' | 'polls'> {
  const { types, base, plan, methods, methodContext } = context;
  const { entries, ids, groups, callables, clientOf } = plan;
  const { report } = types;
  const served = entries.filter(({ value }) => ['ring', 'async'].includes(deliveryOf(value)));
  const [first] = served;
  if (base === null && first !== undefined) refuseWithoutContract(first, report);
  const events = served
    .map((entry) => eventOf(entry, context))
    .filter((event) => event !== null)
    .sort((a, b) => a.id - b.id);
  const polled = entries.filter(({ value }) => deliveryOf(value) === 'polled');
  return {
    events,
    subscriptions: resolveSubscriptions(groups, callables, {
      ...{ types, ids, clientOf },
      methods: methodContext,
    }),
    polls: resolvePolls(polled, { methods, ids, types }),
  };
}
