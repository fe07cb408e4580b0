// Compiles both halves of the ring protocol into one program and runs it.
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const warnings = ['-Wall', '-Wextra', '-Wconversion', '-Wshadow', '-Werror'];
const sources = [
  'test/client/native/ring_test.cpp',
  'test/client/native/ring_writer.cpp',
  'runtime/addon/ring.cpp',
  'runtime/dext/ring.cpp',
];

function build(): string {
  const folder = join('build', 'test');
  const program = join(folder, 'ring_test');
  mkdirSync(folder, { recursive: true });
  const includes = ['-Iruntime', '-Iruntime/wire'];
  const options = ['-std=gnu++20', '-O1', '-g', '-fsanitize=address,undefined', '-pthread'];
  execFileSync(process.env.CXX ?? 'g++', [
    ...options,
    ...warnings,
    ...includes,
    ...sources,
    '-o',
    program,
  ]);
  return program;
}

test('the reader and the writer of a ring agree, and the reader trusts no page', () => {
  const output = execFileSync(build(), { encoding: 'utf8', timeout: 550_000 });
  assert.is(output.match(/^ok /gm)?.length, 15, output);
});

test.run();
