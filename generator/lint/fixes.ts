// Fixes as edits of the text, which keep everything else as it is written.
import type { SelectorRange } from '../model/model.js';
import { type Entry, entriesOf, type SourceNode } from '../source/index.js';
import { entryAt, type Fix } from './finding.js';

/** Text to put in at an offset. */
export type Edit = { readonly at: number; readonly insert: string };

type Of<K extends Fix['kind']> = Extract<Fix, { readonly kind: K }>;

const isFlow = (text: string, node: SourceNode): boolean =>
  '{['.includes(text[node.span.start] ?? '');

const column = (text: string, offset: number): number =>
  offset - (text.lastIndexOf('\n', offset - 1) + 1);

const showRange = ({ first, last }: SelectorRange): string =>
  first === last ? `${first}` : `"${first}-${last}"`;

/** Behind the line in which an entry ends, so that a comment there stays with it. */
function afterEntry(text: string, { value }: Entry): number {
  const end = text.indexOf('\n', text.slice(0, value.span.end).trimEnd().length);
  return end < 0 ? text.length : end;
}

/** A new section behind the first of `others` that there is; none where the schema is written in braces. */
function newSection(
  text: string,
  root: SourceNode,
  { others, line }: { readonly others: readonly string[]; readonly line: string },
): Edit[] {
  const entries = others.map((key) => entryAt(root, key)).filter((entry) => entry !== null);
  const [after] = entries;
  if (after === undefined || isFlow(text, root)) return [];
  return [{ at: afterEntry(text, after), insert: `\n${line}` }];
}

function retireEdits(text: string, root: SourceNode, fixes: readonly Of<'retire'>[]): Edit[] {
  if (fixes.length === 0) return [];
  const ranges = fixes.map(({ range }) => showRange(range));
  const list = entryAt(root, 'retired')?.value;
  if (list === undefined) {
    const line = `retired: [${ranges.join(', ')}]`;
    return newSection(text, root, { others: ['methods', 'properties'], line });
  }
  const last = list.kind === 'list' ? list.items.at(-1) : undefined;
  if (last === undefined) return [];
  if (isFlow(text, list)) return [{ at: last.span.end, insert: `, ${ranges.join(', ')}` }];
  const dash = text.lastIndexOf('-', last.span.start);
  const indent = ' '.repeat(column(text, dash));
  return [{ at: last.span.end, insert: ranges.map((range) => `\n${indent}- ${range}`).join('') }];
}

/** In front of the first key but `doc`, as `dextgen fmt` has it. */
function eventIdEdits(text: string, root: SourceNode, { event, id }: Of<'event-id'>): Edit[] {
  const map = entryAt(root, 'events', event)?.value;
  const first = entriesOf(map ?? null).find(({ key }) => key !== 'doc');
  if (map === undefined || first === undefined) return [];
  const at = first.keySpan.start;
  // An entry of another map may stand here by an alias or a merge.
  if (at < map.span.start || at >= map.span.end) return [];
  const between = isFlow(text, map) ? ', ' : `\n${' '.repeat(column(text, at))}`;
  return [{ at, insert: `id: ${id}${between}` }];
}

function errorEdits(text: string, root: SourceNode, { codes }: Of<'error-codes'>): Edit[] {
  const rows = codes.map(([name, code]) => `  ${name}: ${code}`).join('\n');
  return newSection(text, root, { others: ['retired', 'methods'], line: `errors:\n${rows}` });
}

/** JSON is left to its author: the edits are YAML. */
export function editsOf(text: string, root: SourceNode, fixes: readonly Fix[]): readonly Edit[] {
  return [
    ...retireEdits(
      text,
      root,
      fixes.filter((fix) => fix.kind === 'retire'),
    ),
    ...fixes.flatMap((fix) => {
      if (fix.kind === 'event-id') return eventIdEdits(text, root, fix);
      return fix.kind === 'error-codes' ? errorEdits(text, root, fix) : [];
    }),
  ];
}

/** Of edits at one place, the first comes first. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  return edits
    .map((edit, order) => ({ ...edit, order }))
    .sort((a, b) => b.at - a.at || b.order - a.order)
    .reduce((result, { at, insert }) => result.slice(0, at) + insert + result.slice(at), text);
}
