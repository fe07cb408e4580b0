// Schema files: their texts with offsets turned into lines and columns, and reports about places in them. Offsets of
// several files lie behind each other, so that a span alone tells which file it is in.
import type { Code, Diagnostic, LintCode, Note, Place, Severity } from '../diagnostics/index.js';
import type { Span } from './node.js';

export type SourceFile = { readonly path: string; readonly text: string };

export type Source = SourceFile & {
  /** Offset of the file's first character among those of all files; 0 for the first. */
  readonly base: number;
  /** Of each line's first character, from the file's first. */
  readonly lineStarts: readonly number[];
};

/** Line endings become LF and a byte order mark goes, so that the same schema is the same text everywhere. */
export function openSource(file: SourceFile, base = 0): Source {
  const text = file.text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    lineStarts.push(at + 1);
  }
  return { path: file.path.replaceAll('\\', '/'), text, base, lineStarts };
}

/** Where the next file's offsets begin. */
export function nextBase(sources: readonly Source[]): number {
  const last = sources.at(-1);
  return last === undefined ? 0 : last.base + last.text.length + 1;
}

/** The file that holds an offset. */
export function sourceAt(sources: readonly Source[], offset: number): Source | undefined {
  return sources.findLast(({ base }) => base <= offset) ?? sources[0];
}

/** Index of the line that holds an offset. */
function lineAt(source: Source, offset: number): number {
  let low = 0;
  let high = source.lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((source.lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

export function placeOf(source: Source, { start: from, end: to }: Span): Place {
  const span = { start: from - source.base, end: to - source.base };
  const line = lineAt(source, span.start);
  const endLine = lineAt(source, Math.max(span.start, span.end));
  const start = source.lineStarts[line] ?? 0;
  const next = source.lineStarts[line + 1];
  return {
    file: source.path,
    line: line + 1,
    column: span.start - start + 1,
    endLine: endLine + 1,
    endColumn: Math.max(span.start, span.end) - (source.lineStarts[endLine] ?? 0) + 1,
    excerpt: source.text.slice(start, next === undefined ? undefined : next - 1),
  };
}

export type Fault = {
  readonly code: Code | LintCode;
  readonly at: Span;
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
  readonly notes?: readonly { readonly message: string; readonly at: Span }[];
};

export type Report = (fault: Fault) => void;

/** Collects the faults of the files as diagnostics; files may join while it does. */
export function createReport(
  sources: readonly Source[],
  severity: Severity = 'error',
): {
  readonly report: Report;
  readonly diagnostics: Diagnostic[];
} {
  const diagnostics: Diagnostic[] = [];
  const placeIn = (span: Span): Place => {
    const source = sourceAt(sources, span.start);
    if (source === undefined) throw new Error('a report without files');
    return placeOf(source, span);
  };
  const report: Report = ({ code, at, message, hint, notes = [] }) => {
    const placed: Note[] = notes.map((n) => ({ message: n.message, at: placeIn(n.at) }));
    diagnostics.push({ code, severity, message, at: placeIn(at), notes: placed, hint });
  };
  return { report, diagnostics };
}
