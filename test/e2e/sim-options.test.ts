// The options of `dextgen sim` that other tests do not type: assumptions, signals, a device played in the foreground, JSON of
// every command, versions; each with its exit code and what it says.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SCOPE_BUNDLE, SCOPE_ENTITLEMENTS, until } from './support.js';

type Context = { folder: string; device: string };
const options = suite<Context>('sim options');

const BIN = resolve('generator/bin.mjs');
const DEVICE = `
vendor: 0x0957
product: 0x179a
productName: Oscilloscope
configurations:
  - { value: 1, interfaces: [{ number: 0, endpoints: [{ address: 0x81, type: bulk, maxPacketSize: 512 }] }] }
control: [{ requestType: 0x40, request: 1 }]
`;

let environment: NodeJS.ProcessEnv = {};

type Run = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

const sim = (...args: readonly string[]): Run =>
  spawnSync(process.execPath, [BIN, 'sim', ...args], {
    encoding: 'utf8',
    env: environment,
    timeout: 200_000,
  });

function succeed(...args: readonly string[]): string {
  const { status, stdout, stderr } = sim(...args);
  assert.is(status, 0, `${args.join(' ')}: ${stderr}`);
  return stdout;
}

const spawnSim = (args: readonly string[]): ChildProcess =>
  spawn(process.execPath, [BIN, 'sim', ...args], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });

async function lineOf(child: ChildProcess, wanted: RegExp): Promise<string> {
  if (child.stdout === null) throw new Error('no output');
  for await (const line of createInterface(child.stdout)) if (wanted.test(line)) return line;
  throw new Error(`ended without ${wanted}`);
}

type Row = { readonly kind: string; readonly pid: number };
const rows = (name: string): readonly Row[] =>
  JSON.parse(succeed('ps', '--json', '--simulator', name));
const dextPid = (name: string): number | undefined =>
  rows(name).find(({ kind }) => kind === 'dext')?.pid;

/** A simulator of its own for the time of `use`, which ends with `stop`. */
async function within(
  name: string,
  more: readonly string[],
  use: (name: string) => Promise<void>,
): Promise<void> {
  const rights = ['--entitlements', SCOPE_ENTITLEMENTS];
  const child = spawnSim(['run', resolve(SCOPE_BUNDLE), '--simulator', name, ...rights, ...more]);
  const gone = once(child, 'exit');
  try {
    await lineOf(child, /running \(pid \d+\)/);
    child.stdout?.resume();
    await use(name);
    succeed('stop', '--simulator', name);
    assert.is((await gone)[0], 0);
  } finally {
    child.kill('SIGKILL');
  }
}

options.before((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'dextgen-sim-options-'));
  chmodSync(context.folder, 0o700);
  context.device = join(context.folder, 'scope.yaml');
  writeFileSync(context.device, DEVICE);
  const { DEXTGEN_SIM_SOCKET: _, ...rest } = process.env;
  environment = { ...rest, XDG_RUNTIME_DIR: context.folder };
});

options.after(({ folder }) => {
  rmSync(folder, { recursive: true, force: true });
});

/** The dext's process before and after its device was pulled and plugged in again. */
async function replugged(name: string, device: string): Promise<readonly (number | undefined)[]> {
  succeed('plug', device, '--simulator', name);
  await until(() => dextPid(name) !== undefined, 'the dext');
  const before = dextPid(name);
  succeed('unplug', 'all', '--simulator', name);
  const isGone = (): boolean => !succeed('registry', '--simulator', name).includes('ScopeDriver');
  await until(isGone, 'the service is gone');
  succeed('plug', device, '--simulator', name);
  await until(() => !isGone() && dextPid(name) !== undefined, 'the service is back');
  return [before, dextPid(name)];
}

options('--assume: a process in which nothing is left ends, or stays', async ({ device }) => {
  await within('exits', [], async (name) => {
    const [before, after] = await replugged(name, device);
    assert.is.not(after, before);
  });
  await within(
    'stays',
    ['--assume', 'idle-dext=stays', '--assume', 'usb-length=any'],
    async (name) => {
      const [before, after] = await replugged(name, device);
      assert.is(after, before);
    },
  );
});

options('--assume: what it does not know is wrong usage', () => {
  const wrong = (assumption: string): string => {
    const { status, stdout, stderr } = sim('run', '--assume', assumption, '--simulator', 'x');
    assert.is(status, 2, stdout);
    return stderr.split('\n')[0] ?? '';
  };
  assert.match(
    wrong('usb-lenght=any'),
    /^dextgen: --assume does not know "usb-lenght"; did you mean "usb-length"\?/,
  );
  assert.is(wrong('usb-length=some'), 'dextgen: --assume usb-length is packets or any, not "some"');
  assert.match(wrong('usb-length'), /^dextgen: --assume usb-length is packets or any, not ""$/);
});

options('kill: by a signal, in words and in JSON', async ({ device }) => {
  await within('signals', ['--device', device], async (name) => {
    await until(() => dextPid(name) !== undefined, 'the dext');
    const first = dextPid(name);
    assert.is(
      succeed('kill', 'ScopeDriver', '--signal', 'sigterm', '--simulator', name),
      'killed 1 dext\n',
    );
    await until(() => ![undefined, first].includes(dextPid(name)), 'its successor');
    assert.match(succeed('log', '--simulator', name), /was ended by signal 15/);
    assert.equal(JSON.parse(succeed('kill', '--json', '--simulator', name)), { killed: 1 });
  });
});

options('plug --foreground plays the device until Ctrl-C; unplug in JSON', async ({ device }) => {
  await within('foreground', [], async (name) => {
    const devices = (): readonly Row[] => rows(name).filter(({ kind }) => kind === 'device');
    const player = spawnSim(['plug', device, '--foreground', '--simulator', name]);
    const line = await lineOf(player, /^plugged/);
    assert.match(
      line,
      new RegExp(`^plugged Oscilloscope, 0x\\w+; process ${player.pid} plays it$`),
    );
    assert.equal(
      devices().map(({ pid }) => pid),
      [player.pid],
    );
    player.kill('SIGINT');
    assert.is((await once(player, 'exit'))[0], 0);
    assert.equal(devices(), []);
    const again = spawnSim(['plug', device, '--foreground', '--json', '--simulator', name]);
    const { id, pid } = JSON.parse(await lineOf(again, /^\{/));
    assert.is(pid, again.pid);
    const gone = once(again, 'exit');
    const [unplugged] = JSON.parse(succeed('unplug', 'all', '--json', '--simulator', name));
    assert.is(unplugged.id, id);
    assert.is((await gone)[0], 0, 'the player ends with its device');
  });
});

options('registry --long, parts of it in JSON; --version; --help of every command', async () => {
  await within('look', [], async (name) => {
    const long = succeed('registry', 'IOUserResources', '--long', '--simulator', name);
    assert.match(long, /"IOResourceMatch"|"IOKit"|= /);
    assert.is(long, succeed('registry', 'IOUserResources', '-l', '--simulator', name));
    const parts = JSON.parse(succeed('registry', 'IOUserResources', '--json', '--simulator', name));
    assert.equal(
      parts.map(({ class: kind }: { class: string }) => kind),
      ['IOUserResources'],
    );
  });
  assert.match(succeed('--version'), /^\d+\.\d+\.\d+/);
  for (const command of ['run', 'ps', 'registry', 'log', 'plug', 'unplug', 'kill', 'stop']) {
    assert.match(succeed(command, '--help'), `dextgen sim ${command}`);
  }
});

options.run();
