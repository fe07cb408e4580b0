// Isochronous transfers and bundles over a ring of memory (contract §10.2).
import type { IsochronousRequest } from 'dextgen/simulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../simulator/support.js';
import { buildLab, CODE, type Lab, type LabBuild, labDevice, startLab } from './lab.js';

const isoch = suite<{ build: LabBuild }>('isoch');

isoch.before((context) => {
  context.build = buildLab();
});

const endpoints = [
  { address: 0x81, type: 'bulk', maxPacketSize: 512 },
  { address: 0x02, type: 'bulk', maxPacketSize: 512 },
  { address: 0x83, type: 'isochronous', maxPacketSize: 192, interval: 1 },
  { address: 0x04, type: 'isochronous', maxPacketSize: 192, interval: 1 },
] as const;
const configurations = [{ value: 1, interfaces: [{ number: 0, endpoints }] }];

async function ended(lab: Lab, count: number): Promise<void> {
  const total = async () => (await lab.call('completions', 0)).out[0] ?? 0;
  await until(`${count} completions`, async () => (await total()) >= count);
}

const frame = async (lab: Lab, index: number): Promise<readonly number[]> =>
  (await lab.call('frames', index)).out;

isoch('each frame has its own length, status and place in the buffer', async ({ build }) => {
  const asked: IsochronousRequest[] = [];
  const device = labDevice({
    configurations,
    isochronous: {
      131: (request) => {
        asked.push(request);
        return [
          new Uint8Array(100).fill(11),
          new Uint8Array(60).fill(12),
          { status: CODE.stalled },
          new Uint8Array(101).fill(14),
        ];
      },
    },
  });
  await using lab = await startLab(build, device);
  await lab.call('open');
  assert.is((await lab.call('isoch', 0x83, 5, 100, 0, 1)).status, CODE.success);
  assert.equal(asked[0]?.lengths, [100, 100, 100, 100, 100]);
  assert.equal((await frame(lab, 0)).slice(0, 2), [CODE.success, 100]);
  assert.equal((await frame(lab, 1)).slice(0, 2), [CODE.underrun, 60]);
  assert.equal((await frame(lab, 2)).slice(0, 2), [CODE.stalled, 0]);
  assert.equal((await frame(lab, 3)).slice(0, 2), [CODE.overrun, 100]);
  assert.equal((await frame(lab, 4)).slice(0, 2), [CODE.underrun, 0]);
  const first = await Promise.all([0, 1, 3].map(async (i) => (await frame(lab, i))[3]));
  assert.equal(first, [11, 12, 14]);
});

isoch('frames go out in time, one transfer behind the other', async ({ build }) => {
  const asked: IsochronousRequest[] = [];
  const device = labDevice({ configurations, isochronous: { 4: (r) => void asked.push(r) } });
  await using lab = await startLab(build, device);
  await lab.call('open');
  await lab.simulator.time.hold();
  assert.is((await lab.call('isoch', 0x04, 8, 50, 0, 0)).status, CODE.success);
  assert.is((await lab.call('isoch', 0x04, 8, 50, 0, 0)).status, CODE.success);
  await until('asked', () => asked.length === 2);
  assert.is(asked[1]?.first, (asked[0]?.first ?? 0n) + 8n);
  assert.equal(
    asked[0]?.data.map((bytes) => [bytes.length, bytes[0], bytes[49]]),
    Array.from({ length: 8 }, (_, i) => [50, i + 1, i + 1]),
  );
  assert.is((await lab.call('completions', 0)).out[0], 0, 'their frames have not passed');
  await lab.simulator.time.step(10);
  await ended(lab, 1);
  await lab.simulator.time.step(10);
  await ended(lab, 2);
  assert.equal((await frame(lab, 0)).slice(0, 2), [CODE.success, 50]);
});

