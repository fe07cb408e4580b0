// Diagnostics about files and folders, as this folder raises them.
import type { Diagnostic, DriftCode, Severity } from '../diagnostics/index.js';

export type Problem = {
  readonly code: DriftCode;
  readonly message: string;
  /** Null when no one file is at fault. */
  readonly file: string | null;
  readonly hint?: string;
  readonly severity?: Severity;
};

export function problem({ code, message, file, hint, severity }: Problem): Diagnostic {
  const at =
    file === null ? null : { file, line: 0, column: 0, endLine: 0, endColumn: 0, excerpt: '' };
  return { code, severity: severity ?? 'error', message, at, notes: [], hint: hint ?? null };
}

/** What the system said, without the path it repeats: "permission denied". */
export function unreadable(file: string, error: unknown): Diagnostic {
  const { code, message } = error as NodeJS.ErrnoException;
  const reasons: Record<string, string> = {
    EACCES: 'permission denied',
    EISDIR: 'it is a folder',
    ENOENT: 'there is no such file',
    ENOSPC: 'no space left',
    ENOTDIR: 'part of the path is not a folder',
    EROFS: 'the file system is read-only',
  };
  return problem({ code: 'DK915', file, message: (code && reasons[code]) ?? message });
}
