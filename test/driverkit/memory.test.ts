// A client's address space as memory of the driver, descriptors of several parts, and both as data of
// transfers (contract §1.2, §1.10, §2.5).
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../simulator/support.js';
import { buildLab, CODE, type Lab, type LabBuild, labDevice, startLab } from './lab.js';

const PAGE = 4096;
const OUT = 2;
const IN_OUT = 3;
const SHARED = 0x10; // kIOMemoryDisableCopyOnWrite

const memory = suite<{ build: LabBuild }>('memory');

memory.before((context) => {
  context.build = buildLab();
});

async function allocate(lab: Lab, pages: number): Promise<number> {
  const [address = 0] = await lab.tell(`memory ${pages}`);
  return address;
}

async function fill(lab: Lab, address: number, length: number, first: number): Promise<void> {
  await lab.tell(`write ${address} ${length} ${first}`);
}

const bytes = async (lab: Lab, ...offsets: number[]): Promise<readonly number[]> =>
  (await lab.call('readMap', ...offsets)).out.slice(0, offsets.length);

memory(
  'by default a mapping is a snapshot of the client, taken at the first use (§1.10)',
  async ({ build }) => {
    await using lab = await startLab(build);
    const address = await allocate(lab, 2);
    await fill(lab, address, 16, 1);
    const made = await lab.call('clientMemory', IN_OUT, address, 2 * PAGE);
    assert.equal([made.status, made.out[0]], [CODE.success, 2 * PAGE]);
    await fill(lab, address, 16, 100); // before the first use: seen
    assert.is((await lab.call('mapMemory', 0, 0, 0)).status, CODE.success);
    assert.equal(await bytes(lab, 0, 15), [100, 115]);
    await fill(lab, address, 16, 50); // after it: not seen
    assert.equal(await bytes(lab, 0, 15), [100, 115]);
    await lab.call('storeMap', 0, 9); // and the app does not see the driver
    assert.equal(await lab.tell(`read ${address} 1`), [50]);
  },
);

memory(
  'with kIOMemoryDisableCopyOnWrite both see what the other stores (§1.10)',
  async ({ build }) => {
    await using lab = await startLab(build);
    const address = await allocate(lab, 3);
    await fill(lab, address + PAGE + 10, 16, 1);
    assert.is((await lab.call('clientMemory', IN_OUT | SHARED, address + PAGE + 10, 16)).status, 0);
    assert.is((await lab.call('mapMemory', 0, 0, 0)).status, CODE.success);
    assert.equal(await bytes(lab, 0, 15), [1, 16]);
    await fill(lab, address + PAGE + 10, 16, 200);
    assert.equal(await bytes(lab, 0, 15), [200, 215]);
    await lab.call('storeMap', 3, 77);
    assert.equal(await lab.tell(`read ${address + PAGE + 13} 1`), [77]);
  },
);

memory('sharing the same pages again is the same memory', async ({ build }) => {
  await using lab = await startLab(build);
  const address = await allocate(lab, 2);
  for (const offset of [0, PAGE]) {
    const made = await lab.call('clientMemory', IN_OUT | SHARED, address + offset, PAGE);
    assert.is(made.status, CODE.success);
    assert.is((await lab.call('mapMemory', 0, 0, 0)).status, CODE.success);
  }
  await lab.call('clientMemory', IN_OUT | SHARED, address, 2 * PAGE);
  assert.is((await lab.call('mapMemory', 0, 0, 0)).status, CODE.success);
  await fill(lab, address + PAGE - 2, 4, 30); // across the border of two that were shared apart
  assert.equal(await bytes(lab, PAGE - 2, PAGE - 1, PAGE, PAGE + 1), [30, 31, 32, 33]);
});

