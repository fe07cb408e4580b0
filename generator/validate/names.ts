// Names as the schema spells them: identifiers in every language that is generated, none reserved, none alike once
// renamed. Names that generated code adds are generated-names.ts's.
import { clientNodes, driverNodes } from '../model/driver-nodes.js';
import { camel, pascal, snake } from '../model/names.js';
import {
  child,
  type Entry,
  entriesOf,
  itemsOf,
  type Report,
  type SourceNode,
  type Span,
  stringOf,
} from '../source/index.js';
import { headerReason, type NamePosition, reservedReason } from './reserved-words.js';

/** The longest name of the registry is 127 characters (contract §1.1); a prefix and a suffix must fit as well. */
const MAX_LENGTH = 64;

const lower = {
  pattern: /^[a-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*$/,
  hint: 'begin with a small letter; go on with letters, digits and single underscores.',
};
const upper = {
  pattern: /^[A-Z][A-Za-z0-9]*(_[A-Za-z0-9]+)*$/,
  hint: 'begin with a capital letter; go on with letters, digits and single underscores.',
};
const either = {
  pattern: /^[A-Za-z][A-Za-z0-9]*(_[A-Za-z0-9]+)*$/,
  hint: 'begin with a letter; go on with letters, digits and single underscores.',
};

const shapes: Readonly<Record<NamePosition, typeof lower>> = {
  interface: {
    pattern: /^[A-Z][A-Za-z0-9]*$/,
    hint: 'begin with a capital letter; go on with letters and digits.',
  },
  type: upper,
  field: lower,
  argument: lower,
  'enum value': either,
  method: lower,
  event: lower,
  buffer: lower,
  property: either,
  action: lower,
  error: lower,
  constant: lower,
  driver: lower,
  'user client': lower,
  service: lower,
  'state machine': lower,
  state: either,
  role: lower,
  handle: upper,
  class: either,
  'provider class': either,
};

export type Name = { readonly text: string; readonly at: Span; readonly position: NamePosition };

const article = (position: NamePosition): string => (/^[aeiou]/.test(position) ? 'an' : 'a');

function checkShape({ text, at, position }: Name, report: Report): boolean {
  const { pattern, hint } = shapes[position];
  if (/^(_|k?dextgen)/i.test(text)) {
    const message = `"${text}" begins with a prefix that generated code keeps to itself`;
    report({
      code: 'DK305',
      at,
      message,
      hint: 'choose a name without a leading underscore or "dextgen".',
    });
    return false;
  }
  if (pattern.test(text) && text.length <= MAX_LENGTH) return true;
  const long = text.length > MAX_LENGTH;
  report({
    code: 'DK303',
    at,
    message: long
      ? `the name of ${article(position)} ${position} has at most ${MAX_LENGTH} characters`
      : `"${text}" cannot be the name of ${article(position)} ${position}`,
    hint: long ? 'choose a shorter one.' : hint,
  });
  return false;
}

const prefixed = new Set<NamePosition>(['enum value', 'error', 'constant']);

/** Written as they are, without a prefix: a macro of that name would stand for something else. */
const bare = new Set<NamePosition>(['field', 'argument', 'class']);

/** `_t` is where C keeps its own types. */
function reasonOf({ text, position }: Name): string | null {
  if (!prefixed.has(position) && text.endsWith('_t')) return 'a C type by its "_t"';
  if (bare.has(position) && /^k[A-Z]/.test(text))
    return 'one of the platform\'s constants by its "k"';
  if (['class', 'interface'].includes(position) && /^(IO|OS)[A-Z]/.test(text))
    return "one of the platform's classes by its prefix";
  // Types and classes are never spelt with a small letter: `Switch` is no keyword.
  const small = ['type', 'handle', 'interface', 'class'].includes(position) ? [] : [camel(text)];
  const reason = reservedReason(position, [text, pascal(text), ...small]);
  return reason ?? (position === 'interface' ? headerReason(snake(text)) : null);
}

function checkReserved(name: Name, report: Report): void {
  const reason = reasonOf(name);
  if (reason === null) return;
  const { text, at, position } = name;
  report({
    code: 'DK302',
    at,
    message: `"${text}" cannot be the name of ${article(position)} ${position}: it is ${reason}`,
    hint: 'choose another name.',
  });
}

/** Names that stand side by side in the generated code. */
function checkScope(names: readonly Name[], report: Report): void {
  // What is no name at all is no other's double.
  const shaped = names.filter((name) => checkShape(name, report));
  for (const name of shaped) checkReserved(name, report);
  checkDoubles(shaped, report);
}

function checkDoubles(names: readonly Name[], report: Report): void {
  const first = new Map<string, Name>();
  for (const name of names) {
    const spelling = pascal(name.text);
    const earlier = first.get(spelling);
    if (earlier === undefined) first.set(spelling, name);
    else {
      report({
        code: 'DK301',
        at: name.at,
        message: `"${earlier.text}" and "${name.text}" both become ${spelling} in C++ and ${camel(name.text)} in TypeScript`,
        notes: [{ message: 'first used here', at: earlier.at }],
        hint: 'rename one.',
      });
    }
  }
}

/** What a call answers at once and what its completion brings are members of one object. */
function checkAnswers(method: SourceNode, report: Report): void {
  const out = namesOf(child(method, 'out'), 'argument');
  const spellings = new Set(out.map(({ text }) => pascal(text)));
  const accepted = namesOf(child(method, 'accepted'), 'argument');
  const doubles = accepted.filter(({ text }) => spellings.has(pascal(text)));
  for (const { text } of doubles) {
    const pair = [...out, ...accepted].filter((name) => pascal(name.text) === pascal(text));
    checkDoubles(pair, report);
  }
}

const namesOf = (node: SourceNode | null, position: NamePosition): readonly Name[] =>
  entriesOf(node).map(({ key, keySpan }) => ({ text: key, at: keySpan, position }));

/** Fields, and the fields of structs that are declared in place. */
function checkFields(fields: SourceNode | null, position: NamePosition, report: Report): void {
  checkScope(namesOf(fields, position), report);
  for (const { value } of entriesOf(fields)) {
    const inline = child(value, 'struct');
    if (inline !== null) checkFields(inline, 'field', report);
  }
}

function checkTypes(
  { types, handles }: Record<'types' | 'handles', SourceNode | null>,
  report: Report,
): void {
  // Handles are types as well.
  checkScope([...namesOf(types, 'type'), ...namesOf(handles, 'handle')], report);
  for (const { value } of entriesOf(types)) {
    checkFields(child(value, 'struct'), 'field', report);
    checkFields(child(value, 'union'), 'field', report);
    checkFields(child(value, 'cases'), 'field', report);
    checkScope(namesOf(child(value, 'values'), 'enum value'), report);
    checkScope(namesOf(child(value, 'fields'), 'field'), report);
  }
}

/** Names in a list, or as keys. */
const listed = (node: SourceNode | null, position: NamePosition): readonly Name[] => [
  ...itemsOf(node).map((item) => ({ text: stringOf(item) ?? '', at: item.span, position })),
  ...namesOf(node, position),
];

function checkStates(states: SourceNode | null, report: Report): void {
  checkScope(namesOf(states, 'state machine'), report);
  for (const { value } of entriesOf(states)) {
    const names = value.kind === 'list' ? value : child(value, 'names');
    checkScope(listed(names, 'state'), report);
  }
}

const errorNames = ({ value }: Entry): readonly Name[] =>
  itemsOf(child(value, 'errors')).map((node) => ({
    text: stringOf(node) ?? '',
    at: node.span,
    position: 'error' as const,
  }));

/** Without a section of their own, errors are declared where they are first listed. */
function checkErrors(root: SourceNode, report: Report): void {
  const section = child(root, 'errors');
  if (section !== null) {
    checkScope(namesOf(section, 'error'), report);
    return;
  }
  const setters = entriesOf(child(root, 'properties')).flatMap(({ key, keySpan, value }) => {
    const setter = child(value, 'setter');
    return setter === null ? [] : [{ key, keySpan, value: setter }];
  });
  const subscribing = entriesOf(child(root, 'events')).flatMap(({ key, keySpan, value }) => {
    const subscribe = child(value, 'subscribe');
    return subscribe === null ? [] : [{ key, keySpan, value: subscribe }];
  });
  const callers = [...entriesOf(child(root, 'methods')), ...setters, ...subscribing];
  const listed = callers.flatMap(errorNames);
  const first = new Map(listed.toReversed().map((name) => [name.text, name]));
  checkScope(
    listed.filter((name) => first.get(name.text) === name),
    report,
  );
}

function checkOne(node: SourceNode | null, position: NamePosition, report: Report): void {
  const text = stringOf(node);
  if (node !== null && text !== null) checkScope([{ text, at: node.span, position }], report);
}

function checkDrivers(root: SourceNode, report: Report): void {
  const drivers = driverNodes(root);
  checkScope(namesOf(child(root, 'drivers'), 'driver'), report);
  const clients = drivers.flatMap(clientNodes);
  checkScope(
    clients
      .filter(({ node }) => node !== null)
      .map(({ name, at }) => ({ text: name, at, position: 'user client' })),
    report,
  );
  for (const { className } of clients) checkOne(className, 'class', report);
  for (const { node } of drivers) checkDriver(node, report);
}

function checkDriver(node: SourceNode, report: Report): void {
  checkOne(child(node, 'provider'), 'provider class', report);
  checkOne(child(node, 'class'), 'class', report);
  checkScope(namesOf(child(node, 'actions'), 'action'), report);
  checkScope(namesOf(child(node, 'services'), 'service'), report);
  for (const { value } of entriesOf(child(node, 'services')))
    checkOne(child(value, 'class'), 'class', report);
  for (const { value } of entriesOf(child(node, 'personalities')))
    checkOne(child(value, 'provider'), 'provider class', report);
}

export function checkNames(root: SourceNode, report: Report): void {
  checkOne(child(root, 'interface'), 'interface', report);
  checkDrivers(root, report);
  checkScope(namesOf(child(root, 'constants'), 'constant'), report);
  checkTypes({ types: child(root, 'types'), handles: child(root, 'handles') }, report);
  checkStates(child(root, 'states'), report);
  checkScope(listed(child(root, 'roles'), 'role'), report);
  checkScope(namesOf(child(root, 'methods'), 'method'), report);
  for (const { value } of entriesOf(child(root, 'methods'))) {
    checkFields(child(value, 'in'), 'argument', report);
    checkFields(child(value, 'out'), 'argument', report);
    checkFields(child(value, 'accepted'), 'argument', report);
    checkAnswers(value, report);
  }
  checkErrors(root, report);
  checkScope(namesOf(child(root, 'events'), 'event'), report);
  for (const { value } of entriesOf(child(root, 'events'))) {
    checkFields(child(value, 'payload'), 'field', report);
    const subscribe = child(value, 'subscribe');
    checkFields(child(subscribe, 'in'), 'argument', report);
    checkFields(child(subscribe, 'out'), 'argument', report);
  }
  checkScope(namesOf(child(root, 'buffers'), 'buffer'), report);
  for (const { value } of entriesOf(child(root, 'buffers'))) {
    checkFields(child(value, 'layout'), 'field', report);
    const number = child(value, 'memoryType');
    for (const parts of ['plus', 'fields'])
      checkScope(namesOf(child(number, parts), 'argument'), report);
  }
  checkScope(namesOf(child(root, 'properties'), 'property'), report);
}
