// Events that an app fetches: which method it calls, and what that answers when nothing is there.
import { didYouMean } from '../diagnostics/index.js';
import { child, type Entry, entriesOf, type Report, stringOf } from '../source/index.js';
import { missingKey } from './event-keys.js';
import type {
  EmptyValue,
  Literal,
  Method,
  NamedType,
  PolledEvent,
  ScalarSlot,
  Type,
  ValueRules,
  WordType,
} from './model.js';
import { durationOf } from './quantities.js';
import { textOf } from './text.js';
import type { TypeTable } from './type-table.js';
import { isWord } from './words.js';

const DEFAULT_INTERVAL = 10;

export type PollContext = {
  readonly methods: readonly Method[];
  readonly ids: ReadonlyMap<Entry, number>;
  readonly types: TypeTable;
};

function methodNamed(entry: Entry, { methods, types: { report } }: PollContext): Method | null {
  const node = child(child(entry.value, 'poll'), 'method');
  const name = stringOf(node);
  if (node === null || name === null) return null;
  const found = methods.find((method) => method.name === name);
  if (found === undefined) {
    report({
      code: 'DK626',
      at: node.span,
      message: `there is no method "${name}"`,
      hint:
        didYouMean(
          name,
          methods.map((method) => method.name),
        ) ?? 'declare it below "methods".',
    });
    return null;
  }
  const fault = faultOf(found);
  if (fault === null) return found;
  report({
    code: 'DK627',
    at: node.span,
    message: `"${name}" cannot be polled: ${fault}`,
    hint: 'let a synchronous method without required inputs return the next item.',
  });
  return null;
}

const hasDefault = ({ rules, optional }: ScalarSlot): boolean =>
  optional || (rules !== null && (rules.default !== null || rules.const !== null));

function faultOf({ kind, input, output }: Method): string | null {
  const { scalars, struct } = output;
  if (kind === 'async') return 'it answers later, in a completion';
  if (scalars.length === 0 && struct === null) return 'it returns nothing';
  const needed = input.scalars.find((slot) => !hasDefault(slot))?.name ?? input.struct?.name;
  return needed === undefined ? null : `it needs "${needed}", and nobody is there to say it`;
}

function literalOf(entry: Entry): Literal | null {
  const { value } = entry;
  if (value.kind !== 'scalar' || value.value === null) return null;
  if (typeof value.value !== 'bigint') return value.value;
  const number = Number(value.value);
  return Number.isSafeInteger(number) ? number : String(value.value);
}

/** What can be compared with a number, a word or a name. */
function fits(type: WordType, value: Literal): boolean {
  if (type.kind === 'bits' || type.kind === 'status' || type.kind === 'handle') return false;
  if (type.kind === 'scalar' && type.scalar === 'bool') return typeof value === 'boolean';
  if (type.kind === 'enum') return typeof value === 'string';
  return typeof value === 'number' || (typeof value === 'string' && /^-?\d+$/.test(value));
}

/** `empty: { error: nothing }` is meant as `empty: nothing`. */
function emptyHint(value: Literal | null, { errors }: Method): string {
  const error = errors.find(({ name }) => name === value);
  return error === undefined
    ? 'name an output, or a field of the struct, and its value when nothing is there; or an error: "empty: nothing".'
    : `an error stands by itself: write "empty: ${error.name}".`;
}

/** A place in an answer: a scalar output, the struct, or what is in that. */
type Place = { readonly name: string; readonly type: Type; readonly safe: boolean };

const isSafe = (rules: ValueRules | null): boolean => rules?.safe ?? false;

function placesOf({ output }: Method): readonly Place[] {
  const scalars = output.scalars.flatMap((slot) =>
    slot.packing === 'word' ? [{ name: slot.name, type: slot.type, safe: isSafe(slot.rules) }] : [],
  );
  const { struct } = output;
  if (struct?.kind !== 'fixed') return scalars;
  return [...scalars, { name: struct.name, type: struct.type, safe: false }];
}

const fieldsOf = (type: NamedType | null | undefined): readonly Place[] =>
  type?.kind === 'struct'
    ? type.fields.map(({ name, type: of, rules }) => ({ name, type: of, safe: isSafe(rules) }))
    : [];

