// What a command besides `gen` and `model` is: its line of the help, its options, and what it does. One file each.
import type { Options } from 'yargs';
import {
  type Diagnostic,
  type Format,
  formatDiagnostics,
  hasErrors,
} from '../diagnostics/index.js';

export type ToolResult = {
  readonly stdout: string;
  readonly stderr: string;
  /** 0 done, 1 the user's input, 2 wrong usage. */
  readonly exitCode: 0 | 1 | 2;
};

export type ToolInput = {
  /** The words behind the command. */
  readonly named: readonly string[];
  readonly flags: Readonly<Record<string, unknown>>;
  readonly format: Format;
  readonly cwd: string;
  readonly packageRoot: string;
};

export type Tool = {
  readonly name: string;
  /** What stands behind the name, in yargs' words: `[schema..]`. */
  readonly positional: string;
  readonly positionalHelp: string;
  readonly help: string;
  readonly options: Readonly<Record<string, Options>>;
  readonly formats: readonly Format[];
  readonly run: (input: ToolInput) => ToolResult;
};

export function wrongUsage(message: string): ToolResult {
  const stderr = `dextgen: ${message}\nTry: dextgen --help\n`;
  return { stdout: '', stderr, exitCode: 2 };
}

/** People read diagnostics beside the output, tools instead of it. */
export function diagnosticsResult(
  diagnostics: readonly Diagnostic[],
  format: Format,
  exitCode: 0 | 1 = hasErrors(diagnostics) ? 1 : 0,
): ToolResult {
  const text = formatDiagnostics(diagnostics, format);
  return format === 'human'
    ? { stdout: '', stderr: text, exitCode }
    : { stdout: text, stderr: '', exitCode };
}
