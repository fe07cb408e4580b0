// Enums: a base, values and ranges of values that fit it, and numbers that are reserved; each number once.
import {
  child,
  type Entry,
  entriesOf,
  integerOf,
  itemsOf,
  type Report,
  type SourceNode,
  stringOf,
} from '../source/index.js';
import { type Constants, numberNode } from './constants.js';
import { isScalarName, scalars } from './layout.js';
import type { EnumRange, EnumType, EnumValue, IntegerName, NumberRange } from './model.js';
import { describeBounds, toModelNumber } from './numbers.js';
import { sinceOf, textOf } from './text.js';

export type TypeDeclaration = {
  readonly name: string;
  readonly base: string;
  readonly node: SourceNode;
};

export function isIntegerName(name: string): name is IntegerName {
  return isScalarName(name) && scalars[name].bounds !== null;
}

/** The node of a value, which stands alone or with a doc. */
export function valueNode({ value }: Entry, constants: Constants): SourceNode | null {
  return numberNode(child(value, 'value') ?? value, constants);
}

/** Inclusive numbers and where they stand. */
export type Run = {
  readonly name: string;
  readonly first: bigint;
  readonly last: bigint;
  readonly node: SourceNode;
  readonly kind: 'value' | 'range' | 'reserved';
};

const rangePattern = /^(-?(?:0[xX][0-9a-fA-F]+|\d+))\s*-\s*(-?(?:0[xX][0-9a-fA-F]+|\d+))$/;

function numberOf(text: string): bigint {
  return text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
}

function badRange(node: SourceNode, report: Report): null {
  report({
    code: 'DK422',
    at: node.span,
    message: `${node.kind === 'scalar' ? `"${node.text}"` : 'this'} is no number and no range of numbers`,
    hint: 'write a number, or the first and the last as in "0x80-0xFE".',
  });
  return null;
}

/** First and last of `4` or `"0x80-0xFE"`. */
export function numbersOf(node: SourceNode, report: Report): [bigint, bigint] | null {
  const single = integerOf(node);
  if (single !== null) return [single, single];
  const match = rangePattern.exec((stringOf(node) ?? '').trim());
  if (match === null) return badRange(node, report);
  const [first, last] = [numberOf(match[1] ?? '0'), numberOf(match[2] ?? '0')];
  return first <= last ? [first, last] : badRange(node, report);
}

function checkFits({ first, last, node }: Run, base: IntegerName, report: Report): boolean {
  const { bounds } = scalars[base];
  if (bounds !== null && first >= bounds.min && last <= bounds.max) return true;
  report({
    code: 'DK405',
    at: node.span,
    message: `${node.kind === 'scalar' ? node.text : 'this'} does not fit ${base}`,
    hint: `a ${base} is a whole number from ${describeBounds(base)}; choose a wider base or another value.`,
  });
  return false;
}

type Context = { readonly base: IntegerName; readonly constants: Constants };

function runOf(
  name: string,
  node: SourceNode | null,
  { kind, base, constants }: Context & { readonly kind: 'value' | 'reserved' },
): Run | null {
  const { report } = constants;
  if (node === null) return null;
  const numbers = numbersOf(node, report);
  if (numbers === null) return null;
  const [first, last] = numbers;
  const ranged = kind === 'value' && integerOf(node) === null ? 'range' : kind;
  const run: Run = { name, first, last, node, kind: ranged };
  return checkFits(run, base, report) ? run : null;
}

/** Numbers that stand for two things. Sorting keeps it linear in practice. */
function checkApart(runs: readonly Run[], report: Report): boolean {
  const ordered = runs.toSorted((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
  let sound = true;
  let widest: Run | null = null;
  for (const run of ordered) {
    if (widest !== null && run.first <= widest.last) {
      sound = false;
      reportOverlap(run, widest, report);
    }
    if (widest === null || run.last > widest.last) widest = run;
  }
  return sound;
}

function reportOverlap(a: Run, b: Run, report: Report): void {
  const [first, second] = a.node.span.start < b.node.span.start ? [a, b] : [b, a];
  const notes = [{ message: 'first used here', at: first.node.span }];
  const describe = ({ kind, name }: Run): string =>
    kind === 'reserved' ? 'the reserved numbers' : `"${name}"`;
  if (first.kind === 'value' && second.kind === 'value') {
    const message = `"${second.name}" and "${first.name}" are both ${second.first}`;
    const hint = 'give each name a number of its own.';
    report({ code: 'DK406', at: second.node.span, message, notes, hint });
    return;
  }
  const from = a.first > b.first ? a.first : b.first;
  report({
    code: 'DK423',
    at: second.node.span,
    message: `${describe(second)} and ${describe(first)} both have ${from}`,
    notes,
    hint: 'let each number mean one thing.',
  });
}

const plainRange = ({ first, last }: Run): NumberRange => ({
  first: toModelNumber(first),
  last: toModelNumber(last),
});

/** The single numbers and ranges below a key that takes one of them or a list. */
export function listOf(node: SourceNode | null): readonly SourceNode[] {
  if (node === null) return [];
  return node.kind === 'list' ? itemsOf(node) : [node];
}

export function flagOf(node: SourceNode | null): boolean {
  return node?.kind === 'scalar' && node.value === true;
}

/** What is said about a value or a type besides what it is. */
export function described(node: SourceNode, { report }: Constants) {
  return { doc: textOf(child(node, 'doc')), since: sinceOf(child(node, 'since'), report) };
}

/** Null when a value is wrong; shape checks have seen to the base. */
export function enumOf(declaration: TypeDeclaration, constants: Constants): EnumType | null {
  const { name, base, node } = declaration;
  if (!isIntegerName(base)) return null;
  const { report } = constants;
  const values: EnumValue[] = [];
  const ranges: EnumRange[] = [];
  const runs: (Run | null)[] = entriesOf(child(node, 'values')).map((entry) => {
    const { key } = entry;
    const run = runOf(key, valueNode(entry, constants), { kind: 'value', base, constants });
    const common = { name: key, ...described(entry.value, constants) };
    if (run?.kind === 'value') values.push({ ...common, value: toModelNumber(run.first) });
    else if (run !== null) ranges.push({ ...common, ...plainRange(run) });
    return run;
  });
  const reserved = listOf(child(node, 'reserved')).map((item) =>
    runOf('reserved', numberNode(item, constants), { kind: 'reserved', base, constants }),
  );
  const all = [...runs, ...reserved];
  const complete = all.filter((run) => run !== null);
  if (!checkApart(complete, report) || complete.length < all.length) return null;
  return {
    kind: 'enum',
    name,
    base,
    size: scalars[base].size,
    ...described(node, constants),
    values,
    ranges,
    reserved: reserved.flatMap((run) => (run === null ? [] : [plainRange(run)])).sort(ascending),
    open: flagOf(child(node, 'open')),
  };
}

function ascending(a: NumberRange, b: NumberRange): number {
  return BigInt(a.first) < BigInt(b.first) ? -1 : 1;
}
