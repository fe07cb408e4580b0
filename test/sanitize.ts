// `npm run test:sanitize [-- SUITE…] [PATH…]`: the native side under sanitizers. A copy of the project below build/ is
// built and tested with them, so that nothing mixes with the plain build; every report is a file, so that none gets
// lost, whichever process it came from. A PATH (`e2e/`, `contract/row-03`) limits the tests, and `--short` runs what
// `npm test` has time for.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, delimiter, dirname, join, resolve } from 'node:path';

type Environment = Readonly<Record<string, string>>;

type Pass = { readonly tests: readonly string[]; readonly environment: Environment };

type Suite = {
  readonly name: string;
  /** As `-fsanitize=` takes it. */
  readonly sanitize: string;
  /** Whether node can load an addon that has it. */
  readonly addon: boolean;
  readonly passes: (folder: string, reports: string) => readonly Pass[];
  /** What `--short` runs of it. */
  readonly short: readonly string[] | null;
};

const outputOf = (program: string, args: readonly string[]): string =>
  execFileSync(program, args, { encoding: 'utf8' }).trim();

/** Tests of node with the addon in it. */
const inNode = ['client/addon', 'e2e/', 'interfaces/'];
/** Tests of programs alone. clang's have the library of the sanitizer inside, so that none may be loaded into them. */
const programs = ['contract/', 'driverkit/', 'families/', 'iig/native', 'simulator/'];

/**
 * Tools that build, without the library that is loaded into node: they do not stand it. They search the path as it was:
 * a compiler cache would find these again as the compilers that it stands for. Returns their folder.
 */
function plainTools(folder: string): string {
  mkdirSync(folder, { recursive: true });
  const names = ['make', 'g++', 'gcc', 'c++', 'cc', 'python3', 'clang++', 'clang'];
  const search = names.map((name) => `command -v ${name};`).join(' ');
  const found = outputOf('sh', ['-c', `${search} true`]).split('\n');
  for (const path of found) {
    const script = `#!/bin/sh\nunset LD_PRELOAD\nPATH='${process.env.PATH}'\nexec ${path} "$@"\n`;
    writeFileSync(join(folder, basename(path)), script, { mode: 0o755 });
  }
  return folder;
}

const suites: readonly Suite[] = [
  {
    name: 'address',
    sanitize: 'address,undefined',
    addon: true,
    passes: (folder, reports) => {
      const environment = {
        ASAN_OPTIONS: `log_path=${reports}`,
        UBSAN_OPTIONS: `log_path=${reports}:print_stacktrace=1`,
        LSAN_OPTIONS: `suppressions=${resolve('test/node.lsan')}:print_suppressions=0`,
      };
      // Node has no sanitizer of its own: the library must be there before the addon.
      const node = {
        LD_PRELOAD: outputOf('g++', ['-print-file-name=libasan.so']),
        PATH: [plainTools(join(folder, 'build', 'tools')), process.env.PATH].join(delimiter),
      };
      return [
        { tests: inNode, environment: { ...environment, ...node } },
        { tests: programs, environment },
      ];
    },
    short: ['e2e/clients', 'e2e/lifecycle', 'driverkit/library'],
  },
  {
    name: 'thread',
    sanitize: 'thread',
    // Not the addon: node's own synchronization is not instrumented, so libtsan in node reports node. The client library
    // below the addon is tested with threads by native clients.
    addon: false,
    passes: (_, reports) => [
      {
        tests: [...inNode.filter((tests) => tests !== 'client/addon'), ...programs],
        environment: { TSAN_OPTIONS: `log_path=${reports}` },
      },
    ],
    short: null,
  },
];

/** The project's files as they are now. */
function projectFiles(): readonly string[] {
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  // A link called node_modules is not ignored as the folder is.
  return execFileSync('git', list, { encoding: 'utf8' })
    .split('\0')
    .filter((name) => name !== '' && name !== 'node_modules' && existsSync(name));
}

/** Removes what an earlier run copied and the project no longer has; a copy that nobody wrote a list of goes whole. */
function removeStale(folder: string, list: string, files: readonly string[]): void {
  if (!existsSync(list)) rmSync(folder, { recursive: true, force: true });
  const copied = existsSync(list) ? readFileSync(list, 'utf8').split('\0') : [];
  const wanted = new Set(files);
  for (const file of copied.filter((name) => !wanted.has(name)))
    rmSync(join(folder, file), { force: true });
}

