// Child processes that are talked to by pipes, and what is said when one cannot be started.
import type { ChildProcess } from 'node:child_process';

const STARVED = ['EMFILE', 'ENFILE'];

/** Why a program did not start. */
export function startFailure(program: string, error: NodeJS.ErrnoException): string {
  return STARVED.includes(error.code ?? '')
    ? `no file descriptor is left to start ${program}`
    : `${program}: ${error.message}`;
}

/** The child, if it has its pipes: node gives none when no descriptor is left, and tells of it later. */
export function withPipes<T extends ChildProcess>(
  program: string,
  child: T,
  fail: (text: string) => Error,
): T {
  const pipes: unknown = child.stdout;
  if (pipes !== undefined) return child;
  child.once('error', () => undefined); // it is said here
  throw fail(`no file descriptor is left to start ${program}`);
}
