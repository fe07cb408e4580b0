// Diagnostics as text: for people (with excerpt and caret), as JSON, and as GitHub workflow annotations. SARIF has a
// file of its own.
import type { Diagnostic, Place } from './diagnostic.js';
import { formatSarif } from './sarif.js';

export const formats = ['human', 'json', 'github', 'sarif'] as const;
export type Format = (typeof formats)[number];

// What a terminal shows of one line, in characters; a JSON file on one line is cut around the fault.
const WINDOW = 100;
// An excerpt must not send escape sequences to the terminal, or reorder what a reader sees.
const control = /(?!\t)[\p{Cc}\p{Bidi_Control}]/gu;

const position = (at: Place): string =>
  at.line === 0 ? at.file : `${at.file}:${at.line}:${at.column}`;

/** Cuts a long line around the fault; returns the visible text and the column (from 0) where the fault starts. */
function cutLine(at: Place): { readonly text: string; readonly start: number } {
  const line = at.excerpt.replace(control, '\ufffd');
  const column = at.column - 1;
  if (line.length <= WINDOW) return { text: line, start: column };
  const from = Math.max(0, Math.min(column - WINDOW / 4, line.length - WINDOW));
  const before = from > 0 ? '…' : '';
  const after = from + WINDOW < line.length ? '…' : '';
  const text = before + line.slice(from, from + WINDOW) + after;
  return { text, start: column - from + before.length };
}

/** `  14 |   name: x` and, below it, `     |         ^`. */
function excerptLines(at: Place): string[] {
  const { text, start } = cutLine(at);
  const number = String(at.line).padStart(4);
  const rest = [...text.slice(start)].length;
  const length = at.endLine > at.line ? rest : Math.min(rest, at.endColumn - at.column);
  // Tabs stay tabs, so that the caret stands below its character whatever their width.
  const indent = [...text.slice(0, start)].map((c) => (c === '\t' ? '\t' : ' ')).join('');
  const caret = `^${'~'.repeat(Math.max(0, length - 1))}`;
  return [`${number} | ${text}`, `${' '.repeat(number.length)} | ${indent}${caret}`];
}

/** Names of the schema are in it; a hint may have several lines. */
const clean = (text: string): string =>
  text.replace(control, (character) => (character === '\n' ? character : '\ufffd'));

function humanLines(diagnostic: Diagnostic): string[] {
  const { at, code, severity, message, notes, hint } = diagnostic;
  const head = `${severity}[${code}]: ${clean(message)}`;
  return [
    at === null ? head : `${position(at)}: ${head}`,
    ...(at === null || at.line === 0 ? [] : excerptLines(at)),
    ...notes.map((note) => `${position(note.at)}: note: ${clean(note.message)}`),
    ...(hint === null ? [] : [`hint: ${clean(hint)}`]),
  ];
}

/** For a terminal. Ends in a line feed unless there is nothing to say. */
export function formatHuman(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map((diagnostic) => `${humanLines(diagnostic).join('\n')}\n`).join('\n');
}

/** One JSON array, for tools. Excerpts of long lines are cut, as a schema on one line would be printed each time. */
export function formatJson(diagnostics: readonly Diagnostic[]): string {
  const cut = (key: string, value: unknown): unknown =>
    key === 'at' && value !== null
      ? { ...(value as Place), excerpt: cutLine(value as Place).text }
      : value;
  return `${JSON.stringify(diagnostics, cut, 2)}\n`;
}

/** Workflow commands take their text percent-encoded. */
const encodeData = (text: string): string =>
  text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

const encodeProperty = (text: string): string =>
  encodeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

function githubProperties(at: Place): string {
  if (at.line === 0) return `file=${encodeProperty(at.file)}`;
  const fields: readonly (readonly [string, string | number])[] = [
    ['file', encodeProperty(at.file)],
    ['line', at.line],
    ['endLine', at.endLine],
    ['col', at.column],
    ['endColumn', at.endColumn],
  ];
  return fields.map(([name, value]) => `${name}=${value}`).join(',');
}

function githubLine(diagnostic: Diagnostic): string {
  const { at, code, severity, message, notes, hint } = diagnostic;
  const lines = [
    message,
    ...notes.map((note) => `${position(note.at)}: ${note.message}`),
    ...(hint === null ? [] : [`hint: ${hint}`]),
  ];
  const properties = [...(at === null ? [] : [githubProperties(at)]), `title=${code}`];
  return `::${severity} ${properties.join(',')}::${encodeData(lines.join('\n'))}\n`;
}

/** One annotation per line, for a GitHub workflow. */
export function formatGithub(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(githubLine).join('');
}

const formatters: Readonly<Record<Format, (diagnostics: readonly Diagnostic[]) => string>> = {
  human: formatHuman,
  json: formatJson,
  github: formatGithub,
  sarif: formatSarif,
};

export function formatDiagnostics(diagnostics: readonly Diagnostic[], format: Format): string {
  return formatters[format](diagnostics);
}
