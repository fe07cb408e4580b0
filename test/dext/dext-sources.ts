// A generated dext through the simulator's translator and both compilers, with warnings as errors.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import * as assert from 'uvu/assert';
import type { Model } from '../../generator/model/index.js';
import { available } from '../compilers.js';
import { type Compiler, compile, emit, makeFolder, root, write } from './support.js';

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
  for (const framework of ['DriverKit', 'PCIDriverKit', 'USBDriverKit']) {
    mkdirSync(join(folder, framework));
    for (const file of readdirSync(join(root, headers, framework)))
      if (file.endsWith('.iig'))
        translate(join(headers, framework, file), join(folder, framework), []);
  }
  return folder;
}

let translatedFrameworks: string | null = null;

function frameworkHeaders(): string {
  translatedFrameworks ??= translateFrameworks();
  return translatedFrameworks;
}

/** Compiles what is generated for a model, and `sources` beside it. */
export function compileDext(model: Model, sources: readonly string[] = []): void {
  const folder = write(emit(model));
  const translated = makeFolder();
  for (const file of readdirSync(join(folder, 'iig')))
    translate(join(folder, 'iig', file), translated, [join(folder, 'wire'), 'runtime/wire']);
  const own = ['wire', 'dispatch'].map((part) => join(folder, part));
  const paths = [headers, frameworkHeaders(), translated, 'runtime/wire', 'runtime/dext', ...own];
  const generated = readdirSync(join(folder, 'dispatch')).filter((file) => file.endsWith('.cpp'));
  const files = [...generated.map((file) => join(folder, 'dispatch', file)), ...sources];
  for (const [compiler, flags] of available(variants, ([name]) => name))
    compile(compiler, [...strict, ...flags, ...paths.map((path) => `-I${path}`), ...files]);
}
