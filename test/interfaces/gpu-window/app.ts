// A card whose BARs are mapped by their numbers, and memory whose type is its size.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { factsOf, rejection, startInterface } from '../../js/test/interfaces/bench.js';
import { GpuWindow } from './generated/gpu_window/client/gpu_window.js';

const card = suite('gpu-window');

const device = {
  ...{ vendor: 0x1002, device: 0x744c },
  bars: { 0: { size: 16384 }, 2: { size: 32768 }, 5: { size: 16384 } },
};

card('selectors are those of the facts', () => {
  assert.equal(factsOf('gpu-window').selectors, { readConfig: 0, writeConfig: 1, reset: 2 });
});

card('configuration space in scalars', async () => {
  await using bench = await startInterface('gpu-window');
  await bench.simulator.plugPci(device);
  await using client = await GpuWindow.open({ timeout: 60_000 });
  assert.equal(await client.readConfig({ offset: 0, size: 4 }), { value: 0x744c1002 });
  assert.equal(await client.readConfig({ offset: 2, size: 2 }), { value: 0x744c });
  for (const [offset, size] of [
    [4096, 4],
    [0, 0],
    [0, 5],
  ])
    assert.match(
      (await rejection(client.raw.call(0, { scalars: [offset ?? 0, size ?? 0], scalarOutputs: 1 })))
        .message,
      /0xe00002c2/,
    );
});

card('a BAR is mapped by the number that it has', async () => {
  await using bench = await startInterface('gpu-window');
  const plugged = await bench.simulator.plugPci(device);
  await using client = await GpuWindow.open({ timeout: 60_000 });
  for (const [index, size] of [
    [0, 16384],
    [2, 32768],
    [5, 16384],
  ] as const) {
    await using mapped = await client.mapBar({ index });
    assert.is(mapped.size, size);
    mapped.write(Uint8Array.of(index + 1), 8);
    assert.is(plugged.bar(index).read(8, 1)[0], index + 1);
  }
  await using second = await client.raw.map(2);
  assert.is(second.read(8, 1)[0], 3, 'the memory type is the number of the BAR');
  // The card has no BAR 1, and there is no BAR 6 at all: that number is memory of 6 bytes.
  await rejection(client.raw.map(1));
  await rejection(client.mapBar({ index: 6 }));
});

card('the number of other memory is its size', async () => {
  await using bench = await startInterface('gpu-window');
  await bench.simulator.plugPci(device);
  await using client = await GpuWindow.open({ timeout: 60_000 });
  await using dma = await client.mapDma({ bytes: 65536 });
  assert.is(dma.size, 65536);
  await using same = await client.raw.map(65536);
  dma.write(Uint8Array.of(0x5a), 100);
  assert.is(same.read(100, 1)[0], 0x5a);
  await rejection(client.raw.map(0x4000001));
});

card.run();
