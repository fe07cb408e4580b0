// Methods and the setters of properties, ordered by selector.
import {
  child,
  type Entry,
  entriesOf,
  integerOf,
  itemsOf,
  type Report,
  type SourceNode,
  type Span,
} from '../source/index.js';
import { nothing, payloadOf } from './carriers.js';
import { type ClientTable, clientNamed } from './clients.js';
import { answerOf, checkOptional, completionOf, refuseAnswerKeys } from './completions.js';
import { type ErrorTable, errorsOf } from './errors.js';
import { guardsOf, uncheckedOf } from './guards.js';
import { holdsHandle } from './handles.js';
import type { Method, Payload, Property, Role } from './model.js';
import { camel, pascal } from './names.js';
import { durationOf } from './quantities.js';
import type { States } from './states.js';
import { textOf } from './text.js';
import type { TypeTable } from './type-table.js';

/** Whatever has a selector: a method, or the setter of a property. */
export type Callable = {
  readonly name: string;
  /** Name of the user client that it is called on. */
  readonly client: string;
  /** Where its name stands. */
  readonly at: Span;
  readonly selector: number;
  readonly selectorAt: Span;
  readonly node: SourceNode;
  /** Name of the property it sets. */
  readonly setterOf: string | null;
};

type Declared = {
  readonly entry: Entry;
  readonly node: SourceNode;
  readonly setterOf: string | null;
};

function callable({ entry, node, setterOf }: Declared, clients: ClientTable): Callable {
  const selector = child(node, 'selector');
  return {
    name: setterOf === null ? entry.key : setterName(setterOf),
    client: clientNamed(node, clients),
    at: entry.keySpan,
    selector: Number(integerOf(selector) ?? 0n),
    selectorAt: selector?.span ?? entry.keySpan,
    node,
    setterOf,
  };
}

/** `Gain` is set by `setGain`. */
export function setterName(property: string): string {
  return `set${pascal(property)}`;
}

/** In the order of the text, setters last. */
export function callablesOf(
  { methods, properties }: Record<'methods' | 'properties', SourceNode | null>,
  clients: ClientTable,
): readonly Callable[] {
  const own = entriesOf(methods).map((entry) =>
    callable({ entry, node: entry.value, setterOf: null }, clients),
  );
  const setters = entriesOf(properties).flatMap((entry) => {
    const node = child(entry.value, 'setter');
    return node === null ? [] : [callable({ entry, node, setterOf: entry.key }, clients)];
  });
  return [...own, ...setters];
}

export type MethodContext = {
  readonly types: TypeTable;
  readonly errors: ErrorTable;
  readonly states: States;
  readonly roles: readonly Role[];
  readonly hasContract: boolean;
  readonly properties: ReadonlyMap<string, Property>;
};

/** A setter takes the property's value, under the same bounds. */
function setterInput(property: Property | undefined): Payload {
  if (property === undefined) return nothing;
  const { name, type, doc, unit, range } = property;
  const facts = { name: camel(name), index: 0, type, doc, unit, since: '', range, rules: null };
  const slot = { ...facts, packing: 'word', words: 1, optional: false, handle: null } as const;
  return { scalars: [slot], count: 1, counts: [{ first: 1, last: 1 }], struct: null };
}

function inputOf({ name, node, setterOf }: Callable, context: MethodContext): Payload {
  if (setterOf !== null) return setterInput(context.properties.get(setterOf));
  const entries = entriesOf(child(node, 'in'));
  const transfer = child(node, 'transfer');
  return payloadOf(context.types, {
    owner: name,
    direction: 'input',
    entries,
    completion: false,
    transfer,
    counts: child(child(node, 'counts'), 'in'),
  });
}

/** Only a completion is waited for; a synchronous call blocks until the driver returns. */
function timeoutOf(node: SourceNode, kind: Method['kind'], report: Report): number | null {
  const timeout = child(node, 'timeout');
  if (timeout === null) return null;
  if (kind === 'sync') {
    const hint = 'write "completion: required", or remove the timeout.';
    report({
      code: 'DK205',
      at: timeout.span,
      message: '"timeout" means nothing without a completion',
      hint,
    });
    return null;
  }
  const duration = durationOf(timeout);
  if (duration !== null && duration > 0) return duration;
  const hint = 'write a number and a unit: 250ms, 5s or 1min.';
  report({ code: 'DK209', at: timeout.span, message: 'this is no duration', hint });
  return null;
}

