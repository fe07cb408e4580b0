// Which C and C++ compilers the tests use. g++ is required; clang as well where it is installed, as in CI.
import { spawnSync } from 'node:child_process';

const starts = (program: string): boolean => spawnSync(program, ['--version']).status === 0;

export const hasClang = starts('clang++');
if (!hasClang)
  console.log('clang++ is not installed: checked with g++ alone (apt-get install clang)');

/** The compilers of a list that are there; clang's may be missing, g++ may not. */
export function available<T>(items: readonly T[], compilerOf: (item: T) => string): readonly T[] {
  return items.filter((item) => hasClang || !compilerOf(item).startsWith('clang'));
}
