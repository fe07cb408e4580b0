// USBDriverKit as a driver uses it: settings, timeouts, aborts, requests, devices (contract §10).
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Selection, UsbDevice } from 'dextgen/simulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { newFolder, until } from '../simulator/support.js';
import { buildLab, CODE, forDevice, type Lab, type LabBuild, labDevice, startLab } from './lab.js';

const SELECT_ALTERNATE = 0x10000; // kOpenOptionsSelectAlternateInterface

const usb = suite<{ build: LabBuild }>('usb');

usb.before((context) => {
  context.build = buildLab();
});

const bulk = (address: number, maxPacketSize = 512) =>
  ({ address, type: 'bulk', maxPacketSize }) as const;

/** Two settings: 0 with one endpoint, 1 with that one, larger, and an interrupt endpoint. */
function settingsDevice(selected: Selection[] = []): UsbDevice {
  const interrupt = { address: 0x83, type: 'interrupt', maxPacketSize: 64, interval: 4 } as const;
  return labDevice({
    configurations: [
      {
        value: 1,
        interfaces: [
          { number: 0, alternate: 0, endpoints: [bulk(0x81, 64)] },
          { number: 0, alternate: 1, endpoints: [bulk(0x81, 512), interrupt] },
          { number: 1, endpoints: [] },
        ],
      },
    ],
    selected: (what) => void selected.push(what),
  });
}

async function completion(lab: Lab, index: number): Promise<readonly number[]> {
  await until(`completion ${index}`, async () => {
    return ((await lab.call('completions', index)).out[0] ?? 0) > index;
  });
  return (await lab.call('completions', index)).out.slice(1, 4);
}

usb(
  'an alternate setting changes the pipes, and aborts what they do (§10.1)',
  async ({ build }) => {
    const selected: Selection[] = [];
    await using lab = await startLab(build, settingsDevice(selected));
    assert.is((await lab.call('selectAlternate', 1)).status, CODE.notOpen);
    await lab.call('open');
    assert.equal((await lab.call('describePipe', 0x81)).out.slice(0, 2), [64, 0]);
    assert.is((await lab.call('describePipe', 0x83)).status, CODE.notFound);
    assert.is((await lab.call('startTransfer', 0x81, 64, 0, 5)).status, CODE.success);
    assert.is((await lab.call('selectAlternate', 1)).status, CODE.success);
    assert.equal(await completion(lab, 0), [CODE.aborted, 0, 5]);
    assert.equal((await lab.call('describePipe', 0x81)).out.slice(0, 1), [512]);
    assert.equal((await lab.call('describePipe', 0x83)).out.slice(0, 2), [64, 4]);
    assert.is((await lab.call('selectAlternate', 7)).status, CODE.notFound);
    await until('the device knows', () => selected.length === 2);
    assert.equal(selected, [{ configuration: 1 }, { interface: 0, alternate: 1 }]);
  },
);

usb('Open can choose the setting, by value (§10.1)', async ({ build }) => {
  await using lab = await startLab(build, settingsDevice());
  assert.is((await lab.call('open', SELECT_ALTERNATE, 9)).status, CODE.notFound);
  assert.is((await lab.call('open', SELECT_ALTERNATE, 1)).status, CODE.success);
  assert.is((await lab.call('describePipe', 0x83)).status, CODE.success);
  assert.is((await lab.call('open')).status, CODE.exclusiveAccess, 'one session at a time');
  assert.is((await lab.call('close')).status, CODE.success);
  assert.is((await lab.call('close')).status, CODE.notOpen);
  assert.is((await lab.call('describePipe', 0x81)).status, CODE.notOpen);
});

