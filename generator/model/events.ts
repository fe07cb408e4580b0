// Events: their ids, their payloads, and how each is delivered.
import {
  child,
  type Entry,
  entriesOf,
  integerOf,
  type Report,
  type SourceNode,
  type Span,
  stringOf,
} from '../source/index.js';
import { type ClientTable, clientNamed } from './clients.js';
import { structRef } from './layout.js';
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
import type { CompletionDelivery, Event, Overflow, RingDelivery, StructRef } from './model.js';
import { pascal } from './names.js';
import { textOf } from './text.js';
import { notFixed } from './type-faults.js';
import { inlineStruct, type TypeTable, typeFromText } from './types.js';

export type EventContext = {
  readonly types: TypeTable;
  /** Base of the contract selectors; null when the schema disables them. */
  readonly base: number | null;
  readonly clients: ClientTable;
};

const numberOf = (node: SourceNode | null): number | null => {
  const value = integerOf(node);
  return value === null ? null : Number(value);
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

function payloadOf({ key, keySpan, value }: Entry, types: TypeTable): StructRef | null {
  const node = child(value, 'payload');
  if (node === null) return null;
  if (node.kind === 'map') {
    const name = `${pascal(key)}Event`;
    const struct = inlineStruct(types, {
      name,
      at: keySpan,
      entries: entriesOf(node),
      node: null,
      doc: textOf(child(value, 'doc')),
    });
    if (struct?.kind === 'record') return notFixed(types.report, key, keySpan);
    return struct === null ? null : structRef(struct);
  }
  const use = typeFromText(types, { text: stringOf(node) ?? '', at: node.span });
  if (use === null) return null;
  if (use.kind === 'type' && use.type.kind === 'struct') return use.type;
  const hint = 'write the fields in place, as in "payload: { value: u32 }".';
  types.report({
    code: 'DK410',
    at: node.span,
    message: 'the payload of an event is a struct',
    hint,
  });
  return null;
}

function overflowOf(value: SourceNode): Overflow {
  return stringOf(child(value, 'overflow')) === 'drop-newest' ? 'drop-newest' : 'drop-oldest';
}

/** Keys that mean something for the other delivery only. */
function refuseKeys(value: SourceNode, keys: readonly string[], report: Report): void {
  if (value.kind !== 'map') return;
  const delivery = stringOf(child(value, 'delivery')) ?? '';
  for (const key of keys) {
    const entry = value.entries.get(key);
    if (entry === undefined) continue;
    const hint = `remove it, or choose delivery: ${delivery === 'ring' ? 'async' : 'ring'}.`;
    report({
      code: 'DK604',
      at: entry.keySpan,
      message: `"${key}" does not go with delivery: ${delivery}`,
      hint,
    });
  }
}

type Delivery = {
  readonly value: SourceNode;
  readonly at: Span;
  readonly payload: StructRef;
  readonly id: number;
};

function ringOf({ value, at, payload, id }: Delivery, base: number, report: Report): RingDelivery {
  refuseKeys(value, ['inFlight'], report);
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
  refuseKeys(value, ['capacity'], report);
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

function eventOf(entry: Entry, id: number, { types, base, clients }: EventContext): Event | null {
  const { key, keySpan, value } = entry;
  const payload = payloadOf(entry, types);
  if (payload === null || base === null) return null;
  const delivery: Delivery = { value, at: keySpan, payload, id };
  const ring = stringOf(child(value, 'delivery')) === 'ring';
  return {
    name: key,
    client: clientNamed(value, clients),
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
    hint: 'remove "contract: none", or move the selectors with "contract: { base: … }".',
  });
}

/** By id. */
export function resolveEvents(node: SourceNode | null, context: EventContext): readonly Event[] {
  const entries = entriesOf(node);
  const { types, base } = context;
  const ids = assignIds(entries, types.report);
  const [first] = entries;
  if (base === null && first !== undefined) refuseWithoutContract(first, types.report);
  return [...ids]
    .map(([entry, id]) => eventOf(entry, id, context))
    .filter((event) => event !== null)
    .sort((a, b) => a.id - b.id);
}
