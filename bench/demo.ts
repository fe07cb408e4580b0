// The demo's figures: nothing lost at the device's own rate, throughput at full speed, memory over ten million packets.
import { spawn } from 'node:child_process';
import { type Figure, figure, median } from './figure.js';
import { processTree, residentMiB } from './processes.js';

type Result = {
  readonly sent: number;
  readonly received: number;
  readonly lost: number;
  readonly outOfOrder: number;
  readonly perSecond: number;
  readonly p50LatencyUs: number;
  readonly p99LatencyUs: number;
};

type Sample = { readonly client: number; readonly dext: number };
type Run = { readonly result: Result; readonly samples: readonly Sample[] };

const SAMPLE_MS = 500;
const MEMORY_PACKETS = 10_000_000;

function sampleTree(pid: number): Sample {
  const dext = processTree(pid).find((each) => each.command.includes('.dext/'));
  return { client: residentMiB(pid), dext: dext === undefined ? 0 : residentMiB(dext.pid) };
}

function runDemo(seconds: number, rate: number): Promise<Run> {
  const args = ['build/js/examples/scope/demo.js', '--json'];
  return new Promise((done, fail) => {
    const options = ['--seconds', String(seconds), '--rate', String(rate)];
    const child = spawn(process.execPath, [...args, ...options], { stdio: 'pipe' });
    const samples: Sample[] = [];
    const timer = setInterval(() => samples.push(sampleTree(child.pid ?? 0)), SAMPLE_MS);
    let output = '';
    let complaint = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      complaint += chunk.toString();
    });
    child.once('close', (code) => {
      clearInterval(timer);
      if (code === 0) done({ result: JSON.parse(output), samples });
      else fail(new Error(`the demo failed (${code}): ${complaint}`));
    });
  });
}

const unaccounted = (r: Result): number => r.sent - r.received - r.lost;

/** How much the highest reading of the last third lies above that of the second. */
function growth(samples: readonly number[]): number {
  const living = samples.filter((mib) => mib > 0);
  const third = Math.floor(living.length / 3);
  return Math.max(...living.slice(2 * third)) - Math.max(...living.slice(third, 2 * third));
}

export async function benchDemo(): Promise<Figure[]> {
  const { result: calm } = await runDemo(10, 100);
  const { result: later } = await runDemo(20, 100);
  const fast: Result[] = [];
  for (let i = 0; i < 3; i++) fast.push((await runDemo(4, 0)).result);
  const perSecond = median(fast.map((r) => r.perSecond));
  // Three times as long, so that the last third is compared with one that is warm as well.
  const long = await runDemo(Math.ceil((3 * MEMORY_PACKETS) / perSecond), 0);
  return [
    figure('demo.100hz.received', calm.received, 'packets'),
    figure('demo.100hz.lost', calm.lost + later.lost, 'packets', { exactly: 0 }),
    figure('demo.100hz.outOfOrder', calm.outOfOrder + later.outOfOrder, 'packets', { exactly: 0 }),
    figure('demo.100hz.unaccounted', unaccounted(calm), 'packets', { exactly: 0 }),
    figure('demo.100hz.p50Latency', calm.p50LatencyUs, 'us'),
    figure('demo.100hz.p99Latency', calm.p99LatencyUs, 'us'),
    // A backlog that grows with time would show as latency that grows with time.
    figure('demo.100hz.backlog', later.p50LatencyUs / calm.p50LatencyUs, 'x', { atMost: 1.5 }),
    figure('demo.max.perSecond', perSecond, 'packets/s', { atLeast: 500_000 }),
    figure('demo.max.lost', median(fast.map((r) => r.lost)), 'packets'),
    figure('demo.max.outOfOrder', Math.max(...fast.map((r) => r.outOfOrder)), 'packets', {
      exactly: 0,
    }),
    figure(
      'demo.max.unaccounted',
      Math.max(...fast.map((r) => Math.abs(unaccounted(r)))),
      'packets',
      {
        exactly: 0,
      },
    ),
    figure('demo.memory.packets', long.result.sent, 'packets', { atLeast: MEMORY_PACKETS }),
    figure('demo.memory.clientGrowth', growth(long.samples.map((s) => s.client)), 'MiB', {
      atMost: 8,
    }),
    figure('demo.memory.dextGrowth', growth(long.samples.map((s) => s.dext)), 'MiB', { atMost: 1 }),
  ];
}
