// Which item a comment belongs to: the one it stands behind, the one it stands above, or, indented deeper than what
// follows, the collection that ends above it.
import type { Comment } from '../source/index.js';
import { blankAbove, type Collection, column, type Item, itemsIn, type Tree } from './tree.js';

type Attaching = {
  readonly text: string;
  readonly items: readonly Item[];
  readonly tree: Tree;
};

function isInside(item: Item, collection: Collection): boolean {
  for (let at: Collection | undefined = item.container; at; at = at.parent?.container)
    if (at === collection) return true;
  return false;
}

/** The innermost braces or brackets around an offset. */
function flowAround({ items }: Attaching, offset: number): Collection | null {
  let inner: Collection | null = null;
  for (const { value } of items) {
    if (value === null || value.kind === 'text' || !value.flow) continue;
    if (value.start < offset && offset < value.end) inner = value;
  }
  return inner;
}

const sameLine = (text: string, from: number, to: number): boolean =>
  !text.slice(from, to).includes('\n');

/** The item that ends in front of a comment, or whose key does. */
function itemBefore(attaching: Attaching, offset: number): Item | null {
  const { text, items } = attaching;
  const flow = flowAround(attaching, offset);
  const near = items.filter(
    ({ end, keyEnd, container }) =>
      (end <= offset ? sameLine(text, end, offset) : keyEnd <= offset) &&
      (flow === null || container === flow || isInside({ container } as Item, flow)),
  );
  const ended = near.filter(({ end }) => end <= offset);
  const last = Math.max(...ended.map(({ end }) => end));
  const closest = ended.filter(({ end }) => end === last);
  // `a: { b: 1 } # c` is about a; but the item that a block collection ends with is not the collection's.
  const inLine = closest.find(({ start }) => sameLine(text, start, offset));
  if (inLine !== undefined) return inLine;
  if (closest.length > 0)
    return closest.find(({ value }) => isFlow(value)) ?? closest.at(-1) ?? null;
  return near.findLast(({ keyEnd }) => sameLine(text, keyEnd, offset)) ?? null;
}

const isFlow = (value: Item['value']): boolean =>
  value !== null && value.kind !== 'text' && value.flow;

/** Of collections that end between an item and a comment, the deepest that the comment is indented for. */
function closedBefore(
  attaching: Attaching,
  comment: Comment,
  next: Item | null,
): Collection | null {
  const { text, items } = attaching;
  const own = column(text, comment.start);
  const last = items.findLast(({ start }) => start < comment.start);
  for (let at = last?.container; at !== undefined; at = at.parent?.container) {
    if (next !== null && (next.container === at || isInside(next, at))) return null;
    const [first] = at.items;
    if (!at.flow && first !== undefined && column(text, first.start) <= own) return at;
  }
  return null;
}

function attachOwnLine(attaching: Attaching, comment: Comment): void {
  const { text, items, tree } = attaching;
  const lead = { text: comment.text, blankBefore: blankAbove(text, comment.start) };
  const flow = flowAround(attaching, comment.start);
  const next =
    items.find(
      (item) =>
        item.start > comment.start &&
        (flow === null || item.container === flow || isInside(item, flow)),
    ) ?? null;
  if (flow !== null) {
    (next?.lead ?? flow.tail).push(lead);
    return;
  }
  const closed = closedBefore(attaching, comment, next);
  (closed?.tail ?? next?.lead ?? tree.root.tail).push(lead);
}

const isInBlockScalar = ({ items }: Attaching, offset: number): boolean =>
  items.some(
    ({ value, end, keyEnd }) =>
      value?.kind === 'text' && value.form === 'block' && keyEnd < offset && offset < end,
  );

export function attachComments(text: string, comments: readonly Comment[], tree: Tree): void {
  const attaching: Attaching = { text, items: [...itemsIn(tree.root)], tree };
  for (const comment of comments) {
    // The comment of a block scalar's header is part of how it is spelt.
    if (isInBlockScalar(attaching, comment.start)) continue;
    const before = comment.ownLine ? null : itemBefore(attaching, comment.start);
    if (before === null) attachOwnLine(attaching, comment);
    else before.side.push(comment.text);
  }
}
