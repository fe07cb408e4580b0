// A schema as it is written: items with their spelling, comments and blank lines, ready to be put in order and printed.
// Built from the `yaml` package's nodes; what scalars mean is of no interest here.
import {
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  type ParsedNode,
  parseDocument,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Comment } from '../source/index.js';

export type Lead = { readonly text: string; readonly blankBefore: boolean };

export type TextNode = {
  readonly kind: 'text';
  /** As it is spelt; a block scalar with its header, of several lines. */
  readonly text: string;
  readonly form: 'plain' | 'quoted' | 'block' | 'alias';
  /** The column that the lines of a block scalar are indented to. */
  readonly contentColumn: number;
};

export type Collection = {
  readonly kind: 'map' | 'list';
  readonly items: Item[];
  readonly start: number;
  readonly end: number;
  /** Written in braces or brackets. */
  readonly flow: boolean;
  /** Comments behind the last item. */
  readonly tail: Lead[];
  readonly parent: Item | null;
};

export type FormatNode = TextNode | Collection;

export type Item = {
  /** Null in a list. */
  readonly key: string | null;
  readonly start: number;
  /** Where the key ends; where the item starts in a list. */
  readonly keyEnd: number;
  end: number;
  /** Anchor and tag. */
  readonly props: string;
  /** Null for `key:` with nothing behind it. */
  value: FormatNode | null;
  readonly container: Collection;
  readonly depth: number;
  readonly lead: Lead[];
  blankBefore: boolean;
  /** Comments behind it, or behind its key, in the same line. */
  readonly side: string[];
};

export type Tree = { readonly root: Collection; readonly hasAnchors: boolean };

type Building = {
  readonly text: string;
  /** The text with its comments blanked, for what stands between nodes. */
  readonly bare: string;
  hasAnchors: boolean;
};

export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
}

export const column = (text: string, offset: number): number => offset - lineStart(text, offset);

/**
 * Whether an empty line is right above the one that holds `offset`, which has nothing before it but a dash. An empty
 * line before `after` belongs to a text.
 */
export function blankAbove(text: string, offset: number, after = 0): boolean {
  const from = lineStart(text, offset);
  if (from === 0 || !/^[\s-]*$/.test(text.slice(from, offset))) return false;
  const above = lineStart(text, from - 1);
  return above >= after && text.slice(above, from).trim() === '';
}

type Place = { readonly container: Collection; readonly depth: number; readonly from: number };

/** Anchors and tags stand between the key, or whatever is before, and the value. */
function propsBetween(building: Building, from: number, to: number): string {
  const props = building.bare.slice(from, to).match(/[&!][^\s,[\]{}]*/g) ?? [];
  if (props.length > 0) building.hasAnchors = true;
  return props.join(' ');
}

function textNode(node: ParsedNode, building: Building): TextNode {
  const [start, end] = node.range;
  const { text } = building;
  if (isAlias(node)) {
    building.hasAnchors = true;
    return { kind: 'text', text: `*${node.source}`, form: 'alias', contentColumn: 0 };
  }
  const type = isScalar(node) ? node.type : undefined;
  if (type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED') {
    const spelt = text.slice(start, end);
    const [header = '', ...lines] = spelt.split('\n');
    const digit = /\d/.exec(header.replace(/#.*/, ''))?.[0];
    const first = lines.find((line) => line.trim() !== '') ?? '';
    const own = first.length - first.trimStart().length;
    const keyColumn = /^[\s-]*/.exec(text.slice(lineStart(text, start)))?.[0].length ?? 0;
    const contentColumn = digit === undefined ? own : keyColumn + Number(digit);
    return { kind: 'text', text: spelt, form: 'block', contentColumn };
  }
  const form = type === 'PLAIN' ? 'plain' : 'quoted';
  return { kind: 'text', text: text.slice(start, end), form, contentColumn: 0 };
}

function build(node: ParsedNode, parent: Item | null, building: Building): FormatNode {
  if (!isCollection(node)) return textNode(node, building);
  const [start, end] = node.range;
  const kind = isMap(node) ? 'map' : 'list';
  const flow = '{['.includes(building.text[start] ?? '');
  const collection: Collection = { kind, items: [], start, end, flow, tail: [], parent };
  let from = flow ? start + 1 : start;
  const depth = parent === null ? 0 : parent.depth + 1;
  for (const member of (node as YAMLMap | YAMLSeq).items) {
    const item = buildItem(member, { container: collection, depth, from }, building);
    collection.items.push(item);
    from = item.end;
  }
  return collection;
}

function buildItem(member: unknown, place: Place, building: Building): Item {
  const { container, depth, from } = place;
  const first = container.items.length === 0;
  const pair = isPair(member);
  const key = pair ? (member.key as ParsedNode) : null;
  const node = (pair ? member.value : member) as ParsedNode | null;
  const start = (key ?? node)?.range?.[0] ?? from;
  const keyEnd = key?.range?.[1] ?? start;
  const empty = node === null || (isScalar(node) && node.range?.[0] === node.range?.[1]);
  const item: Item = {
    key: key === null ? null : building.text.slice(start, keyEnd),
    start,
    keyEnd,
    end: empty ? keyEnd : (node.range?.[1] ?? keyEnd),
    props: propsBetween(building, key === null ? from : keyEnd, node?.range?.[0] ?? keyEnd),
    value: null,
    container,
    depth,
    lead: [],
    blankBefore: (depth === 0 || !first) && blankAbove(building.text, start, first ? 0 : from),
    side: [],
  };
  if (empty) return item;
  item.value = build(node, item, building);
  item.end = endOf(item.value, item.end, building.text);
  return item;
}

/** Blank lines behind a block scalar are none of its text, unless it keeps them. */
function endOf(value: FormatNode, end: number, text: string): number {
  if (value.kind !== 'text') return value.flow ? end : (value.items.at(-1)?.end ?? end);
  if (value.form !== 'block' || /^[|>]\d?\+/.test(value.text)) return end;
  return text.slice(0, end).trimEnd().length;
}

/** Blank instead, so that offsets stay. */
function withoutComments(text: string, comments: readonly Comment[]): string {
  let from = 0;
  const parts = comments.flatMap(({ start, text: { length } }) => {
    const part = [text.slice(from, start), ' '.repeat(length)];
    from = start + length;
    return part;
  });
  return parts.join('') + text.slice(from);
}

/** The text is known to be one sound document whose root is a map. */
export function buildTree(text: string, comments: readonly Comment[]): Tree {
  const document = parseDocument(text, {
    uniqueKeys: false,
    prettyErrors: false,
    version: '1.2',
    intAsBigInt: true,
  });
  const bare = withoutComments(text, comments);
  const building: Building = { text, bare, hasAnchors: false };
  const root = build(document.contents as ParsedNode, null, building);
  if (root.kind !== 'map') throw new Error('the root of a schema is a map');
  return { root, hasAnchors: building.hasAnchors };
}

/** Every item, each before what it contains. */
export function* itemsIn(collection: Collection): Generator<Item> {
  for (const item of collection.items) {
    yield item;
    if (item.value !== null && item.value.kind !== 'text') yield* itemsIn(item.value);
  }
}
