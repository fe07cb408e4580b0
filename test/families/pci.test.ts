// PCIDriverKit: matching, configuration space, BARs as memory and as registers, DMA, what unplug leaves.

import type { PciDevice } from 'dextgen/simulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PlistDict } from '../simulator/support.js';
import { pciCard } from './projects.js';
import { buildCaller, buildProject, openStage, startCaller, until } from './support.js';

const MEMORY_SPACE = 2;
const BUS_MASTER = 4;
const COMMAND = 4;
const UNSUPPORTED = 0xe00002c7;
const MESSAGE_TOO_LARGE = 0xe00002e1;

const project = (match: PlistDict): string => buildProject(pciCard(match));

const card: PciDevice = {
  vendor: 0x1af4,
  device: 0x1110,
  class: 0x050000,
  revision: 1,
  subsystem: { vendor: 0x1af4, device: 0x1100 },
  capabilities: [{ id: 5, bytes: new Uint8Array([0x80, 0, 0, 0, 0, 0]) }],
  bars: { 0: { size: 256 }, 2: { size: 1 << 20, bits: 64, prefetchable: true } },
};

type Context = { caller: string; bundle: string };
const pci = suite<Context>('PCI');

pci.before((context) => {
  context.caller = buildCaller();
  context.bundle = project({ IOPCIPrimaryMatch: '0x11101AF4' });
});

pci('configuration space and memory are the same on both sides', async (context) => {
  await using stage = await openStage([context.bundle]);
  const plugged = await stage.simulator.plugPci(card);
  await using app = startCaller(context.caller);
  assert.is(await app.open('PciCard'), 0);
  const read = async (offset: number, width: number): Promise<bigint> =>
    (await app.call(1, { scalars: [offset, width], outScalars: 1 })).scalars[0] ?? 0n;
  const write = (offset: number, width: number, value: number): Promise<unknown> =>
    app.call(2, { scalars: [offset, width, value] });
  assert.ok(
    stage.log.some((line) => line.includes('vendor without a session: 0xffff')),
    'nothing is read without Open',
  );
  assert.is(await read(0, 4), 0x11101af4n);
  assert.is(await read(2, 2), 0x1110n);
  assert.is(await read(8, 1), 1n);

  // What the vendor's identification says cannot be written; sizing a BAR works as on hardware.
  await write(0, 4, 0);
  assert.is(await read(0, 4), 0x11101af4n);
  await write(0x10, 4, 0xffffffff);
  assert.is(await read(0x10, 4), 0xffffff00n);
  assert.is((await app.call(5, { scalars: [5], outScalars: 1 })).scalars[0], 0x40n);
  assert.is((await app.call(5, { scalars: [0x11], outScalars: 1 })).status, 0xe00002f0);

  const info = await app.call(0, { scalars: [2], outScalars: 3 });
  assert.equal(info.scalars, [1n, 1n << 20n, 12n]);
  assert.is((await app.call(0, { scalars: [1], outScalars: 3 })).status, 0xe00002f0);

  // Memory Space is off until the driver switches it on.
  const index = Number(info.scalars[0]);
  const memory = (offset: number, width: number): Promise<bigint | undefined> =>
    app
      .call(3, { scalars: [index, offset, width], outScalars: 1 })
      .then(({ scalars }) => scalars[0]);
  plugged.bar(2).write(16, new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]));
  assert.is(await memory(16, 4), 0xffffffffn);
  await write(COMMAND, 2, MEMORY_SPACE | BUS_MASTER);
  assert.is(await memory(16, 8), 0x0807060504030201n);
  assert.is(await memory(18, 2), 0x0403n);
  assert.is(await memory(19, 1), 4n);
  assert.is(await memory((1 << 20) - 2, 4), 0xffffffffn, 'past the end');
  await app.call(4, { scalars: [index, 4096, 4, 0xcafef00d] });
  assert.equal(plugged.bar(2).read(4096, 4), Buffer.from('0df0feca', 'hex'));

  // The BAR as the application maps it (contract §2).
  assert.equal(await app.map(index), { status: 0, size: 1 << 20 });
  assert.equal(await app.peek(index, 16, 4), Buffer.from([1, 2, 3, 4]));
  await app.poke(index, 0x80000, Buffer.from('feed', 'hex'));
  assert.equal(plugged.bar(2).read(0x80000, 2), Buffer.from('feed', 'hex'));
  assert.is(await app.unmap(index), 0);
});

