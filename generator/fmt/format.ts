// `dextgen fmt` for one schema: its text in the canonical style, proved to mean the same. Pure.

import type { Diagnostic } from '../diagnostics/index.js';
import { type Opened, openInterface } from '../model/resolve-interface.js';
import type { SchemaFile } from '../schema-file.js';
import { type Comment, commentsOf, openSource, type SourceNode } from '../source/index.js';
import { attachComments } from './attach.js';
import { orderTree, printRoot } from './print.js';
import { rootStyle } from './style.js';
import { buildTree, type Collection, type Lead } from './tree.js';

export type Formatted = {
  /** Line feeds, no byte order mark; null when the text is no YAML. */
  readonly text: string | null;
  /** What keeps the text from being formatted. */
  readonly diagnostics: readonly Diagnostic[];
};

/** `%YAML` and `---` stay as they are. */
function directivesOf(text: string): string {
  if (!/^(\s*(#.*)?\n)*%/.test(text)) return '';
  const end = /^---[ \t]*(#.*)?\n/m.exec(text);
  return end === null ? '' : text.slice(0, end.index + end[0].length);
}

/** Comments at the top that are about the file: the editor's line, and a block of its own. */
function takeHeader(root: Collection): readonly string[] {
  const [first] = root.items;
  if (first === undefined) return [];
  const { lead } = first;
  const own = (one: Lead, i: number): boolean =>
    one.text.includes('yaml-language-server') ||
    (lead[i + 1]?.blankBefore ?? (i === lead.length - 1 && first.blankBefore));
  const count = lead.findLastIndex(own) + 1;
  const taken = lead.splice(0, count);
  const lines = taken.flatMap(({ text, blankBefore }, i) =>
    blankBefore && i > 0 ? ['', text] : [text],
  );
  // What follows is the blank line's other side, whichever item that will be.
  const [next] = lead;
  const apart = next?.blankBefore ?? first.blankBefore;
  if (next === undefined) first.blankBefore = false;
  else lead[0] = { ...next, blankBefore: false };
  return count > 0 && apart ? [...lines, ''] : lines;
}

function format(text: string): string {
  const prefix = directivesOf(text);
  const body = prefix === '' ? text : ' '.repeat(prefix.length - 1) + text.slice(prefix.length - 1);
  const comments = commentsOf(body);
  const tree = buildTree(body, comments);
  attachComments(body, comments, tree);
  const header = takeHeader(tree.root);
  orderTree(tree.root, rootStyle, { reorder: !tree.hasAnchors });
  return prefix + printRoot(tree.root, rootStyle, header);
}

/** Equal for equal data, whatever the order of keys, the style and the places. */
function dataOf(root: SourceNode): string {
  const seen = new Map<SourceNode, unknown>();
  const plain = (node: SourceNode): unknown => {
    if (node.kind === 'scalar')
      return node.value === null ? null : [`${typeof node.value}`, node.text];
    const known = seen.get(node);
    if (known !== undefined) return known;
    const made =
      node.kind === 'list'
        ? node.items.map(plain)
        : Object.fromEntries(
            [...node.entries.values()]
              .sort((a, b) => (a.key < b.key ? -1 : 1))
              .map(({ key, value }) => [`.${key}`, plain(value)]),
          );
    seen.set(node, made);
    return made;
  };
  return JSON.stringify(plain(root));
}

const spelt = (comments: readonly Comment[]): string =>
  JSON.stringify(comments.map(({ text }) => text).sort());

/** Null when nothing but the writing differs. */
function difference(before: Opened, after: Opened): string | null {
  if (before.root === null || after.root === null) return 'its text';
  if (dataOf(before.root) !== dataOf(after.root)) return 'its data';
  if (JSON.stringify(before.model) !== JSON.stringify(after.model)) return 'its model';
  const [old, now] = [before, after].map(({ sources }) => commentsOf(sources[0]?.text ?? ''));
  return spelt(old ?? []) === spelt(now ?? []) ? null : 'its comments';
}

export function formatSchema({ path, text: given, imported = [] }: SchemaFile): Formatted {
  const { text } = openSource({ path, text: given });
  const before = openInterface({ path, text }, imported);
  if (before.root?.kind !== 'map') return { text: null, diagnostics: before.diagnostics };
  const formatted = format(text);
  if (formatted === text) return { text, diagnostics: [] };
  const after = openInterface({ path, text: formatted }, imported);
  const changed = difference(before, after);
  if (changed !== null) throw new Error(`${path} is not formatted: that would change ${changed}`);
  return { text: formatted, diagnostics: [] };
}
