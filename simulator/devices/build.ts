// Builds what the simulator runs: its own programs and a dext with make, an addon with node-gyp.
import { spawn } from 'node:child_process';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startFailure, withPipes } from './children.js';

/** A tool is missing or failed; the message is for the user. */
export class BuildError extends Error {
  override name = 'BuildError';
}

export type BuildOptions = {
  /** C++ compiler; default `CXX`, then g++. */
  readonly compiler?: string;
  /** As `-fsanitize=` takes it, e.g. `address,undefined`; default `SANITIZE`, then none. */
  readonly sanitize?: string;
};

export type DextBuild = BuildOptions & {
  /** `scope`: the folder below `generated/` and `dext/`. */
  readonly interface: string;
  /** Folder that has them; default the current folder. */
  readonly project?: string;
  /** Folder of generated sources, when it is not `<project>/generated/<interface>`. */
  readonly generated?: string;
  /** Folder of the driver's own sources, when it is not `<project>/dext/<interface>`. */
  readonly dext?: string;
  /** Where the bundle is put; default `<project>/build/sim/<interface>`. */
  readonly out?: string;
};

const require = createRequire(import.meta.url);

/** The folder of this package: the nearest one above that has its package.json. */
function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'simulator', 'Makefile'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new BuildError('the simulator/ folder of dextgen is missing');
    folder = parent;
  }
  return folder;
}

const PACKAGES: Readonly<Record<string, string>> = {
  make: 'make',
  'g++': 'g++',
  'clang++': 'clang',
  python3: 'python3',
};

