// The facts of the interface, a call of each kind on a simulated board, and the lengths and channels that the hand-written
// driver did not check.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  factsOf,
  type InterfaceBench,
  modelOf,
  rejection,
  startInterface,
} from '../../js/test/interfaces/bench.js';
import { FpgaBoard } from './generated/fpga_board/client/fpga_board.js';

const board = suite('lite-pcie');

const plug = ({ simulator }: InterfaceBench) =>
  simulator.plugPci({ vendor: 0x10ee, device: 0x7024, bars: { 0: { size: 4096 } } });

board('selectors, sizes, offsets and memory types are those of the facts', () => {
  const { selectors, sizes, offsets } = factsOf('lite-pcie');
  assert.equal(selectors, {
    configDmaReader: 0,
    configDmaWriter: 1,
    readCsr: 2,
    writeCsr: 3,
    icap: 4,
    flash: 5,
  });
  assert.is(sizes.DmaChannel, 5);
  assert.is(sizes.Icap, 5);
  assert.is(sizes.Flash, 20);
  assert.is(offsets['DmaChannel.enable'], 4);
  assert.is(offsets['Icap.data'], 1);
  assert.is(offsets['Flash.rx'], 12);
  const { buffers } = modelOf('lite-pcie') as { buffers: { name: string; access: string }[] };
  assert.equal(
    buffers.map(({ name, access }) => `${name} ${access}`),
    ['reader read-write', 'writer read-write', 'counters read-only'],
  );
});

board('registers, packed structs and memory of a channel', async () => {
  await using bench = await startInterface('lite-pcie');
  const card = await plug(bench);
  await using client = await FpgaBoard.open({ timeout: 60_000 });
  await client.writeCsr({ address: 0x10, value: 0xdeadbeef });
  assert.equal([...card.bar(0).read(0x10, 4)], [0xef, 0xbe, 0xad, 0xde]);
  assert.equal(await client.readCsr({ address: 0x10 }), { value: 0xdeadbeef });
  await client.icap({ request: { address: 2, data: 7 } });
  assert.is(card.bar(0).read(0x408, 1)[0], 7);
  const { reply } = await client.flash({ request: { txLength: 8, tx: 0x0fn, rx: 0n } });
  assert.equal(reply, { txLength: 8, tx: 0x0fn, rx: 0xf0n });

  await client.configDmaReader({ config: { channel: 15, enable: true } });
  await client.configDmaWriter({ config: { channel: 15, enable: true } });
  await client.configDmaWriter({ config: { channel: 15, enable: true } });
  await using counters = await client.mapCounters({ channel: 15 });
  assert.equal([...counters.counts().slice(0, 2)], [1n, 2n]);
  assert.throws(() => counters.write(Uint8Array.of(1)), /read-only/);
  await using raw = await client.raw.map(0x4000f);
  assert.is(raw.read(8, 1)[0], 2, 'base and channel are the number of the memory type');
  await using reader = await client.mapReader({ channel: 0 });
  assert.is(reader.size, 65536);
});

board('what the hand-written driver took unchecked is refused', async () => {
  await using bench = await startInterface('lite-pcie');
  await plug(bench);
  await using client = await FpgaBoard.open({ timeout: 60_000 });
  const badArgument = async (call: Promise<unknown>, what: string): Promise<void> =>
    assert.match((await rejection(call)).message, /0xe00002c2/, what);
  for (const size of [0, 4, 6, 4097])
    await badArgument(client.raw.call(0, { struct: new Uint8Array(size) }), `${size} bytes`);
  await badArgument(client.raw.call(0, { struct: Uint8Array.of(16, 0, 0, 0, 1) }), 'channel 16');
  await badArgument(client.raw.call(2, { scalars: [0] }), 'no scalar output');
  await badArgument(client.raw.call(2, { scalars: [2], scalarOutputs: 1 }), 'unaligned');
  const flash = new Uint8Array(20);
  await badArgument(client.raw.call(5, { struct: flash, structOutput: 20 }), 'txLength 0');
  for (const type of [0x10010, 0x30000, 0x4ffff])
    assert.is((await rejection(client.raw.map(type))).name, 'DriverError', `memory ${type}`);
});

board.run();