usb('pipes of an interface that nobody has opened, if that is assumed', async ({ build }) => {
  const options = { assume: { usbPipes: 'any' } } as const;
  await using lab = await startLab(build, settingsDevice(), options);
  assert.equal((await lab.call('describePipe', 0x81)).out.slice(0, 1), [64]);
  assert.is((await lab.call('startTransfer', 0x81, 64, 0, 5)).status, CODE.notOpen);
  await lab.call('open');
  assert.is((await lab.call('startTransfer', 0x81, 64, 0, 5)).status, CODE.success);
});

usb(
  'transfers end at their timeout, which interrupt pipes do not have (§10.2)',
  async ({ build }) => {
    await using lab = await startLab(build, settingsDevice());
    await lab.call('open', SELECT_ALTERNATE, 1);
    assert.is((await lab.call('startTransfer', 0x81, 512, 30, 1)).status, CODE.success);
    assert.equal(await completion(lab, 0), [CODE.timeout, 0, 1]);
    assert.is((await lab.call('startTransfer', 0x83, 64, 30, 2)).status, CODE.badArgument);
    await lab.call('joinMemory', 3, 512);
    assert.is((await lab.call('transfer', 0x81, 512, 30)).status, CODE.timeout);
    assert.is((await lab.call('transfer', 0x81, 1024, 30)).status, CODE.badArgument, 'too long');
  },
);

usb('Abort ends what is pending with its status (§10.2)', async ({ build }) => {
  await using lab = await startLab(build);
  await lab.call('open');
  await lab.call('startTransfer', 0x81, 512, 0, 1);
  await lab.call('startTransfer', 0x81, 512, 0, 2);
  assert.is((await lab.call('abort', 0x81, 1, CODE.timeout)).status, CODE.success);
  assert.equal(await completion(lab, 0), [CODE.timeout, 0, 1]);
  assert.equal(await completion(lab, 1), [CODE.timeout, 0, 2]);
  await until('nothing pends', async () => (await lab.simulator.counts()).transfers === 0);
});

usb('a stall lasts until it is cleared (§10.2)', async ({ build }) => {
  let stalls = 1;
  const device = labDevice({
    in: { 129: { take: ({ length }) => (stalls-- > 0 ? 'stall' : new Uint8Array(length)) } },
  });
  await using lab = await startLab(build, device);
  await lab.call('open');
  await lab.call('startTransfer', 0x81, 512, 0, 1);
  assert.equal(await completion(lab, 0), [CODE.stalled, 0, 1]);
  assert.is((await lab.call('startTransfer', 0x81, 512, 0, 2)).status, CODE.stalled);
  assert.is((await lab.call('clearStall', 0x81, 1)).status, CODE.success);
  await lab.call('startTransfer', 0x81, 512, 0, 3);
  assert.equal(await completion(lab, 1), [0, 512, 3]);
});

usb(
  'behind a stall transfers wait; ClearStall aborts them, and asks the device only when it is told to (§10.2)',
  async ({ build }) => {
    let release: (answer: 'stall') => void = () => undefined;
    const held = new Promise<'stall'>((done) => {
      release = done;
    });
    const answers: (Promise<'stall'> | 'stall')[] = [held, 'stall'];
    const device = labDevice({
      in: { 129: { take: ({ length }) => answers.shift() ?? new Uint8Array(length) } },
    });
    await using lab = await startLab(build, device);
    await lab.call('open');
    for (const tag of [1, 2]) {
      assert.is((await lab.call('startTransfer', 0x81, 512, 0, tag)).status, CODE.success);
    }
    release('stall');
    assert.equal(await completion(lab, 0), [CODE.stalled, 0, 1]);
    assert.is((await lab.simulator.counts()).transfers, 1, 'the second one waits');
    await lab.call('clearStall', 0x81, 0);
    assert.equal(await completion(lab, 1), [CODE.aborted, 0, 2]);
    // The host's side is free; the device's is not.
    await lab.call('startTransfer', 0x81, 512, 0, 3);
    assert.equal(await completion(lab, 2), [CODE.stalled, 0, 3]);
    await lab.call('clearStall', 0x81, 1);
    await lab.call('startTransfer', 0x81, 512, 0, 4);
    assert.equal(await completion(lab, 3), [CODE.stalled, 0, 4], 'the answer that comes next');
    await lab.call('clearStall', 0x81, 0);
    assert.is((await lab.call('request', 0x02, 1, 0, 0x81, 0, 0)).status, CODE.success, 'by hand');
    await lab.call('startTransfer', 0x81, 512, 0, 5);
    assert.equal(await completion(lab, 4), [0, 512, 5]);
  },
);

