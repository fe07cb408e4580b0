// Events that an app fetches: which method it calls, and what that answers when nothing is there.
import { didYouMean } from '../diagnostics/index.js';
import { child, type Entry, entriesOf, type Report, stringOf } from '../source/index.js';
import { missingKey } from './event-keys.js';
import type { Literal, Method, PolledEvent, ScalarSlot } from './model.js';
import { durationOf } from './quantities.js';
import { textOf } from './text.js';

const DEFAULT_INTERVAL = 10;

export type PollContext = {
  readonly methods: readonly Method[];
  readonly ids: ReadonlyMap<Entry, number>;
  readonly report: Report;
};

function methodNamed(entry: Entry, { methods, report }: PollContext): Method | null {
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

/** A value that the output can have, or null. */
function fits(slot: ScalarSlot, value: Literal): boolean {
  const { type } = slot;
  if (slot.packing !== 'word') return false;
  if (type.kind === 'bits' || type.kind === 'status') return false;
  if (type.kind === 'scalar' && type.scalar === 'bool') return typeof value === 'boolean';
  if (type.kind === 'enum') return typeof value === 'string';
  return typeof value === 'number' || (typeof value === 'string' && /^-?\d+$/.test(value));
}

/** `empty: { error: nothing }` is meant as `empty: nothing`. */
function emptyHint(value: Literal | null, { errors }: Method): string {
  const error = errors.find(({ name }) => name === value);
  return error === undefined
    ? 'name a scalar output and its value when nothing is there, or an error: "empty: nothing".'
    : `an error stands by itself: write "empty: ${error.name}".`;
}

function emptyValues(entry: Entry, method: Method, report: Report): PolledEvent['empty'] | null {
  const node = child(child(entry.value, 'poll'), 'empty');
  const values = entriesOf(node).flatMap((one) => {
    const slot = method.output.scalars.find(({ name }) => name === one.key);
    const value = literalOf(one);
    if (slot !== undefined && value !== null && fits(slot, value))
      return [{ name: slot.name, value }];
    const known = method.output.scalars.map(({ name }) => name);
    report({
      code: 'DK628',
      at: slot === undefined ? one.keySpan : one.value.span,
      message:
        slot === undefined
          ? `"${method.name}" has no scalar output "${one.key}"`
          : `"${one.key}" never has this value`,
      hint:
        slot === undefined
          ? (didYouMean(one.key, known) ?? emptyHint(value, method))
          : 'write a value of its type; that of an enum by its name.',
    });
    return [];
  });
  return { kind: 'values', values };
}

function emptyOf(entry: Entry, method: Method, report: Report): PolledEvent['empty'] | null {
  const poll = child(entry.value, 'poll');
  const node = child(poll, 'empty');
  if (node === null) return { kind: 'never' };
  const error = stringOf(node);
  if (error === null) return emptyValues(entry, method, report);
  const names = method.errors.map(({ name }) => name);
  if (names.includes(error)) return { kind: 'error', error };
  report({
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
  const { report, ids } = context;
  if (child(entry.value, 'poll') === null) return missingKey(entry, 'poll', report);
  const intervalMs = intervalOf(entry, report);
  const method = methodNamed(entry, context);
  const empty = method === null ? null : emptyOf(entry, method, report);
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
