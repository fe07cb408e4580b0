// BlockStorageDeviceDriverKit: a disk that TypeScript plays behind PCI registers, its driver, and the system above it.
import type { BlockDevice, PciDevice, PluggedPciDevice } from 'dextgen/simulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildProject, openStage, type Stage, until } from './support.js';

const DISK = 'com.example.BlockDisk';
const BLOCK = 512;
const BLOCKS = 1024;
const OPERATION = { read: 1, write: 2, synchronize: 3, eject: 4, unmap: 5 } as const;
const NOTHING = 0xffff_ffff_ffff_ffffn;
const CODE = {
  ioError: 0xe00002ca,
  notReady: 0xe00002d8,
  badArgument: 0xe00002c2,
  aborted: 0xe00002eb,
  offline: 0xe00002d7,
};

type Command = {
  readonly operation: number;
  readonly id: number;
  readonly address: bigint;
  readonly first: number;
  readonly blocks: number;
  readonly options: number;
};

/** A disk: what it has been told, and how it answers. */
type Disk = {
  readonly memory: Buffer;
  readonly seen: Command[];
  /** Bytes that a request says it has moved; null ends it with an error, 'never' not at all. */
  answer: (command: Command, length: number) => number | null | 'never';
  refuses: boolean;
  blockSize: number;
  requests: number;
};

const newDisk = (): Disk => ({
  memory: Buffer.alloc(BLOCK * BLOCKS),
  seen: [],
  answer: (_, length) => length,
  refuses: false,
  blockSize: BLOCK,
  requests: 4,
});

/** Moves the blocks; resolves with how many bytes there are. */
async function transfer(disk: Disk, card: PluggedPciDevice, command: Command): Promise<number> {
  const at = command.first * BLOCK;
  const length = command.blocks * BLOCK;
  if (command.operation === OPERATION.read) {
    await card.writeMemory(command.address, disk.memory.subarray(at, at + length));
  } else {
    disk.memory.set(await card.readMemory(command.address, length), at);
  }
  return length;
}

function cardOf(disk: Disk, plugged: () => PluggedPciDevice): PciDevice {
  const registers = new Map<number, bigint>();
  const ended: bigint[] = [];
  const register = (offset: number): bigint => registers.get(offset) ?? 0n;
  const run = async (command: Command): Promise<void> => {
    const moves = command.operation === OPERATION.read || command.operation === OPERATION.write;
    const length = moves ? await transfer(disk, plugged(), command) : 0;
    const bytes = disk.answer(command, length);
    if (bytes === 'never') return;
    const failed = bytes === null ? 1n << 16n : 0n;
    ended.push(
      BigInt(command.id) | (BigInt(command.operation) << 8n) | failed | (BigInt(bytes ?? 0) << 32n),
    );
    await plugged().interrupt();
  };
  const take = (value: bigint): void => {
    if (disk.refuses) return;
    const command = {
      operation: Number(value & 0xffn),
      id: Number((value >> 8n) & 0xffffn),
      options: Number(value >> 32n),
      address: register(0x20),
      first: Number(register(0x28)),
      blocks: Number(register(0x30)),
    };
    disk.seen.push(command);
    if (command.operation !== OPERATION.unmap || command.options === 1) void run(command);
  };
  const read = (offset: number): bigint => {
    if (offset === 0x00) return BigInt(BLOCKS);
    if (offset === 0x08) return BigInt(disk.blockSize);
    if (offset === 0x10) return BigInt(disk.requests);
    if (offset === 0x38) return disk.refuses ? 0n : 1n;
    return offset === 0x40 ? (ended.shift() ?? NOTHING) : register(offset);
  };
  return {
    vendor: 0x1209,
    device: 0x0b10,
    capabilities: [{ id: 0x05, bytes: Uint8Array.of(0x04, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) }],
    bars: {
      0: {
        size: 256,
        registers: {
          read: ({ offset }) => read(offset),
          write: ({ offset, value }) => {
            registers.set(offset, value);
            if (offset === 0x38) take(value);
          },
        },
      },
    },
  };
}

async function plugDisk(stage: Stage, disk: Disk): Promise<PluggedPciDevice> {
  let plugged: PluggedPciDevice | undefined;
  plugged = await stage.simulator.plugPci(
    cardOf(disk, () => {
      if (plugged === undefined) throw new Error('the disk is not there yet');
      return plugged;
    }),
  );
  return plugged;
}

const codeOf = (reason: unknown): unknown => (reason as { status?: number }).status;
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(() => 'no failure', codeOf);

const block = suite<{ bundle: string }>('block storage');

block.before((context) => {
  context.bundle = buildProject({
    name: 'block',
    identifier: DISK,
    personalities: {
      Disk: {
        CFBundleIdentifier: DISK,
        CFBundleIdentifierKernel: 'com.apple.iokit.IOStorageFamily',
        IOClass: 'IOUserBlockStorageDevice',
        IOProviderClass: 'IOPCIDevice',
        IOPCIPrimaryMatch: '0x0b101209',
        IOUserClass: 'BlockDisk',
        IOUserServerName: DISK,
      },
    },
    entitlements: {
      'com.apple.developer.driverkit.transport.pci': [
        { IOPCIPrimaryMatch: '0x00001209&0x0000ffff' },
      ],
      'com.apple.developer.driverkit.family.block-storage-device': true,
    },
  });
});

async function open(stage: Stage): Promise<BlockDevice> {
  return stage.simulator.openBlock({ name: 'BlockDisk', timeout: 60_000 });
}

