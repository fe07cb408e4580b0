// PCI functions and SCSI controllers in a recording: replayed without a device script, byte for byte both ways.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type PciDevice,
  type PluggedPciDevice,
  readRecording,
  type Simulator,
} from 'dextgen/simulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { newFolder } from '../simulator/support.js';
import { traffic } from '../simulator/traffic.js';
import { pciCard, scsiBox } from './projects.js';
import {
  buildCaller,
  buildProject,
  type Caller,
  openStage,
  startCaller,
  until,
} from './support.js';

type Context = { caller: string; card: string; box: string };
const record = suite<Context>('recorded families');

record.before((context) => {
  context.caller = buildCaller();
  context.card = buildProject(pciCard({ IOPCIPrimaryMatch: '0x11101AF4' }));
  context.box = buildProject(scsiBox());
});

const COMMAND = 4;
const MEMORY_AND_MASTER = 6;
const IN_OUT = 3;
const DOORBELL = 16;
const STATUS = 20;
const SILENT = 128;

/** A card that moves memory when its doorbell is rung, and is ready at the third look. */
function card(plugged: () => PluggedPciDevice | null): PciDevice {
  let looks = 0;
  const ring = async (address: bigint): Promise<undefined> => {
    const device = plugged();
    const found = await device?.readMemory(address, 8);
    await device?.writeMemory(address + 100n, Buffer.from('cafe', 'hex'));
    device?.bar(2).write(64, Uint8Array.of(found?.[0] ?? 0, 2, 3, 4));
  };
  return {
    vendor: 0x1af4,
    device: 0x1110,
    class: 0x050000,
    subsystem: { vendor: 0x1af4, device: 0x1100 },
    bars: {
      0: {
        size: 256,
        registers: {
          read: ({ offset }) => {
            if (offset === SILENT) throw new Error('does not answer');
            if (offset === STATUS) looks += 1;
            return offset === STATUS ? (looks >= 3 ? 1 : 0) : offset * 3;
          },
          write: ({ offset, value }) => (offset === DOORBELL ? ring(value) : undefined),
        },
      },
      2: { size: 1 << 16 },
    },
  };
}

/** What an application sees of the card: every answer, word by word. */
async function useCard(app: Caller): Promise<readonly string[]> {
  const seen: string[] = [];
  const call = async (...args: Parameters<Caller['call']>): Promise<bigint> => {
    const { status, scalars, bytes } = await app.call(...args);
    seen.push([args[0], status, ...scalars, bytes.toString('hex')].join(' '));
    return scalars[0] ?? 0n;
  };
  const read = (index: number, offset: number, width: number): Promise<bigint> =>
    call(3, { scalars: [index, offset, width], outScalars: 1 });
  await call(2, { scalars: [COMMAND, 2, MEMORY_AND_MASTER] });
  await read(0, 8, 4);
  await read(0, 8, 2);
  await call(4, { scalars: [0, 12, 2, 77] });
  await read(0, SILENT, 4);
  const address = await call(6, { scalars: [128, IN_OUT, 0x11], outScalars: 4 });
  await call(4, { scalars: [0, DOORBELL, 8, address] });
  while ((await read(0, STATUS, 4)) === 0n);
  await read(1, 64, 4);
  await call(7, { outBytes: 128 });
  return seen;
}

async function cardRun(
  context: Context,
  plug: (simulator: Simulator) => Promise<void>,
  options: { record?: string } = {},
): Promise<readonly string[]> {
  await using stage = await openStage([context.card], options);
  await plug(stage.simulator);
  await using app = startCaller(context.caller);
  assert.is(await app.open('PciCard'), 0);
  return await useCard(app);
}

/** Records the card once; what the application saw, and the file. */
async function recordCard(context: Context) {
  const file = join(newFolder(), 'card.jsonl');
  let device: PluggedPciDevice | null = null;
  const plug = async (simulator: Simulator): Promise<void> => {
    device = await simulator.plugPci(card(() => device));
  };
  return { file, seen: await cardRun(context, plug, { record: file }) };
}

