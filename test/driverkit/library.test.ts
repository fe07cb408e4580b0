// The dext side's library as a native program under sanitizers; the rest comes from libdriverkit.a.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..');
const simulator = join(root, 'simulator');
const folder = mkdtempSync(join(tmpdir(), 'dextgen-driverkit-'));
const flags = [
  ...['-std=gnu++20', '-g', '-O1', '-fno-exceptions', '-fno-rtti', '-pthread'],
  ...['-Wall', '-Wextra', '-Wconversion', '-Wshadow', '-Werror'],
  ...['-fsanitize=address,undefined', '-fno-sanitize-recover=all'],
  ...['-I.', '-Ibuild/include', '-Idriverkit/include', '-I../test/simulator/native'],
];

function run(command: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: simulator,
    encoding: 'utf8',
  });
  assert.is(error, undefined, `${command} does not start`);
  assert.is(status, 0, `${command} ${args.join(' ')}\n${stdout}\n${stderr}`);
  return stdout;
}

const library = suite('driverkit library');

library.after(() => rmSync(folder, { recursive: true, force: true }));

library('containers, IOLib, logs and USB descriptors do what the contract says', () => {
  run('make', ['-s', 'build/libdriverkit.a']);
  const sources = readdirSync(join(simulator, 'driverkit', 'library'))
    .filter((name) => name.endsWith('.cpp'))
    .map((name) => `driverkit/library/${name}`);
  const program = join(folder, 'library_test');
  const test = '../test/driverkit/native/library_test.cpp';
  run('g++', [...flags, '-o', program, test, ...sources, 'build/libdriverkit.a', '-lrt']);
  assert.match(run(program, []), /^\d{3,} checks\n$/);
});

library.run();
