// Isochronous transfers and bundles in a recording: replayed without a device script, the same bytes both ways.
import { join } from 'node:path';
import type { Replay } from 'dextgen/simulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { newFolder, until } from '../simulator/support.js';
import { traffic } from '../simulator/traffic.js';
import {
  buildLab,
  CODE,
  forPci,
  type Lab,
  type LabBuild,
  labDevice,
  startLab,
  startWith,
} from './lab.js';

const record = suite<{ build: LabBuild }>('recorded pipes');

record.before((context) => {
  context.build = buildLab();
});

const endpoints = [
  { address: 0x81, type: 'bulk', maxPacketSize: 512 },
  { address: 0x02, type: 'bulk', maxPacketSize: 512 },
  { address: 0x83, type: 'isochronous', maxPacketSize: 192, interval: 1 },
  { address: 0x04, type: 'isochronous', maxPacketSize: 192, interval: 1 },
] as const;

const device = labDevice({
  configurations: [{ value: 1, interfaces: [{ number: 0, endpoints }] }],
  out: { 2: (data) => (data[0] === 6 ? 'stall' : undefined) },
  isochronous: {
    131: () => [
      new Uint8Array(100).fill(11),
      new Uint8Array(60).fill(12),
      { status: CODE.stalled },
      new Uint8Array(101).fill(14), // longer than the host has room for
    ],
    4: ({ data }) => data.map((bytes) => (bytes[0] === 2 ? { status: CODE.stalled } : bytes)),
  },
});

/** What the driver sees. */
async function run(lab: Lab): Promise<readonly (readonly number[])[]> {
  const seen: (readonly number[])[] = [];
  const call = async (...args: Parameters<Lab['call']>): Promise<readonly number[]> => {
    const { status, out } = await lab.call(...args);
    return [status, ...out];
  };
  const completed = (count: number): Promise<void> =>
    until(`${count} completions`, async () => (await call('completions', 0))[1] === count);
  await lab.call('open');
  for (const endpoint of [0x83, 0x04]) {
    await call('isoch', endpoint, 5, 100, 0, 1);
    for (const frame of [0, 1, 2, 3, 4]) {
      const [, status = 0, length = 0, , first = 0] = await call('frames', frame);
      seen.push([endpoint, status, length, first]);
    }
  }
  await call('makeRing', 0x02, 6, 100);
  seen.push((await call('bundle', 4, 2, 80)).slice(0, 2));
  await completed(2);
  for (const index of [0, 1]) seen.push((await call('completions', index)).slice(2, 4));
  return seen;
}

record('isochronous frames and bundles come back byte for byte', async ({ build }) => {
  const folder = newFolder();
  const [first, second] = ['first.jsonl', 'second.jsonl'].map((name) => join(folder, name));
  let original: readonly (readonly number[])[] = [];
  {
    await using lab = await startLab(build, device, { record: first ?? '' });
    original = await run(lab);
  }
  assert.equal(original.slice(0, 4), [
    [0x83, CODE.success, 100, 11],
    [0x83, CODE.underrun, 60, 12],
    [0x83, CODE.stalled, 0, original[2]?.[3] ?? 0],
    [0x83, CODE.overrun, 100, 14],
  ]);
  assert.equal(original[6]?.slice(0, 3), [0x04, CODE.stalled, 0]);
  {
    let replay: Replay | undefined;
    const plug = async (simulator: Lab['simulator']): Promise<void> => {
      replay = simulator.replay(first ?? '', { speed: 'fast' });
    };
    await using lab = await startWith(build, plug, { record: second ?? '' });
    assert.equal(await run(lab), original);
    assert.equal(replay?.divergences, []);
  }
  const recorded = traffic(first ?? '');
  assert.is(recorded.isoch?.length, 2);
  assert.is(recorded.frames?.length, 2);
  assert.is(recorded.out?.length, 2);
  assert.equal(traffic(second ?? ''), recorded);
});

record('frames that differ are named with their line', async ({ build }) => {
  const file = join(newFolder(), 'run.jsonl');
  {
    await using lab = await startLab(build, device, { record: file });
    await lab.call('open');
    await lab.call('isoch', 0x04, 2, 50, 0, 1);
  }
  let replay: Replay | undefined;
  const plug = async (simulator: Lab['simulator']): Promise<void> => {
    replay = simulator.replay(file, { speed: 'fast' });
  };
  await using lab = await startWith(build, plug);
  await lab.call('open');
  await lab.call('isoch', 0x04, 3, 50, 0, 1);
  await until('the divergence', () => (replay?.divergences.length ?? 0) > 0);
  assert.match(
    replay?.divergences[0]?.text ?? '',
    'endpoint 0x04: frames of 50,50,50 bytes, not 50,50',
  );
  assert.type(replay?.divergences[0]?.line, 'number');
});

const MSI = { id: 0x05, bytes: Uint8Array.of(0x04, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) };

record('interrupts come again when somebody waits for them', async ({ build }) => {
  const file = join(newFolder(), 'interrupts.jsonl');
  const options = { record: file };
  const card = { vendor: 0x1209, device: 1, capabilities: [MSI] };
  // Of what comes while the driver is busy, the handler hears once, with the count.
  const received = async (lab: Lab): Promise<number> => {
    const [calls = 0] = (await lab.call('completions', 0)).out;
    let sum = 0;
    for (let i = 0; i < calls; i++) sum += (await lab.call('completions', i)).out[2] ?? 0;
    return sum;
  };
  {
    const plug = (simulator: Lab['simulator']) => simulator.plugPci(card);
    await using lab = await startWith(forPci(build), plug, options);
    assert.is((await lab.call('watchInterrupt', 1)).status, CODE.success);
    assert.is(await lab.cable.interrupt(1), true);
    assert.is(await lab.cable.interrupt(2), false, 'nobody waits for this one');
    await lab.call('enableInterrupt', 1);
    await until('the first', async () => (await received(lab)) === 1);
    await lab.cable.interrupt(1);
    await until('the second', async () => (await received(lab)) === 2);
  }
  assert.equal(
    traffic(file)['pci-interrupt']?.map((line) => JSON.parse(line)),
    [
      [1, 1],
      [2, 0],
      [1, 1],
    ].map(([message, taken]) => ({ event: 'pci-interrupt', device: 1, message, taken })),
  );
  let replay: Replay | undefined;
  const plug = async (simulator: Lab['simulator']): Promise<void> => {
    replay = simulator.replay(file, { speed: 'recorded' });
  };
  await using lab = await startWith(forPci(build), plug);
  assert.is((await lab.call('watchInterrupt', 1)).status, CODE.success);
  await lab.call('enableInterrupt', 1);
  await until('both', async () => (await received(lab)) === 2);
  await replay?.finished;
  assert.equal(replay?.divergences, []);
});

record.run();
