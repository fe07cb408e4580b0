// What a rule finds: a warning with a place, and what would settle it where nothing can go wrong by doing so.
import type { LintCode } from '../diagnostics/index.js';
import type { Model, SelectorRange } from '../model/model.js';
import type { Entry, Fault, SourceNode, Span } from '../source/index.js';

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

/** Where a thing is named; the beginning of the text when it is not. */
export function spanAt(root: SourceNode, ...path: readonly string[]): Span {
  return entryAt(root, ...path)?.keySpan ?? { start: 0, end: 0 };
}
