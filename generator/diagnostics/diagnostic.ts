// A user's mistake as data: a stable code, a place in the text, one root cause and what to do about it.
// How it is printed is format.ts's; where offsets come from is source/'s.
import type { Code } from './codes.js';
import type { DriftCode } from './drift-codes.js';
import type { LintCode } from './lint-codes.js';

/**
 * A range of one file. Lines and columns count from 1; columns are UTF-16 units, as editors count them.
 * Line 0 means the file as a whole.
 */
export type Place = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** One past the last character. */
  readonly endLine: number;
  readonly endColumn: number;
  /** The text of `line`, without its line ending. */
  readonly excerpt: string;
};

export type Note = { readonly message: string; readonly at: Place };

export type Severity = 'error' | 'warning';

export type Diagnostic = {
  readonly code: Code | DriftCode | LintCode;
  readonly severity: Severity;
  readonly message: string;
  /** Null when the fault is no text's, such as a missing folder. */
  readonly at: Place | null;
  readonly notes: readonly Note[];
  readonly hint: string | null;
};

function comparePlaces(a: Place | null, b: Place | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.line - b.line || a.column - b.column;
}

/** By file, then by place, then by code: the order does not depend on which rule ran first. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.toSorted((a, b) => {
    const byPlace = comparePlaces(a.at, b.at);
    if (byPlace !== 0) return byPlace;
    return a.code === b.code ? 0 : a.code < b.code ? -1 : 1;
  });
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error');
}
