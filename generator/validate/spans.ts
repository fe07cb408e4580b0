// Where a thing of the model stands in the text: the keys that lead to it, as a span.
import type { Entry, SourceNode, Span } from '../source/index.js';

/** `drivers/main/…` is the section `driver` of a schema that has no other. */
function pathIn(root: SourceNode, path: readonly string[]): readonly string[] {
  const short = root.kind === 'map' && path[0] === 'drivers' && root.entries.has('driver');
  return short ? ['driver', ...path.slice(2)] : path;
}

/** The key at the end of a path, or the last one that the text has. */
export function spanAt(root: SourceNode, path: readonly string[]): Span {
  let node: SourceNode | null = root;
  let span: Span = { start: 0, end: 0 };
  for (const key of pathIn(root, path)) {
    const entry: Entry | undefined = node?.kind === 'map' ? node.entries.get(key) : undefined;
    if (entry === undefined) return span;
    span = entry.keySpan;
    node = entry.value;
  }
  return span;
}
