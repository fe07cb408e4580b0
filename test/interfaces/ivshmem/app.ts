// The BARs of a simulated device, seen from the app and from the device.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { type InterfaceBench, rejection, startInterface } from '../../js/test/interfaces/bench.js';
import { SharedMemory } from './generated/shared_memory/client/shared_memory.js';

const bars = suite('memory and nothing else');

const plug = ({ simulator }: InterfaceBench) =>
  simulator.plugPci({
    vendor: 0x1af4,
    device: 0x1110,
    class: 0x050000,
    bars: { 0: { size: 4096 }, 2: { size: 1 << 20, bits: 64 } },
  });

bars('an app and the device see the same bytes', async () => {
  await using bench = await startInterface('ivshmem');
  const card = await plug(bench);
  await using client = await SharedMemory.open({ timeout: 60_000 });
  await using memory = await client.mapMemory();
  assert.is(memory.size, 1 << 20);
  memory.write(Uint8Array.of(1, 2, 3), 4096);
  assert.equal([...card.bar(2).read(4096, 3)], [1, 2, 3]);
  card.bar(2).write(1 << 19, Uint8Array.of(9));
  assert.is(memory.read(1 << 19, 1)[0], 9);
});

bars('a layout over a BAR, read-only', async () => {
  await using bench = await startInterface('ivshmem');
  const card = await plug(bench);
  card.bar(0).write(8, Uint8Array.of(42, 0, 0, 0));
  await using client = await SharedMemory.open({ timeout: 60_000 });
  await using registers = await client.mapRegisters();
  assert.is(registers.position(), 42);
  assert.throws(() => registers.write(Uint8Array.of(1)), /read-only/);
});

bars('another device is not matched, and there is nothing to call', async () => {
  await using bench = await startInterface('ivshmem');
  await using _other = {
    card: await bench.simulator.plugPci({
      vendor: 0x1af4,
      device: 0x1111,
      bars: { 2: { size: 4096 } },
    }),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
  assert.is((await rejection(SharedMemory.open({ timeout: 300 }))).name, 'TimeoutError');
  const card = await plug(bench);
  await using client = await SharedMemory.open({ timeout: 60_000 });
  for (const selector of [0, 1, 0xde000000])
    assert.is((await rejection(client.raw.call(selector))).name, 'DriverError');
  await card.unplug();
  assert.is(await client.ended, 'gone');
});

bars.run();