isoch(
  'frames of the past, of the far future, and what is no frame are refused',
  async ({ build }) => {
    await using lab = await startLab(build, labDevice({ configurations }));
    await lab.call('open');
    await lab.simulator.time.hold();
    const [now = 0] = (await lab.call('frameNumber')).out;
    assert.is((await lab.call('isoch', 0x83, 2, 100, now - 5, 1)).status, CODE.isoTooOld);
    assert.is((await lab.call('isoch', 0x83, 2, 100, now + 5000, 1)).status, CODE.isoTooNew);
    assert.is((await lab.call('isoch', 0x83, 2, 100, now + 50, 0)).status, CODE.success);
    assert.is((await lab.call('isoch', 0x83, 0, 100, 0, 1)).status, CODE.badArgument);
    assert.is((await lab.call('isoch', 0x83, 1, 192 * 8 + 1, 0, 1)).status, CODE.badArgument);
    assert.is(
      (await lab.call('isoch', 0x81, 1, 100, 0, 1)).status,
      CODE.badArgument,
      'a bulk pipe',
    );
    assert.is((await lab.call('startTransfer', 0x83, 64, 0, 0)).status, CODE.badArgument);
  },
);

isoch('an aborted transfer says so in every frame', async ({ build }) => {
  const never = () => new Promise<undefined>(() => undefined);
  const device = labDevice({ configurations, isochronous: { 131: never } });
  await using lab = await startLab(build, device);
  await lab.call('open');
  await lab.call('isoch', 0x83, 3, 100, 0, 0);
  await lab.call('abort', 0x83, 1, CODE.aborted);
  await ended(lab, 1);
  assert.is((await lab.call('completions', 0)).out[1], CODE.aborted);
  assert.equal((await frame(lab, 2)).slice(0, 2), [CODE.aborted, 0]);
});

// ── bundles ──

isoch(
  'a bundle goes round the end of the ring and answers for each transfer',
  async ({ build }) => {
    const sent: number[][] = [];
    const device = labDevice({
      configurations,
      out: { 2: (data) => void sent.push([data.length, data[0] ?? 0]) },
    });
    await using lab = await startLab(build, device);
    await lab.call('open');
    const ring = await lab.call('makeRing', 0x02, 6, 100);
    assert.equal([ring.status, ring.out[0]], [CODE.success, CODE.badArgument], 'one ring per pipe');
    const bundle = await lab.call('bundle', 4, 4, 80);
    assert.equal([bundle.status, bundle.out[0]], [CODE.success, 4]);
    await ended(lab, 4);
    assert.equal(sent, [
      [80, 5],
      [80, 6],
      [80, 1],
      [80, 2],
    ]);
    for (const index of [0, 1, 2, 3]) {
      const { out } = await lab.call('completions', index);
      assert.equal(out.slice(1, 3), [CODE.success, 80]);
      assert.ok((out[4] ?? 9) <= 4, 'no more completions than transfers');
    }
  },
);

isoch('results of a bundle come as they are there, in order', async ({ build }) => {
  let left = 2;
  const device = labDevice({
    configurations,
    in: {
      129: {
        take: ({ length }) =>
          left-- > 0 ? new Uint8Array(length) : new Promise<Uint8Array>(() => undefined),
      },
    },
  });
  await using lab = await startLab(build, device);
  await lab.call('open');
  await lab.call('makeRing', 0x81, 16, 512);
  assert.is((await lab.call('bundle', 0, 16, 512)).out[0], 16);
  await ended(lab, 2);
  assert.is((await lab.call('completions', 1)).out[3], 1, 'the place in the ring');
  await lab.call('abort', 0x81, 1, CODE.aborted);
  await ended(lab, 16);
  assert.equal((await lab.call('completions', 15)).out.slice(1, 4), [CODE.aborted, 0, 15]);
});

isoch('a bundle is accepted up to the first transfer that cannot start', async ({ build }) => {
  await using lab = await startLab(build, labDevice({ configurations }));
  await lab.call('open');
  await lab.call('makeRing', 0x02, 4, 100);
  assert.is(
    (await lab.call('bundle', 0, 2, 101)).status,
    CODE.badArgument,
    'longer than the memory',
  );
  assert.is((await lab.call('bundle', 4, 1, 10)).status, CODE.badArgument, 'behind the ring');
  assert.is((await lab.call('bundle', 0, 5, 10)).status, CODE.badArgument, 'more than the ring');
  assert.is((await lab.call('bundle', 0, 0, 10)).status, CODE.badArgument, 'nothing');
});

isoch.run();
