// The simulator: what a call costs beside a bare exchange of bytes, how long it takes from nothing to the first answer,
// and whether thousands of connections, unplugs and kills leave anything behind.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Simulator } from 'dextgen/simulator';
import { Scope } from '../generated/scope/client/scope.js';
import { startBench } from '../test/e2e/support.js';
import { startInterface } from '../test/interfaces/bench.js';
import { until } from '../test/waiting.js';
import { type Figure, figure, median } from './figure.js';
import { processTree, residentMiB } from './processes.js';

const CYCLES = 1000;
/** Until what the kernel keeps on purpose is full: 2,000 lines of its log, 256 entries that were removed. */
const WARM_UP = 600;
const CLIENTS = 64;

type Dimmer = { setLevel(input: { level: number }): Promise<unknown>; close(): Promise<void> };
type DimmerModule = { Dimmer: { open(options: { timeout: number }): Promise<Dimmer> } };

/** The client lies where test/interfaces has put it, out of the compiler's sight. */
async function dimmerModule(): Promise<DimmerModule['Dimmer']> {
  const path = resolve('build/interfaces/dimmer/generated/dimmer/client/dimmer.js');
  return ((await import(path)) as DimmerModule).Dimmer;
}

function buildScalarCall(): string {
  const out = resolve('build/bench');
  mkdirSync(out, { recursive: true });
  const source = resolve('bench/native/scalar_call.cpp');
  const settings = ['NAME=scalar_call', `SOURCES=${source}`, `OUT=${out}`, 'OPTIMIZE=-O2'];
  execFileSync('make', ['-s', '-C', 'simulator', 'program', ...settings], { stdio: 'inherit' });
  return join(out, 'scalar_call');
}

async function benchCall(): Promise<Figure[]> {
  const program = buildScalarCall();
  await using _bench = await startInterface('dimmer');
  const dimmer = await (await dimmerModule()).open({ timeout: 5000 });
  await dimmer.close();
  const run = spawnSync(program, ['DimmerDriver', '1', '15', '5000'], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`scalar_call: ${run.stderr}`);
  const [bare = 0, call = 0] = run.stdout.trim().split(' ').map(Number);
  return [
    figure('sim.pingPong', bare / 1000, 'us'),
    figure('sim.call', call / 1000, 'us'),
    figure('sim.callOverPingPong', call / bare, 'x', { atMost: 1.3 }),
  ];
}

/** Kernel process, dext, matching, open, handshake and one call, by a client that is loaded already. */
async function benchFirstCall(): Promise<Figure[]> {
  const Client = await dimmerModule();
  const times: number[] = [];
  for (let round = 0; round < 9; round++) {
    const started = performance.now();
    await using _bench = await startInterface('dimmer');
    const dimmer = await Client.open({ timeout: 5000 });
    await dimmer.setLevel({ level: 1 });
    times.push((performance.now() - started) / 1000);
    await dimmer.close();
  }
  return [figure('sim.firstCall', median(times), 's', { atMost: 0.5 })];
}

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** What everything holds, by kind: this process, the kernel process and the dexts. */
type Holdings = Readonly<Record<string, number>>;

/** None of a process that has ended meanwhile. */
function openFiles(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  return existsSync(folder) ? readdirSync(folder).length : 0;
}

async function holdings(simulator: Simulator): Promise<Holdings> {
  collect(); // An earlier simulator's connection is open until nobody can have its services any more
  const processes = processTree(simulator.pid);
  const pids = [process.pid, ...processes.map(({ pid }) => pid)];
  return {
    ...(await simulator.counts()),
    processes: processes.length,
    descriptors: pids.reduce((sum, pid) => sum + openFiles(pid), 0),
  };
}

/** Looks that have to be alike before nothing is on its way any more. */
const LOOKS = 20;

/** What is held once nothing is on its way: a process that still ends would be missing later. */
async function holdingsAtRest(simulator: Simulator): Promise<Holdings> {
  let last = await holdings(simulator);
  let alike = 0;
  await until(async () => {
    const now = await holdings(simulator);
    alike = isDeepStrictEqual(now, last) ? alike + 1 : 0;
    last = now;
    return alike >= LOOKS;
  }, 'nothing is on its way');
  return last;
}

/** What is held more than before, once what is on its way has arrived. */
async function leftBehind(simulator: Simulator, before: Holdings): Promise<Holdings> {
  let more: (readonly [string, number])[] = [];
  const settled = async (): Promise<boolean> => {
    const now = await holdings(simulator);
    more = Object.entries(now).map(([kind, n]) => [kind, n - (before[kind] ?? 0)] as const);
    return more.every(([, n]) => n <= 0);
  };
  await until(settled, 'everything is as it was').catch(() => undefined);
  return Object.fromEntries(more);
}

