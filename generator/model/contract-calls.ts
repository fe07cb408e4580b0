// What both sides observe of calls: methods, subscriptions, polls and events.
import { type Json, said } from './contract-json.js';
import { ruleFacts, typeFacts } from './contract-types.js';
import type {
  Event,
  Guards,
  Method,
  Payload,
  PolledEvent,
  ScalarSlot,
  StructCarrier,
  Subscription,
} from './model.js';

/** What a plain slot is not. */
function slotFacts(slot: ScalarSlot): Json {
  const { name, index, unit, range, rules, type, optional } = slot;
  const [packing, words] = slot.packing === 'word' ? [null, 0] : [slot.packing, slot.words];
  const handle = slot.packing === 'word' ? slot.handle : null;
  const memory =
    slot.packing === 'memory'
      ? {
          ...{ access: slot.access, order: slot.order },
          ...(slot.lengthAt === null ? {} : { lengthAt: slot.lengthAt }),
        }
      : {};
  // The driver fills in what a call leaves out.
  const standIn = optional ? (rules?.default ?? null) : null;
  return {
    ...{ name, index, unit, range, type: typeFacts(type) },
    ...ruleFacts(rules),
    ...said({ packing, words, handle, optional }),
    ...memory,
    ...(standIn === null ? {} : { default: standIn }),
  };
}

function payloadFacts({ scalars, count, counts, struct }: Payload): Json {
  const exact = counts.length === 1 && counts[0]?.first === count && counts[0].last === count;
  const accepted = exact ? [] : counts.map(({ first, last }) => ({ first, last }));
  const facts = { scalars: scalars.map(slotFacts), ...said({ counts: accepted }) };
  return struct === null ? facts : { ...facts, struct: carrierFacts(struct) };
}

function carrierFacts(carrier: StructCarrier): Json {
  const { doc: _, ...facts } = carrier;
  if (facts.kind === 'fixed') {
    const { longer, ...fixed } = facts;
    return { ...fixed, type: typeFacts(facts.type), ...said({ longer }) };
  }
  // Who chose the transfer is not observable, nor how the driver reads it.
  const { transferDeclared: __, ...observable } = facts;
  if (observable.kind === 'variable') {
    const { longer, ...varying } = observable;
    return { ...varying, type: observable.type.name, ...said({ longer }) };
  }
  if (observable.kind !== 'bytes') return { ...observable };
  const { direct: ___, ...bytes } = observable;
  return bytes;
}

function guardFacts(guards: Guards): { readonly [key: string]: Json } {
  const { entitlement, pending, claims, requires, releases, stateError, roleError } = guards;
  return said({
    ...{ entitlement, pending, claims, requires, releases },
    when: guards.when.map(({ machine, states }) => [machine, ...states.map(({ name }) => name)]),
    leadsTo: guards.leadsTo.map(({ machine, state }) => [machine, state.name]),
    stateError: stateError?.value ?? null,
    roleError: roleError?.value ?? null,
  });
}

export function methodFacts(method: Method) {
  const { name, selector, kind, input, output, errors, guards, unchecked } = method;
  return {
    name,
    selector,
    kind,
    input: payloadFacts(input),
    output: payloadFacts(output),
    errors: errors.map(({ code, value }) => code ?? value),
    ...completionFacts(method),
    ...guardFacts(guards),
    ...said({ unchecked: unchecked !== null }),
  };
}

/** What `kind` does not say. */
function completionFacts({ completion, answer, accepted, output }: Method) {
  const usual = completion === 'none' || completion === 'required';
  const plain = accepted.scalars.length === 0 && accepted.struct === null;
  // Behind the header the words follow from the outputs.
  const shaped = answer !== null && (answer.layout === 'raw' || output.struct !== null);
  return {
    ...(usual ? {} : { completion }),
    ...(shaped ? { answer: { ...answer } } : {}),
    ...(plain ? {} : { accepted: payloadFacts(accepted) }),
  };
}

export function subscriptionFacts({ call, unsubscribe, events, ...subscription }: Subscription) {
  const { name, delivery, layout, endWords } = subscription;
  const off = unsubscribe.kind === 'selector' ? unsubscribe.call.selector : unsubscribe.kind;
  const leave = unsubscribe.kind === 'selector' ? unsubscribe.call.guards : null;
  const guards = unsubscribe.kind === 'null' ? unsubscribe.guards : leave;
  const leaving = guards === null ? {} : guardFacts(guards);
  return {
    ...(Object.keys(leaving).length === 0 ? {} : { leaving }),
    ...{ name, delivery, layout, endWords, unsubscribe: off },
    call: methodFacts(call),
    events: events.map(({ doc: _, payload, words, ...event }) => ({
      ...event,
      payload: payload?.name ?? null,
      words: { ...words },
    })),
  };
}

export function pollFacts({ name, id, method, empty }: PolledEvent) {
  const values =
    empty.kind === 'values' ? empty.values.map(({ name, value }) => ({ name, value })) : null;
  return { name, id, method, empty: values === null ? { ...empty, values } : { values } };
}

export function eventFacts({ name, id, payload, delivery }: Event) {
  return { name, id, payload: payload.name, delivery: { ...delivery } };
}
