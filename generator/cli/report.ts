// What a command did, as text: for people, as one JSON object, as annotations of a GitHub workflow, or as SARIF.
import {
  type Diagnostic,
  type Format,
  formatDiagnostics,
  hasErrors,
} from '../diagnostics/index.js';
import type { FolderResult, Outcome } from '../io/generate.js';

export type Report = { readonly stdout: string; readonly stderr: string };

export function reportGen(command: 'gen' | 'check', outcome: Outcome, format: Format): Report {
  const { folders, diagnostics } = outcome;
  const ok = !hasErrors(diagnostics);
  if (format === 'json') {
    const content = { command, ok, folders, diagnostics };
    return { stdout: `${JSON.stringify(content, null, 2)}\n`, stderr: '' };
  }
  if (format === 'sarif') return { stdout: formatDiagnostics(diagnostics, format), stderr: '' };
  const summary = command === 'gen' ? genLines(folders) : checkLines(folders, diagnostics);
  const stdout = summary.map((line) => `${line}\n`).join('');
  const messages = formatDiagnostics(
    format === 'human' ? hintOnce(diagnostics) : diagnostics,
    format,
  );
  return format === 'github'
    ? { stdout: messages + stdout, stderr: '' }
    : { stdout, stderr: messages };
}

/** One run of a watch: as gen reports it, and how long it took; in JSON a line of its own. */
export function reportWatch(outcome: Outcome, format: Format, ms: number): Report {
  const { folders, diagnostics } = outcome;
  if (format === 'json') {
    const content = { command: 'watch', ok: !hasErrors(diagnostics), ms, folders, diagnostics };
    return { stdout: `${JSON.stringify(content)}\n`, stderr: '' };
  }
  const { stdout, stderr } = reportGen('gen', outcome, format);
  const state = hasErrors(diagnostics) ? 'nothing written' : `${Math.round(ms)} ms`;
  return { stdout, stderr: `${stderr}watching: ${state}; waiting for changes (Ctrl-C ends)\n` };
}

function genLines(folders: readonly FolderResult[]): readonly string[] {
  return folders.flatMap(({ folder, schema, written, removed, unchanged }) => {
    if (schema === null) return [`${folder}: removed, its schema is gone`];
    if (written.length + removed.length === 0) return [`${folder}: ${unchanged} files, unchanged`];
    return [
      `${folder}: ${counts(written, removed, unchanged)}`,
      ...written.map((path) => `  wrote ${path}`),
      ...removed.map((path) => `  removed ${path}`),
    ];
  });
}

function counts(written: readonly string[], removed: readonly string[], unchanged: number): string {
  const parts = [`${written.length} written`];
  if (removed.length > 0) parts.push(`${removed.length} removed`);
  parts.push(`${unchanged} unchanged`);
  return parts.join(', ');
}

function checkLines(
  folders: readonly FolderResult[],
  diagnostics: readonly Diagnostic[],
): readonly string[] {
  if (hasErrors(diagnostics)) return [];
  return folders.map(
    ({ folder, schema, unchanged }) => `${folder}: ${unchanged} files match ${schema}`,
  );
}

/** Of neighbours with the same hint only the last keeps it. */
function hintOnce(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.map((diagnostic, i) =>
    diagnostic.hint === diagnostics[i + 1]?.hint ? { ...diagnostic, hint: null } : diagnostic,
  );
}
