// One schema file: its text with offsets turned into lines and columns, and reports about places in it.
import type { Code, Diagnostic, Note, Place } from '../diagnostics/index.js';
import type { Span } from './node.js';

export type SourceFile = { readonly path: string; readonly text: string };

export type Source = SourceFile & {
  /** Offset of the first character of each line. */
  readonly lineStarts: readonly number[];
};

/** Line endings become LF and a byte order mark goes, so that the same schema is the same text everywhere. */
export function openSource(file: SourceFile): Source {
  const text = file.text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    lineStarts.push(at + 1);
  }
  return { path: file.path.replaceAll('\\', '/'), text, lineStarts };
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

export function placeOf(source: Source, span: Span): Place {
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
  readonly code: Code;
  readonly at: Span;
  readonly message: string;
  /** What to do about it. */
  readonly hint: string;
  readonly notes?: readonly { readonly message: string; readonly at: Span }[];
};

export type Report = (fault: Fault) => void;

/** Collects the faults of one file as diagnostics. */
export function createReport(source: Source): {
  readonly report: Report;
  readonly diagnostics: Diagnostic[];
} {
  const diagnostics: Diagnostic[] = [];
  const report: Report = ({ code, at, message, hint, notes = [] }) => {
    const placed: Note[] = notes.map((n) => ({ message: n.message, at: placeOf(source, n.at) }));
    const place = placeOf(source, at);
    diagnostics.push({ code, severity: 'error', message, at: place, notes: placed, hint });
  };
  return { report, diagnostics };
}
