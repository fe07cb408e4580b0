// What the translator writes compiles without a warning under both compilers, and runs.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { available } from '../compilers.js';
import { framework, root } from './support.js';

const simulator = join(root, 'simulator');
// `npm run test:sanitize` has a library with the sanitizer; otherwise the plain one goes into a program that has one.
const { SANITIZE = '' } = process.env;
const build = join('build', SANITIZE === '' ? '' : `g++-${SANITIZE.replace(',', '-')}`);
const library = join(build, 'libdriverkit.a');
const native = join(root, 'test', 'iig', 'native');
const out = mkdtempSync(join(tmpdir(), 'dextgen-iig-native-'));
const flags = [
  ...['-std=gnu++20', '-Wall', '-Wextra', '-Wconversion', '-Wshadow', '-Werror'],
  ...['-fno-exceptions', '-fno-rtti', '-pthread'],
  ...['-I.', `-I${join(build, 'include')}`, '-Idriverkit/include', `-I${out}`],
  `-I${join(root, 'test', 'simulator', 'native')}`,
];
const sources = [join(out, 'Sample.iig.cpp'), join(native, 'sample.cpp')];

function run(command: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: simulator,
    encoding: 'utf8',
    timeout: 550_000,
  });
  assert.is(error, undefined, `${command} does not start`);
  assert.is(status, 0, `${command} ${args.join(' ')}\n${stdout}\n${stderr}`);
  return stdout;
}

const compiled = suite('iig: native');

compiled.before(() => {
  run('make', ['-s', library]);
  run(process.execPath, [
    join(simulator, 'iig', 'iig.mjs'),
    ...['--header', join(out, 'Sample.h'), '--impl', join(out, 'Sample.iig.cpp')],
    ...[`-I${framework}`, join(native, 'Sample.iig')],
  ]);
});
compiled.after(() => rmSync(out, { recursive: true, force: true }));

for (const compiler of available(['g++', 'clang++', 'clang++ -fblocks'], (name) => name)) {
  compiled(`${compiler} has nothing to say about the output`, () => {
    const [program = '', ...options] = compiler.split(' ');
    for (const source of sources) run(program, [...options, ...flags, '-fsyntax-only', source]);
  });
}

compiled('messages, queues, actions, timers, calls and memory behave', () => {
  const program = join(out, 'runtime_test');
  const check = [
    '-g',
    `-fsanitize=${SANITIZE || 'address,undefined'}`,
    '-fno-sanitize-recover=all',
  ];
  const tests = readdirSync(native)
    .filter((name) => name.endsWith('_test.cpp'))
    .map((name) => join(native, name));
  run('g++', [...flags, ...check, '-o', program, ...tests, ...sources, library, '-lrt']);
  assert.match(run(program, []), /^\d{3,} checks\n$/);
});

compiled.run();
