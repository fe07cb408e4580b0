// What `lint` and `fmt` share: the schemas that are named, the files they rewrite, and how the outcome is printed.
import { type Diagnostic, type Format, formatDiagnostics } from '../diagnostics/index.js';
import { shownPath } from '../io/paths.js';
import { unreadable } from '../io/problems.js';
import { rewriteFile } from '../io/rewrite.js';
import type { Schema } from '../io/schemas.js';
import type { ToolResult } from './tool.js';

/** Null when it went well. */
export function rewriteSchema(schema: Schema, text: string, cwd: string): Diagnostic | null {
  try {
    rewriteFile(schema.file, text);
    return null;
  } catch (error) {
    return unreadable(shownPath(schema.file, cwd), error);
  }
}

export type Outcome = {
  readonly command: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Schemas that were rewritten, as the user knows them. */
  readonly rewritten: readonly string[];
  /** For people, behind the diagnostics. */
  readonly summary: readonly string[];
};

/** Anything to complain about is exit code 1. */
export function printOutcome(outcome: Outcome, format: Format): ToolResult {
  const { command, diagnostics, rewritten, summary } = outcome;
  const ok = diagnostics.length === 0;
  const exitCode = ok ? 0 : 1;
  if (format === 'json') {
    const content = { command, ok, rewritten, diagnostics };
    return { stdout: `${JSON.stringify(content, null, 2)}\n`, stderr: '', exitCode };
  }
  const text = formatDiagnostics(diagnostics, format);
  if (format !== 'human') return { stdout: text, stderr: '', exitCode };
  return { stdout: summary.map((line) => `${line}\n`).join(''), stderr: text, exitCode };
}
