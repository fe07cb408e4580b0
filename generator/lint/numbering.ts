// Numbers on the wire that a later edit could change or use twice: LINT008, LINT013 and LINT014.
import type { Method, Model, SelectorRange } from '../model/model.js';
import { child } from '../source/index.js';
import { entryAt, type Finding, type Rule, type Subject, spanAt } from './finding.js';

/** A wider gap is a second block of numbers rather than selectors that went away. */
const MAX_GAP = 16;

const show = ({ first, last }: SelectorRange): string =>
  first === last ? `${first}` : `${first}-${last}`;

/** What is left of a gap without the ranges that are retired already, which are in order. */
function without(gap: SelectorRange, retired: readonly SelectorRange[]): SelectorRange[] {
  const left: SelectorRange[] = [];
  let { first } = gap;
  for (const range of retired) {
    if (range.last < first || range.first > gap.last) continue;
    if (range.first > first) left.push({ first, last: range.first - 1 });
    first = range.last + 1;
  }
  if (first <= gap.last) left.push({ first, last: gap.last });
  return left;
}

type Numbered = { readonly method: Method; readonly selector: readonly string[] };

/** Everything with a selector, in order, and where that stands. */
function numbered({ methods, subscriptions }: Model): readonly Numbered[] {
  const own = methods.map((method): Numbered => {
    const { name, setterOf } = method;
    const path = setterOf === null ? ['methods', name] : ['properties', setterOf, 'setter'];
    return { method, selector: [...path, 'selector'] };
  });
  const others = subscriptions.flatMap(({ name, call, unsubscribe }): Numbered[] => {
    const path = ['events', name, 'subscribe'];
    const on = { method: call, selector: [...path, 'selector'] };
    if (unsubscribe.kind !== 'selector') return [on];
    return [on, { method: unsubscribe.call, selector: [...path, 'unsubscribe', 'selector'] }];
  });
  return [...own, ...others].sort((a, b) => a.method.selector - b.method.selector);
}

const checkGaps: Rule = (subject) => {
  const all = numbered(subject.model);
  return subject.model.userClients.flatMap(({ name }, index) => {
    const own = all.filter(({ method }) => method.client === name);
    return gapsOf(subject, own, { client: name, first: index === 0 });
  });
};

type Owner = { readonly client: string; readonly first: boolean };

/** Each user client has selectors of its own. */
function gapsOf(
  { model, root }: Subject,
  own: readonly Numbered[],
  { client, first }: Owner,
): readonly Finding[] {
  const retired = model.retired.filter((range) => range.client === client);
  return own.flatMap(({ method, selector }, i): Finding[] => {
    const before = own[i - 1]?.method;
    if (before === undefined) return [];
    const gap = { first: before.selector + 1, last: method.selector - 1 };
    if (gap.last < gap.first || gap.last - gap.first >= MAX_GAP) return [];
    return without(gap, retired).map(
      (range): Finding => ({
        code: 'LINT008',
        at: entryAt(root, ...selector)?.value.span ?? spanAt(root, 'methods'),
        message: `nothing says whether ${show(range)}, before the selector of "${method.name}", was ever used`,
        hint: `add it to ${first ? '' : `the user client's `}"retired", as in "retired: [${show(range)}]", if it may have been.`,
        // The fix writes the list of the schema, which is the first one's.
        ...(first ? { fix: { kind: 'retire', range } } : {}),
      }),
    );
  });
}

const checkEventIds: Rule = ({ model, root }) => {
  // In a raw layout no number of ours travels.
  const headed = model.subscriptions.filter(({ layout }) => layout === 'header');
  const events = [...model.events, ...headed.flatMap((one) => one.events)];
  if (events.length < 2) return [];
  return events
    .filter(({ name }) => child(entryAt(root, 'events', name)?.value ?? null, 'id') === null)
    .map(({ name, id }) => ({
      code: 'LINT013',
      at: spanAt(root, 'events', name),
      message: `"${name}" has id ${id} by its place among the events, so that another one before it changes it`,
      hint: `write "id: ${id}".`,
      fix: { kind: 'event-id', event: name, id },
    }));
};

const checkErrorCodes: Rule = ({ model, root }) => {
  if (model.errors.length < 2 || child(root, 'errors') !== null) return [];
  // Without the section, every error has a vendor code.
  const codes = model.errors.map(({ name, code }) => [name, code ?? 0] as const);
  const list = codes.map(([name, code]) => `${name}: ${code}`).join(', ');
  return [
    {
      code: 'LINT014',
      at: spanAt(root, 'methods'),
      message: 'errors have their codes by the order of the methods that list them',
      hint: `add "errors: { ${list} }".`,
      fix: { kind: 'error-codes', codes },
    },
  ];
};

export const checkNumbering: Rule = (subject) => [
  ...checkGaps(subject),
  ...checkEventIds(subject),
  ...checkErrorCodes(subject),
];
