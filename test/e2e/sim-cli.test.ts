// `dextgen sim` as a user types it: run, look inside, plug, unplug, kill, stop; and what it says when it cannot.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { SCOPE_BUNDLE, SCOPE_ENTITLEMENTS, until } from './support.js';

type Context = { folder: string; device: string; simulator: ChildProcess };
const cli = suite<Context>('sim command line');

const BIN = resolve('generator/bin.mjs');
const DEVICE = `
speed: high
vendor: 0x0957
product: 0x179a
productName: Oscilloscope
configurations:
  - value: 1
    interfaces:
      - { number: 0, endpoints: [{ address: 0x81, type: bulk, maxPacketSize: 512 }] }
feeds: { 0x81: { file: packets.bin, size: 112, every: 10ms, repeat: true } }
control: [{ requestType: 0x40, request: 1 }]
`;

let environment: NodeJS.ProcessEnv = {};

type Run = { readonly status: number | null; readonly stdout: string; readonly stderr: string };

function sim(...args: string[]): Run {
  return spawnSync(process.execPath, [BIN, 'sim', ...args], {
    encoding: 'utf8',
    env: environment,
    timeout: 60_000,
  });
}

function succeed(...args: string[]): string {
  const { status, stdout, stderr } = sim(...args);
  assert.is(status, 0, `${args.join(' ')}: ${stderr}`);
  return stdout;
}

/** What it says, in one line, with exit code 1. */
function complaint(...args: string[]): string {
  const { status, stdout, stderr } = sim(...args);
  assert.is(status, 1, `${args.join(' ')}: ${stdout}${stderr}`);
  assert.is(stderr.trimEnd().split('\n').length, 1, stderr);
  return stderr.trimEnd().replace(/^dextgen: /, '');
}

