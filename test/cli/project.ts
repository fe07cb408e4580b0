// Throw-away projects to run the command in, and copies of the package to change.
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..');
export const launcher = join(root, 'generator', 'bin.mjs');
export const scopeText = readFileSync(join(root, 'schema', 'scope.yaml'), 'utf8');

const made: string[] = [];

export function makeFolder(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'dextgen-test-')));
  made.push(folder);
  return folder;
}

export function removeFolders(): void {
  generatedOnce = null;
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** A folder with `schema/scope.yaml` in it. */
export function makeProject(text = scopeText): string {
  const folder = makeFolder();
  mkdirSync(join(folder, 'schema'));
  writeFileSync(join(folder, 'schema', 'scope.yaml'), text);
  return folder;
}

let generatedOnce: string | null = null;

/** A project right after `gen`. */
export function makeGenerated(): string {
  if (generatedOnce === null) {
    generatedOnce = makeProject();
    succeed(generatedOnce, ['gen']);
  }
  const folder = makeFolder();
  cpSync(generatedOnce, folder, { recursive: true, preserveTimestamps: true });
  return folder;
}

/**
 * What the package is made of, so that a test can change a source or a template of it. Returns its folder.
 * The emitter with ts-morph in it is left out: nine tenths of the time to bundle are for that.
 */
export function copyPackage(): string {
  const folder = makeFolder();
  for (const part of ['generator', 'templates', 'package.json', 'package-lock.json']) {
    cpSync(join(root, part), join(folder, part), { recursive: true });
  }
  mkdirSync(join(folder, 'schema'));
  cpSync(join(root, 'schema/interface.schema.json'), join(folder, 'schema/interface.schema.json'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const list = join(folder, 'generator/emit/all-emitters.ts');
  writeFileSync(list, readFileSync(list, 'utf8').replace(/^.*\bclientEmitter\b.*\n/gm, ''));
  return folder;
}

export type Run = {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
};

type RunOptions = { readonly env?: NodeJS.ProcessEnv; readonly bin?: string };

export function run(cwd: string, args: readonly string[], options: RunOptions = {}): Run {
  const result: SpawnSyncReturns<string> = spawnSync(
    process.execPath,
    [options.bin ?? launcher, ...args],
    { cwd, encoding: 'utf8', env: { ...process.env, NODE_V8_COVERAGE: '', ...options.env } },
  );
  return { status: result.status, stdout: result.stdout, stderr: result.stderr };
}

/** Runs and expects success. */
export function succeed(cwd: string, args: readonly string[], options: RunOptions = {}): Run {
  const result = run(cwd, args, options);
  if (result.status !== 0)
    throw new Error(`${args.join(' ')} exited ${result.status}\n${result.stdout}${result.stderr}`);
  return result;
}

/** Content of every file by path. */
export function readFiles(folder: string): Record<string, string> {
  return mapFiles(folder, (path) => readFileSync(path, 'latin1'));
}

/** Time of every file by path: equal only when nothing was rewritten. */
export function readTimes(folder: string): Record<string, string> {
  return mapFiles(folder, (path) => String(statSync(path, { bigint: true }).mtimeNs));
}

function mapFiles(folder: string, read: (path: string) => string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const files = paths.filter((path) => statSync(join(folder, path)).isFile());
  return Object.fromEntries(files.map((path) => [path, read(join(folder, path))]));
}

/** `DK904 generated/scope/model.json` of every diagnostic, in order. */
export function findings(cwd: string, args: readonly string[], options: RunOptions = {}): string[] {
  const { stdout } = run(cwd, [...args, '--format', 'json'], options);
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { code: string; at: { file: string } | null }[];
  };
  return diagnostics.map(({ code, at }) => `${code} ${at?.file}`);
}