type Search = {
  readonly method: Method;
  readonly types: TypeTable;
  readonly path: readonly string[];
  readonly places: readonly Place[];
};

function noSuchPlace(entry: Entry, { method, types, path, places }: Search): void {
  const { key, keySpan } = entry;
  types.report({
    code: 'DK628',
    at: keySpan,
    message:
      path.length === 0
        ? `"${method.name}" has no scalar output and no struct "${key}"`
        : `"${path.join('.')}" has no field "${key}"`,
    hint:
      didYouMean(
        key,
        places.map(({ name }) => name),
      ) ?? emptyHint(literalOf(entry), method),
  });
}

function valuesIn(entries: readonly Entry[], search: Search): readonly EmptyValue[] {
  const { method, types, places } = search;
  return entries.flatMap((entry) => {
    const place = places.find(({ name }) => name === entry.key);
    if (place === undefined) {
      noSuchPlace(entry, search);
      return [];
    }
    const path = [...search.path, entry.key];
    const { type, safe } = place;
    if (entry.value.kind === 'map' && type.kind === 'struct') {
      const inside = fieldsOf(types.resolved.get(type.name));
      return valuesIn(entriesOf(entry.value), { method, types, path, places: inside });
    }
    const value = literalOf(entry);
    if (value !== null && isWord(type) && fits(type, value))
      return [{ name: path.join('.'), path, type, safe, value }];
    const hint =
      type.kind === 'struct'
        ? `write the fields of it that tell: { ${entry.key}: { field: value } }.`
        : 'write a value of its type; that of an enum by its name.';
    const message = `"${path.join('.')}" never has this value`;
    types.report({ code: 'DK628', at: entry.value.span, message, hint });
    return [];
  });
}

function emptyValues(entry: Entry, method: Method, types: TypeTable): PolledEvent['empty'] {
  const entries = entriesOf(child(child(entry.value, 'poll'), 'empty'));
  const search = { method, types, path: [], places: placesOf(method) };
  return { kind: 'values', values: valuesIn(entries, search) };
}

function emptyOf(entry: Entry, method: Method, types: TypeTable): PolledEvent['empty'] | null {
  const poll = child(entry.value, 'poll');
  const node = child(poll, 'empty');
  if (node === null) return { kind: 'never' };
  const error = stringOf(node);
  if (error === null) return emptyValues(entry, method, types);
  const names = method.errors.map(({ name }) => name);
  if (names.includes(error)) return { kind: 'error', error };
  types.report({
    code: 'DK628',
    at: node.span,
    message: `"${method.name}" does not declare the error "${error}"`,
    hint: didYouMean(error, names) ?? `add it to the errors of "${method.name}".`,
  });
  return null;
}

function intervalOf(entry: Entry, report: Report): number {
  const node = child(child(entry.value, 'poll'), 'interval');
  if (node === null) return DEFAULT_INTERVAL;
  const duration = durationOf(node);
  if (duration !== null && duration > 0) return duration;
  const hint = 'write a number and a unit: 5ms, 250ms or 1s.';
  report({ code: 'DK209', at: node.span, message: 'this is no duration', hint });
  return DEFAULT_INTERVAL;
}

function pollOf(entry: Entry, context: PollContext): PolledEvent | null {
  const { ids } = context;
  const { report } = context.types;
  if (child(entry.value, 'poll') === null) return missingKey(entry, 'poll', report);
  const intervalMs = intervalOf(entry, report);
  const method = methodNamed(entry, context);
  const empty = method === null ? null : emptyOf(entry, method, context.types);
  if (method === null || empty === null) return null;
  const { key: name, value } = entry;
  const doc = textOf(child(value, 'doc'));
  const id = ids.get(entry) ?? 0;
  return { name, client: method.client, id, doc, method: method.name, empty, intervalMs };
}

/** By id. */
export function resolvePolls(
  entries: readonly Entry[],
  context: PollContext,
): readonly PolledEvent[] {
  return entries
    .map((entry) => pollOf(entry, context))
    .filter((event) => event !== null)
    .sort((a, b) => a.id - b.id);
}
