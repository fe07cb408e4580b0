// A file's text with positions, and the one kind of error the translator reports.

export type SourceFile = {
  readonly path: string;
  readonly text: string;
  readonly lineStarts: readonly number[];
};

export type Location = { readonly file: SourceFile; readonly offset: number };

/** Lines and columns count from 1; columns are UTF-16 units, as in most editors. */
export type Place = { readonly line: number; readonly column: number };

/** A byte order mark is no text: it would end up inside the header. */
export function makeSourceFile(path: string, content: string): SourceFile {
  const text = content.replace(/^\uFEFF/, '');
  const lineStarts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1))
    lineStarts.push(at + 1);
  return { path, text, lineStarts };
}

export function placeOf({ file, offset }: Location): Place {
  let low = 0;
  let high = file.lineStarts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((file.lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: offset - (file.lineStarts[low] ?? 0) + 1 };
}

export class IigError extends Error {
  readonly at: Location;

  constructor(at: Location, message: string) {
    super(message);
    this.at = at;
  }
}

/** `file:line:column: error: …`, the line, and a mark below the column. */
export function formatError({ at, message }: IigError): string {
  const { line, column } = placeOf(at);
  const start = at.file.lineStarts[line - 1] ?? 0;
  const end = at.file.text.indexOf('\n', start);
  const text = at.file.text.slice(start, end < 0 ? undefined : end).replace('\r', '');
  const indent = text.slice(0, column - 1).replace(/[^\t]/g, ' ');
  return `${at.file.path}:${line}:${column}: error: ${message}\n  ${text}\n  ${indent}^`;
}
