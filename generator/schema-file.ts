// A schema as it is handed in: its text and the texts it imports.
import type { ImportedFile } from './model/imports.js';

/** `path` is relative to the project, with forward slashes: it is printed in every generated file. */
export type SchemaFile = {
  readonly path: string;
  readonly text: string;
  /** Every file that it imports, and that those import; none unless given. */
  readonly imported?: readonly ImportedFile[];
};

/** Line feeds only and no byte order mark, so that a schema means the same however it was checked out. */
export function unixText(text: string): string {
  return text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n');
}
