// What does not travel by itself, but has a name: constants, errors, single states, what apps open and drivers match or
// create, fields of what has a layout, and the interface as a whole.
import { errorConstant, namedConstant, stateConstant } from '../emit/c-names.js';
import { callsOf } from '../emit/sides.js';
import type {
  ChildService,
  Constant,
  DeclaredError,
  DriverAction,
  Method,
  Model,
  Personality,
  StateMachine,
  UserClient,
} from '../model/model.js';
import { clientCarrier, personalityCarrier, serviceCarrier } from './drivers.js';
import type { Carrier, Explanation } from './explanation.js';

type Facts = Pick<Explanation, 'kind' | 'name' | 'doc' | 'summary'>;

function plain(
  { name }: Pick<Model, 'name'>,
  facts: Facts,
  carriers: readonly Carrier[] = [],
): Explanation {
  const rest = { layouts: [], limits: [], cost: null, per: '' };
  return { ...facts, interface: name, carriers, ...rest };
}

const call = ({ name, selector }: Method, because: string): Carrier => ({
  ...{ what: name, carrier: `selector ${selector}`, because, rule: '' },
});

export function explainConstant(model: Model, constant: Constant): Explanation {
  const { name, doc, value, kind } = constant;
  const text = kind === 'text' ? JSON.stringify(value) : String(value);
  const summary = `${text}; ${namedConstant(model, constant)} in C, constants.${name} in TypeScript`;
  return plain(model, { kind: 'constant', name, doc, summary });
}

/** Why a call would fail with it. */
function failing({ errors, guards }: Method, name: string): string[] {
  const is = (error: DeclaredError | null): boolean => error?.name === name;
  return [
    ...(errors.some(is) ? ['the driver returns it'] : []),
    ...(is(guards.stateError) ? ['the call comes in another state'] : []),
    ...(is(guards.roleError) ? ['the caller does not have the role'] : []),
  ];
}

export function explainError(model: Model, error: DeclaredError): Explanation {
  const { name, doc, code, value } = error;
  const origin = code === null ? 'a code that is not of this interface' : `vendor code ${code}`;
  const number = `0x${value.toString(16)}`;
  const summary = `${number}, ${origin}; ${errorConstant(model, error)} in C, "${name}" in TypeScript`;
  const calls = callsOf(model).flatMap((method) => {
    const why = failing(method, name);
    return why.length === 0 ? [] : [call(method, `fails with it when ${why.join(', or ')}`)];
  });
  return plain(model, { kind: 'error', name, doc, summary }, calls);
}

/** One state of a machine: what is legal in it, and what leads there. */
export function explainOneState(model: Model, machine: StateMachine, state: string): Explanation {
  const here = (one: { readonly machine: string }): boolean => one.machine === machine.name;
  const calls = callsOf(model).flatMap((method) => {
    const { when, leadsTo } = method.guards;
    const need = when.find(here);
    const legal = need?.states.some(({ name }) => name === state);
    const leads = leadsTo.some((to) => here(to) && to.state.name === state);
    const said = [
      ...(need === undefined ? [] : [legal ? 'is legal in it' : 'is not legal in it']),
      ...(leads ? ['leads to it'] : []),
    ];
    return said.length === 0 ? [] : [call(method, said.join(' and '))];
  });
  const initial = machine.states[0] === state ? ', the initial one' : '';
  const summary = `state of "${machine.name}"${initial}; ${stateConstant(model, machine.name, state)} in C`;
  return plain(model, { kind: 'state', name: state, doc: '', summary }, calls);
}

/** `2 methods, 1 event`. */
function counted(groups: readonly (readonly [what: string, all: readonly unknown[]])[]): string {
  const texts = groups.flatMap(([what, { length }]) => {
    const many = what.endsWith('y') ? `${what.slice(0, -1)}ies` : `${what}s`;
    return length === 0 ? [] : [`${length} ${length === 1 ? what : many}`];
  });
  return texts.join(', ') || 'nothing';
}

export function explainClient(model: Model, client: UserClient): Explanation {
  const { name, className, driver, doc } = client;
  const own = (one: { readonly client: string }): boolean => one.client === name;
  const contents = counted([
    ['method', model.methods.filter(own)],
    ['event', [...model.events, ...model.polls].filter(own)],
    ['subscription', model.subscriptions.filter(own)],
    ['buffer', model.buffers.filter(own)],
  ]);
  const summary = `${className} of the driver ${driver}, with ${contents}`;
  return plain(model, { kind: 'user client', name, doc, summary }, [clientCarrier(client)]);
}

export function explainPersonality(model: Model, personality: Personality): Explanation {
  const driver = model.drivers.find(({ personalities }) => personalities.includes(personality));
  const keys = personality.properties.map(({ key }) => key);
  const extra = keys.length === 0 ? '' : `; the driver reads ${keys.join(', ')} in its properties`;
  const summary = `one way in which ${driver?.className ?? 'the driver'} is matched${extra}`;
  const { name } = personality;
  return plain(model, { kind: 'personality', name, doc: '', summary }, [
    personalityCarrier(personality),
  ]);
}

export function explainService(model: Model, service: ChildService): Explanation {
  const { name, doc, owner } = service;
  const summary = `service that the ${owner.kind === 'driver' ? 'driver' : 'user client'} ${owner.name} creates`;
  return plain(model, { kind: 'service', name, doc, summary }, [serviceCarrier(service)]);
}

export function explainAction(model: Model, action: DriverAction): Explanation {
  const { name, providerClass, providerMethod } = action;
  const summary = `completion that the driver receives, of type ${providerClass}::${providerMethod}`;
  return plain(model, { kind: 'action', name, doc: '', summary });
}

export function explainInterface(model: Model): Explanation {
  const { name, doc, version, contractHash, contract, bundle } = model;
  const contents = counted([
    ['method', model.methods],
    ['event', [...model.events, ...model.polls]],
    ['subscription', model.subscriptions],
    ['buffer', model.buffers],
    ['property', model.properties],
    ['type', model.types],
  ]);
  const carriers = [
    {
      ...{ what: 'contents', carrier: contents, rule: '' },
      because: 'dextgen explain says more of each by its name',
    },
    {
      ...{ what: 'contract hash', carrier: `0x${contractHash.high}${contractHash.low}`, rule: '' },
      because:
        contract === null
          ? 'the schema says contract: none, so that nobody compares it'
          : `both sides compare it when a client opens; contract selectors from 0x${contract.base.toString(16)}`,
    },
    ...model.userClients.map(clientCarrier),
  ];
  const summary = `version ${version.major}.${version.minor}, in the bundle ${bundle.identifier}`;
  return plain(model, { kind: 'interface', name, doc, summary }, carriers);
}

/** `Packet.samples`, `setRate.hz`: a row of what has a layout. */
export function explainMember(owner: Explanation, member: string): readonly Explanation[] {
  return owner.layouts.flatMap((layout) =>
    layout.rows
      .filter(({ field }) => field === member)
      .map(({ offset, size, type, note }): Explanation => {
        const unit = layout.unit ?? 'byte';
        const place = offset === null ? '' : ` at ${unit} ${offset}`;
        const length = `${size} ${size === 1 ? unit : `${unit}s`}`;
        const summary = [`${type || 'value'} of ${length}${place} in ${layout.title}`, note]
          .filter(Boolean)
          .join('; ');
        const name = `${owner.name}.${member}`;
        return plain({ name: owner.interface }, { kind: 'member', name, doc: '', summary });
      }),
  );
}
