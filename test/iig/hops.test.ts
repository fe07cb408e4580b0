// A driver's own classes: compiled by each compiler without a warning, and run with the messages between them.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { available } from '../compilers.js';
import { framework, root } from './support.js';

const simulator = join(root, 'simulator');
const from = join(root, 'test', 'iig', 'hops');
const out = mkdtempSync(join(tmpdir(), 'dextgen-iig-hops-'));
const flags = [
  ...['-std=gnu++20', '-Wall', '-Wextra', '-Wconversion', '-Wshadow', '-Werror'],
  ...['-fno-exceptions', '-fno-rtti', '-pthread', '-g'],
  ...['-Ibuild/include', '-Idriverkit/include', `-I${out}`, `-I${from}`],
  `-I${join(root, 'test', 'simulator', 'native')}`,
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

const hops = suite('iig: hops');

hops.before(() => {
  run('make', ['-s', 'build/libdriverkit.a']);
  run(process.execPath, [
    join(simulator, 'iig', 'iig.mjs'),
    ...['--header', join(out, 'Hops.h'), '--impl', join(out, 'Hops.iig.cpp')],
    ...[`-I${framework}`, join(from, 'Hops.iig')],
  ]);
});
hops.after(() => rmSync(out, { recursive: true, force: true }));

for (const compiler of available(['g++', 'clang++'], (name) => name)) {
  hops(`${compiler}: messages hop queues, keep their order and come back`, () => {
    const program = join(out, compiler.replace(/\W/g, 'x'));
    const sources = ['hops.cpp', 'hops_test.cpp'].map((name) => join(from, name));
    const libraries = ['build/libdriverkit.a', '-lrt'];
    run(compiler, [
      ...[...flags, '-o', program, join(out, 'Hops.iig.cpp')],
      ...[...sources, ...libraries],
    ]);
    assert.match(run(program, []), /^\d{4} checks\n$/);
  });
}

hops.run();