/** What the kernel process holds before and after as many cycles. */
async function cycles(
  name: string,
  simulator: Simulator,
  cycle: () => Promise<void>,
): Promise<Figure[]> {
  for (let i = 0; i < WARM_UP; i++) await cycle();
  const before = await holdingsAtRest(simulator);
  const memory = residentMiB(simulator.pid);
  const started = performance.now();
  for (let i = 0; i < CYCLES; i++) await cycle();
  const perCycle = (performance.now() - started) / CYCLES;
  const { processes = 0, descriptors = 0, ...objects } = await leftBehind(simulator, before);
  const left = Object.values(objects).reduce((sum, n) => sum + Math.max(0, n), 0);
  return [
    figure(`sim.${name}.perCycle`, perCycle, 'ms'),
    figure(`sim.${name}.processes`, processes, 'left', { exactly: 0 }),
    figure(`sim.${name}.descriptors`, descriptors, 'left', { exactly: 0 }),
    figure(`sim.${name}.kernelObjects`, left, 'left', { exactly: 0 }),
    figure(`sim.${name}.kernelGrowth`, residentMiB(simulator.pid) - memory, 'MiB', {
      atMost: 0.25,
    }),
  ];
}

async function benchOpenClose(): Promise<Figure[]> {
  const Client = await dimmerModule();
  await using bench = await startInterface('dimmer');
  await (await Client.open({ timeout: 5000 })).close();
  return await cycles('openClose', bench.simulator, async () => {
    const dimmer = await Client.open({ timeout: 5000 });
    await dimmer.setLevel({ level: 1 });
    await dimmer.close();
  });
}

async function benchUnplug(): Promise<Figure[]> {
  const bench = await startBench();
  await using simulator = bench.simulator;
  return await cycles('unplug', simulator, async () => {
    const { cable } = await bench.plug();
    const scope = await bench.open();
    await scope.setSampleRate({ hz: 100 });
    await cable.unplug();
    await scope.ended;
    await scope.close();
    await until(async () => (await Scope.devices()).length === 0, 'the driver is gone');
  });
}

async function benchKill(): Promise<Figure[]> {
  const Client = await dimmerModule();
  // The kernel gives a dext up that was started a thousand times (contract §4.7), and makes one wait that dies at once.
  const options = ['--max-relaunches', '5000', '--max-relaunch-delay', '0'];
  await using bench = await startInterface('dimmer', { arguments: options });
  return await cycles('kill', bench.simulator, async () => {
    const dimmer = await Client.open({ timeout: 5000 });
    await dimmer.setLevel({ level: 1 });
    await bench.simulator.killDext();
    await dimmer.close();
    const successor = async () => (await bench.simulator.processes()).length === 1;
    await until(successor, 'the dext runs again');
  });
}

/** Processes of their own, each with a connection and a thousand calls, all at once. */
async function benchClients(): Promise<Figure[]> {
  const program = buildScalarCall();
  await using bench = await startInterface('dimmer');
  const dimmer = await (await dimmerModule()).open({ timeout: 5000 });
  const started = performance.now();
  const clients = Array.from(
    { length: CLIENTS },
    () =>
      new Promise<number>((done) => {
        const args = ['DimmerDriver', '1', '1', '1000'];
        spawn(program, args, { stdio: 'ignore' }).once('close', (code) => done(code ?? 1));
      }),
  );
  const failed = (await Promise.all(clients)).filter((code) => code !== 0).length;
  const seconds = (performance.now() - started) / 1000;
  await dimmer.close();
  let left = 0;
  const closed = async (): Promise<boolean> => {
    left = (await bench.simulator.counts()).userClients ?? 0;
    return left === 0;
  };
  await until(closed, 'every connection is closed').catch(() => undefined);
  return [
    figure('sim.clients.failed', failed, `of ${CLIENTS}`, { exactly: 0 }),
    figure('sim.clients.callsPerSecond', (CLIENTS * 2000) / seconds, 'calls/s'),
    figure('sim.clients.left', left, 'user clients', { exactly: 0 }),
  ];
}

export async function* benchSim(): AsyncGenerator<Figure> {
  const groups = [benchCall, benchFirstCall, benchClients, benchOpenClose, benchUnplug, benchKill];
  for (const group of groups) yield* await group();
}