memory(
  'segments follow each other; they can be mapped where they meet at pages',
  async ({ build }) => {
    await using lab = await startLab(build);
    const one = await allocate(lab, 1);
    const other = await allocate(lab, 1);
    await fill(lab, one, 8, 10);
    await fill(lab, other, 8, 20);
    for (const options of [IN_OUT, IN_OUT | SHARED]) {
      const made = await lab.call('clientMemory', options, other, PAGE, one, 8);
      assert.equal([made.status, made.out[0]], [CODE.success, PAGE + 8]);
      assert.is((await lab.call('mapMemory', 0, 0, 0)).status, CODE.success);
      assert.equal(await bytes(lab, 0, PAGE, PAGE + 7), [20, 10, 17]);
      await lab.call('clientMemory', options, one, 8, other, 8);
      assert.is((await lab.call('mapMemory', 0, 0, 0)).status, CODE.error, 'they do not');
    }
  },
);

memory(
  'an address without memory fails when it is mapped or used, not before (§1.10)',
  async ({ build }) => {
    await using lab = await startLab(build);
    const address = await allocate(lab, 1);
    await lab.call('open');
    for (const options of [OUT, OUT | SHARED]) {
      const made = await lab.call('clientMemory', options, address, 8, 0x10, 8);
      assert.is(made.status, CODE.success);
      assert.is((await lab.call('mapMemory', 0, 0, 0)).status, CODE.error);
      assert.is((await lab.call('transfer', 0x02, 16, 0)).status, CODE.vmError);
    }
  },
);

memory('other options and nothing at all are refused (§1.10)', async ({ build }) => {
  await using lab = await startLab(build);
  const address = await allocate(lab, 1);
  assert.is((await lab.call('clientMemory', 0x20, address, 8)).status, CODE.badArgument);
  assert.is((await lab.call('clientMemory', OUT)).status, CODE.badArgument);
});

// The driver dies of the store, which a sanitizer would report.
if (process.env.SANITIZE === undefined) {
  memory('Out memory of a client is read-only in the driver (§2.5)', async ({ build }) => {
    await using lab = await startLab(build);
    const address = await allocate(lab, 1);
    await lab.call('clientMemory', OUT, address, 8);
    await lab.call('mapMemory', 0, 0, 0);
    assert.is((await lab.call('storeMap', 0, 1)).status, CODE.serverDied);
  });
}

memory('a descriptor that the driver drops is released in the kernel, too', async ({ build }) => {
  await using lab = await startLab(build);
  const address = await allocate(lab, 1);
  const before = await lab.simulator.counts();
  await lab.call('clientMemory', OUT, address, 8);
  await lab.call('dropMemory');
  await until('released', async () => (await lab.simulator.counts()).memory === before.memory);
});

// ── several parts ──

memory(
  'a descriptor over several is checked and as long as all of them (§2.5)',
  async ({ build }) => {
    await using lab = await startLab(build);
    assert.is((await lab.call('joinMemory', 0x10, 8)).status, CODE.badArgument);
    assert.is((await lab.call('joinMemory', IN_OUT)).status, CODE.badArgument);
    const made = await lab.call('joinMemory', IN_OUT, 10, 20, 30);
    assert.equal([made.status, made.out[0]], [CODE.success, 60]);
    assert.is((await lab.call('mapMemory', 0, 0, 0)).status, CODE.error, 'no page borders');
    assert.is((await lab.call('mapMemory', 0, 12, 10)).status, CODE.success, 'inside one part');
    assert.equal(await bytes(lab, 0, 9), [2, 2]);
  },
);

memory('parts of whole pages are mapped behind each other (§2.5)', async ({ build }) => {
  await using lab = await startLab(build);
  await lab.call('joinMemory', IN_OUT, PAGE, 2 * PAGE, 100);
  assert.is((await lab.call('mapMemory', 0, PAGE - 1, 0)).status, CODE.error, '0 is the whole');
  const map = await lab.call('mapMemory', 0, PAGE - 1, 2 * PAGE + 101);
  assert.equal(map.out.slice(0, 2), [2 * PAGE + 101, PAGE - 1]);
  assert.equal(await bytes(lab, 0, 1, 2 * PAGE, 2 * PAGE + 1), [1, 2, 2, 3]);
  assert.is((await lab.call('partOfMemory', IN_OUT, PAGE - 1, 2)).status, CODE.success);
  assert.is((await lab.call('partOfMemory', IN_OUT, 1, 2)).status, CODE.badArgument);
  assert.is((await lab.call('mapMemory', 0, 0, 0)).status, CODE.success);
  assert.equal(await bytes(lab, 0, 1), [1, 2]);
});

