// Memory of the app, and large bytes that nobody copies.
import * as assert from 'uvu/assert';
import { rejection, startInterface } from '../../js/test/interfaces/bench.js';
import { Ticker } from './generated/ticker/client/ticker.js';
import { events } from './support.js';

const sumOf = (bytes: Uint8Array) => bytes.reduce((sum, byte) => sum + byte, 0);

events('memory of the app, which the driver reads and writes in place', async () => {
  await using _bench = await startInterface('events');
  await using client = await Ticker.open({ timeout: 60_000 });
  for (const size of [1, 100, 4096, 100_000]) {
    const buffer = Uint8Array.from({ length: size }, (_, i) => i % 100);
    const expected = buffer.map((byte) => byte + 5);
    const sum = sumOf(buffer);
    assert.equal(await client.scramble({ step: 5, buffer }), { sum });
    assert.equal(buffer, expected);
  }
  // A part of a larger array: what is around it stays.
  const whole = new Uint8Array(64).fill(1);
  await client.scramble({ step: 1, buffer: whole.subarray(16, 32) });
  assert.equal([sumOf(whole), whole[15], whole[16], whole[32]], [80, 1, 2, 1]);
  const source = new Uint8Array(5000).fill(3);
  assert.equal(await client.inspect({ source }), { sum: 15_000 });
  await rejection(client.inspect({ source: new Uint8Array(1) }));
  assert.equal(await client.weigh({ source, weight: 2 }), { sum: 30_000 });
  // The length that no generated client would send; an address of 0; fewer scalars than there are.
  for (const scalars of [
    [4096n, 2n, 1n],
    [4096n, 2n, 65537n],
    [0n, 2n, 100n],
    [4096n, 2n],
  ]) {
    const refused = await rejection(client.raw.call(49, { scalars, scalarOutputs: 1 }));
    assert.match(refused.message, /0xe00002c2/, String(scalars));
  }
});

events('memory that the driver keeps until its answer', async () => {
  await using _bench = await startInterface('events');
  await using client = await Ticker.open({ timeout: 60_000 });
  const target = new Uint8Array(8192);
  const pulled = client.pull({ target });
  await client.followers();
  assert.is(sumOf(target), 0);
  await client.push({ value: 7 });
  assert.equal(await pulled, { written: 8192 });
  assert.is(sumOf(target), 7 * 8192);
  // Given up: the driver still writes, but to nobody.
  const late = new Uint8Array(8192);
  assert.is((await rejection(client.pull({ target: late }, { timeout: 20 }))).name, 'TimeoutError');
  await client.push({ value: 9 });
  assert.is(sumOf(late), 0);
  const closed = new Uint8Array(8192);
  const pending = rejection(client.pull({ target: closed }));
  await client.followers();
  await client.close();
  await pending;
  assert.is(sumOf(closed), 0);
});

events('large bytes without a copy in the driver', async () => {
  await using _bench = await startInterface('events');
  await using client = await Ticker.open({ timeout: 60_000 });
  const image = Uint8Array.from({ length: 300_000 }, (_, i) => i % 251);
  assert.equal(await client.checksum({ image }), { sum: sumOf(image) });
  const painted = await client.paint({ value: 4 });
  assert.equal([painted.image.length, sumOf(painted.image)], [5000, 20_000]);
});