pci('registers are answered by the device', async (context) => {
  await using stage = await openStage([context.bundle]);
  const seen: string[] = [];
  const plugged = await stage.simulator.plugPci({
    ...card,
    bars: {
      0: {
        size: 256,
        registers: {
          read: async ({ offset, width }) => {
            await new Promise((wake) => setTimeout(wake, 5));
            seen.push(`read ${offset} ${width}`);
            if (offset === 128) throw new Error('a register that does not answer');
            return offset * 3;
          },
          write: ({ offset, width, value }) => void seen.push(`write ${offset} ${width} ${value}`),
        },
      },
    },
    configWritten: ({ offset, value }) => void seen.push(`config ${offset} ${value}`),
  });
  await using app = startCaller(context.caller);
  assert.is(await app.open('PciCard'), 0);
  await app.call(2, { scalars: [COMMAND, 2, MEMORY_SPACE] });
  const first = await app.call(3, { scalars: [0, 8, 4], outScalars: 1 });
  await app.call(4, { scalars: [0, 12, 2, 77] });
  const silent = await app.call(3, { scalars: [0, 128, 4], outScalars: 1 });
  assert.is(first.scalars[0], 24n);
  assert.is(silent.scalars[0], 0xffffffffn);
  assert.equal(seen, ['config 4 2', 'read 8 4', 'write 12 2 77', 'read 128 4']);
  await plugged.unplug();
});

pci('DMA reaches what is prepared, in the direction it is prepared for', async (context) => {
  await using stage = await openStage([context.bundle]);
  const plugged = await stage.simulator.plugPci(card);
  await using app = startCaller(context.caller);
  assert.is(await app.open('PciCard'), 0);
  const IN = 1;
  const prepared = await app.call(6, { scalars: [4000, IN, 0x11], outScalars: 4 });
  const [address = 0n, length, segments, flags] = prepared.scalars;
  assert.equal([prepared.status, length, segments, flags], [0, 4000n, 1n, 1n]);

  const early = plugged.writeMemory(address, new Uint8Array([1]));
  await early.then(
    () => assert.unreachable(),
    (error) => assert.match(`${error}`, /Bus Master/),
  );
  await app.call(2, { scalars: [COMMAND, 2, BUS_MASTER] });
  await plugged.writeMemory(address + 3990n, new Uint8Array([9, 8, 7]));
  for (const [what, complaint] of [
    [() => plugged.writeMemory(address + 3999n, new Uint8Array(2)), /no memory is prepared/],
    [() => plugged.readMemory(address, 4), /not for the device to read/],
  ] as const) {
    await what().then(
      () => assert.unreachable(),
      (error) => assert.match(`${error}`, complaint),
    );
  }
  const memory = (await app.call(7, { outBytes: 4000 })).bytes;
  assert.equal([...memory.subarray(3988, 3994)], [0x11, 0x11, 9, 8, 7, 0x11]);
  await plugged.writeMemory(address, new Uint8Array([1])).then(
    () => assert.unreachable(),
    (error) => assert.match(`${error}`, /no memory is prepared/),
  );
});

pci('a device that goes leaves nothing', async (context) => {
  await using stage = await openStage([context.bundle]);
  const before = await stage.simulator.counts();
  const tree = async (): Promise<string> => JSON.stringify(await stage.simulator.registry());
  for (let round = 0; round < 3; round++) {
    const plugged = await stage.simulator.plugPci(card);
    await until('the driver', async () => (await tree()).includes('"name":"PciCard"'));
    await plugged.unplug();
    await until('its end', async () => !(await tree()).includes('PciCard'));
  }
  await until('its process', async () => (await stage.simulator.processes()).length === 0);
  await until(
    'the kernel process to be as before',
    async () => JSON.stringify(await stage.simulator.counts()) === JSON.stringify(before),
  );
});

const MATCHES: readonly (readonly [string, PlistDict, boolean])[] = [
  ['IOPCIMatch', { IOPCIMatch: '0x11101af4' }, true],
  ['IOPCIMatch on the subsystem', { IOPCIMatch: '0x11001af4' }, true],
  ['IOPCIPrimaryMatch does not', { IOPCIPrimaryMatch: '0x11001af4' }, false],
  ['IOPCISecondaryMatch', { IOPCISecondaryMatch: '0x11001af4' }, true],
  ['a mask', { IOPCIPrimaryMatch: '0x00001af4&0x0000ffff' }, true],
  ['the second of two', { IOPCIPrimaryMatch: '0x12345678 0x11101af4' }, true],
  ['a class, any revision', { IOPCIClassMatch: '0x05000000' }, true],
  ['a class with a mask', { IOPCIClassMatch: '0x05ff0000&0xff000000' }, true],
  ['another class', { IOPCIClassMatch: '0x02000000&0xff000000' }, false],
  ['IONameMatch', { IONameMatch: 'pci1af4,1110' }, true],
];
for (const [name, match, expected] of MATCHES) {
  pci(`matches: ${name}`, async () => {
    const bundle = project(match);
    await using stage = await openStage([bundle]);
    await stage.simulator.plugPci(card);
    const said = (): string | undefined =>
      stage.log.find((line) => /PciCard started|does not match pci1af4/.test(line));
    await until('a decision', () => said() !== undefined);
    assert.is(said()?.includes('started'), expected, said());
  });
}

pci('the transport entitlement must cover the device', async (context) => {
  await using stage = await openStage([context.bundle]);
  await stage.simulator.plugPci({ ...card, vendor: 0x1af5 });
  const bundle = project({ IOPCIPrimaryMatch: '0x11101AF5' });
  await using other = await openStage([bundle]);
  await other.simulator.plugPci({ ...card, vendor: 0x1af5 });
  await until('the refusal', () =>
    other.log.some((line) =>
      line.includes('no element of com.apple.developer.driverkit.transport.pci'),
    ),
  );
});