/** Whether a tool is there: without clang++ there are no blocks, without g++ no addon. */
export function hasTool(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Throws one sentence that names the package to install. */
export function requireTools(programs: readonly string[]): void {
  const missing = programs.filter((program) => !program.includes('/') && !hasTool(program));
  if (missing.length === 0) return;
  const names = [...new Set(missing.map((program) => PACKAGES[program] ?? program))].join(' ');
  const cure =
    process.platform === 'darwin'
      ? 'install the command line tools: xcode-select --install'
      : `install it: apt-get install ${names}`;
  throw new BuildError(`${missing.join(' and ')} is needed to build the simulator; ${cure}`);
}

/** Runs a tool; what it printed appears only in the error. */
function run(
  program: string,
  args: readonly string[],
  where: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<void> {
  return new Promise((done, fail) => {
    const spawned = spawn(program, args, { ...where, stdio: ['ignore', 'pipe', 'pipe'] });
    const child = withPipes(program, spawned, (text) => new BuildError(text));
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (error) => fail(new BuildError(startFailure(program, error))));
    child.once('close', (code) => {
      if (code === 0) done();
      else fail(new BuildError(`${program} failed (${code}):\n${output.trimEnd()}`));
    });
  });
}

const compilerOf = (options: BuildOptions): string => options.compiler ?? process.env.CXX ?? 'g++';

const sanitizersOf = (options: BuildOptions): string =>
  options.sanitize ?? process.env.SANITIZE ?? '';

function makeArguments(options: BuildOptions): string[] {
  return ['-s', '-j2', `CXX=${compilerOf(options)}`, `SANITIZE=${sanitizersOf(options)}`];
}

/** Name of the output folder for a compiler and a sanitizer; simulator/Makefile has the same rule. */
function variant(options: BuildOptions): string {
  const sanitizers = sanitizersOf(options)
    .split(',')
    .filter((name) => name !== '');
  const parts = [basename(compilerOf(options)), ...sanitizers];
  return parts.length === 1 && parts[0] === 'g++' ? 'build' : join('build', parts.join('-'));
}

/** The kernel process, as `buildSimulator` leaves it. */
export function kernelProgram(options: BuildOptions = {}): string {
  return join(packageRoot(), 'simulator', variant(options), 'dextsim');
}

/** Builds the kernel process and the libraries of both sides. */
export async function buildSimulator(options: BuildOptions = {}): Promise<void> {
  requireTools(['make', compilerOf(options)]);
  const folder = join(packageRoot(), 'simulator');
  await run('make', ['-C', folder, ...makeArguments(options)], { cwd: folder });
}

function cppFiles(folder: string): string[] {
  if (!existsSync(folder)) throw new BuildError(`${folder} does not exist; run dextgen gen first`);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.cpp'))
    .sort()
    .map((name) => join(folder, name));
}

function bundleIdentifier(generated: string): { identifier: string; driver: string } {
  const file = join(generated, 'model.json');
  if (!existsSync(file)) throw new BuildError(`${file} does not exist; run dextgen gen first`);
  const model = JSON.parse(readFileSync(file, 'utf8'));
  return { identifier: model.bundle.identifier, driver: `${model.name}Driver` };
}

/** Builds a dext for the simulator from its generated and its own sources; returns the bundle's folder. */
export async function buildDext(options: DextBuild): Promise<string> {
  const project = options.project ?? process.cwd();
  const generated = options.generated ?? join(project, 'generated', options.interface);
  const own = options.dext ?? join(project, 'dext', options.interface);
  const out = options.out ?? join(project, 'build', 'sim', options.interface);
  const runtime = join(packageRoot(), 'runtime');
  const { identifier, driver } = bundleIdentifier(generated);
  const sources = [join(generated, 'dispatch'), own].flatMap(cppFiles);
  const includes = [join(generated, 'wire'), join(generated, 'dispatch'), own];
  const variables = {
    NAME: options.interface,
    IIG: [join(generated, 'iig'), own].join(' '),
    SOURCES: sources.join(' '),
    INCLUDES: includes.join(' '),
    RUNTIME: [join(runtime, 'dext'), join(runtime, 'wire')].join(' '),
    PLIST: join(generated, 'plist', 'Info.plist'),
    ENTITLEMENTS: join(generated, 'plist', `${driver}.entitlements`),
    OUT: out,
  };
  await makeDext(options, variables);
  return join(out, `${identifier}.dext`);
}

/** Runs the Makefile's `dext` goal; `variables` are those that its head describes. */
export async function makeDext(
  options: BuildOptions,
  variables: Readonly<Record<string, string>>,
): Promise<void> {
  requireTools(['make', compilerOf(options)]);
  const folder = join(packageRoot(), 'simulator');
  const settings = Object.entries(variables).map(([key, value]) => `${key}=${value}`);
  await run('make', ['-C', folder, 'dext', ...makeArguments(options), ...settings], {
    cwd: folder,
  });
}

/** Where Node's own headers are, when they were installed with it; node-gyp fetches them otherwise. */
function headerArguments(): string[] {
  const prefix = dirname(dirname(process.execPath));
  return existsSync(join(prefix, 'include', 'node', 'node_api.h')) ? [`--nodedir=${prefix}`] : [];
}

/** node-gyp's makefile does not know the library it links, so an addon older than it is linked again. */
function isOlder(file: string, than: string): boolean {
  if (!existsSync(file) || !existsSync(than)) return false;
  return statSync(file).mtimeMs < statSync(than).mtimeMs;
}

/** node-gyp's makefile takes what an interrupted build left for whole, so after one everything is built again. */
async function finishing(folder: string, work: () => Promise<void>): Promise<void> {
  const build = join(folder, 'build');
  const mark = join(build, '.unfinished');
  if (existsSync(mark) && !isRunning(Number(readFileSync(mark, 'utf8')))) {
    rmSync(build, { recursive: true });
  }
  mkdirSync(build, { recursive: true });
  writeFileSync(mark, String(process.pid));
  await work();
  rmSync(mark, { force: true });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return pid !== process.pid;
  } catch {
    return false;
  }
}

export type AddonBuild = {
  readonly interface: string;
  readonly project?: string;
  /** What the C++ compiler is told after everything else, for instance `-O0`. */
  readonly flags?: string;
};

/** Builds `generated/<interface>/addon` with node-gyp, as a user would; returns the addon's path. */
export async function buildAddon(options: AddonBuild): Promise<string> {
  requireTools(['make', 'g++', 'python3']);
  const project = options.project ?? process.cwd();
  const folder = join(project, 'generated', options.interface, 'addon');
  const addon = join(folder, 'build', 'Release', `${options.interface}.node`);
  const gyp = require.resolve('node-gyp/bin/node-gyp.js');
  if (isOlder(addon, join(packageRoot(), 'simulator', 'build', 'libiokit.a'))) rmSync(addon);
  const args = [gyp, 'configure', 'build', '-C', folder, ...headerArguments()];
  const { flags } = options;
  const env = flags === undefined ? process.env : { ...process.env, CXXFLAGS: flags };
  await finishing(folder, () => run(process.execPath, args, { cwd: folder, env }));
  return addon;
}
