// How long the generator takes as a whole process, and how that grows with the interface.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Figure, figure, median } from './figure.js';
import { syntheticSchema } from './synthetic.js';

const root = process.cwd();
const launcher = join(root, 'generator', 'bin.mjs');

function run(args: readonly string[], cwd: string): number {
  const started = performance.now();
  const result = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  const seconds = (performance.now() - started) / 1000;
  if (result.status !== 0) throw new Error(`${args.join(' ')}: ${result.stdout}${result.stderr}`);
  return seconds;
}

function times(count: number, measure: () => number): number {
  return median(Array.from({ length: count }, measure));
}

/** Seconds of `gen --check` on a synthetic interface of `methods` methods. */
function checkSynthetic(folder: string, methods: number, runs: number): number {
  const home = join(folder, String(methods));
  mkdirSync(join(home, 'schema'), { recursive: true });
  writeFileSync(join(home, 'schema', 'synthetic.yaml'), syntheticSchema(methods));
  run([launcher, 'gen'], home);
  return times(runs, () => run([launcher, 'gen', '--check'], home));
}

export async function benchGen(): Promise<Figure[]> {
  const check = (): number => run([launcher, 'gen', '--check'], root);
  check(); // builds the bundle and its code cache on a fresh checkout
  const folder = mkdtempSync(join(tmpdir(), 'dextgen-bench-'));
  try {
    const node = times(9, () => run(['-e', '1'], root));
    const scope = times(9, check);
    const hundred = checkSynthetic(folder, 100, 5);
    const thousand = checkSynthetic(folder, 1000, 5);
    const tenThousand = checkSynthetic(folder, 10_000, 3);
    return [
      figure('gen.node', node, 's'),
      figure('gen.check.scope', scope, 's', { atMost: 0.5 }),
      // The goal is half a second where node itself takes 0.08 s; as a ratio it holds on any machine.
      figure('gen.check.scopeOverNode', scope / node, 'x', { atMost: 0.5 / 0.08 }),
      figure('gen.check.100', hundred, 's'),
      figure('gen.check.1000', thousand, 's', { atMost: 2 }),
      figure('gen.check.10000', tenThousand, 's'),
      figure('gen.growth.100to1000', thousand / hundred, 'x', { atMost: 12 }),
      figure('gen.growth.1000to10000', tenThousand / thousand, 'x', { atMost: 12 }),
    ];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