block('it says what it is, and the registry has what requests may be like', async (context) => {
  await using stage = await openStage([context.bundle]);
  await plugDisk(stage, newDisk());
  const device = await open(stage);
  assert.equal(
    { ...device.description },
    {
      vendor: 'Example',
      product: 'Block Disk',
      revision: '1.0',
      additionalInfo: '',
      isEjectable: true,
      isRemovable: false,
      isWriteProtected: false,
      blocks: BLOCKS,
      blockSize: BLOCK,
      maxTransfer: 65_536,
      maxRequests: 4,
      maxUnmapRanges: 2,
      alignment: 4096,
      addressBits: 32,
      unmap: true,
      forceUnitAccess: true,
    },
  );
  const tree = JSON.stringify(await stage.simulator.registry());
  assert.match(tree, /"IOMaximumBlockCountRead":128/);
  assert.match(tree, /"IOStorageFeatures":\{[^}]*"Unmap":true/);
});

block('blocks travel by DMA, in requests that the driver takes', async (context) => {
  await using stage = await openStage([context.bundle]);
  const disk = newDisk();
  await plugDisk(stage, disk);
  const device = await open(stage);
  const bytes = Buffer.from(Array.from({ length: 200 * BLOCK }, (_, at) => (at * 7) >> 3));
  assert.is(await device.write(3, bytes, { forceUnitAccess: true }), bytes.length);
  assert.equal(disk.memory.subarray(3 * BLOCK, 203 * BLOCK), bytes);
  assert.equal(await device.read(3, 200), bytes);
  const told = disk.seen.map(({ operation, first, blocks, options }) => [
    operation,
    first,
    blocks,
    options,
  ]);
  assert.equal(told, [
    [OPERATION.write, 3, 128, 1],
    [OPERATION.write, 131, 72, 1],
    [OPERATION.read, 3, 128, 0],
    [OPERATION.read, 131, 72, 0],
  ]);
  // Whole pages below 4 GiB, as the driver has asked for.
  for (const { address } of disk.seen) {
    assert.is(address % 4096n, 0n);
    assert.ok(address > 0n && address + 65_536n <= 1n << 32n, `0x${address.toString(16)}`);
  }
});

block('synchronize, unmap and eject end with Complete', async (context) => {
  await using stage = await openStage([context.bundle]);
  const disk = newDisk();
  await plugDisk(stage, disk);
  const device = await open(stage);
  await device.synchronize();
  await device.unmap([
    { first: 1, blocks: 2 },
    { first: 10, blocks: 20 },
    { first: 100, blocks: 200 },
  ]);
  await device.eject();
  const told = disk.seen.map(({ operation, first, blocks, options }) => [
    operation,
    first,
    blocks,
    options,
  ]);
  assert.equal(told, [
    [OPERATION.synchronize, 0, BLOCKS, 0],
    [OPERATION.unmap, 1, 2, 0],
    [OPERATION.unmap, 10, 20, 1],
    [OPERATION.unmap, 100, 200, 1],
    [OPERATION.eject, 0, 0, 0],
  ]);
  disk.answer = () => null;
  assert.is(await failure(device.synchronize()), CODE.ioError);
});

block('errors are the driver’s own, and what it says wrongly is one', async (context) => {
  await using stage = await openStage([context.bundle]);
  const disk = newDisk();
  await plugDisk(stage, disk);
  const device = await open(stage);
  disk.answer = () => null;
  assert.is(await failure(device.read(0, 1)), CODE.ioError);
  disk.answer = (_, length) => length + 1;
  assert.is(await failure(device.read(0, 1)), CODE.ioError, 'more than was asked for');
  await until('the complaint', () => stage.log.some((line) => line.includes('more bytes than')));
  disk.answer = (_, length) => length / 2;
  assert.is((await device.read(0, 2)).length, BLOCK, 'a short read');
  disk.answer = (_, length) => length;
  disk.refuses = true;
  assert.is(await failure(device.write(0, Buffer.alloc(BLOCK))), CODE.notReady);
  assert.is(await failure(device.synchronize()), CODE.notReady);
  disk.refuses = false;
  assert.is(await failure(device.read(BLOCKS - 1, 2)), CODE.badArgument, 'past the end');
  assert.is((await device.read(BLOCKS - 1, 1)).length, BLOCK);
});

block(
  'no more requests than the driver takes; the end of the device ends them',
  async (context) => {
    await using stage = await openStage([context.bundle]);
    const disk = newDisk();
    const card = await plugDisk(stage, disk);
    const device = await open(stage);
    disk.answer = () => 'never';
    const requests = Array.from({ length: 6 }, (_, at) => failure(device.read(at, 1)));
    await until('four are under way', () => disk.seen.length === 4);
    assert.equal(disk.seen.map(({ id }) => id).toSorted(), [0, 1, 2, 3]);
    await device.read(BLOCKS, 1).catch(() => undefined); // refused before it is one
    assert.is(disk.seen.length, 4);
    await card.unplug();
    for (const code of await Promise.all(requests)) {
      assert.ok(code === CODE.aborted || code === CODE.offline, String(code));
    }
  },
);

block('without a block size there is no device', async (context) => {
  await using stage = await openStage([context.bundle]);
  await plugDisk(stage, { ...newDisk(), blockSize: 0 });
  await until('the complaint', () =>
    stage.log.some((line) => line.includes('GetDeviceParams: blockSize is 0')),
  );
});

block.run();
