// Interfaces emitted into throw-away folders, and the compilers that judge the result.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { dispatchEmitter } from '../../generator/emit/dispatch/index.js';
import { iigEmitter } from '../../generator/emit/iig/index.js';
import { wireEmitter } from '../../generator/emit/wire/index.js';
import { readTemplates } from '../../generator/io/templates.js';
import { type Model, resolveInterface } from '../../generator/model/index.js';
import { createRender } from '../../generator/render/render.js';
import { available } from '../compilers.js';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..');
const render = createRender(readTemplates(root).templates);
const made: string[] = [];

export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dextgen-dext-'));
  made.push(folder);
  return folder;
}

process.on('exit', () => {
  for (const folder of made) rmSync(folder, { recursive: true, force: true });
});

export function modelOf(path: string): Model {
  const { model, diagnostics } = resolveInterface({
    path,
    text: readFileSync(join(root, path), 'utf8'),
  });
  assert.equal(diagnostics, []);
  return model as Model;
}

export type Emitted = ReadonlyMap<string, string>;

/** What the dext's emitters print, by path. */
export function emit(model: Model): Emitted {
  const emitters = [wireEmitter, iigEmitter, dispatchEmitter];
  const files = emitters.flatMap((emitter) => emitter.emit(model, render));
  return new Map(files.map(({ path, text }) => [path, text]));
}

export function write(files: Emitted): string {
  const folder = makeFolder();
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

const warnings = ['-Wall', '-Wextra', '-Wconversion', '-Wshadow', '-Werror'];

export type Compiler = 'g++' | 'clang++' | 'gcc' | 'clang';
export const compilers = available<Compiler>(['g++', 'clang++'], (compiler) => compiler);

/** What the compiler says; empty when it is content. */
export function diagnose(compiler: Compiler, args: readonly string[]): string {
  const { status, stderr, error } = spawnSync(compiler, [...warnings, ...args], { cwd: root });
  assert.is(error, undefined, `${compiler} does not start; install the package ${compiler}`);
  return status === 0 ? '' : `${compiler} ${args.join(' ')}\n${stderr}`;
}

export function compile(compiler: Compiler, args: readonly string[]): void {
  const said = diagnose(compiler, args);
  if (said !== '') throw new Error(said);
}

export type NativeTest = {
  readonly sources: readonly string[];
  readonly includes?: readonly string[];
  readonly flags?: readonly string[];
};

/** Compiles a test program and runs it; its output is the failure's text. */
const objects = new Map<string, string>();

/** Compiled once for all tests of this process that compile it alike. */
function objectOf(compiler: Compiler, flags: readonly string[], source: string): string {
  const key = [compiler, ...flags, source].join(' ');
  const known = objects.get(key);
  if (known !== undefined) return known;
  const object = join(makeFolder(), `${basename(source, '.cpp')}.o`);
  compile(compiler, [...flags, '-c', source, '-o', object]);
  objects.set(key, object);
  return object;
}

export function runNative(compiler: Compiler, { sources, includes = [], flags = [] }: NativeTest) {
  const program = join(makeFolder(), 'test');
  const paths = ['runtime/wire', 'runtime/dext', 'test/dext/native', ...includes];
  const language = ['-std=gnu++20', '-g', ...flags];
  const all = [...language, ...paths.map((path) => `-I${path}`)];
  const objects = sources.map((source) => objectOf(compiler, all, source));
  compile(compiler, [...language, ...objects, '-o', program]);
  const { status, stdout, stderr } = spawnSync(program, { cwd: root, timeout: 60_000 });
  assert.is(status, 0, `${sources[0]}\n${stdout}\n${stderr}`);
}

export const sanitizers = ['-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];

let doubles: readonly string[] | null = null;

/** The test double under the names that the runtime includes. */
export function fakeDriverKit(): readonly string[] {
  doubles ??= makeDoubles();
  return doubles;
}

function makeDoubles(): readonly string[] {
  const folder = makeFolder();
  mkdirSync(join(folder, 'DriverKit'));
  for (const name of driverKitHeaders())
    writeFileSync(join(folder, 'DriverKit', name), '#include "driverkit.h"\n');
  return [folder, 'test/dext/native/fake'];
}

function driverKitHeaders(): Set<string> {
  const names = readdirSync(join(root, 'runtime', 'dext')).flatMap((file) => {
    const text = readFileSync(join(root, 'runtime', 'dext', file), 'utf8');
    return [...text.matchAll(/#include <DriverKit\/(\w+\.h)>/g)].map((match) => match[1] ?? '');
  });
  return new Set(names);
}

/** C++ files of runtime/dext, without what the test double leaves out. */
export function runtimeSources(): readonly string[] {
  return readdirSync(join(root, 'runtime', 'dext'))
    .filter((file) => file.endsWith('.cpp') && file !== 'publish.cpp')
    .map((file) => `runtime/dext/${file}`);
}
