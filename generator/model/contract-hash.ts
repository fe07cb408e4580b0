// One number for everything that both sides must agree on. Docs, files, matching and client-side waiting are left
// out. Names and units are in, although no byte shows them: two swapped arguments of one type are the drift that
// nothing else would catch.
import { createHash } from 'node:crypto';
import type {
  BitField,
  BitsType,
  Buffer,
  Constant,
  EnumType,
  Event,
  Field,
  FlagsType,
  Guards,
  Method,
  Model,
  NamedType,
  Payload,
  PolledEvent,
  Property,
  ScalarSlot,
  Section,
  StructCarrier,
  StructType,
  Subscription,
  Type,
  ValueRules,
} from './model.js';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** JSON with sorted keys and no white space, so that equal values are equal text. */
function canonical(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const facts = value as { readonly [key: string]: Json };
  let text = '';
  for (const key of Object.keys(facts).sort()) {
    text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonical(facts[key] ?? null)}`;
  }
  return `{${text}}`;
}

function typeFacts(type: Type): Json {
  switch (type.kind) {
    case 'scalar':
      return type.scalar;
    case 'enum':
    case 'flags':
    case 'bits':
    case 'handle':
    case 'struct':
    case 'union':
    case 'variant':
      return { name: type.name };
    case 'wide':
      return type.name;
    case 'status':
      return 'status';
    case 'string':
      return { string: type.size, terminated: type.terminated, encoding: type.encoding };
    case 'array':
      return { element: typeFacts(type.element), length: type.length };
    default:
      return type satisfies never;
  }
}

const isSilent = (fact: Json): boolean =>
  fact === null || fact === false || fact === 0 || (Array.isArray(fact) && fact.length === 0);

/** Only what is said: an interface that does not use a rule keeps its hash when the language gains one. */
function said(facts: { readonly [key: string]: Json }): { readonly [key: string]: Json } {
  const kept: { [key: string]: Json } = {};
  for (const key of Object.keys(facts)) {
    const fact = facts[key] ?? null;
    if (!isSilent(fact)) kept[key] = fact;
  }
  return kept;
}

/** A default is the client's own; everything else is checked on both sides. */
function ruleFacts(rules: ValueRules | null): { readonly [key: string]: Json } {
  if (rules === null) return {};
  const { multipleOf, mask, safe, boolean } = rules;
  // A constant 0 or false is said.
  const always = rules.const === null ? {} : { const: rules.const };
  return { ...said({ multipleOf, safe, boolean }), ...(mask === null ? {} : { mask }), ...always };
}

const valueFacts = (values: EnumType['values']): Json =>
  values.map(({ name, value }) => ({ name, value }));

function enumFacts({ name, base, values, ranges, reserved, open }: EnumType): Json {
  const more = {
    ranges: ranges.map(({ name, first, last }) => ({ name, first, last })),
    reserved: reserved.map(({ first, last }) => ({ first, last })),
    open,
  };
  return { name, base, values: valueFacts(values), ...said(more) };
}

function flagsFacts({ name, base, values, mask, reserved, open, safe }: FlagsType): Json {
  return { name, base, flags: valueFacts(values), mask, ...said({ reserved, open, safe }) };
}

function bitsFacts({ name, base, fields, open }: BitsType): Json {
  return { name, base, bits: fields.map(bitFacts), ...said({ open }) };
}

function bitFacts({ name, at, width, type, unit, range, rules }: BitField): Json {
  return { name, at, width, unit, range, type: typeFacts(type), ...ruleFacts(rules) };
}

function structFacts(type: StructType): Json {
  const fields = type.fields.map(fieldFacts);
  return { name: type.name, size: type.size, align: type.align, fields };
}

function fieldFacts({ name, offset, unit, range, rules, byteOrder, type }: Field) {
  return {
    ...{ name, offset, unit, range, type: typeFacts(type) },
    ...said({ bigEndian: byteOrder === 'big' }),
    ...ruleFacts(rules),
  };
}

/** Unions and what varies in size hold nothing but plain facts, and docs, which are none. */
function undocumented(value: object): Json {
  if (Array.isArray(value)) return value.map(undocumented);
  const facts = Object.entries(value).filter(([key]) => key !== 'doc' && key !== 'since');
  return Object.fromEntries(
    facts.map(([key, fact]) => [
      key,
      typeof fact === 'object' && fact !== null ? undocumented(fact) : fact,
    ]),
  );
}

function namedTypeFacts(type: NamedType): Json {
  switch (type.kind) {
    case 'enum':
      return enumFacts(type);
    case 'flags':
      return flagsFacts(type);
    case 'bits':
      return bitsFacts(type);
    case 'struct':
      return structFacts(type);
    case 'union':
    case 'variant':
    case 'record':
      return undocumented(type);
    default:
      return type satisfies never;
  }
}

/** What a plain slot is not. */
function slotFacts(slot: ScalarSlot): Json {
  const { name, index, unit, range, rules, type, optional } = slot;
  const [packing, words] = slot.packing === 'word' ? [null, 0] : [slot.packing, slot.words];
  const handle = slot.packing === 'word' ? slot.handle : null;
  const memory = slot.packing === 'memory' ? { access: slot.access, order: slot.order } : {};
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

function methodFacts(method: Method) {
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

function subscriptionFacts({ call, unsubscribe, events, ...subscription }: Subscription) {
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

function pollFacts({ name, id, method, empty }: PolledEvent) {
  const values =
    empty.kind === 'values' ? empty.values.map(({ name, value }) => ({ name, value })) : null;
  return { name, id, method, empty: values === null ? { ...empty, values } : { values } };
}

function eventFacts({ name, id, payload, delivery }: Event) {
  return { name, id, payload: payload.name, delivery: { ...delivery } };
}

/** Who allocates the memory is the driver's own business. */
function bufferFacts({ name, memoryType, size, access, shared, ...more }: Buffer) {
  const { parts, anyType, sizing, wholePages, cache, sections } = more;
  const facts = {
    ...said({ parts: parts.map(bitFacts), anyType, partialPages: !wholePages }),
    ...(sizing.kind === 'exact' ? {} : { sizing: { ...sizing } }),
    ...(cache === 'default' ? {} : { cache }),
  };
  const [first, second] = sections;
  const contents = plainContents(first, second);
  return {
    ...{ name, memoryType, size, access, shared, ...facts },
    ...(contents !== null && sections.length < 3
      ? contents
      : { sections: sections.map(sectionFacts) }),
  };
}

function sectionFacts({ owner, atomic, open, ...section }: Section): Json {
  return { ...fieldFacts(section), ...said({ atomic, open }), owner };
}

/** A header and an array to the end are what layouts were at first, and have the facts that they had. */
function plainContents(first: Section | undefined, second: Section | undefined) {
  const header = first?.name === 'header' && first.type.kind === 'struct' ? first : undefined;
  const data = header === undefined ? first : second;
  if (header === undefined && second !== undefined) return null;
  if (header !== undefined && (header.offset !== 0 || header.owner === 'app')) return null;
  const name = header?.type.kind === 'struct' ? header.type.name : null;
  if (data === undefined) return { header: name, data: null };
  const { type } = data;
  const element = type.kind === 'array' && type.element.kind === 'scalar' ? type.element : null;
  if (element === null || type.kind !== 'array' || !data.open || data.owner === 'app') return null;
  const { offset } = data;
  return {
    header: name,
    data: { name: data.name, element: element.scalar, offset, length: type.length },
  };
}

function propertyFacts({ doc: _, driver: _driver, type, ...facts }: Property) {
  return { ...facts, type: type.scalar };
}

const constantFacts = ({ name, kind, value }: Constant): Json => ({ name, kind, value });

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : 1;

export type Observable = Omit<Model, 'contractHash'>;

/** What an app opens; nothing where every type opens the only user client. */
function partyFacts({ userClients }: Observable): { readonly [key: string]: Json } {
  const facts = userClients.map(({ name, type }) => ({ name, type }));
  const plain = facts.length === 1 && facts[0]?.type === null;
  return plain ? {} : { userClients: facts.toSorted(byName) };
}

/** An interface without such a section has the hash that it had before the language knew it. */
const section = (name: string, facts: readonly Json[]): { readonly [key: string]: Json } =>
  facts.length === 0 ? {} : { [name]: facts };

/** The order of the text is not observable, so nothing here depends on it. */
export function contractFacts(model: Observable): string {
  const several = model.userClients.length > 1;
  const belongs = ({ client }: { readonly client: string }) => (several ? { client } : {});
  return canonical({
    format: 1,
    name: model.name,
    contract: model.contract,
    types: model.types.toSorted(byName).map(namedTypeFacts),
    ...said({ constants: model.constants.toSorted(byName).map(constantFacts) }),
    ...partyFacts(model),
    methods: model.methods.map((method) => ({ ...methodFacts(method), ...belongs(method) })),
    events: model.events.map((event) => ({ ...eventFacts(event), ...belongs(event) })),
    ...section(
      'subscriptions',
      model.subscriptions.map((one) => ({ ...subscriptionFacts(one), ...belongs(one) })),
    ),
    ...section(
      'polls',
      model.polls.map((one) => ({ ...pollFacts(one), ...belongs(one) })),
    ),
    buffers: model.buffers
      .toSorted((a, b) => a.memoryType - b.memoryType)
      .map((buffer) => ({ ...bufferFacts(buffer), ...belongs(buffer) })),
    properties: model.properties.toSorted(byName).map((property) => ({
      ...propertyFacts(property),
      ...(model.drivers.length > 1 ? { driver: property.driver } : {}),
    })),
    errors: model.errors
      .toSorted((a, b) => a.value - b.value)
      .map(({ name, code, value }) => (code === null ? { name, value } : { name, code })),
    ...said({
      states: model.states.map(({ name, scope, states }) => ({ name, scope, states })),
      roles: model.roles.map(({ name }) => name),
      handles: model.handles.map(({ name, base }) => ({ name, base })),
    }),
  });
}

/** The first 128 bits of the SHA-256, as two big-endian words. */
export function contractHash(model: Observable): Model['contractHash'] {
  const digest = createHash('sha256').update(contractFacts(model)).digest('hex');
  return { high: digest.slice(0, 16), low: digest.slice(16, 32) };
}
