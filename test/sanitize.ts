// `npm run test:sanitize [-- NAME…]`: the native side under sanitizers. A copy of the project below build/ is built and
// tested with them, so that nothing mixes with the plain build; every report is a file, so that none gets lost, whichever
// process it came from. `--short` runs what `npm test` has time for.
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';

type Environment = Readonly<Record<string, string>>;

type Pass = { readonly tests: readonly string[]; readonly environment: Environment };

type Suite = {
  readonly name: string;
  /** As `-fsanitize=` takes it. */
  readonly sanitize: string;
  /** Whether node can load an addon that has it. */
  readonly addon: boolean;
  readonly passes: (reports: string) => readonly Pass[];
  /** What `--short` runs of it. */
  readonly short: readonly string[] | null;
};

const libasan = (): string =>
  execFileSync('g++', ['-print-file-name=libasan.so'], { encoding: 'utf8' }).trim();

/** Tests that start compilers, which no library may be loaded into; and tests of node with the addon in it. */
const compiling = ['simulator/', 'driverkit/', 'contract/', 'e2e/sim-cli'];
/** A test that does both. */
const both = ['e2e/docs'];
const running = [
  ...[
    ...['calls', 'clients', 'entitlements', 'faults', 'killed', 'lifecycle', 'record', 'time'],
    'versions',
  ].map((name) => `e2e/${name}`),
  'interfaces/',
];

const suites: readonly Suite[] = [
  {
    name: 'address',
    sanitize: 'address,undefined',
    addon: true,
    passes: (reports) => {
      const environment = {
        ASAN_OPTIONS: `log_path=${reports}`,
        UBSAN_OPTIONS: `log_path=${reports}:print_stacktrace=1`,
        LSAN_OPTIONS: `suppressions=${resolve('test/node.lsan')}:print_suppressions=0`,
      };
      return [
        { tests: running, environment: { ...environment, LD_PRELOAD: libasan() } },
        { tests: compiling, environment },
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
    passes: (reports) => [
      {
        tests: [...running, ...compiling, ...both],
        environment: { TSAN_OPTIONS: `log_path=${reports}` },
      },
    ],
    short: null,
  },
];

/** The files that git knows of, as they are now; the tools are shared. */
function copyProject(folder: string): void {
  const list = ['ls-files', '-z', '--cached', '--others', '--exclude-standard'];
  const files = execFileSync('git', list, { encoding: 'utf8' }).split('\0');
  // A link called node_modules is not ignored as the folder is.
  const copied = (name: string): boolean =>
    name !== '' && name !== 'node_modules' && existsSync(name);
  for (const file of files.filter(copied)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(file, join(folder, file), { preserveTimestamps: true });
  }
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

function build(folder: string, { sanitize, addon }: Suite, only: readonly string[]): boolean {
  if (!run(folder, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'], {})) return false;
  const program = 'build/js/test/build-native.js';
  // An addon without the sanitizer needs the plain library.
  if (!addon && !run(folder, [program, 'scope'], {})) return false;
  const environment = { SANITIZE: sanitize, ...(addon && { ADDON_SANITIZE: sanitize }) };
  return run(folder, [program, ...only], environment);
}

function reportsIn(folder: string): readonly string[] {
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
}

/** True when every test passed and no process had anything to report. */
function runSuite(suite: Suite, short: boolean): boolean {
  const folder = resolve('build', 'sanitize', suite.name);
  const reports = join(folder, 'build', 'reports');
  rmSync(reports, { recursive: true, force: true });
  copyProject(folder);
  mkdirSync(reports, { recursive: true });
  console.log(`${suite.sanitize}: building`);
  if (!build(folder, suite, short ? ['scope'] : [])) return false;
  const passes = suite.passes(join(reports, 'report'));
  const wanted = (tests: readonly string[]): readonly string[] =>
    short ? (suite.short ?? []).filter((test) => tests.some((t) => test.startsWith(t))) : tests;
  const passed = passes
    .map(({ tests, environment }) => ({ tests: wanted(tests), environment }))
    .filter(({ tests }) => tests.length > 0)
    .map(({ tests, environment }) =>
      run(folder, ['build/js/test/run.js', ...tests], { SANITIZE: suite.sanitize, ...environment }),
    );
  const found = reportsIn(reports);
  for (const report of found) console.error(report);
  console.log(`${suite.sanitize}: ${found.length} reports`);
  return passed.every(Boolean) && found.length === 0;
}

const short = process.argv.includes('--short');
const names = process.argv.slice(2).filter((name) => name !== '--short');
const unknown = names.filter((name) => !suites.some((suite) => suite.name === name));
if (unknown.length > 0) {
  console.error(
    `no suite ${unknown.join(', ')}; there are ${suites.map((s) => s.name).join(', ')}`,
  );
  process.exit(2);
}
const chosen = suites
  .filter(({ name }) => names.length === 0 || names.includes(name))
  .filter((suite) => !short || suite.short !== null);
const results = chosen.map((suite) => runSuite(suite, short));
process.exitCode = results.every(Boolean) ? 0 : 1;
