// Which item a comment belongs to: the one it stands behind, the one it stands above, or, indented deeper than what
// follows, the collection that ends above it.
import type { Comment } from '../source/index.js';
import { blankAbove, type Collection, column, type Item, itemsIn, type Tree } from './tree.js';

type Attaching = {
  readonly text: string;
  /** By start, each before what it contains. */
  readonly items: readonly Item[];
  readonly tree: Tree;
};

/** The index of the last item that starts before an offset; -1 when none does. */
function lastBefore({ items }: Attaching, offset: number): number {
  let low = -1;
  let high = items.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((items[middle]?.start ?? 0) < offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** An item and what it stands in, from the inside. */
function chainOf(item: Item | undefined): readonly Item[] {
  const chain: Item[] = [];
  for (let at = item; at !== undefined; at = at.container.parent ?? undefined) chain.push(at);
  return chain;
}

const isInside = (item: Item, collection: Collection): boolean =>
  chainOf(item).some(({ container }) => container === collection);

const isFlow = (value: Item['value']): value is Collection =>
  value !== null && value.kind !== 'text' && value.flow;

const sameLine = (text: string, from: number, to: number): boolean =>
  !text.slice(from, to).includes('\n');

/** The innermost braces or brackets around an offset; `last` is the last item that starts before it. */
function flowAround(last: Item | undefined, offset: number): Collection | null {
  for (const { value } of chainOf(last))
    if (isFlow(value) && value.start < offset && offset < value.end) return value;
  return null;
}

/** The item that ends in front of a comment, or whose key does. */
function itemBefore(text: string, last: Item | undefined, offset: number): Item | null {
  // Items that do not hold the last one ended before it began.
  const chain = chainOf(last);
  const ended = chain.filter(({ end }) => end <= offset && sameLine(text, end, offset));
  const outermost = ended.at(-1);
  if (outermost === undefined) {
    const open = last !== undefined && last.end > offset && sameLine(text, last.keyEnd, offset);
    return open ? last : null;
  }
  const closest = ended.filter(({ end }) => end === outermost.end);
  // `a: { b: 1 } # c` is about a; but the item that a block collection ends with is not the collection's.
  return (
    closest.findLast(({ start }) => sameLine(text, start, offset)) ??
    closest.findLast(({ value }) => isFlow(value)) ??
    closest[0] ??
    null
  );
}

type OwnLine = {
  readonly comment: Comment;
  readonly last: Item | undefined;
  readonly next: Item | null;
};

/** Of collections that end between an item and a comment, the deepest that the comment is indented for. */
function closedBefore(text: string, { comment, last, next }: OwnLine): Collection | null {
  const own = column(text, comment.start);
  for (let at = last?.container; at !== undefined; at = at.parent?.container) {
    if (next !== null && isInside(next, at)) return null;
    const [first] = at.items;
    if (!at.flow && first !== undefined && column(text, first.start) <= own) return at;
  }
  return null;
}

function attachOwnLine({ text, items, tree }: Attaching, comment: Comment, index: number): void {
  const lead = { text: comment.text, blankBefore: blankAbove(text, comment.start) };
  const last = items[index];
  const flow = flowAround(last, comment.start);
  const following = items[index + 1] ?? null;
  if (flow !== null) {
    const inside = following !== null && isInside(following, flow);
    (inside ? following.lead : flow.tail).push(lead);
    return;
  }
  const closed = closedBefore(text, { comment, last, next: following });
  (closed?.tail ?? following?.lead ?? tree.root.tail).push(lead);
}

function isInBlockScalar(item: Item | undefined, offset: number): boolean {
  const value = item?.value;
  return value?.kind === 'text' && value.form === 'block' && offset < (item?.end ?? 0);
}

export function attachComments(text: string, comments: readonly Comment[], tree: Tree): void {
  const attaching: Attaching = { text, items: [...itemsIn(tree.root)], tree };
  for (const comment of comments) {
    const index = lastBefore(attaching, comment.start);
    const last = attaching.items[index];
    // The comment of a block scalar's header is part of how it is spelt.
    if (isInBlockScalar(last, comment.start)) continue;
    const before = comment.ownLine ? null : itemBefore(text, last, comment.start);
    if (before === null) attachOwnLine(attaching, comment, index);
    else before.side.push(comment.text);
  }
}
