// Runs every test file in a process of its own and adds up what uvu reports. A file that reports nothing
// (it forgot `test.run()`), leaves a suite unrun, hangs, or exits badly fails; so does a run without files.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { reasonsOf } from './harness/reasons.js';

type Outcome = {
  readonly file: string;
  readonly passed: number;
  readonly failed: number;
  readonly seconds: number;
  readonly output: string;
};

/** What a test file did: it hangs when a test of it takes longer than `STILL_MS`. */
type Run = { readonly code: number | null; readonly seconds: number; readonly output: string };

const compiled = dirname(fileURLToPath(import.meta.url));
const root = join(compiled, '..', '..', '..');
/** How long one test may take, its builds included, on a machine that does much else. */
const STILL_MS = 600_000;
const harness = new URL('./harness/register.js', import.meta.url).href;
/** A test that is compiled beside the client it uses (test/interfaces/README.md). */
const INTERFACE_APP = /^interfaces[\\/][^\\/]+[\\/]app\.ts$/;

/** Test sources, by their path below test/, that match one of the patterns (substrings); all without patterns. */
function findTests(patterns: readonly string[]): string[] {
  const all = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.test.ts') || INTERFACE_APP.test(path))
    .sort();
  return patterns.length === 0 ? all : all.filter((p) => patterns.some((x) => p.includes(x)));
}

/** What uvu prints last; null when a file never ran a suite to its end. */
function readTotals(output: string): { total: number; passed: number } | null {
  const total = /^\s*Total:\s+(\d+)$/m.exec(output)?.[1];
  const passed = /^\s*Passed:\s+(\d+)$/m.exec(output)?.[1];
  return total === undefined || passed === undefined
    ? null
    : { total: Number(total), passed: Number(passed) };
}

/** A suite that is declared but never run would pass silently. */
function unrunSuites(file: string): number {
  const text = readFileSync(join(root, 'test', file), 'utf8');
  const declared = (text.match(/\bsuite(<[^>]*>)?\(/g) ?? []).length || 1;
  return Math.max(0, declared - (text.match(/\.run\(\)/g) ?? []).length);
}

function failure(file: string, seconds: number, output: string): Outcome {
  return { file, passed: 0, failed: 1, seconds, output };
}

function judge(file: string, { code, seconds, output }: Run): Outcome {
  const totals = readTotals(output);
  if (totals === null)
    return failure(file, seconds, `${output}\nno suite ran to its end (exit ${code})`);
  if (totals.total === 0) return failure(file, seconds, `${output}\nno test ran`);
  const unrun = unrunSuites(file);
  if (unrun > 0) return failure(file, seconds, `${output}\n${unrun} suite(s) without .run()`);
  const failed = totals.total - totals.passed;
  if (failed === 0 && code !== 0) return failure(file, seconds, `${output}\nexit ${code}`);
  return { file, passed: totals.passed, failed, seconds, output };
}

/** Runs a file in a process, and a process group, of its own. It tells on a third pipe which test it runs. */
function startFile(script: string): Promise<Run> {
  return new Promise((done) => {
    const started = performance.now();
    const child = spawn(process.execPath, ['--import', harness, '--expose-gc', script], {
      cwd: root,
      env: { ...process.env, FORCE_COLOR: '0' },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    let output = '';
    let running = 'no test yet';
    const end = (): void => {
      output += `\nHANGS in "${running}": no other test has begun for ${STILL_MS / 1000} s`;
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    };
    const timer = setTimeout(end, STILL_MS);
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout?.on('data', collect);
    child.stderr?.on('data', collect);
    child.stdio[3]?.on('data', (chunk: Buffer) => {
      running = chunk.toString().trimEnd().split('\n').at(-1) ?? running;
      timer.refresh();
    });
    child.on('close', (code) => {
      clearTimeout(timer);
      done({ code, seconds: (performance.now() - started) / 1000, output });
    });
  });
}

async function runFile(file: string): Promise<Outcome> {
  const folder = INTERFACE_APP.test(file) ? join(root, 'build') : compiled;
  const script = join(folder, file.replace(/\.ts$/, '.js'));
  if (!existsSync(script)) return failure(file, 0, `${script} was not compiled`);
  return judge(file, await startFile(script));
}

const nameOf = ({ file }: Outcome): string => file.split(sep).join('/');

function report(outcome: Outcome): void {
  const mark = outcome.failed === 0 ? 'ok  ' : 'FAIL';
  const { passed, seconds } = outcome;
  console.log(`${mark} ${nameOf(outcome)}  ${passed} passed  ${seconds.toFixed(1)} s`);
  if (outcome.failed > 0) console.log(outcome.output.replace(/^/gm, '     '));
}

/** What failed once more, briefly: a long log is often seen from its end. */
function summarize(outcomes: readonly Outcome[]): void {
  for (const outcome of outcomes.filter(({ failed }) => failed > 0)) {
    console.log(`FAIL ${nameOf(outcome)}`);
    for (const reason of reasonsOf(outcome.output)) console.log(`     ${reason}`);
  }
}

/** The end-to-end tests, which start many processes, run alone, after the others, which run two at a time. */
async function runAll(files: readonly string[]): Promise<Outcome[]> {
  const alone = (file: string): boolean => /^e2e[\\/]/.test(file);
  const shared = files.filter((file) => !alone(file));
  const outcomes: Outcome[] = [];
  const work = async (queue: string[]): Promise<void> => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const outcome = await runFile(file);
      report(outcome);
      outcomes.push(outcome);
    }
  };
  await Promise.all([work(shared), work(shared)]);
  await work(files.filter(alone));
  return outcomes;
}

const files = findTests(process.argv.slice(2));
if (files.length === 0) {
  console.error(
    `no test file matches ${process.argv.slice(2).join(' ') || relative(root, 'test')}`,
  );
  process.exit(1);
}
const outcomes = await runAll(files);
const sum = (pick: (o: Outcome) => number): number => outcomes.reduce((n, o) => n + pick(o), 0);
console.log(`${sum((o) => o.passed)} passed, ${sum((o) => o.failed)} failed`);
summarize(outcomes);
process.exitCode = sum((o) => o.failed) === 0 ? 0 : 1;
