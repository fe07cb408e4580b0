// The same interface through protobuf's toolchain, for comparison: buf and protoc-gen-es from npm, installed below build/
// by the first run, which therefore needs the registry. Without it the comparison is left out, and says so.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Figure, figure, median } from './figure.js';
import { syntheticProto } from './synthetic.js';

const home = resolve('build', 'bench', 'protobuf');
const bin = join(home, 'node_modules', '.bin');
const packages = [
  '@bufbuild/buf@1.75.0',
  '@bufbuild/protoc-gen-es@2.17.0',
  '@bufbuild/protobuf@2.17.0',
];

const INSTALL_MS = 120_000;
/** protoc-gen-es takes more time per message the more there are: 2.3 s of processor time for 100 methods, 13.5 s for 300. */
const GENERATE_MS = 120_000;
/** A run that takes longer than this is not repeated. */
const SLOW_SECONDS = 10;
const ROUNDS = 5;

/** What is wrong with the tools; null when they are there, installed if need be. */
function faultOfTools(): string | null {
  if (existsSync(join(bin, 'buf')) && existsSync(join(bin, 'protoc-gen-es'))) return null;
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{ "private": true }\n');
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', ...packages];
  const options = { cwd: home, encoding: 'utf8', timeout: INSTALL_MS } as const;
  const { status, stderr } = spawnSync('npm', args, options);
  return status === 0 ? null : `npm could not install them: ${stderr.trim().split('\n')[0] ?? ''}`;
}

/** The folder of a project with `methods` calls. */
function makeProject(methods: number): string {
  const folder = join(home, String(methods));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'synthetic', 'v1'), { recursive: true });
  writeFileSync(join(folder, 'buf.yaml'), 'version: v2\n');
  const plugin = join(bin, 'protoc-gen-es');
  const generation = `version: v2\nplugins:\n  - local: ${plugin}\n    out: gen\n    opt: target=ts\n`;
  writeFileSync(join(folder, 'buf.gen.yaml'), generation);
  writeFileSync(join(folder, 'synthetic', 'v1', 'synthetic.proto'), syntheticProto(methods));
  return folder;
}

/** Seconds of `buf generate` from nothing; null when it was stopped. */
function generate(folder: string): Promise<number | null> {
  rmSync(join(folder, 'gen'), { recursive: true, force: true });
  const started = performance.now();
  // A group of its own, since buf runs the plugin as a process below it.
  const child = spawn(join(bin, 'buf'), ['generate'], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stopped = false;
  const timer = setTimeout(() => {
    stopped = true;
    if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
  }, GENERATE_MS);
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (code) => {
      clearTimeout(timer);
      if (stopped) done(null);
      else if (code === 0) done((performance.now() - started) / 1000);
      else fail(new Error(`buf generate: ${complaint}`));
    });
  });
}

/** Ours and buf's in turn, so that both see the same machine. `own` generates from nothing and says how long it took. */
export async function* compareProtobuf(methods: number, own: () => number): AsyncGenerator<Figure> {
  const fault = faultOfTools();
  if (fault !== null) {
    console.error(
      `gen.buf.${methods}: left out, since buf and protoc-gen-es are missing. ${fault}`,
    );
    return;
  }
  const folder = makeProject(methods);
  const ours: number[] = [];
  const theirs: number[] = [];
  let last: number | null = 0;
  for (let round = 0; round < ROUNDS && last !== null && last < SLOW_SECONDS; round++) {
    ours.push(own());
    last = await generate(folder);
    theirs.push(last ?? GENERATE_MS / 1000);
  }
  const [our, their] = [median(ours), median(theirs)];
  yield figure(`gen.write.${methods}`, our, 's');
  yield figure(`gen.buf.${methods}`, their, last === null ? 's, and was stopped' : 's');
  yield figure(`gen.overBuf.${methods}`, our / their, last === null ? 'x at most' : 'x');
}
