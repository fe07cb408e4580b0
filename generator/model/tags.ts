// The numbers of a variant's cases: each within the type, each of one case only.
import { didYouMean } from '../diagnostics/index.js';
import { integerOf, type Report, type SourceNode, type Span, stringOf } from '../source/index.js';
import { scalars } from './layout.js';
import type { EnumType, VariantType } from './model.js';
import { describeBounds, toModelNumber } from './numbers.js';
import type { TypeTable } from './type-table.js';
import { tagFault } from './variable-faults.js';

export type Tag = {
  readonly first: number | string;
  readonly last: number | string;
  /** Every number that no other case has. */
  readonly any: boolean;
  readonly at: Span;
  readonly owner: string;
};

type TagType = VariantType['tag']['type'];

const rangePattern = /^(-?(?:0[xX][0-9a-fA-F]+|\d+))\s*-\s*(-?(?:0[xX][0-9a-fA-F]+|\d+))$/;

function parse(text: string): bigint {
  return text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
}

function numbersOf(node: SourceNode, values: EnumType | null): readonly [bigint, bigint] | null {
  const single = integerOf(node);
  if (single !== null) return [single, single];
  const text = stringOf(node) ?? '';
  const named = values?.values.find(({ name }) => name === text);
  if (named !== undefined) return [BigInt(named.value), BigInt(named.value)];
  const match = rangePattern.exec(text);
  return match === null ? null : [parse(match[1] ?? ''), parse(match[2] ?? '')];
}

function tagOf(table: TypeTable, type: TagType, node: SourceNode): Tag | null {
  const { report } = table;
  const common = { at: node.span, owner: '' };
  if (stringOf(node) === 'any') return { first: 0, last: 0, any: true, ...common };
  const named = type.kind === 'enum' ? table.resolved.get(type.name) : undefined;
  const values = named?.kind === 'enum' ? named : null;
  const numbers = numbersOf(node, values);
  const text = node.kind === 'scalar' ? node.text : '…';
  if (numbers === null) {
    const hint =
      didYouMean(
        text,
        (values?.values ?? []).map(({ name }) => name),
      ) ?? 'write a number, a range such as "0x80-0xFF", or any for every other number.';
    return tagFault(report, node, { message: `"${text}" is no number of a case`, hint });
  }
  const base = type.kind === 'enum' ? type.base : type.kind === 'scalar' ? type.scalar : 'u8';
  const { bounds } = scalars[base];
  const [first, last] = numbers;
  if (bounds !== null && (first < bounds.min || last > bounds.max || first > last)) {
    const hint = `a ${base} is a whole number from ${describeBounds(base)}, and a range goes upwards.`;
    return tagFault(report, node, { message: `${text} does not fit the tag`, hint });
  }
  return { first: toModelNumber(first), last: toModelNumber(last), any: false, ...common };
}

/** Null when one of them is wrong. */
export function tagsOf(
  table: TypeTable,
  type: TagType,
  nodes: readonly SourceNode[],
): readonly Tag[] | null {
  const tags = nodes.map((node) => tagOf(table, type, node));
  const sound = tags.filter((tag) => tag !== null);
  return sound.length === tags.length ? sound : null;
}

function overlap(report: Report, earlier: Tag, later: Tag): false {
  const [first, second] = [earlier, later].sort((a, b) => a.at.start - b.at.start);
  if (first === undefined || second === undefined) return false;
  const node: SourceNode = { kind: 'scalar', value: null, text: '', span: second.at };
  tagFault(report, node, {
    message: later.any
      ? `"${first.owner}" and "${second.owner}" both take every other number`
      : `the cases "${first.owner}" and "${second.owner}" share a number`,
    hint: 'give each case numbers of its own.',
    earlier: first.at,
  });
  return false;
}

/** False when two cases share a number. */
export function checkTags(report: Report, tags: readonly Tag[]): boolean {
  const order = (a: Tag, b: Tag): number => (BigInt(a.first) < BigInt(b.first) ? -1 : 1);
  const numbered = tags.filter(({ any }) => !any).sort(order);
  const caught = tags.filter(({ any }) => any);
  const [first, second] = caught;
  if (first !== undefined && second !== undefined) return overlap(report, first, second);
  let sound = true;
  numbered.forEach((tag, index) => {
    const next = numbered[index + 1];
    if (next !== undefined && BigInt(next.first) <= BigInt(tag.last))
      sound = overlap(report, tag, next);
  });
  return sound;
}