/** The files that git knows of, as they are now; the tools are shared. */
function copyProject(folder: string): void {
  const files = projectFiles();
  const list = join(folder, 'build', 'copied');
  removeStale(folder, list, files);
  for (const file of files) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(file, join(folder, file), { preserveTimestamps: true });
  }
  mkdirSync(dirname(list), { recursive: true });
  writeFileSync(list, files.join('\0'));
  const modules = join(folder, 'node_modules');
  rmSync(modules, { force: true });
  symlinkSync(resolve('node_modules'), modules);
}

/** Runs one of the project's programs in the copy; what it prints is shown. */
function run(folder: string, args: readonly string[], environment: Environment): boolean {
  const env = { ...process.env, ...environment };
  const { status } = spawnSync(process.execPath, args, { cwd: folder, env, stdio: 'inherit' });
  return status === 0;
}

/** What of these tests is wanted; no path stands for all. */
function within(tests: readonly string[], only: readonly string[]): readonly string[] {
  const inside = only.filter((path) => tests.some((test) => path.startsWith(test)));
  return only.length === 0 ? tests : inside;
}

/** What the tests at these paths need built; nothing stands for all. */
function jobsOf(only: readonly string[]): readonly string[] {
  const names = only.flatMap((path) => /^interfaces\/(.*)/.exec(path)?.[1] ?? []);
  if (only.length === 0 || names.includes('')) return [];
  const blocks = only.some((path) => /^(families|driverkit)\/($|blocks|xcode)/.test(path));
  return ['scope', ...names, ...(blocks ? ['clang++'] : [])];
}

/** What builds with the sanitizer: tests build, too. */
const settingsOf = ({ sanitize, addon }: Suite): Environment => ({
  SANITIZE: sanitize,
  ...(addon && { ADDON_SANITIZE: sanitize }),
});

function build(folder: string, suite: Suite, only: readonly string[]): boolean {
  if (!run(folder, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'], {})) return false;
  const program = 'build/js/test/build-native.js';
  // An addon without the sanitizer needs the plain library.
  const needsPlain = !suite.addon && within(inNode, only).length > 0;
  if (needsPlain && !run(folder, [program, 'scope'], {})) return false;
  return run(folder, [program, ...jobsOf(only)], settingsOf(suite));
}

function reportsIn(folder: string): readonly string[] {
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
}

/** True when every test passed and no process had anything to report. */
function runSuite(suite: Suite, only: readonly string[]): boolean {
  const began = performance.now();
  const folder = resolve('build', 'sanitize', suite.name);
  const reports = join(folder, 'build', 'reports');
  rmSync(reports, { recursive: true, force: true });
  copyProject(folder);
  mkdirSync(reports, { recursive: true });
  console.log(`${suite.sanitize}: building`);
  if (!build(folder, suite, only)) return false;
  const passed = suite
    .passes(folder, join(reports, 'report'))
    .map(({ tests, environment }) => ({ tests: within(tests, only), environment }))
    .filter(({ tests }) => tests.length > 0)
    .map(({ tests, environment }) =>
      run(folder, ['build/js/test/run.js', ...tests], { ...settingsOf(suite), ...environment }),
    );
  const found = reportsIn(reports);
  for (const report of found) console.error(report);
  const minutes = ((performance.now() - began) / 60_000).toFixed(1);
  console.log(`${suite.sanitize}: ${found.length} reports, ${minutes} min`);
  return passed.length > 0 && passed.every(Boolean) && found.length === 0;
}

const short = process.argv.includes('--short');
const words = process.argv.slice(2).filter((word) => word !== '--short');
const names = words.filter((word) => !word.includes('/'));
const paths = words.filter((word) => word.includes('/'));
const unknown = names.filter((name) => !suites.some((suite) => suite.name === name));
if (unknown.length > 0) {
  const known = suites.map(({ name }) => name).join(', ');
  console.error(`no suite ${unknown.join(', ')}; there are ${known}`);
  process.exit(2);
}
const results = suites
  .filter(({ name }) => names.length === 0 || names.includes(name))
  .filter((suite) => !short || suite.short !== null)
  .map((suite) => runSuite(suite, short ? (suite.short ?? []) : paths));
process.exitCode = results.every(Boolean) ? 0 : 1;