usb('control requests move data both ways, and time out (§10.1)', async ({ build }) => {
  const taken: number[][] = [];
  const device = labDevice({
    control: (setup, data) => {
      if (setup.request === 3) return new Promise(() => undefined);
      taken.push([setup.requestType, setup.value, setup.index, ...data]);
      return setup.request === 1 ? Uint8Array.of(7, 8, 9) : new Uint8Array(0);
    },
  });
  await using lab = await startLab(build, device);
  assert.is((await lab.call('request', 0xc0, 1, 0, 0, 4, 0)).status, CODE.notOpen);
  await lab.call('open');
  assert.equal((await lab.call('request', 0xc0, 1, 0x102, 3, 4, 0)).out.slice(0, 2), [3, 7]);
  assert.equal((await lab.call('request', 0x40, 2, 5, 6, 2, 0, 44)).out.slice(0, 1), [2]);
  assert.equal((await lab.call('request', 0x40, 2, 5, 6, 0, 0)).out.slice(0, 1), [0]);
  assert.equal(taken, [
    [0xc0, 0x102, 3],
    [0x40, 5, 6, 44, 44],
    [0x40, 5, 6],
  ]);
  assert.is((await lab.call('request', 0xc0, 3, 0, 0, 4, 30)).status, CODE.timeout);
  await lab.call('startRequest', 0xc0, 1, 0, 0, 4, 0);
  assert.equal((await completion(lab, 0)).slice(0, 2), [0, 3]);
  await lab.call('startRequest', 0xc0, 3, 0, 0, 4, 30);
  assert.equal((await completion(lab, 1)).slice(0, 2), [CODE.timeout, 0]);
});

usb(
  'descriptors of a pipe, by policy and as they were; only periodic pipes adjust (§10.2)',
  async ({ build }) => {
    await using lab = await startLab(build, settingsDevice());
    await lab.call('open', SELECT_ALTERNATE, 1);
    assert.is((await lab.call('adjustPipe', 0x81, 64, 0)).status, CODE.unsupported);
    assert.is((await lab.call('adjustPipe', 0x83, 65, 4)).status, CODE.badArgument);
    assert.equal((await lab.call('adjustPipe', 0x83, 32, 8)).out.slice(0, 2), [32, 8]);
    assert.equal((await lab.call('idlePolicy', 0x81, 20)).out.slice(0, 2), [20, 21]);
  },
);

usb('an action of OSAction::Create is what CreateAction makes (§9.5)', async ({ build }) => {
  await using lab = await startLab(build, settingsDevice());
  await lab.call('open');
  assert.is((await lab.call('startTransfer', 0x81, 64, 20, 6, 1)).status, CODE.success);
  assert.equal(await completion(lab, 0), [CODE.timeout, 0, 6]);
});

usb('frame numbers count the milliseconds of the machine', async ({ build }) => {
  await using lab = await startLab(build);
  const [frame = 0, time = 0] = (await lab.call('frameNumber')).out;
  assert.is(frame, Math.floor(time / 1e6));
});

usb('microframes come with the time at which they began', async ({ build }) => {
  await using lab = await startLab(build);
  const { status, out } = await lab.call('microframes');
  const [reference = 0, referenceTime, current = 0, currentTime, noTime] = out;
  assert.is(status, CODE.success);
  assert.equal([referenceTime, currentTime], [reference * 125_000, current * 125_000]);
  assert.ok(current >= reference);
  assert.is(noTime, CODE.success);
});

