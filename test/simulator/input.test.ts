// Bad input: each one sentence that names the key or the file, and an exit code that is not 0.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect as connectSocket } from 'node:net';
import { join, resolve } from 'node:path';
import { connectSimulator, kernelProgram, startSimulator } from 'dextgen/simulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  BUNDLE,
  buildProgram,
  fakeDevice,
  newFolder,
  PERSONALITY,
  type PlistDict,
  type PlistValue,
  until,
  writeBundle,
} from './support.js';

const input = suite<{ dext: string }>('bad input');

input.before((context) => {
  context.dext = buildProgram('fake_dext.cpp', 'kernel');
});

/** What dextsim says about these arguments. */
function complaint(...args: string[]): string {
  const folder = newFolder();
  const run = spawnSync(
    kernelProgram(),
    ['--socket', join(folder, 's'), '--exit-with-stdin', ...args],
    { encoding: 'utf8', input: '', timeout: 60_000 },
  );
  assert.is.not(run.status, 0, `accepted: ${args.join(' ')}`);
  assert.is.not(run.status, null);
  return run.stderr.trim();
}

function without(dict: PlistDict, key: string): PlistDict {
  return Object.fromEntries(Object.entries(dict).filter(([name]) => name !== key));
}

const sentence = (bundle: string, text: string): string => `dextsim: ${bundle}/Info.plist: ${text}`;

input('a missing key of a personality', ({ dext }) => {
  for (const key of [
    'IOClass',
    'IOProviderClass',
    'IOUserClass',
    'IOUserServerName',
    'CFBundleIdentifier',
  ]) {
    const bundle = writeBundle(dext, { personalities: { Fake: without(PERSONALITY, key) } });
    const expected = `the key IOKitPersonalities.Fake.${key} is missing`;
    assert.is(complaint('--dext', bundle), sentence(bundle, expected));
  }
});

input('keys of the bundle', ({ dext }) => {
  const info = { CFBundleIdentifier: BUNDLE, CFBundleExecutable: 'Fake' };
  const personalities = { IOKitPersonalities: { Fake: PERSONALITY } };
  const cases: [PlistDict, string][] = [
    [info, 'the key IOKitPersonalities is missing'],
    [
      { ...info, IOKitPersonalities: {} },
      'the key IOKitPersonalities must be a dictionary that is not empty',
    ],
    [{ ...personalities, CFBundleExecutable: 'Fake' }, 'the key CFBundleIdentifier is missing'],
    [
      { ...info, ...personalities, CFBundleExecutable: 'Other' },
      'the key CFBundleExecutable names "Other", which is not an executable file in the bundle',
    ],
    [
      { ...info, ...personalities, CFBundleIdentifier: 'com.example.Else' },
      `the key IOKitPersonalities.Fake.CFBundleIdentifier is "${BUNDLE}" but the bundle is "com.example.Else": the kernel would not find the dext`,
    ],
  ];
  for (const [plist, text] of cases) {
    const bundle = writeBundle(dext, { info: plist });
    assert.is(complaint('--dext', bundle), sentence(bundle, text));
  }
});

input('a personality that never matches', ({ dext }) => {
  const never = (more: { [key: string]: PlistValue }, drop?: string): string => {
    const changed = { ...PERSONALITY, ...more };
    const personality = drop === undefined ? changed : without(changed, drop);
    return complaint('--dext', writeBundle(dext, { personalities: { Fake: personality } }));
  };
  assert.match(never({ idVendor: '4617' }), 'Fake never matches: idVendor is not an integer');
  assert.match(never({ idVendor: 70000 }), 'idVendor is 70000, more than 65535');
  assert.match(never({}, 'bConfigurationValue'), 'is not a key set of the USB Common Class');
  assert.match(
    never({ IOProviderClass: 'IOUSBHostInterfase' }),
    'Fake never matches: IOProviderClass is IOUSBHostInterfase, and the simulator has nothing of that class (it has IOUSBHostDevice, ',
  );
  assert.match(
    never({ IOProviderClass: 'IOUSBHostInterfase' }),
    'the IOClass of that). Did you mean IOUSBHostInterface?',
  );
  assert.not.match(never({ IOProviderClass: 'SomebodysOwnKextClass' }), 'Did you mean');
  assert.match(
    never({ IOProviderClass: 'IOResources' }),
    'Fake never matches: IOProviderClass is IOResources, which a dext may not match; a driver without a device asks for IOUserResources',
  );
});

input(
  'one personality that never matches, and a kernel class that nobody has',
  async ({ dext }) => {
    const log: string[] = [];
    const never = { ...PERSONALITY, IOProviderClass: 'IOResources' };
    const other = { ...PERSONALITY, IOClass: 'IOUserServise' };
    await using simulator = await startSimulator({
      bundles: [writeBundle(dext, { personalities: { Never: never, Other: other } })],
      log: (line) => void log.push(line),
    });
    await simulator.plug(fakeDevice());
    await until('the other starts', () => log.some((line) => line.includes('FakeDriver started')));
    const said = log.filter((line) => line.includes('IOKitPersonalities'));
    assert.is(said.length, 1);
    assert.match(
      said[0] ?? '',
      'IOKitPersonalities.Never never matches: IOProviderClass is IOResources',
    );
    assert.match(
      said[0] ?? '',
      'IOKitPersonalities.Other.IOClass names "IOUserServise", a kernel class',
    );
  },
);

