// The device side in TypeScript: sources, effects and how they stack, control tables, raw descriptors, several
// devices at once.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Answer,
  controlTable,
  corrupt,
  delay,
  fileSource,
  type InEndpoint,
  MachineClock,
  milliseconds,
  shorten,
  stall,
  startSimulator,
  transfers,
  USB_STATUS,
} from 'dextgen/simulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildProgram, fakeDevice, until, writeBundle } from './support.js';

const devices = suite<{ bundle: string }>('device side');

devices.before((context) => {
  context.bundle = writeBundle(buildProgram('fake_dext.cpp', 'kernel'));
});

const abort = new AbortController();
const ask = (endpoint: InEndpoint, length = 512): Answer | Promise<Answer> =>
  endpoint.take({ length, signal: abort.signal });
const hex = (answer: Answer): string =>
  answer === 'stall'
    ? 'stall'
    : Buffer.from(answer instanceof Uint8Array ? answer : (answer.data ?? [])).toString('hex');
const counting = (): InEndpoint => transfers(Array.from({ length: 9 }, (_, i) => Buffer.of(i, i)));

devices('transfers are answered in their order, and then none', async () => {
  const source = transfers([Buffer.of(1), 'stall', Buffer.of(2)]);
  assert.equal(
    [1, 2, 3].map(() => hex(ask(source) as Answer)),
    ['01', 'stall', '02'],
  );
  const own = new AbortController();
  const last = source.take({ length: 1, signal: own.signal });
  own.abort();
  assert.ok(
    await (last as Promise<Answer>).then(
      () => false,
      () => true,
    ),
  );
});

