// Handles in completions and refused subscriptions.
import { RejectedError } from 'dextgen/client';
import * as assert from 'uvu/assert';
import { rejection, startInterface } from '../../js/test/interfaces/bench.js';
import { calls, failed, open, refused } from './support.js';

calls('handles in completions: made when they arrive, promised before', async () => {
  await using _bench = await startInterface('calls');
  await using client = await open();
  const { buffer, size } = await client.openLater({ size: 30, hold: false });
  assert.is(size, 30);
  assert.equal(await client.fillBuffer({ buffer, value: 3 }), { before: 0 });
  assert.equal(await client.largestLater(), { buffer });
  const held = client.openLater({ size: 40, hold: true });
  await client.openBuffer({ size: 1 });
  // Two there are, and one is promised to the call that is held.
  await refused(client.openBuffer({ size: 4 }), {
    rule: 'quota',
    argument: 'the answer',
    limit: 3,
    actual: 3,
    code: 0xe00002be,
  });
  await refused(client.openLater({ size: 4, hold: false }), {
    rule: 'quota',
    argument: 'the answer',
    limit: 3,
    actual: 3,
    code: 0xe00002be,
  });
  await using other = await open();
  await failed(other.openLater({ size: 50, hold: false }), undefined, 0xe00002d5);
  const late = await held;
  assert.equal(await client.fillBuffer({ buffer: late.buffer, value: 3 }), { before: 0 });
  await client.closeBuffer({ buffer: late.buffer, refuse: false });
  const { buffer: soon } = await client.openSoon();
  await client.closeBuffer({ buffer: soon, refuse: false });
  const { buffer: now } = await client.openSoon({ completion: false });
  await client.closeBuffer({ buffer: now, refuse: false });
  const { pair } = await client.pairLater();
  assert.equal(await client.spreadPair({ pair }), { size: 77 });
});

calls(
  "handles in completions: the object of a call whose client is gone stays the driver's",
  async () => {
    await using _bench = await startInterface('calls');
    await using client = await open();
    {
      await using other = await open();
      const lost = rejection(other.openLater({ size: 60, hold: true }));
      await other.openSlot(); // calls come in order
      await other.close();
      assert.ok(await lost);
    }
    await failed(client.openLater({ size: 70, hold: false }), undefined, 0xe00002d5);
    assert.equal([...(await client.released()).objects], [1n, 70n, 0n, 0n], 'the slot, and that');
    // The largest is gone with it, and an object without a handle makes the completion fail.
    await failed(client.largestLater(), undefined, 0xe00002c9);
  },
);

calls('a refused subscription says why, as a refused call does', async () => {
  await using _bench = await startInterface('calls');
  await using client = await open();
  const { buffer } = await client.openBuffer({ size: 12 });
  const stream = client.notices({ mask: 1, buffer });
  assert.equal(await stream.open(), { size: 12, same: buffer });
  // Its end looks nothing up: the handle may have been closed by then.
  const brief = await client.openBuffer({ size: 13 });
  const words = { completion: { words: 3 }, scalars: [1, brief.buffer], scalarOutputs: 2 };
  await stream.return();
  const again = client.raw.callAsync(140, words);
  await client.closeBuffer({ buffer: brief.buffer, refuse: false });
  const leave = { scalars: [1, brief.buffer], scalarOutputs: 2 };
  assert.equal((await client.raw.call(140, leave)).scalars, [0n, 0n]);
  assert.is(((await rejection(again)) as { code?: number }).code, 0xe00002eb);
  // Past the checks of the client.
  const subscribe = (...scalars: (number | bigint)[]) =>
    client.raw.callAsync(140, { completion: { words: 3 }, scalars, scalarOutputs: 2 });
  await refused(subscribe(256, buffer), {
    rule: 'max',
    argument: 'mask',
    limit: 255,
    actual: 256,
  });
  await refused(subscribe(1), { rule: 'scalarCount', limit: 2, actual: 1 });
  const wrong = (buffer + 1n) as typeof buffer;
  const unknown = await rejection(client.notices({ mask: 1, buffer: wrong }).open());
  assert.instance(unknown, RejectedError, `${unknown}`);
  assert.is((unknown as RejectedError).rule, 'handle');
  assert.is((unknown as RejectedError).argument, 'buffer');
  await failed(client.notices({ mask: 255, buffer }).open(), 'busy', 0xe3ff8007);
  await client.enable({ fail: false });
  const late = await rejection(client.notices({ mask: 1, buffer }).open());
  assert.is((late as RejectedError).rule, 'state');
  // The contract's own selector for events: there is no such event.
  const none = await rejection(
    client.raw.callAsync(0xde000002, { completion: { words: 3 }, scalars: [99] }),
  );
  assert.instance(none, Error);
  assert.ok(((none as { code?: number }).code ?? 0) >= 0xe00002bc, `${none}`);
});