input('files', ({ dext }) => {
  const bundle = writeBundle(dext);
  rmSync(join(bundle, 'entitlements.plist'));
  assert.is(
    complaint('--dext', bundle),
    `dextsim: ${bundle}/entitlements.plist: No such file or directory`,
  );
  assert.is(
    complaint('--dext', '/nonexistent'),
    'dextsim: /nonexistent/Info.plist: No such file or directory',
  );
  writeFileSync(
    join(bundle, 'Info.plist'),
    '<plist>\n<dict>\n<key>a</key><date>x</date></dict></plist>',
  );
  assert.is(
    complaint('--dext', bundle),
    `dextsim: ${bundle}/Info.plist:3: key "a": <date> cannot become a registry property`,
  );
});

input('two dexts with one bundle identifier', ({ dext }) => {
  const one = writeBundle(dext);
  const two = writeBundle(dext);
  assert.is(
    complaint('--dext', one, '--dext', two),
    sentence(two, `the key CFBundleIdentifier is "${BUNDLE}", which ${one} already has`),
  );
});

input('sockets', () => {
  const long = join(newFolder(), 'x'.repeat(120));
  assert.match(
    complaint('--socket', long),
    /^dextsim: the socket path .* has \d+ bytes; the system allows 107$/,
  );
  const open = newFolder();
  chmodSync(open, 0o755);
  assert.match(complaint('--socket', join(open, 's')), 'must belong to the user alone (chmod 700)');
  assert.match(complaint('--socket', '/nonexistent/s'), 'No such file or directory');
  assert.match(complaint('--log', '/nonexistent/log'), 'cannot write the log /nonexistent/log');
  assert.match(complaint('--bogus'), 'unknown option --bogus');
  assert.match(
    complaint('--assume', 'all'),
    /--assume knows null-dispatch, .*log-strings.*, not "all"/,
  );
  assert.match(complaint('--watchdog-seconds', 'x'), '--watchdog-seconds needs a number, not "x"');
  process.env.DEXTGEN_SIM_WATCHDOG = 'soon';
  try {
    assert.match(complaint(), 'DEXTGEN_SIM_WATCHDOG needs a number, not "soon"');
  } finally {
    delete process.env.DEXTGEN_SIM_WATCHDOG;
  }
});

/** dextsim with few descriptors. */
function startWithLimit(limit: number, socket: string): ChildProcess {
  const command = `ulimit -n ${limit} && exec "$0" --socket "$1" --exit-with-stdin --log "$2"`;
  const args = ['-c', command, kernelProgram(), socket, `${socket}.log`];
  return spawn('sh', args, { stdio: 'pipe' });
}

input('no file descriptors to start with', async () => {
  const child = startWithLimit(4, join(newFolder(), 's'));
  let said = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const [code] = await once(child, 'close');
  assert.is(code, 1);
  assert.is(said.trim(), 'dextsim: no file descriptor is left to start with: Too many open files');
});

input('no file descriptors for another connection: said, and served when one is free', async () => {
  const socket = join(newFolder(), 's');
  const child = startWithLimit(24, socket);
  await once(child.stdout ?? child, 'data');
  const first = await connectSimulator(socket);
  const others = Array.from({ length: 30 }, () => connectSocket(socket));
  await until('the log line', () =>
    readFileSync(`${socket}.log`, 'utf8').includes(
      'no file descriptor is left for another connection',
    ),
  );
  for (const other of others) other.destroy();
  const late = await connectSimulator(socket);
  assert.is((await first.counts()).processes, 0);
  first.close();
  late.close();
  child.stdin?.end();
  await once(child, 'close');
});

/** Runs the program with few descriptors; what it says last. */
function starve(program: string, limit: number, env: NodeJS.ProcessEnv): string[] {
  const command = `ulimit -n ${limit} && exec "$0"`;
  const run = spawnSync('sh', ['-c', command, program], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
    timeout: 60_000,
  });
  assert.is.not(run.status, 0, run.stdout);
  return run.stderr.trim().split('\n');
}

input(
  'no file descriptors in a client: one sentence, and it cannot reach the simulator',
  async () => {
    const program = buildProgram('list_services.c', 'iokit');
    await using simulator = await startSimulator();
    // 0 to 2, the socket, and one of the two pages that the kernel passes.
    const starved =
      'IOKit simulator: no file descriptor is left in this process for what the simulator passes to it';
    const said = starve(program, 5, simulator.env);
    assert.equal(
      said.filter((line) => line.startsWith('IOKit simulator')),
      [starved],
    );
    const [none = ''] = starve(program, 3, simulator.env);
    assert.match(none, /Too many open files|Error 24/);
  },
);

