// One number for everything that both sides must agree on. Docs, files, matching and client-side waiting are left
// out. Names and units are in, although no byte shows them: two swapped arguments of one type are the drift that
// nothing else would catch.
import { createHash } from 'node:crypto';
import { eventFacts, methodFacts, pollFacts, subscriptionFacts } from './contract-calls.js';
import { byName, canonical, type Json, said, section } from './contract-json.js';
import { bufferFacts } from './contract-memory.js';
import { namedTypeFacts } from './contract-types.js';
import type { Constant, Model, Property } from './model.js';

function propertyFacts({ doc: _, driver: _driver, type, ...facts }: Property) {
  return { ...facts, type: type.scalar };
}

const constantFacts = ({ name, kind, value }: Constant): Json => ({ name, kind, value });

export type Observable = Omit<Model, 'contractHash'>;

/** What an app opens; nothing where every type opens the only user client. */
function partyFacts({ userClients }: Observable): { readonly [key: string]: Json } {
  const facts = userClients.map(({ name, type }) => ({ name, type }));
  const plain = facts.length === 1 && facts[0]?.type === null;
  return plain ? {} : { userClients: facts.toSorted(byName) };
}

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
