// What a rule finds: a warning with a place, and what would settle it where nothing can go wrong by doing so.
import type { LintCode } from '../diagnostics/index.js';
import { setterName } from '../model/methods.js';
import type { Model, SelectorRange } from '../model/model.js';
import {
  type Entry,
  entriesOf,
  type Fault,
  itemsOf,
  type SourceNode,
  type Span,
  stringOf,
} from '../source/index.js';

/** Changes that leave the contract as it is. */
export type Fix =
  | { readonly kind: 'retire'; readonly range: SelectorRange }
  | { readonly kind: 'event-id'; readonly event: string; readonly id: number }
  | { readonly kind: 'error-codes'; readonly codes: readonly (readonly [string, number])[] };

export type Finding = Fault & { readonly code: LintCode; readonly fix?: Fix };

export type Subject = {
  readonly model: Model;
  readonly root: SourceNode;
};

/** A group of rules that look at the same things. */
export type Rule = (subject: Subject) => readonly Finding[];

/** The entry at a path of keys; null where the text has none, as for a struct declared in place. */
export function entryAt(root: SourceNode, ...path: readonly string[]): Entry | null {
  let node: SourceNode | undefined = root;
  let entry: Entry | undefined;
  for (const key of path) {
    entry = node?.kind === 'map' ? node.entries.get(key) : undefined;
    node = entry?.value;
  }
  return entry ?? null;
}

/** A setter is named by the property that it sets. */
function setterPath(root: SourceNode, path: readonly string[]): readonly string[] {
  const [section, name = ''] = path;
  if (section !== 'methods' || entryAt(root, 'methods', name) !== null) return path;
  const properties = entriesOf(entryAt(root, 'properties')?.value ?? null);
  const property = properties.find(({ key }) => setterName(key) === name);
  return property === undefined ? path : ['properties', property.key, 'setter'];
}

/** Where a thing is named, as a key or in a list; the nearest that the text has of what it is in. */
export function spanAt(root: SourceNode, ...path: readonly string[]): Span {
  let node: SourceNode | undefined = root;
  let span: Span = { start: 0, end: 0 };
  for (const key of setterPath(root, path)) {
    const item = itemsOf(node ?? null).find((one) => stringOf(one) === key);
    if (item !== undefined) return item.span;
    const entry: Entry | undefined = node?.kind === 'map' ? node.entries.get(key) : undefined;
    if (entry === undefined) return span;
    span = entry.keySpan;
    node = entry.value;
  }
  return span;
}