memory(
  'several parts go out in one transfer, and come in across their borders (§10.2)',
  async ({ build }) => {
    const sent: number[][] = [];
    const device = labDevice({
      out: { 2: (data) => void sent.push([...data]) },
      in: { 129: { take: ({ length }) => Uint8Array.from({ length }, (_, i) => i % 251) } },
    });
    await using lab = await startLab(build, device);
    assert.is((await lab.call('open')).status, CODE.success);
    await lab.call('joinMemory', IN_OUT, 3, 4, 5);
    const out = await lab.call('transfer', 0x02, 12, 0);
    assert.equal([out.status, out.out[0]], [CODE.success, 12]);
    await lab.call('partOfMemory', IN_OUT, 2, 6);
    await lab.call('transfer', 0x02, 6, 0);
    assert.equal(sent, [
      [1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 3],
      [1, 2, 2, 2, 2, 3],
    ]);
    await lab.call('joinMemory', IN_OUT, 500, PAGE, 524);
    assert.is((await lab.call('transfer', 0x81, 5120, 0)).out[0], 5120);
    assert.is((await lab.call('mapMemory', 0, 0, 500)).status, CODE.success);
    assert.equal(await bytes(lab, 0, 250, 251, 499), [0, 250, 0, 248]);
    assert.is((await lab.call('mapMemory', 0, 500, PAGE)).status, CODE.success);
    assert.equal(await bytes(lab, 0, PAGE - 1), [249, (500 + PAGE - 1) % 251]);
  },
);

memory(
  'a client’s memory goes to the device and takes its data (§1.10, §10.2)',
  async ({ build }) => {
    const sent: number[][] = [];
    const device = labDevice({
      out: { 2: (data) => void sent.push([...data]) },
      in: { 129: { take: ({ length }) => new Uint8Array(length).fill(9) } },
    });
    await using lab = await startLab(build, device);
    await lab.call('open');
    const address = await allocate(lab, 1);
    await fill(lab, address, 8, 60);
    await lab.call('clientMemory', OUT, address, 2, address + 4, 2);
    await lab.call('transfer', 0x02, 4, 0);
    assert.equal(sent, [[60, 61, 64, 65]]);
    await lab.call('clientMemory', 1 | SHARED, address, 512);
    assert.is((await lab.call('transfer', 0x81, 512, 0)).out[0], 512);
    assert.equal(await lab.tell(`read ${address + 510} 3`), [9, 9, 0]);
  },
);

memory(
  'a large structure goes out in pieces of the packet size, without a copy (§1.2)',
  async ({ build }) => {
    const sent: Uint8Array[] = [];
    await using lab = await startLab(
      build,
      labDevice({ out: { 2: (data) => void sent.push(Uint8Array.from(data)) } }),
    );
    await lab.call('open');
    assert.is((await lab.callWith(4096, 'sendStructure', 0x02, 512)).status, CODE.badArgument);
    assert.is((await lab.callWith(5000, 'sendStructure', 0x02, 512)).status, CODE.success);
    await until('ten transfers', async () => (await lab.call('completions', 0)).out[0] === 10);
    assert.equal(
      sent.map((piece) => piece.length),
      [...Array(9).fill(512), 392],
    );
    const whole = Buffer.concat(sent);
    assert.ok(whole.every((value, i) => value === ((i * 7 + 1) & 0xff)));
    const last = await lab.call('completions', 9);
    assert.equal(last.out.slice(1, 4), [0, 392, 9 * 512]);
  },
);

memory.run();