/** What the call itself answers, before the completion. */
function acceptedOf(
  { name, node }: Callable,
  kind: Method['kind'],
  { types }: MethodContext,
): Payload {
  const entries = kind === 'async' ? entriesOf(child(node, 'accepted')) : [];
  const owner = `${name}Accepted`;
  const context = { owner, direction: 'output', entries, completion: false, counts: null } as const;
  return payloadOf(types, context);
}

type HandleUse = {
  readonly callable: Callable;
  readonly kind: Method['kind'];
  readonly input: Payload;
  readonly output: Payload;
  readonly unchecked: string | null;
};

const structHolds = ({ struct }: Payload, { resolved }: TypeTable): boolean =>
  (struct?.kind === 'fixed' || struct?.kind === 'variable') && holdsHandle(struct.type, resolved);

/** Only a call that is checked can look a handle up or make one, and only one that is answered at once can close one. */
function checkHandles(
  { callable: { node }, kind, input, output, unchecked }: HandleUse,
  types: TypeTable,
): void {
  if (types.handles.size === 0) return;
  const refuse = (key: string, name: string, why: string, hint: string): void => {
    const entry = entriesOf(child(node, key)).find((one) => one.key === name);
    const at = entry?.keySpan ?? node.span;
    const message = `"${name}" cannot be such a handle in a method that ${why}`;
    types.report({ code: 'DK529', at, message, hint });
  };
  for (const [key, payload] of [
    ['in', input],
    ['out', output],
  ] as const) {
    const { scalars, struct } = payload;
    const slot = scalars.find(({ type }) => holdsHandle(type, types.resolved));
    const name = slot?.name ?? (structHolds(payload, types) ? struct?.name : undefined);
    if (unchecked !== null && name !== undefined)
      refuse(key, name, 'is not checked', 'declare it as a number: the hook reads it by itself.');
  }
  // The object must outlive a call that is still under way.
  const closed = input.scalars.find((one) => one.packing === 'word' && one.handle === 'closes');
  if (kind === 'async' && closed !== undefined)
    refuse('in', closed.name, 'answers later', 'let a second, synchronous method do that.');
}

function docOf({ node, setterOf }: Callable): string {
  const own = textOf(child(node, 'doc'));
  return own === '' && setterOf !== null ? `Sets the property ${setterOf}.` : own;
}

function methodOf(callable: Callable, context: MethodContext): Method {
  const { types, errors } = context;
  const { name, client, selector, node, setterOf } = callable;
  const { completion, kind } = completionOf(node, types.report);
  refuseAnswerKeys(node, kind, types.report);
  const input = inputOf(callable, context);
  const outputs = entriesOf(child(node, 'out'));
  const output = payloadOf(types, {
    owner: name,
    direction: 'output',
    entries: outputs,
    completion: kind === 'async',
    transfer: child(node, 'transfer'),
    counts: kind === 'async' ? null : child(child(node, 'counts'), 'out'),
  });
  checkOptional({ node, completion, output }, types.report);
  const answer = kind === 'async' ? answerOf({ node, output }, types.report) : null;
  const unchecked = uncheckedOf(node, types.report);
  checkHandles({ callable, kind, input, output, unchecked }, types);
  return {
    name,
    client,
    selector,
    doc: docOf(callable),
    kind,
    completion,
    answer,
    accepted: acceptedOf(callable, kind, context),
    timeoutMs: timeoutOf(node, kind, types.report),
    input,
    output,
    errors: errorsOf(errors, itemsOf(child(node, 'errors'))),
    setterOf,
    guards: guardsOf(node, kind, { ...context, report: types.report }),
    unchecked,
  };
}

/** By selector, so that neither a model nor an error's code depends on the order of the text. */
export function resolveMethods(
  callables: readonly Callable[],
  context: MethodContext,
): readonly Method[] {
  const ordered = callables.toSorted((a, b) => a.selector - b.selector);
  return ordered.map((callable) => methodOf(callable, context));
}