pci('a device that cannot be is refused with a sentence', async (context) => {
  await using stage = await openStage([context.bundle]);
  for (const [bars, complaint] of [
    [{ 0: { size: 100 } }, /BAR 0: the size must be a power of two/],
    [{ 5: { size: 256, bits: 64 } }, /BAR 5 does not exist/],
    [{ 0: { size: 256, bits: 64 }, 1: { size: 256 } }, /BAR 1 is declared twice/],
  ] as const) {
    await stage.simulator.plugPci({ ...card, bars }).then(
      () => assert.unreachable(),
      (error) => assert.match(`${error}`, complaint),
    );
  }
});

pci('memory lies where a driver with few address bits reaches it', async (context) => {
  await using stage = await openStage([context.bundle]);
  const plugged = await stage.simulator.plugPci(card);
  await using app = startCaller(context.caller);
  assert.is(await app.open('PciCard'), 0);
  await app.call(2, { scalars: [COMMAND, 2, BUS_MASTER] });
  const IN = 1;
  const prepare = (length: number, bits: number) =>
    app.call(6, { scalars: [length, IN, 0x11, bits], outScalars: 4 });
  const wide = (await prepare(4096, 64)).scalars[0] ?? 0n;
  assert.ok(wide >= 1n << 32n, `0x${wide.toString(16)}`);
  assert.is((await app.call(7, { outBytes: 4096 })).status, 0);
  // Places are used again when there are no others.
  for (let round = 0; round < 24; round++) {
    const { scalars, status } = await prepare(4000, 20);
    const address = scalars[0] ?? 0n;
    assert.is(status, 0, `round ${round}`);
    assert.ok(address > 0n && address + 4000n <= 1n << 20n, `0x${address.toString(16)}`);
    await plugged.writeMemory(address + 3990n, Buffer.alloc(10, round));
    const { bytes } = await app.call(7, { outBytes: 4000 });
    assert.equal(bytes.subarray(3989), Buffer.from([0x11, ...Buffer.alloc(10, round)]));
    const late = plugged.writeMemory(address, Buffer.alloc(1));
    assert.is(
      await late.then(
        () => 'moved',
        () => 'refused',
      ),
      'refused',
    );
  }
  assert.is((await prepare(1 << 20, 20)).status, MESSAGE_TOO_LARGE);
  assert.is((await prepare(4096, 12)).status, MESSAGE_TOO_LARGE);
});

pci('a function level reset reaches a device that has it', async (context) => {
  await using stage = await openStage([context.bundle]);
  const [FUNCTION, HOT] = [0x10, 0x01];
  const express = (capabilities: number): Uint8Array =>
    Uint8Array.of(0x02, 0, 0, 0, 0, capabilities, 0x10, 0x28, 0, 0);
  const written: string[] = [];
  let resets = 0;
  const plugged = await stage.simulator.plugPci({
    ...card,
    capabilities: [...(card.capabilities ?? []), { id: 0x10, bytes: express(0x10) }],
    configWritten: ({ offset, value }) => void written.push(`${offset} ${value.toString(16)}`),
    reset: () => void resets++,
  });
  await using app = startCaller(context.caller);
  assert.is(await app.open('PciCard'), 0);
  await app.call(2, { scalars: [COMMAND, 2, MEMORY_SPACE] });
  assert.is((await app.call(9, { scalars: [FUNCTION] })).status, 0);
  assert.is(resets, 1);
  const at = Number((await app.call(5, { scalars: [0x10], outScalars: 1 })).scalars[0]);
  // Quiet before, and as it was after.
  assert.equal(written, ['4 2', '4 0', `${at + 8} a810`, `${at + 8} 2810`, '4 2']);
  assert.is((await app.call(9, { scalars: [HOT] })).status, UNSUPPORTED);
  await plugged.unplug();

  await app.close();
  await stage.simulator.plugPci({ ...card, capabilities: [{ id: 0x10, bytes: express(0) }] });
  await until('another', async () => (await app.open('PciCard')) === 0);
  assert.is((await app.call(9, { scalars: [FUNCTION] })).status, UNSUPPORTED);
  assert.is(resets, 1);
});

pci(
  'event links and work groups have names, and nothing without an application',
  async (context) => {
    await using stage = await openStage([context.bundle]);
    await stage.simulator.plugPci(card);
    await using app = startCaller(context.caller);
    assert.is(await app.open('PciCard'), 0);
    const { status, scalars } = await app.call(10, { outScalars: 10 });
    assert.is(status, 0);
    const [BAD_ARGUMENT, NOT_READY] = [0xe00002c2n, 0xe00002d8n];
    assert.equal(scalars.slice(0, 6), [0n, BAD_ARGUMENT, 0n, 0n, NOT_READY, BAD_ARGUMENT]);
    assert.equal(scalars.slice(6), [0n, NOT_READY, 40n, 0n]);
  },
);

pci.run();
