// The dext's C++ against the simulator's headers, through its translator, without a warning of either compiler:
// the runtime, the scope's driver, and what is generated for the scope and for an interface with every feature.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { available } from '../compilers.js';
import { type Compiler, compile, emit, makeFolder, modelOf, root, write } from './support.js';

const warnings = suite('dext warnings');
const headers = 'simulator/driverkit/include';
const strict = ['-std=gnu++20', '-fno-exceptions', '-fno-rtti', '-fsyntax-only'];
const variants: readonly (readonly [Compiler, readonly string[]])[] = [
  ['g++', []],
  ['clang++', ['-fblocks']],
];

function translate(file: string, target: string, includes: readonly string[]): void {
  const name = basename(file, '.iig');
  const outputs = [
    '--header',
    join(target, `${name}.h`),
    '--impl',
    join(target, `${name}.iig.cpp`),
  ];
  const folders = [headers, ...includes].map((path) => `-I${path}`);
  const run = spawnSync(process.execPath, ['simulator/iig/iig.mjs', ...outputs, ...folders, file], {
    cwd: root,
  });
  assert.is(run.status, 0, `${file}\n${run.stderr}`);
}

/** The frameworks' headers, translated once. */
function translateFrameworks(): string {
  const folder = makeFolder();
  for (const framework of ['DriverKit', 'USBDriverKit']) {
    mkdirSync(join(folder, framework));
    for (const file of readdirSync(join(root, headers, framework)))
      if (file.endsWith('.iig'))
        translate(join(headers, framework, file), join(folder, framework), []);
  }
  return folder;
}

const frameworks = translateFrameworks();

function check(schema: string, sources: readonly string[]): void {
  const folder = write(emit(modelOf(schema)));
  const translated = makeFolder();
  for (const file of readdirSync(join(folder, 'iig')))
    translate(join(folder, 'iig', file), translated, [join(folder, 'wire'), 'runtime/wire']);
  const own = ['wire', 'dispatch'].map((part) => join(folder, part));
  const paths = [headers, frameworks, translated, 'runtime/wire', 'runtime/dext', ...own];
  const generated = readdirSync(join(folder, 'dispatch')).filter((file) => file.endsWith('.cpp'));
  const files = [...generated.map((file) => join(folder, 'dispatch', file)), ...sources];
  for (const [compiler, flags] of available(variants, ([name]) => name))
    compile(compiler, [...strict, ...flags, ...paths.map((path) => `-I${path}`), ...files]);
}

const filesIn = (folder: string) =>
  readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.cpp'))
    .map((file) => `${folder}/${file}`);

warnings('the scope: generated, runtime and hand-written', () =>
  check('schema/scope.yaml', [...filesIn('runtime/dext'), ...filesIn('dext/scope')]),
);

warnings('an interface with every feature', () => check('test/dext/kitchen.yaml', []));

warnings('what methods may ask for, with hard names and docs', () =>
  check('test/dext/guards.yaml', []),
);

warnings('the interface of calls and its driver', () =>
  check('test/interfaces/calls/schema.yaml', filesIn('test/interfaces/calls')),
);

warnings.run();