input('no file descriptors in a test that starts a simulator: one sentence', () => {
  const script = `
    import { closeSync, openSync } from 'node:fs';
    import { startSimulator } from ${JSON.stringify(resolve('build/js/simulator/devices/index.js'))};
    const taken = [];
    try {
      for (;;) taken.push(openSync('/dev/null'));
    } catch {}
    for (let free = 0; free < 10; free++) {
      const error = await startSimulator().then((simulator) => simulator.shutdown(), (reason) => reason);
      if (error === undefined) break;
      console.log(error.name + ': ' + error.message);
      closeSync(taken.pop());
    }`;
  const file = join(newFolder(), 'start.mjs');
  writeFileSync(file, script);
  const args = ['-c', 'ulimit -n 128 && exec "$0" "$1"', process.execPath, file];
  const temporary = newFolder();
  const env = { ...process.env, TMPDIR: temporary };
  const run = spawnSync('sh', args, { encoding: 'utf8', timeout: 60_000, env });
  const said = run.stdout.trim().split('\n');
  const starved = `SimulatorError: no file descriptor is left to start ${kernelProgram()}`;
  assert.ok(said.includes(starved), run.stdout + run.stderr);
  assert.not.match(run.stdout, 'TypeError');
  assert.equal(readdirSync(temporary), [], 'nor is anything left');
});

input('a driver class that the binary does not have', ({ dext }) => {
  const driver = { ...PERSONALITY, IOUserClass: 'FakeDrive' }; // not even by a part of its name
  const bundle = writeBundle(dext, { personalities: { Fake: driver } });
  const expected =
    'the key IOKitPersonalities.Fake.IOUserClass names "FakeDrive", a class that the executable does not have';
  assert.is(complaint('--dext', bundle), sentence(bundle, expected));
});

input(
  'a class to create that the binary does not have: the driver starts (§4.2)',
  async ({ dext }) => {
    const log: string[] = [];
    const userClient = {
      ...PERSONALITY,
      UserClientProperties: { IOClass: 'IOUserUserClient', IOUserClass: 'Gone' },
    };
    const bundle = writeBundle(dext, { personalities: { Fake: userClient } });
    await using simulator = await startSimulator({
      bundles: [bundle],
      log: (line) => void log.push(line),
    });
    await simulator.plug(fakeDevice());
    await until('the start', () => log.some((line) => line.includes('FakeDriver started')));
    const warning =
      'the key IOKitPersonalities.Fake.UserClientProperties.IOUserClass names "Gone", a class that the executable does not have: Create will fail (contract §4.2)';
    assert.is(log.filter((line) => line.endsWith(warning)).length, 1);
  },
);

input('why a personality does not match, and a dext without its entitlement', async ({ dext }) => {
  const log: string[] = [];
  const bundle = writeBundle(dext, { entitlements: {} });
  await using simulator = await startSimulator({
    bundles: [bundle],
    log: (line) => void log.push(line),
  });
  await simulator.plug(fakeDevice({ product: 2 }));
  const mismatch =
    'kernel: personality Fake does not match Fake@0: idProduct is 0x1 but the provider has 0x2';
  await until('the mismatch', () => log.includes(mismatch));
  await simulator.plug(fakeDevice());
  const denied =
    'kernel: FakeDriver did not start: Entitlements check failed: the dext lacks com.apple.developer.driverkit';
  await until('the denial', () => log.includes(denied));
});

input('a bundle loaded later, and what is wrong with it', async ({ dext }) => {
  await using simulator = await startSimulator();
  await simulator.plug(fakeDevice());
  const error = await simulator.load('/nonexistent').then(
    () => undefined,
    (reason: Error) => reason,
  );
  assert.is(error?.message, '/nonexistent/Info.plist: No such file or directory');
  await simulator.load(writeBundle(dext));
  await until('its service', async () => (await simulator.counts()).services === 1);
});

input('the socket is gone after the end, and its folder', async () => {
  const simulator = await startSimulator();
  const { socket } = simulator;
  assert.ok(existsSync(socket));
  await simulator.shutdown();
  assert.not.ok(existsSync(join(socket, '..')));
  const error = await connectSimulator(socket).then(
    () => undefined,
    (reason: Error) => reason,
  );
  assert.match(error?.message ?? '', `no simulator answers at ${socket}`);
});

input('no process is left when the one that started it is killed', async ({ dext }) => {
  const script = `
    import { startSimulator } from 'dextgen/simulator';
    const simulator = await startSimulator({ bundles: [${JSON.stringify(writeBundle(dext))}] });
    await simulator.plug(${JSON.stringify(fakeDevice())});
    for (;;) {
      const [dext] = await simulator.processes();
      if (dext) { console.log(simulator.pid, dext.pid); break; }
    }
    process.kill(process.pid, 'SIGKILL');`;
  const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  const pids = run.stdout.trim().split(' ').map(Number);
  assert.is(pids.length, 2, run.stderr);
  const isGone = (pid: number): boolean => {
    try {
      const state = /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
      return state === 'Z';
    } catch {
      return true;
    }
  };
  await until('both end', () => pids.every(isGone));
});

input.run();