// ── devices ──

usb('a driver of the device configures it itself (§10.1)', async ({ build }) => {
  const selected: Selection[] = [];
  await using lab = await startLab(forDevice(build), settingsDevice(selected));
  assert.equal(selected, [], 'no composite driver takes a device that has one');
  assert.is((await lab.call('configure', 1, 1)).status, CODE.notOpen);
  assert.is((await lab.call('openDevice')).status, CODE.success);
  assert.is((await lab.call('openDevice')).status, CODE.exclusiveAccess);
  assert.equal((await lab.call('listInterfaces')).out.slice(0, 2), [0, 0]);
  assert.is((await lab.call('configure', 3, 1)).status, CODE.notFound);
  assert.is((await lab.call('configure', 1, 1)).status, CODE.success);
  const list = await lab.call('listInterfaces');
  assert.equal(list.out.slice(0, 4), [2, 0b11, CODE.success, CODE.badArgument]);
  assert.is((await lab.call('configure', 0, 0)).status, CODE.success);
  assert.is((await lab.call('listInterfaces')).out[0], 0);
  await until('the device knows', () => selected.length === 2);
  assert.equal(selected, [{ configuration: 1 }, { configuration: 0 }]);
});

usb(
  'interfaces of a configuration that nobody is to match are there all the same',
  async ({ build }) => {
    await using lab = await startLab(forDevice(build), settingsDevice());
    await lab.call('openDevice');
    assert.is((await lab.call('configure', 1, 0)).status, CODE.success);
    assert.equal((await lab.call('listInterfaces')).out.slice(0, 2), [2, 0b11]);
  },
);

usb(
  'descriptors that the host does not keep are asked of the device (§10.1)',
  async ({ build }) => {
    const device = labDevice({
      control: ({ requestType, request, value }) =>
        requestType === 0x81 && request === 6 && value === 0x2200
          ? Uint8Array.of(5, 1, 9, 2)
          : 'stall',
    });
    await using lab = await startLab(forDevice(build), device);
    await lab.call('openDevice');
    assert.equal((await lab.call('copyDescriptor', 1, 0, 0, 0, 18)).out.slice(0, 3), [18, 18, 1]);
    assert.equal((await lab.call('copyDescriptor', 1, 0, 0, 0, 2)).out.slice(0, 3), [2, 18, 1]);
    assert.equal(
      (await lab.call('copyDescriptor', 0x22, 0, 0, 1, 64)).out.slice(0, 4),
      [4, 5, 1, 9],
    );
    assert.is((await lab.call('copyDescriptor', 0x23, 0, 0, 1, 64)).status, CODE.stalled);
  },
);

usb('a reset device comes back as another one (§10.1)', async ({ build }) => {
  await using lab = await startLab(forDevice(build));
  const before = lab.cable.id;
  const file = join(newFolder(), 'reset.jsonl');
  await lab.simulator.record(file);
  assert.is((await lab.call('resetDevice')).status, CODE.notOpen);
  await lab.call('openDevice');
  assert.is((await lab.call('resetDevice')).status, CODE.success);
  await until('another', () => lab.cable.id !== before);
  await until('driven again', async () => {
    const [dext] = await lab.simulator.processes();
    return dext?.services.length === 1 && (await lab.simulator.counts()).devices === 1;
  });
  await lab.cable.unplug();
  await until('gone', async () => (await lab.simulator.counts()).devices === 0);
  await lab.simulator.stopRecording();
  const events = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.includes('"device"'));
  const kinds = events.map((line) => JSON.parse(line)).filter(({ event }) => event !== 'control');
  assert.equal(
    kinds.map(({ event, device }) => [event, device]),
    [
      ['plug', 1],
      ['reset', 1],
      ['unplug', 1],
    ],
  );
});

usb.run();
