// Completions that events go through, with selectors of the interface's own: how they are called, ended and laid out.
import {
  child,
  type Entry,
  integerOf,
  type Report,
  type SourceNode,
  stringOf,
} from '../source/index.js';
import { deliveryOf, missingKey, numberOf } from './event-keys.js';
import { payloadOf } from './event-payload.js';
import { guardsOf, noGuards } from './guards.js';
import { DEFAULT_QUEUE, MAX_COMPLETION_WORDS, MAX_INLINE } from './limits.js';
import { type Callable, type MethodContext, resolveMethods } from './methods.js';
import type { Guards, Method, Subscription, SubscriptionEvent } from './model.js';
import { pascal } from './names.js';
import {
  checkAcknowledged,
  checkPrototypes,
  checkTold,
  type Member,
} from './subscription-checks.js';
import type { Group } from './subscription-groups.js';
import type { TypeTable } from './type-table.js';
import { eventWords, type Words } from './word-counts.js';

export type SubscriptionContext = {
  readonly types: TypeTable;
  readonly ids: ReadonlyMap<Entry, number>;
  /** What resolves the calls of a subscription as methods. */
  readonly methods: MethodContext;
  readonly clientOf: (node: SourceNode) => string;
};

/** `task` is subscribed to with `subscribeTask`, in errors and in the driver's hook. */
export const subscribeName = (event: string): string => `subscribe${pascal(event)}`;
export const unsubscribeName = (event: string): string => `unsubscribe${pascal(event)}`;

/** What subscribes and unsubscribes, each as something with a selector. */
export function subscriptionCallables(
  groups: readonly Group[],
  clientOf: SubscriptionContext['clientOf'],
): readonly Callable[] {
  return groups.flatMap(({ owner }) => {
    const node = child(owner.value, 'subscribe');
    if (node === null) return [];
    const client = clientOf(owner.value);
    const off = child(node, 'unsubscribe');
    const make = (name: string, from: SourceNode): Callable => ({
      ...{ name, client, at: owner.keySpan, node: from, setterOf: null },
      selector: numberOf(child(from, 'selector')) ?? 0,
      selectorAt: child(from, 'selector')?.span ?? owner.keySpan,
    });
    const on = make(subscribeName(owner.key), node);
    return child(off, 'selector') !== null && off !== null
      ? [on, make(unsubscribeName(owner.key), off)]
      : [on];
  });
}

function checkCall(call: Method, owner: Entry, report: Report): void {
  const node = child(owner.value, 'subscribe');
  for (const [key, { struct }] of [
    ['in', call.input],
    ['out', call.output],
  ] as const) {
    if (struct === null || (struct.kind === 'fixed' && struct.type.size <= MAX_INLINE)) continue;
    const entries = child(node, key);
    const entry = entries?.kind === 'map' ? entries.entries.get(struct.name) : undefined;
    report({
      code: 'DK625',
      at: entry?.keySpan ?? owner.keySpan,
      message: `a subscription takes and answers scalars and a struct of a fixed size up to ${MAX_INLINE} bytes; "${struct.name}" is neither`,
      hint: 'let a method carry it, before or after the subscription.',
    });
  }
}

function unsubscribeOf(owner: Entry, { calls, context }: Calls): Subscription['unsubscribe'] {
  const { report } = context.types;
  const subscribe = child(owner.value, 'subscribe');
  const node = child(subscribe, 'unsubscribe');
  if (node === null || stringOf(node) === 'none') return { kind: 'none' };
  const on = calls.get(subscribeName(owner.key))?.guards ?? noGuards;
  if (node.kind === 'scalar' && node.value === null) return { kind: 'null', guards: leaving(on) };
  const call = calls.get(unsubscribeName(owner.key));
  if (node.kind === 'map' && call !== undefined) return { kind: 'selector', call };
  if (node.kind === 'map') {
    const own = guardsOf(node, 'sync', { ...context.methods, report });
    return { kind: 'null', guards: { ...own, entitlement: on.entitlement } };
  }
  report({
    code: 'DK204',
    at: node.span,
    message: '"unsubscribe" is null, none or a selector',
    hint: 'write null (the same selector without a completion), { selector: … }, or none.',
  });
  return { kind: 'none' };
}