devices('a file: in pieces, again from its start, and what was thrown away once more', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dextgen-file-'));
  try {
    const file = join(folder, 'data.bin');
    writeFileSync(file, Buffer.of(0, 1, 2, 3, 4, 5, 6));
    const source = fileSource(file, { size: 3, repeat: true });
    const piece = (): string => hex(ask(source) as Answer);
    assert.equal([piece(), piece(), piece(), piece()], ['000102', '030405', '06', '000102']);
    source.returned?.(3);
    assert.is(piece(), '000102');
    assert.is(hex(ask(fileSource(file), 4) as Answer), '00010203');
    assert.throws(() => fileSource(join(folder, 'none')), /ENOENT/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

devices('a file by the clock', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dextgen-file-'));
  try {
    const file = join(folder, 'data.bin');
    writeFileSync(file, Buffer.of(0, 1, 2));
    const source = fileSource(file, { size: 1, every: '10ms' });
    const clock = new MachineClock();
    clock.change(true, 1000);
    source.attach?.(clock);
    assert.is(hex(ask(source) as Answer), '00');
    const second = ask(source);
    assert.instance(second, Promise);
    clock.change(true, 1009);
    assert.is(clock.nextDeadline(), 1010);
    clock.change(true, 1010);
    assert.is(hex(await second), '01');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

devices('stall, shorten, corrupt: the n-th, every n-th, from the n-th on', () => {
  const five = (endpoint: InEndpoint): string[] =>
    [1, 2, 3, 4, 5].map(() => hex(ask(endpoint) as Answer));
  assert.equal(five(stall(counting(), { at: 2 })), ['0000', 'stall', '0101', '0202', '0303']);
  assert.equal(five(shorten(counting(), 1, { every: 2 })), ['0000', '01', '0202', '03', '0404']);
  assert.equal(five(corrupt(counting(), { from: 4 })), ['0000', '0101', '0202', '0202', '0505']);
  const wiped = corrupt(counting(), { at: 1 }, (data, number) => data.fill(number));
  assert.is(hex(ask(wiped) as Answer), '0101');
});

devices('effects stack, and bytes that are lost go back to the source', () => {
  let returned = 0;
  const source: InEndpoint = {
    take: () => Buffer.of(1, 2, 3),
    returned: (bytes) => {
      returned += bytes;
    },
  };
  const broken = stall(corrupt(shorten(source, 2, { at: 1 })), { at: 2 });
  assert.is(hex(ask(broken) as Answer), '0003');
  assert.is(returned, 1);
  assert.is(ask(broken), 'stall');
  assert.is(hex(ask(broken) as Answer), '000302');
});

devices('a delay is of the machine: held, nothing comes', async () => {
  const clock = new MachineClock();
  const late = delay(counting(), '5ms', { at: 1 });
  clock.change(true, 0);
  late.attach?.(clock);
  const first = ask(late);
  let answered = false;
  void Promise.resolve(first).then(() => {
    answered = true;
  });
  clock.change(true, 4.999);
  await new Promise((done) => setTimeout(done, 20));
  assert.is(answered, false);
  clock.change(true, 5);
  assert.is(hex(await first), '0000');
  assert.is(hex(ask(late) as Answer), '0101');
});

devices('durations', () => {
  assert.equal(
    ['500us', '10ms', '2s', '1.5s'].map((text) => milliseconds(text as '1s')),
    [0.5, 10, 2000, 1500],
  );
  assert.throws(() => milliseconds('10' as '10s'), '"10" is no duration');
});

devices('a control table: the first rule that fits, and a stall for the rest', () => {
  const table = controlTable([
    { requestType: 0xc0, request: 1, value: 7, answer: Buffer.of(7) },
    { requestType: 0xc0, request: 1, answer: (setup) => Buffer.of(setup.value) },
    { requestType: 0x40, request: 2 },
    { requestType: 0x40, request: 3, answer: { status: USB_STATUS.notResponding } },
  ]);
  const say = (requestType: number, request: number, value = 0) =>
    table({ requestType, request, value, index: 0, length: 8 }, new Uint8Array(0));
  assert.equal(say(0xc0, 1, 7), Buffer.of(7));
  assert.equal(say(0xc0, 1, 9), Buffer.of(9));
  assert.equal(say(0x40, 2), new Uint8Array(0));
  assert.equal(say(0x40, 3), { status: USB_STATUS.notResponding });
  assert.is(say(0xc0, 2), 'stall');
});

/** The Fake's descriptors, as a device would give them. */
const RAW = {
  device: Uint8Array.of(18, 1, 0, 2, 0, 0, 0, 64, 0x09, 0x12, 1, 0, 0, 1, 0, 0, 0, 1),
  configurations: [
    Uint8Array.from([
      ...[9, 2, 25, 0, 1, 1, 0, 0x80, 50],
      ...[9, 4, 0, 0, 1, 0xff, 0, 0, 0],
      ...[7, 5, 0x81, 2, 0, 2, 0],
    ]),
  ],
};

devices(
  'descriptors as bytes: matched like any other, refused when they lie',
  async ({ bundle }) => {
    await using simulator = await startSimulator({ bundles: [bundle] });
    const cable = await simulator.plug({ descriptors: RAW });
    await until('its dext', async () => (await simulator.counts()).services === 1);
    await cable.unplug();
    const lying = Uint8Array.from(RAW.configurations[0] ?? []);
    lying[2] = 200; // wTotalLength
    const error = await simulator.plug({ descriptors: { ...RAW, configurations: [lying] } }).then(
      () => undefined,
      (reason: Error) => reason,
    );
    assert.match(error?.message ?? '', /wTotalLength|length/);
    assert.is((await simulator.counts()).devices, 0);
  },
);

devices('several devices at once, each with its own dext and its own data', async ({ bundle }) => {
  await using simulator = await startSimulator({ bundles: [bundle] });
  const sizes = [512, 1024, 2048];
  const cables = await Promise.all(
    sizes.map((size) =>
      simulator.plug(
        fakeDevice({ in: { 129: shorten({ take: () => Buffer.alloc(4096) }, size) } }),
      ),
    ),
  );
  await until('data of each', () => cables.every((cable) => cable.delivered(0x81) > 100_000));
  assert.is((await simulator.processes()).length, 3);
  await cables[1]?.unplug();
  const before = cables.map((cable) => cable.delivered(0x81));
  await until('the others go on', () =>
    [0, 2].every((i) => (cables[i]?.delivered(0x81) ?? 0) > (before[i] ?? 0) + 10_000),
  );
  assert.is(cables[1]?.delivered(0x81), before[1]);
  for (const [i, size] of sizes.entries()) {
    assert.is((cables[i]?.delivered(0x81) ?? 0) % size, 0);
  }
});

devices('a cable that somebody else pulls', async ({ bundle }) => {
  await using simulator = await startSimulator({ bundles: [bundle] });
  const cable = await simulator.plug(fakeDevice());
  await simulator.unplug(cable.id);
  await cable.unplugged;
  await cable.unplug(); // is done
  const error = await simulator.unplug(cable.id).then(
    () => undefined,
    (reason: Error) => reason,
  );
  assert.is(error?.message, `0x${cable.id.toString(16)} is not a device`);
});

devices('who is there', async ({ bundle }) => {
  await using simulator = await startSimulator({ bundles: [bundle] });
  const cable = await simulator.plug(fakeDevice());
  const sessions = await simulator.sessions();
  assert.equal(
    sessions.map(({ role, pid, devices: played }) => [role, pid, played.map(BigInt)]),
    [
      ['kernel', simulator.pid, []],
      ['control', process.pid, []],
      ['device', process.pid, [cable.id]],
    ],
  );
});

devices.run();