record('registers, configuration, DMA and memory come back byte for byte', async (context) => {
  const first = await recordCard(context);
  assert.match(first.seen.at(-1) ?? '', `${'11'.repeat(100)}cafe1111`);
  assert.ok(first.seen.includes('3 0 67306001 '), first.seen.join('\n')); // 0x04030211
  const recorded = traffic(first.file);
  const counts = Object.entries(recorded).map(([kind, lines]) => `${kind} ${lines.length}`);
  assert.equal(counts.sort(), [
    'data 8',
    'pci-config 1',
    'pci-dma-read 1',
    'pci-dma-write 1',
    'pci-plug 1',
    'pci-read 6',
    'pci-store 1',
    'pci-write 2',
  ]);
  const second = join(newFolder(), 'second.jsonl');
  let stop = async (): Promise<readonly unknown[]> => ['no replay'];
  const replayed = await cardRun(
    context,
    async (simulator) => {
      const replay = simulator.replay(first.file, { speed: 'fast' });
      stop = async () => {
        await replay.finished;
        return replay.divergences;
      };
    },
    { record: second },
  );
  assert.equal(replayed, first.seen);
  assert.equal(await stop(), []);
  assert.equal(traffic(second), recorded);
});

record('what a driver does otherwise is named with its line', async (context) => {
  const { file } = await recordCard(context);
  const [device] = readRecording(file);
  if (device?.family !== 'pci') throw new Error('the recording begins with no PCI device');
  await using stage = await openStage([context.card]);
  const replay = stage.simulator.replay(file, { speed: 'fast' });
  await using app = startCaller(context.caller);
  assert.is(await app.open('PciCard'), 0);
  await app.call(2, { scalars: [COMMAND, 2, 2] });
  const words = async (offset: number, width: number): Promise<bigint | undefined> =>
    (await app.call(3, { scalars: [0, offset, width], outScalars: 1 })).scalars[0];
  // One that was recorded, one that was not, one again, one write too early: two reads are left out.
  assert.is(await words(8, 4), 24n);
  assert.is(await words(40, 4), 0xffffffffn);
  assert.is(await words(8, 4), 24n);
  await app.call(4, { scalars: [0, 12, 2, 77] });
  const texts = replay.divergences.map(({ line, text }) => `${line}: ${text}`);
  const [, second] = device.accesses;
  assert.equal(texts, [
    `${device.configWrites[0]?.line}: configuration space: 0x2, 2 bytes at 0x4, not 0x6, 2 bytes at 0x4`,
    `${second?.line}: the read of 4 bytes at 0x28 of BAR 0 was not recorded`,
    `${second?.line}: the read of 4 bytes at 0x8 of BAR 0 was not recorded`,
    `${second?.line}: the read of 2 bytes at 0x8 of BAR 0 was left out`,
  ]);
  const rest = await replay.stop();
  assert.match(rest.at(-1)?.text ?? '', 'the read of 4 bytes at 0x80 of BAR 0 did not come');
});

record('a recording that begins when the card is there; memory that differs', async (context) => {
  const file = join(newFolder(), 'late.jsonl');
  let address = 0n;
  {
    await using stage = await openStage([context.card]);
    const plugged = await stage.simulator.plugPci(card(() => null));
    await using app = startCaller(context.caller);
    assert.is(await app.open('PciCard'), 0);
    plugged.bar(2).write(0, Uint8Array.of(1)); // before, and so not in it
    await stage.simulator.record(file);
    await app.call(2, { scalars: [COMMAND, 2, MEMORY_AND_MASTER] });
    const prepared = await app.call(6, { scalars: [64, IN_OUT, 0x22], outScalars: 4 });
    address = prepared.scalars[0] ?? 0n;
    await plugged.readMemory(address, 4);
    plugged.bar(2).write(4, Uint8Array.of(9));
    await stage.simulator.stopRecording();
    plugged.bar(2).write(8, Uint8Array.of(8)); // after
    await plugged.unplug();
  }
  const [device] = readRecording(file);
  if (device?.family !== 'pci') throw new Error('the recording begins with no PCI device');
  assert.equal(
    device.deeds.map(({ kind, data }) => `${kind} ${data.toString('hex')}`),
    ['dma-read 22222222', 'store 09'],
  );
  await using stage = await openStage([context.card]);
  const replay = stage.simulator.replay(file, { speed: 'fast' });
  await using app = startCaller(context.caller);
  assert.is(await app.open('PciCard'), 0);
  await app.call(2, { scalars: [COMMAND, 2, MEMORY_AND_MASTER] });
  await app.call(6, { scalars: [64, IN_OUT, 0x33], outScalars: 4 });
  await until('the divergence', () => replay.divergences.length > 0);
  assert.is(
    replay.divergences[0]?.text,
    `the memory at 0x${address.toString(16)} is 33333333, not 22222222`,
  );
  await replay.finished;
});

