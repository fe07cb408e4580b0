// What methods ask of their callers: LINT040 to LINT043.
import { handlesOf } from '../emit/handles.js';
import { callsOf, guardsIn } from '../emit/sides.js';
import type { HandleType, Method, Model, ScalarSlot } from '../model/model.js';
import { type Finding, type Rule, spanAt } from './finding.js';

const checkUnchecked: Rule = ({ model, root }) => {
  // Without contract selectors the interface is one that exists, and is described as it is.
  if (model.contract === null) return [];
  return model.methods
    .filter(({ unchecked }) => unchecked !== null)
    .map(({ name }) => ({
      code: 'LINT040',
      at: spanAt(root, 'methods', name),
      message: `"${name}" reads whatever any app sends: no count, size or value is checked before its code runs`,
      hint: 'describe its arguments, with optional ones and accepted counts where old apps differ.',
    }));
};

const machinesIn = (model: Model): string[] =>
  guardsIn(model)
    .flatMap(({ when, leadsTo }) => [...when, ...leadsTo])
    .map(({ machine }) => machine);

const rolesIn = (model: Model): (string | null)[] =>
  guardsIn(model).flatMap(({ claims, requires, releases }) => [claims, requires, releases]);

const handlesIn = (model: Model): readonly string[] =>
  callsOf(model).flatMap((method) => handlesOf(model, method));

const slotsOf = ({ input, output, accepted }: Method): readonly ScalarSlot[] => [
  ...input.scalars,
  ...output.scalars,
  ...accepted.scalars,
];

type Section = 'states' | 'roles' | 'handles';

function unused(model: Model, section: Section, used: ReadonlySet<string | null>): string[] {
  return model[section].map(({ name }) => name).filter((name) => !used.has(name));
}

const checkUse: Rule = ({ model, root }) => {
  const sections = [
    ['states', 'no method depends on it or changes it', machinesIn],
    ['roles', 'no method asks for it', rolesIn],
    ['handles', 'no method takes or returns one', handlesIn],
  ] as const;
  return sections.flatMap(([section, why, named]) => {
    const used = new Set<string | null>(named(model));
    return unused(model, section, used).map((name) => ({
      code: 'LINT041' as const,
      at: spanAt(root, section, name),
      message: `"${name}" means nothing: ${why}`,
      hint: 'remove it, or say in the methods what it is for.',
    }));
  });
};

/** What calls do with handles of one kind. */
function usesOf(model: Model, { name }: HandleType): ReadonlySet<string | null> {
  const slots = callsOf(model)
    .flatMap(slotsOf)
    .filter(({ type }) => 'name' in type && type.name === name);
  return new Set(slots.map((slot) => (slot.packing === 'word' ? slot.handle : null)));
}

const checkHandles: Rule = ({ model, root }) =>
  model.handles.flatMap((handle): Finding[] => {
    const uses = usesOf(model, handle);
    if (!uses.has('creates') || uses.has('closes')) return [];
    return [
      {
        code: 'LINT042',
        at: spanAt(root, 'handles', handle.name),
        message: `calls make a ${handle.name} and none closes it: after ${handle.max}, a connection gets no more`,
        hint: 'add a method with "closes: true", unless the objects end with their connection.',
      },
    ];
  });

const checkRoles: Rule = ({ model, root }) => {
  const claimed = new Set(guardsIn(model).map(({ claims }) => claims));
  const needed = new Set(guardsIn(model).flatMap(({ requires, releases }) => [requires, releases]));
  return model.roles
    .filter(({ name }) => needed.has(name) && !claimed.has(name))
    .map(({ name }) => ({
      code: 'LINT043',
      at: spanAt(root, 'roles', name),
      message: `nobody can call what needs the role "${name}": no method claims it`,
      hint: `add "claims: ${name}" to the method that takes it.`,
    }));
};

export const checkGuards: Rule = (subject) => [
  ...checkUnchecked(subject),
  ...checkUse(subject),
  ...checkHandles(subject),
  ...checkRoles(subject),
];
