// States, roles and handles: what they are, and which methods ask for them, take them or end them.
import { guardNotes } from '../emit/guard-text.js';
import { handlesWithin } from '../emit/handles.js';
import { callsOf } from '../emit/sides.js';
import type { HandleType, Method, Model, Role, ScalarSlot, StateMachine } from '../model/model.js';
import type { Explanation } from './explanation.js';

type Facts = Pick<Explanation, 'kind' | 'name' | 'doc' | 'summary'>;

/** What travels by itself has a cost; these have none. */
function explanation(model: Model, facts: Facts, methods: readonly Method[]): Explanation {
  return {
    ...facts,
    interface: model.name,
    carriers: methods.map((method) => ({
      what: method.name,
      carrier: `selector ${method.selector}`,
      because: [...guardNotes(method), ...handleNotes(model, method, facts.name)].join(' '),
      rule: '',
    })),
    layouts: [],
    limits: [],
    cost: null,
    per: '',
  };
}

const verbs = { uses: 'Takes', creates: 'Makes', closes: 'Closes' } as const;

function handleNotes(model: Model, { input, output, accepted }: Method, name: string): string[] {
  const note = (slot: ScalarSlot, isOutput: boolean): string[] => {
    if (!handlesWithin(model, slot.type).includes(name)) return [];
    if (slot.packing !== 'word' || slot.handle === null) return [`Has some in "${slot.name}".`];
    return [`${isOutput && slot.handle === 'uses' ? 'Returns' : verbs[slot.handle]} one.`];
  };
  return [
    ...input.scalars.flatMap((slot) => note(slot, false)),
    ...[...accepted.scalars, ...output.scalars].flatMap((slot) => note(slot, true)),
    ...[input.struct, output.struct].flatMap((struct) =>
      (struct?.kind === 'fixed' || struct?.kind === 'variable') &&
      handlesWithin(model, struct.type).includes(name)
        ? [`Has some in "${struct.name}".`]
        : [],
    ),
  ];
}

export function explainState(
  model: Model,
  { name, doc, scope, states }: StateMachine,
): Explanation {
  const holder = scope === 'driver' ? 'of the driver, for all clients' : 'of each connection';
  const methods = callsOf(model).filter(({ guards: { when, leadsTo } }) =>
    [...when, ...leadsTo].some(({ machine }) => machine === name),
  );
  const summary = `state ${holder}: ${states.join(', ')}; at first ${states[0]}`;
  return explanation(model, { kind: 'state', name, doc, summary }, methods);
}

export function explainRole(model: Model, { name, doc }: Role): Explanation {
  const methods = callsOf(model).filter(({ guards: { claims, requires, releases } }) =>
    [claims, requires, releases].includes(name),
  );
  const summary = 'role that one connection at a time can have; it ends with the connection';
  return explanation(model, { kind: 'role', name, doc, summary }, methods);
}

export function explainHandle(model: Model, { name, doc, base, max }: HandleType): Explanation {
  const methods = callsOf(model).filter((method) => handleNotes(model, method, name).length > 0);
  const bits = base === 'u32' ? 16 : 32;
  const summary = `handle, ${base}: ${bits} bits of generation above ${bits} of index + 1; at most ${max} per connection`;
  return explanation(model, { kind: 'handle', name, doc, summary }, methods);
}