// ── SCSI ──

const READ = 0x28;
const WRITE = 0x2a;
const BLOCK = 64;
const transfer = (operation: number, block: number): Uint8Array =>
  Uint8Array.of(operation, 0, 0, 0, 0, block, 0, 0, 1, 0);
const TARGET_RESET = 5;

async function recordBox(box: string): Promise<string> {
  const file = join(newFolder(), 'box.jsonl');
  await using stage = await openStage([box], { record: file });
  const bus = await stage.simulator.openScsi({ name: 'ScsiBox' });
  await until('the targets', async () => (await bus.targets()).length === 2);
  const out = Buffer.alloc(BLOCK, 'dextgen ');
  await bus.send({ target: 1, command: transfer(WRITE, 5), out });
  const read = await bus.send({ target: 1, command: transfer(READ, 5), inLength: BLOCK });
  assert.equal(read.data, out);
  await bus.send({ target: 0, command: Uint8Array.of(0xee, 0, 0, 0, 0, 0) });
  await bus.send({ target: 7, command: transfer(READ, 0) }).catch(() => undefined);
  await bus.manage(TARGET_RESET, 1);
  return file;
}

/** The system's own tasks, the first two: which target is asked first is open, and so is which has which number. */
const INQUIRIES = 2;

/** What two runs have in common: all but the order and the numbers of the INQUIRYs. */
function ordered(events: Readonly<Record<string, readonly string[]>>) {
  const ofTask = (kind: string): boolean => kind === 'scsi-task' || kind === 'scsi-done';
  return Object.entries(events).map(([kind, lines]) => {
    if (!ofTask(kind)) return [kind, lines];
    const inquiries = lines.slice(0, INQUIRIES).map((line) => line.replace(/"transfer":\d+,/, ''));
    return [kind, inquiries.sort(), lines.slice(INQUIRIES)];
  });
}

record('SCSI tasks are asked again, and answered alike', async ({ box }) => {
  const file = await recordBox(box);
  const events = traffic(file);
  assert.equal(
    ['scsi-start', 'scsi-task', 'scsi-done', 'scsi-manage', 'scsi-managed'].map(
      (kind) => events[kind]?.length,
    ),
    [1, 5, 5, 1, 1], // two of the tasks are INQUIRY, the system's own
  );
  assert.match(events['scsi-done']?.join('\n') ?? '', Buffer.from('dextgen ').toString('hex'));
  const second = join(newFolder(), 'second.jsonl');
  {
    await using stage = await openStage([box], { record: second });
    const replay = stage.simulator.replay(file);
    await replay.finished;
    assert.equal(await replay.stop(), []);
  }
  assert.equal(ordered(traffic(second)), ordered(events));
});

record('a SCSI answer that differs is named with its line', async ({ box }) => {
  const file = await recordBox(box);
  const changed = readFileSync(file, 'utf8').replaceAll(
    Buffer.from('dextgen ').toString('hex'),
    (found, at: number, whole: string) =>
      whole.lastIndexOf('scsi-done', at) > whole.lastIndexOf('scsi-task', at)
        ? '00'.repeat(8)
        : found,
  );
  writeFileSync(file, changed);
  const line = changed.split('\n').findIndex((each) => /scsi-done.*"data":"0{32}/.test(each)) + 1;
  await using stage = await openStage([box]);
  const replay = stage.simulator.replay(file, { speed: 'fast' });
  await replay.finished;
  assert.is(replay.divergences.length, 1);
  assert.is(replay.divergences[0]?.line, line);
  assert.match(
    replay.divergences[0]?.text ?? '',
    /^task 28000000000500000100 for target 1: data is 6465.*, not 0000/,
  );
});

record.run();