function start(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [BIN, 'sim', 'run', ...args], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** Resolves with the lines up to the one that is waited for. */
async function linesUntil(child: ChildProcess, found: RegExp): Promise<string[]> {
  const lines: string[] = [];
  if (child.stdout === null) return lines;
  for await (const line of createInterface(child.stdout)) {
    lines.push(line);
    if (found.test(line)) return lines;
  }
  throw new Error(`ended without ${found}:\n${lines.join('\n')}`);
}

cli.before(async (context) => {
  context.folder = mkdtempSync('/tmp/dextgen-sim-cli-'); // short enough for sockets
  chmodSync(context.folder, 0o700);
  context.device = join(context.folder, 'scope.yaml');
  writeFileSync(context.device, DEVICE);
  writeFileSync(join(context.folder, 'packets.bin'), Buffer.alloc(1120, 7));
  const { DEXTGEN_SIM_SOCKET: _, ...rest } = process.env;
  environment = { ...rest, XDG_RUNTIME_DIR: context.folder };
  context.simulator = start([
    resolve(SCOPE_BUNDLE),
    ...['--device', context.device],
    ...['--entitlements', SCOPE_ENTITLEMENTS],
  ]);
  const lines = await linesUntil(context.simulator, /ScopeDriver started/);
  assert.match(lines.join('\n'), 'export DEXTGEN_SIM_SOCKET=');
});

cli.after(({ simulator, folder }) => {
  simulator.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

cli('ps: the kernel, its dexts and devices, each with what is its own', () => {
  const rows = succeed('ps').trimEnd().split('\n');
  assert.match(rows[0] ?? '', /^PID +KIND +NAME +WHAT$/);
  assert.match(rows[1] ?? '', /^\d+ +kernel +dextsim +\/.*\/kernel\.sock$/);
  assert.match(rows[2] ?? '', /^\d+ +dext +com\.example\.Scope\.driver +ScopeDriver 0x\w+$/);
  assert.match(rows[3] ?? '', /^\d+ +device +device +Oscilloscope 0x\w+$/);
  const kinds = JSON.parse(succeed('ps', '--json')).map(({ kind }: { kind: string }) => kind);
  assert.equal(kinds, ['kernel', 'dext', 'device']);
});

cli('registry: the tree as ioreg draws it, its properties, parts of it, JSON', () => {
  // How long each was busy while its driver was started, nobody knows.
  const ids = (text: string): string =>
    text.replace(/0x1\w{8}/g, 'ID').replace(/\(\d+ ms\)/g, '(MS)');
  assert.is(
    ids(succeed('registry')),
    `+-o Root  <class IOPlatformExpertDevice, id ID, registered, matched, active, busy 0 (MS), retain 4>
  +-o IOResources  <class IOResources, id ID, registered, matched, active, busy 0 (MS), retain 2>
  +-o IOUserResources  <class IOUserResources, id ID, registered, matched, active, busy 0 (MS), retain 2>
  +-o Oscilloscope  <class IOUSBHostDevice, id ID, registered, matched, active, busy 0 (MS), retain 3>
    +-o Oscilloscope@0  <class IOUSBHostInterface, id ID, registered, matched, active, busy 0 (MS), retain 3>
      +-o ScopeDriver  <class IOUserService, id ID, registered, matched, active, busy 0 (MS), retain 3>
`,
  );
  const part = succeed('registry', 'IOUSBHostInterface', '-l').split('\n');
  assert.match(part[0] ?? '', /^\+-o Oscilloscope@0 {2}<class IOUSBHostInterface, /);
  assert.ok(part.includes('  |   "idVendor" = 2391'), part.join('\n'));
  assert.ok(
    part.includes(
      '  |   "IOServiceDEXTEntitlements" = ("com.apple.developer.driverkit.transport.usb")',
    ),
  );
  const tree = JSON.parse(succeed('registry', '--json'));
  assert.is(tree.children[2].properties.idProduct, 0x179a);
  const service = tree.children[2].children[0].children[0];
  const { properties: _, entry: __, busyTime: ___, ...facts } = service;
  assert.equal(facts, {
    name: 'ScopeDriver',
    class: 'IOUserService',
    state: 'matched',
    ...{ registered: true, matched: true, active: true },
    ...{ busy: 0, retain: 3, children: [] },
  });
  assert.is(complaint('registry', 'Nothing'), 'no entry is called Nothing');
  assert.is(
    complaint('registry', 'ScopeDiver'),
    'no entry is called ScopeDiver; did you mean "ScopeDriver"?',
  );
});

cli('log: what was, and with -f what comes', async ({ device }) => {
  const text = succeed('log');
  assert.match(text, /^\d\d:\d\d:\d\d\.\d{3} {2}kernel: plugged Oscilloscope \(0x957:0x179a\)$/m);
  const [first] = succeed('log', '--json').split('\n');
  const { time, ...said } = JSON.parse(first ?? '');
  assert.equal(said, { source: 'kernel', text: 'plugged Oscilloscope (0x957:0x179a)' });
  const age = Date.now() - Date.parse(time);
  assert.ok(age >= 0 && age < 600_000, time);
  const follower = spawn(process.execPath, [BIN, 'sim', 'log', '-f'], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const seen = linesUntil(follower, /unplugged Oscilloscope/);
  succeed('plug', device);
  succeed('unplug', 'all');
  await seen;
  follower.kill('SIGINT');
  const [code] = await once(follower, 'exit');
  assert.is(code, 0);
});

cli(
  'plug, unplug: by name, by id, by vendor and product; the player goes with its device',
  async ({ device }) => {
    const plugged = JSON.parse(succeed('plug', device, '--json'));
    assert.is(plugged.name, 'Oscilloscope');
    assert.is(
      succeed('unplug', plugged.id),
      `unplugged Oscilloscope (0x957:0x179a), ${plugged.id}\n`,
    );
    await until(() => !existsSync(`/proc/${plugged.pid}`), 'the player ends');
    succeed('plug', device);
    assert.match(
      complaint('unplug', 'Printer'),
      /^no device is called Printer; there are Oscilloscope \(0x957:0x179a\), 0x\w+$/,
    );
    assert.match(succeed('unplug', '0x957:0x179a'), /^unplugged Oscilloscope/);
    assert.is(complaint('unplug', 'all'), 'no device is called all; none is plugged in');
  },
);

cli('kill: the kernel starts it again', async ({ device }) => {
  const pid = (): number =>
    JSON.parse(succeed('ps', '--json')).find(({ kind }: { kind: string }) => kind === 'dext')?.pid;
  succeed('plug', device);
  await until(() => pid() !== undefined, 'the dext');
  const before = pid();
  assert.is(
    complaint('kill', 'Nobody'),
    'no dext is called Nobody; there are com.example.Scope.driver',
  );
  assert.is(complaint('kill', '--signal', 'WHATEVER'), 'there is no signal WHATEVER');
  assert.is(complaint('kill', '--signal', 'KIL'), 'there is no signal KIL; did you mean "KILL"?');
  assert.is(succeed('kill', 'ScopeDriver'), 'killed 1 dext\n');
  await until(() => ![undefined, before].includes(pid()), 'its successor');
});

cli('a program in a simulator of its own: its environment, its exit code', () => {
  const { status, stdout } = sim(
    'run',
    '--simulator',
    'other',
    '--',
    'sh',
    '-c',
    'echo $DEXTGEN_SIM_SOCKET; exit 7',
  );
  assert.is(status, 7);
  assert.match(stdout, /\/other\/kernel\.sock\n$/);
  assert.is(
    complaint('run', '--simulator', 'other', '--', 'no-such-program'),
    'spawn no-such-program ENOENT',
  );
});

cli('two simulators', async ({ folder }) => {
  assert.match(complaint('run'), 'the simulator "default" runs already');
  const second = start(['--simulator', 'second', '--json']);
  await linesUntil(second, /"name":"second"/);
  assert.is(
    complaint('ps'),
    'several simulators run, choose one with --simulator: default, second',
  );
  assert.match(succeed('ps', '--simulator', 'second'), '/second/kernel.sock');
  succeed('stop', '--simulator', 'second');
  const [code] = await once(second, 'exit');
  assert.is(code, 0);
  assert.match(
    complaint('ps', '--simulator', 'second'),
    /^no simulator is called second; those that run: default$/,
  );
  assert.not.ok(existsSync(join(folder, `dextgen-sim-${userInfo().uid}`, 'second')));
});

cli('a recording is made and replayed', async ({ folder, device }) => {
  const file = join(folder, 'run.jsonl');
  const args = ['run', '--simulator', 'record', '--device', device];
  sim(...args, '--record', file, '--', 'true');
  assert.match(readFileSync(file, 'utf8'), '"event":"plug"');
  const replay = sim(
    'run',
    '--simulator',
    'replay',
    '--replay',
    file,
    '--',
    process.execPath,
    BIN,
    'sim',
    'ps',
  );
  assert.is(replay.status, 0, replay.stderr);
  assert.match(replay.stdout, /device +Oscilloscope/);
  assert.match(
    complaint('run', '--simulator', 'x', '--replay', device),
    /scope\.yaml:1: not a line of JSON/,
  );
});

cli('what cannot run says why', ({ folder, device }) => {
  const other = ['--simulator', 'bad'];
  assert.match(
    complaint('run', 'nothing', ...other),
    /^nothing is neither a bundle .* nor an interface/,
  );
  assert.is(complaint('run', ...other, '--entitlements', '/none'), '/none: no such file');
  const bundle = join(folder, 'Never.dext');
  mkdirSync(bundle);
  symlinkSync(resolve(SCOPE_BUNDLE, 'entitlements.plist'), join(bundle, 'entitlements.plist'));
  const info = readFileSync(join(SCOPE_BUNDLE, 'Info.plist'), 'utf8');
  const never = info.replace(/<key>bInterfaceNumber<\/key>\s*<integer>0<\/integer>/, '');
  assert.is.not(never, info);
  writeFileSync(join(bundle, 'Info.plist'), never);
  assert.match(complaint('run', bundle, ...other), /Never\.dext\/Info\.plist: .* never matches: /);
  assert.match(complaint('plug', join(folder, 'none.yaml')), /none\.yaml: no such file$/);
  assert.match(
    complaint('ps', '--simulator', '/tmp/none.sock'),
    /^no simulator answers at \/tmp\/none\.sock/,
  );
  const long = complaint('run', '--simulator', 'x'.repeat(120));
  assert.match(long, /the socket path .* has \d+ bytes; the system allows \d+/);
  writeFileSync(device, DEVICE.replace('bulk', 'bulky'));
  assert.match(
    complaint('run', ...other, '--device', device),
    'scope.yaml: configurations[0].interfaces[0].endpoints[0].type',
  );
  writeFileSync(device, DEVICE);
});

cli('wrong usage is exit code 2', () => {
  const usage = (...args: string[]): string => {
    const { status, stderr } = sim(...args);
    assert.is(status, 2, stderr);
    return stderr;
  };
  assert.is(
    usage('rgistry'),
    'dextgen: unknown command "rgistry": did you mean "registry"?\nTry: dextgen sim --help\n',
  );
  assert.match(usage('ps', '--jsn'), 'unknown argument "--jsn": did you mean "--json"?');
  assert.match(usage(), 'no command');
  assert.match(usage('ps', '--', 'true'), 'only `run` starts a program behind --');
  assert.match(usage('ps', '--simulator', 'a', '--simulator', 'b'), '--simulator is given twice');
  assert.match(succeed('run', '--help'), '--replay');
});

cli('a published package has its bundle and no sources', ({ folder }) => {
  const published = join(folder, 'published');
  for (const part of [
    'package.json',
    'generator/bin.mjs',
    'generator/launcher',
    'build/generator/dextgen-sim.mjs',
  ]) {
    cpSync(part, join(published, part), { recursive: true });
  }
  const run = spawnSync(process.execPath, [join(published, 'generator/bin.mjs'), 'sim', '--help'], {
    encoding: 'utf8',
  });
  assert.is(run.stderr, '');
  assert.match(run.stdout, 'dextgen sim registry');
});

cli('a folder that others can enter is refused', ({ folder }) => {
  const open = join(folder, 'open');
  mkdirSync(join(open, `dextgen-sim-${userInfo().uid}`), { recursive: true });
  chmodSync(join(open, `dextgen-sim-${userInfo().uid}`), 0o755);
  const run = spawnSync(process.execPath, [BIN, 'sim', 'ps'], {
    encoding: 'utf8',
    env: { ...environment, XDG_RUNTIME_DIR: open },
  });
  assert.is(run.status, 1);
  assert.match(run.stderr, /must be a folder that belongs to you alone \(chmod 700\)/);
});

cli('stop ends it, and Ctrl-C would', async ({ simulator }) => {
  const gone = once(simulator, 'exit');
  succeed('stop');
  const [code] = await gone;
  assert.is(code, 0);
  assert.is(complaint('ps'), 'no simulator runs; start one with `dextgen sim run`');
  const again = start([resolve(SCOPE_BUNDLE)]);
  await linesUntil(again, /running \(pid \d+\)/);
  again.kill('SIGINT');
  assert.is((await once(again, 'exit'))[0], 0);
});

cli.run();
