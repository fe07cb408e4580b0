// The errors that methods declare: vendor codes by order of first use, or as the schema says (contract §11.1).
import { didYouMean } from '../diagnostics/index.js';
import {
  child,
  type Entry,
  entriesOf,
  integerOf,
  type Report,
  type SourceNode,
  stringOf,
} from '../source/index.js';
import { ioReturnNames, ioReturnValue } from './io-returns.js';
import { MAX_VENDOR_CODE, VENDOR_ERROR } from './limits.js';
import type { DeclaredError } from './model.js';
import { textOf } from './text.js';

export type ErrorTable = {
  readonly report: Report;
  /** The `errors` section; null when the schema has none and names declare themselves. */
  readonly section: ReadonlyMap<string, Entry> | null;
  readonly taken: ReadonlySet<number>;
  readonly used: Map<string, DeclaredError>;
  next: number;
};

function codeNode({ value }: Entry): SourceNode | null {
  return value.kind === 'map' ? child(value, 'code') : value;
}

/** An error of the platform's or of somebody else's: its value as an unsigned number; null for a vendor code. */
function foreignValue(entry: Entry | undefined, report: Report): number | null {
  if (entry === undefined) return null;
  const node = child(entry.value, 'ioReturn');
  if (node === null) {
    const value = integerOf(child(entry.value, 'value'));
    return value === null ? null : Number(BigInt.asUintN(32, value));
  }
  const name = stringOf(node) ?? '';
  const value = ioReturnValue(name);
  if (value !== null) return value;
  report({
    code: 'DK531',
    at: node.span,
    message: `the platform has no error "${name}"`,
    hint: didYouMean(name, ioReturnNames) ?? `write kIOReturnBusy as "busy", and so on.`,
  });
  return 0;
}

const valueKeys = ['code', 'ioReturn', 'value'];

/** One number each. */
function checkKeys({ key, value }: Entry, report: Report): void {
  if (value.kind !== 'map') return;
  const [first, second] = valueKeys.flatMap((name) => value.entries.get(name) ?? []);
  if (first === undefined || second === undefined) return;
  report({
    code: 'DK531',
    at: second.keySpan,
    message: `"${key}" has its number from "${first.key}" already`,
    notes: [{ message: 'the other one is here', at: first.keySpan }],
    hint: 'remove one of the two.',
  });
}

/** The client tells errors apart by their numbers. */
function checkForeign(entries: readonly Entry[], report: Report): void {
  const first = new Map<number, Entry>();
  for (const entry of entries) {
    checkKeys(entry, report);
    const value = foreignValue(entry, report);
    if (value === null || value === 0) continue;
    const earlier = first.get(value);
    if (earlier === undefined) first.set(value, entry);
    else {
      report({
        code: 'DK510',
        at: entry.keySpan,
        message: `the errors "${earlier.key}" and "${entry.key}" are both 0x${value.toString(16)}`,
        notes: [{ message: 'first used here', at: earlier.keySpan }],
        hint: 'keep one of them.',
      });
    }
  }
}

/** Explicit codes, each once. */
function takenCodes(entries: readonly Entry[], report: Report): ReadonlySet<number> {
  const first = new Map<number, Entry>();
  for (const entry of entries) {
    const node = codeNode(entry);
    const code = Number(integerOf(node) ?? 0n);
    if (node === null || code === 0) continue;
    const earlier = first.get(code);
    if (earlier === undefined) first.set(code, entry);
    else {
      report({
        code: 'DK510',
        at: node.span,
        message: `the errors "${earlier.key}" and "${entry.key}" both have code ${code}`,
        notes: [{ message: 'first used here', at: (codeNode(earlier) ?? node).span }],
        hint: `give each a code of its own, from 1 to ${MAX_VENDOR_CODE}.`,
      });
    }
  }
  return new Set(first.keys());
}

export function createErrors(section: SourceNode | null, report: Report): ErrorTable {
  const entries = entriesOf(section);
  checkForeign(entries, report);
  return {
    report,
    section: section?.kind === 'map' ? section.entries : null,
    taken: takenCodes(entries, report),
    used: new Map(),
    next: 1,
  };
}

function nextCode(table: ErrorTable): number {
  while (table.taken.has(table.next)) table.next += 1;
  table.next += 1;
  return table.next - 1;
}

function declareError(table: ErrorTable, name: string, entry: Entry | undefined): DeclaredError {
  const foreign = foreignValue(entry, () => undefined);
  const explicit = Number(integerOf(entry === undefined ? null : codeNode(entry)) ?? 0n);
  const code = foreign !== null ? null : explicit === 0 ? nextCode(table) : explicit;
  const doc = entry === undefined ? '' : textOf(child(entry.value, 'doc'));
  const error = { name, code, value: foreign ?? VENDOR_ERROR + (code ?? 0), doc };
  table.used.set(name, error);
  return error;
}

/** The error that a node names. */
export function errorOf(table: ErrorTable, node: SourceNode): DeclaredError | null {
  const name = stringOf(node) ?? '';
  const known = table.used.get(name);
  if (known !== undefined) return known;
  const entry = table.section?.get(name);
  if (entry !== undefined || table.section === null) return declareError(table, name, entry);
  table.report({
    code: 'DK509',
    at: node.span,
    message: `there is no error "${name}" below "errors"`,
    hint: didYouMean(name, table.section.keys()) ?? 'declare it there.',
  });
  return null;
}

/** The errors one method lists. */
export function errorsOf(
  table: ErrorTable,
  names: readonly SourceNode[],
): readonly DeclaredError[] {
  return names.map((node) => errorOf(table, node)).filter((error) => error !== null);
}
