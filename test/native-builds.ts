// Builds the dexts and programs of the tests with the simulator's Makefile. Test files run side by side: each dext has a
// folder below build/test of its own name, and each bundle of it one of its own property lists, because what two of them
// wrote to one place would be a bundle of both.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type PlistDict, plist } from './plists.js';

const OUT = resolve('build/test');

/** The folder of what a test of this name builds. */
export function buildFolder(...names: readonly string[]): string {
  const folder = join(OUT, ...names);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Writes a file that others may be reading only when it would change, and never half of it. */
export function settle(file: string, text: string): string {
  if (existsSync(file) && readFileSync(file, 'utf8') === text) return file;
  const whole = `${file}.${process.pid}`;
  writeFileSync(whole, text);
  renameSync(whole, file);
  return file;
}

export function make(goal: string, settings: Readonly<Record<string, string>>): void {
  const words = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
  const run = spawnSync('make', ['-s', '-j2', '-C', 'simulator', goal, ...words], {
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(`make ${goal}: ${run.stdout}${run.stderr}`);
}

export type TestDext = {
  /** Names the folder of its output: no other dext may have it. */
  readonly name: string;
  /** The folder of its sources. */
  readonly source: string;
  readonly info: PlistDict & {
    readonly CFBundleIdentifier: string;
    readonly CFBundleExecutable: string;
  };
  readonly entitlements: PlistDict;
  /** Another than g++: clang++ brings blocks. */
  readonly compiler?: string;
  /** Sources that are no part of it. */
  readonly without?: readonly string[];
};

/** Makes the one file the other as well, at once, so that who runs it has this or what was there before. */
function settleLink(file: string, target: string): void {
  if (existsSync(target) && statSync(target).ino === statSync(file).ino) return;
  const whole = `${target}.${process.pid}`;
  linkSync(file, whole);
  renameSync(whole, target);
}

/** Builds a dext once, whatever its property lists say; returns the folder of a bundle with these. */
export function buildTestDext(dext: TestDext): string {
  const { CFBundleIdentifier, CFBundleExecutable } = dext.info;
  const built = buildNamed(dext, { CFBundleIdentifier, CFBundleExecutable });
  const [info, entitlements] = [plist(dext.info), plist(dext.entitlements)];
  const digest = createHash('sha256').update(info).update(entitlements).digest('hex').slice(0, 16);
  const bundle = join(dirname(built), digest, basename(built));
  mkdirSync(bundle, { recursive: true });
  settle(join(bundle, 'Info.plist'), info);
  settle(join(bundle, 'entitlements.plist'), entitlements);
  settleLink(join(built, CFBundleExecutable), join(bundle, CFBundleExecutable));
  return bundle;
}

/** A bundle that nothing matches: who it is, and its executable. */
function buildNamed(dext: TestDext, identity: PlistDict): string {
  const compiler = dext.compiler ?? 'g++';
  const out = buildFolder('dexts', dext.name, compiler);
  const sources = readdirSync(dext.source).filter(
    (name) => name.endsWith('.cpp') && !dext.without?.includes(name),
  );
  make('dext', {
    CXX: compiler,
    NAME: dext.name,
    IIG: dext.source,
    SOURCES: sources.map((name) => join(dext.source, name)).join(' '),
    INCLUDES: dext.source,
    PLIST: settle(join(out, 'Info.plist'), plist(identity)),
    ENTITLEMENTS: settle(join(out, 'dext.plist'), plist({})),
    OUT: out,
  });
  return join(out, `${dext.info.CFBundleIdentifier}.dext`);
}

/** Builds a program of one source beside the library that it uses; returns its path. */
export function buildTestProgram(
  source: string,
  library: 'iokit' | 'kernel' | 'driverkit' = 'iokit',
): string {
  const name = basename(source).replace(/\.c(pp)?$/, '');
  const area = resolve(source).slice(resolve('test').length + 1);
  const out = buildFolder('programs', ...area.split('/').slice(0, -1));
  make('program', {
    NAME: name,
    SOURCES: resolve(source),
    OUT: out,
    LIBRARY: library,
    INCLUDES: resolve('test/simulator/native'),
  });
  return join(out, name);
}
