// The tree in the canonical style.
import type { Style } from './style.js';
import type { Collection, FormatNode, Item, Lead, TextNode } from './tree.js';

const WIDTH = 120;
const INDENT = 2;

const spaces = (count: number): string => ' '.repeat(count);

export type Printing = {
  /** Where aliases follow anchors, the order of keys is left alone. */
  readonly reorder: boolean;
};

/** What a plain scalar may hold between keys, but not between braces. */
const needsQuotes = ({ form, text }: TextNode): boolean =>
  form === 'plain' && /[,[\]{}]/.test(text);

function inlineText(node: TextNode, inFlow: boolean): string | null {
  if (node.text.includes('\n')) return null;
  return inFlow && needsQuotes(node) ? JSON.stringify(node.text) : node.text;
}

function inlineItem(item: Item, style: Style): string | null {
  if (item.lead.length + item.side.length > 0) return null;
  const { key, props, value } = item;
  const text = value === null ? 'null' : inlineNode(value, style.of(plainKey(item)), true);
  if (text === null) return null;
  const rest = props === '' ? text : `${props} ${text}`;
  return key === null ? rest : `${key}: ${rest}`;
}

function inlineNode(node: FormatNode, style: Style, inFlow: boolean): string | null {
  if (node.kind === 'text') return inlineText(node, inFlow);
  if (node.tail.length > 0 || (style.spread === 'spread' && node.items.length > 0)) return null;
  const items: string[] = [];
  for (const item of node.items) {
    const text = inlineItem(item, style);
    if (text === null) return null;
    items.push(text);
  }
  const [open, close] = node.kind === 'map' ? '{}' : '[]';
  if (items.length === 0) return `${open}${close}`;
  const list = items.join(', ');
  return node.kind === 'map' ? `${open} ${list} ${close}` : `${open}${list}${close}`;
}

/** A key as the language knows it. */
const plainKey = ({ key }: Item): string | null => key?.replace(/^(["'])(.*)\1$/, '$2') ?? null;

const has = (node: Collection, key: string): boolean =>
  node.items.some((item) => plainKey(item) === key);

/** Known keys in their order, then the others as they stand. */
function ordered(node: Collection, style: Style, { reorder }: Printing): readonly Item[] {
  const { order } = style;
  if (!reorder || order === null || node.kind === 'list') return node.items;
  const place = (item: Item): number => {
    const index = order.indexOf(plainKey(item) ?? '');
    return index < 0 ? order.length : index;
  };
  return node.items.toSorted((a, b) => place(a) - place(b));
}

/** The whole tree with its keys in order, so that both ways of printing see the same. */
export function orderTree(node: Collection, style: Style, printing: Printing): void {
  const items = ordered(node, style, printing);
  node.items.splice(0, node.items.length, ...items);
  for (const item of node.items) {
    const { value } = item;
    if (value !== null && value.kind !== 'text') {
      orderTree(value, style.of(plainKey(item)), printing);
    }
  }
}

function mustSpread(node: FormatNode, style: Style): boolean {
  if (node.kind !== 'map' || node.items.length === 0) return false;
  if (style.spread === 'documented') return has(node, 'doc');
  return style.spread === 'nested';
}

function leadLines(leads: readonly Lead[], indent: number): string[] {
  return leads.flatMap(({ text, blankBefore }) => [
    ...(blankBefore ? [''] : []),
    `${spaces(indent)}${text}`,
  ]);
}

/** Lines of a scalar behind the first: relative to the key, not to where they stood. */
function textLines(node: TextNode, indent: number): readonly string[] {
  const [first = '', ...rest] = node.text.split('\n');
  if (node.form !== 'block') {
    // Blank lines count, indentation does not; a space behind a backslash is part of the text.
    const lines = rest.map((line) => line.trim() && spaces(indent) + line.trimStart());
    return [first, ...lines].map((line) => (/\\\s$/.test(line) ? line : line.trimEnd()));
  }
  const digit = /\d/.exec(first.replace(/#.*/, ''))?.[0];
  const to = indent - INDENT + Number(digit ?? INDENT);
  const lines = rest.map((line) => {
    const content = line.slice(Math.min(node.contentColumn, line.length - line.trimStart().length));
    return content === '' ? '' : spaces(to) + content;
  });
  // Without "+" the number of line feeds at the end has no meaning.
  while (lines.at(-1) === '' && (!/^[|>]\d?\+/.test(first) || lines.length === rest.length))
    lines.pop();
  return [first, ...lines];
}

type At = { readonly indent: number; readonly style: Style };

/** The item's own line up to its value, and what stands behind it. */
function headOf({ key, props }: Item): string {
  const parts = [key === null ? '-' : `${key}:`, props].filter((part) => part !== '');
  return parts.join(' ');
}

function itemLines(item: Item, { indent, style }: At): string[] {
  const { value } = item;
  const own = style.of(plainKey(item));
  const head = spaces(indent) + headOf(item);
  const [side = '', ...more] = item.side;
  const behind = side === '' ? '' : ` ${side}`;
  const above = leadLines(
    [...item.lead, ...more.map((text) => ({ text, blankBefore: false }))],
    indent,
  );
  const blank = item.blankBefore ? [''] : [];
  const begin = [...above, ...blank];
  if (value === null) return [...begin, `${head}${behind}`];
  if (value.kind === 'text') {
    const [first = '', ...rest] = textLines(value, indent + INDENT);
    // The header of a block scalar has its comment in it.
    const last = rest.length === 0 ? `${head} ${first}` : (rest.at(-1) ?? '');
    const before = rest.length === 0 ? [] : [`${head} ${first}`, ...rest.slice(0, -1)];
    return [...begin, ...before, last + behind];
  }
  const inline = mustSpread(value, own) ? null : inlineNode(value, own, false);
  const line = `${head} ${inline}`;
  if (inline !== null && (line.length <= WIDTH || value.items.length === 0)) {
    return [...begin, line + behind];
  }
  const lines = collectionLines(value, { indent: indent + INDENT, style: own });
  return [...begin, ...joinDash(item, `${head}${behind}`, lines)];
}

/** The first key of a map in a list stands behind the dash. */
function joinDash(item: Item, head: string, lines: readonly string[]): readonly string[] {
  const [first = '', ...rest] = lines;
  const joinable = item.key === null && item.side.length === 0 && item.props === '';
  if (!joinable || first.trimStart().startsWith('#')) return [head, ...lines];
  return [`${head} ${first.trimStart()}`, ...rest];
}

function collectionLines(node: Collection, at: At): string[] {
  const lines = node.items.flatMap((item, i) => {
    const own = itemLines(item, at);
    return i === 0 ? dropBlank(own) : own;
  });
  return [...lines, ...leadLines(node.tail, at.indent)];
}

const dropBlank = (lines: string[]): string[] => (lines[0] === '' ? lines.slice(1) : lines);

/** A section of several lines stands apart from what is above it. */
function sectionLines(item: Item, style: Style): string[] {
  const lines = itemLines(item, { indent: 0, style });
  const several = item.value !== null && lines.length > item.lead.length + 1;
  return several && lines[0] !== '' ? ['', ...lines] : lines;
}

/** `header`: comments that stay at the top of the file. */
export function printRoot(root: Collection, style: Style, header: readonly string[]): string {
  const items = root.items.flatMap((item, i) => {
    const lines = sectionLines(item, style);
    return i === 0 ? dropBlank(lines) : lines;
  });
  const lines = [...header, ...items, ...leadLines(root.tail, 0)];
  return `${lines.join('\n').replace(/^\n+|\n+$/g, '')}\n`;
}