/** What only the beginning takes or changes, the end must not take again: it is legal whatever the state. */
function leaving(guards: Guards): Guards | null {
  const { claims, releases, leadsTo, entitlement, requires, roleError } = guards;
  if (claims === null && releases === null && leadsTo.length === 0) return null;
  return { ...noGuards, entitlement, requires, roleError: requires === null ? null : roleError };
}

function memberOf(
  entry: Entry,
  layout: Words['layout'],
  { types, ids }: SubscriptionContext,
): Member | null {
  const { key, value } = entry;
  const { report } = types;
  const bare = layout === 'raw' && (child(value, 'words') ?? child(value, 'word0')) !== null;
  const payload = payloadOf(entry, types);
  if (payload === null && child(value, 'payload') !== null) return null;
  if (payload === null && !bare) return missingKey(entry, 'payload', report);
  const word0 = word0Of(value, layout, report);
  const words = eventWords(entry, { layout, payload, tagged: word0 !== null }, report);
  const doc = stringOf(child(value, 'doc'))?.trimEnd() ?? '';
  return { entry, event: { name: key, id: ids.get(entry) ?? 0, doc, payload, word0, words } };
}

function word0Of(
  value: SourceNode,
  layout: Words['layout'],
  report: Report,
): SubscriptionEvent['word0'] {
  const node = child(value, 'word0');
  const number = integerOf(node);
  if (node === null || number === null) return null;
  const fault =
    layout === 'header'
      ? ['behind the header the id tells events apart', 'remove "word0", or write "layout: raw".']
      : number < 0n || number >= 1n << 64n
        ? ['a word holds 0 to 2^64 - 1', 'choose another number.']
        : null;
  if (fault !== null) {
    const [message = '', hint = ''] = fault;
    report({ code: 'DK622', at: node.span, message, hint });
  }
  return number <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(number) : String(number);
}

/** Any of their numbers would do: all of them pick the same prototype. */
const endWords = (members: readonly Member[]): number =>
  Math.min(...members.map(({ event }) => event.words.min), MAX_COMPLETION_WORDS);

type Calls = { readonly calls: ReadonlyMap<string, Method>; readonly context: SubscriptionContext };

function subscriptionOf({ owner, members }: Group, { calls, context }: Calls): Subscription | null {
  const { report } = context.types;
  const subscribe = calls.get(subscribeName(owner.key));
  const layout = stringOf(child(owner.value, 'layout')) === 'raw' ? 'raw' : 'header';
  checkAcknowledged(owner, report);
  const events = members
    .map((entry) => memberOf(entry, layout, context))
    .filter((member) => member !== null);
  checkTold(events, layout, report);
  checkPrototypes(events, report);
  if (subscribe === undefined) return null;
  checkCall(subscribe, owner, report);
  const unsubscribe = unsubscribeOf(owner, { calls, context });
  const { input, output, errors } = subscribe;
  const asked = [input, output].some(
    ({ scalars, struct }) => scalars.length > 0 || struct !== null,
  );
  const rearmed = deliveryOf(owner.value) === 'rearmed';
  return {
    name: owner.key,
    client: subscribe.client,
    delivery: rearmed ? 'rearmed' : 'standing',
    call: { ...subscribe, completion: unsubscribe.kind === 'null' ? 'optional' : 'required' },
    hook: asked || errors.length > 0,
    unsubscribe,
    layout,
    endWords: endWords(events),
    queue: rearmed ? (numberOf(child(owner.value, 'queue')) ?? DEFAULT_QUEUE) : 0,
    overflow:
      stringOf(child(owner.value, 'overflow')) === 'drop-newest' ? 'drop-newest' : 'drop-oldest',
    events: events.map(({ event }) => event).sort((a, b) => a.id - b.id),
  };
}

/** By selector. */
export function resolveSubscriptions(
  groups: readonly Group[],
  callables: readonly Callable[],
  context: SubscriptionContext,
): readonly Subscription[] {
  const resolved = resolveMethods(callables, context.methods);
  const calls = new Map(resolved.map((method) => [method.name, method]));
  return groups
    .map((group) => subscriptionOf(group, { calls, context }))
    .filter((subscription) => subscription !== null)
    .sort((a, b) => a.call.selector - b.call.selector);
}
