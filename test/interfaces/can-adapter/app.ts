// Frames through a ring that both sides keep words of, and a completion that says only that there are some.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  factsOf,
  modelOf,
  rejection,
  startInterface,
  within,
} from '../../js/test/interfaces/bench.js';
import { CanAdapter } from './generated/can_adapter/client/can_adapter.js';

const can = suite('can-adapter');

can('selectors, and who owns which word of the ring', () => {
  const { selectors, sizes } = factsOf('can-adapter');
  assert.equal(selectors, {
    ...{ openDevice: 0, closeDevice: 1, sendData: 2, setBaudRate: 3, waitForData: 4 },
    ...{ openChannel: 5, closeChannel: 6 },
  });
  assert.is(sizes.Metadata, 128);
  const { buffers } = modelOf('can-adapter') as {
    buffers: { sections: { name: string; offset: number; owner: string }[] }[];
  };
  assert.equal(
    buffers[0]?.sections.map(({ name, offset, owner }) => `${name} ${offset} ${owner}`),
    [
      ...['metadata 0 driver', 'rxHead 128 driver', 'rxTail 132 app', 'txHead 256 app'],
      ...['txTail 260 driver', 'rx 384 driver', 'tx 262528 app'],
    ],
  );
});

can('what is sent arrives in the ring, and a waiting app hears of it', async () => {
  await using _bench = await startInterface('can-adapter');
  await using client = await CanAdapter.open({ timeout: 60_000 });
  await client.openDevice();
  await using ring = await client.mapRing();
  assert.is(ring.metadata().magic, 0xcafecafe);
  assert.is(ring.metadata().rxCapacity, 262144);
  const waiting = client.waitForData();
  await client.sendData({ data: Uint8Array.of(1, 2, 3) });
  await within('a frame', waiting);
  assert.is(ring.rxHead(), 5);
  assert.equal([...ring.read(384, 5)], [3, 0, 1, 2, 3]);
  // There is data already, so that nothing has to be waited for.
  await within('the same frame', client.waitForData());
  ring.writeRxTail(5);
  const first = client.waitForData();
  const ended = rejection(first);
  await client.sendData({ data: new Uint8Array() });
  await client.closeDevice();
  assert.match((await within('the end of the call', ended)).message, /0xe00002eb/);
});

can('calls out of order, and words of the other side, are refused', async () => {
  await using _bench = await startInterface('can-adapter');
  await using client = await CanAdapter.open({ timeout: 60_000 });
  for (const early of [client.closeDevice(), client.sendData({ data: new Uint8Array(1) })])
    assert.match((await rejection(early)).message, /notOpen|0xe00002cd/);
  await client.openDevice();
  assert.match((await rejection(client.openDevice())).message, /stillOpen|0xe00002d2/);
  for (const scalars of [[500000], [500000, 256]])
    assert.match((await rejection(client.raw.call(5, { scalars }))).message, /0xe00002c2/);
  await using ring = await client.mapRing();
  assert.throws(() => ring.write(Uint8Array.of(1), 128), /rxHead|driver/);
  // A tail that no app has reached: the driver takes the ring for full rather than write beyond it.
  ring.writeRxTail(1);
  assert.match(
    (await rejection(client.sendData({ data: new Uint8Array(8) }))).message,
    /0xe00002db/,
  );
});

can.run();
