// kill -9 of the kernel process, a dext and a client, in every combination: who is left goes on or ends, says why, and
// holds nothing of who is gone (counted: processes, descriptors, kernel objects, files).
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startSimulator } from 'dextgen/simulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type Bench, startBench, until, within } from './support.js';

const killed = suite('killed processes');

type Victim = 'kernel' | 'dext' | 'client';

/** Calls until that fails, and then says with what. */
const CLIENT = `
  import { Scope } from './build/js/generated/scope/client/scope.js';
  const scope = await Scope.open({ timeout: 60_000 });
  const stream = scope.packets();
  await stream.open();
  console.log('open');
  try {
    for (;;) await scope.setSampleRate({ hz: 1000 });
  } catch (error) {
    console.log(error.name);
  }
  await scope.close().catch(() => undefined);`;

type Client = { readonly child: ChildProcess; readonly output: () => string };

async function startClient(): Promise<Client> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', CLIENT], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  await until(() => output.includes('open') || child.exitCode !== null, 'the client has opened');
  assert.is(child.exitCode, null, output);
  return { child, output: () => output };
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const descriptors = (): number => readdirSync('/dev/fd').length;
/** A folder for temporary files that nobody else has. */
const temporary = mkdtempSync('/tmp/killed-'); // short enough for sockets
process.env.TMPDIR = temporary;
process.once('exit', () => rmSync(temporary, { recursive: true, force: true }));

/** What could be left where others can see it. */
const files = (): readonly string[] => readdirSync(temporary);

async function dextPid({ simulator }: Bench): Promise<number> {
  const [dext] = await simulator.processes();
  if (dext === undefined) throw new Error('no dext runs');
  return dext.pid;
}

type Counts = Readonly<Record<string, number>>;

/** The kernel holds what it held before, serves the dext's successor, and a new client. */
async function survives(bench: Bench, before: Counts, dextDied: boolean): Promise<void> {
  const { simulator } = bench;
  let now: Counts = {};
  const settled = async (): Promise<boolean> => {
    now = await simulator.counts();
    return Object.entries(before).every(([kind, n]) => (now[kind] ?? 0) <= n);
  };
  await until(settled, 'as before').catch(() => assert.equal(now, before));
  if (dextDied) await until(async () => (await dextPid(bench)) > 0, 'the dext runs again');
  const scope = await bench.open();
  await scope.setSampleRate({ hz: 1000 });
  await scope.close();
}

async function strike(victims: readonly Victim[]): Promise<void> {
  const bench = await startBench();
  const { simulator } = bench;
  const folder = dirname(simulator.env.DEXTGEN_SIM_SOCKET ?? '');
  try {
    await bench.plug({ rate: 1000 });
    await (await bench.open()).close();
    await until(async () => (await simulator.counts()).userClients === 0, 'no connection');
    const before = await simulator.counts();
    const client = await startClient();
    const pids = {
      kernel: simulator.pid,
      dext: await dextPid(bench),
      client: client.child.pid ?? 0,
    };
    // 0 would be this process's own group.
    assert.ok(
      Object.values(pids).every((pid) => pid > 0),
      JSON.stringify(pids),
    );
    const ended = once(client.child, 'close');
    for (const victim of victims) process.kill(pids[victim], 'SIGKILL');
    for (const victim of victims) {
      await until(() => !isRunning(pids[victim]), `the ${victim} is gone`);
    }
    const hasDied = (name: Victim): boolean => victims.includes(name);
    // A client lives on the dext's answers, and a dext on the kernel's socket.
    if (hasDied('kernel') || hasDied('dext')) {
      await within('the end of the client', ended);
      if (!hasDied('client')) assert.match(client.output(), /^open\n\w+Error\n$/);
    }
    if (hasDied('kernel')) {
      await until(() => !isRunning(pids.dext), 'the dext ends without its kernel');
      await within('the session ends', simulator.ended);
    } else {
      await survives(bench, before, hasDied('dext'));
    }
  } finally {
    await within('shutdown', simulator.shutdown());
  }
  assert.not.ok(existsSync(folder), 'its folder');
}

const COMBINATIONS: readonly (readonly Victim[])[] = [
  ['client'],
  ['dext'],
  ['kernel'],
  ['dext', 'client'],
  ['kernel', 'client'],
  ['kernel', 'dext'],
  ['kernel', 'dext', 'client'],
];

// What the addon opens once for the process is there before anything is counted.
killed.before(async () => {
  const bench = await startBench();
  await bench.plug();
  await (await bench.open()).close();
  await bench.simulator.shutdown();
});

for (const victims of COMBINATIONS) {
  killed(`kill -9 of ${victims.join(' and ')}`, async () => {
    const before = { descriptors: descriptors(), files: files() };
    await strike(victims);
    await until(() => descriptors() <= before.descriptors, 'no descriptor is left');
    assert.equal(files(), before.files);
  });
}

killed('what a start left that was killed with its kernel goes with the next start', async () => {
  const script = `
    import { startSimulator } from 'dextgen/simulator';
    const simulator = await startSimulator();
    console.log(simulator.env.DEXTGEN_SIM_SOCKET);
    process.kill(simulator.pid, 'SIGKILL');
    process.kill(process.pid, 'SIGKILL');`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  await once(child, 'close');
  const folder = dirname(output.trim());
  assert.ok(existsSync(join(folder, 'kernel.sock')), 'both were killed');
  const other = join(tmpdir(), `dextsim-${process.pid}-living`);
  mkdirSync(other);
  try {
    await using _simulator = await startSimulator();
    assert.not.ok(existsSync(folder));
    assert.ok(existsSync(other), 'of a process that runs');
  } finally {
    rmdirSync(other);
  }
});

killed.run();
