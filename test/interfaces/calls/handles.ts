// Handles: in calls and in structs, their quotas, and what failures leave of them.
import type { RejectedError } from 'dextgen/client';
import * as assert from 'uvu/assert';
import { rejection, startInterface, until } from '../../js/test/interfaces/bench.js';
import { calls, failed, open, refused, unknownHandle } from './support.js';

calls('handles: of one connection, of one kind, until they are closed', async () => {
  await using _bench = await startInterface('calls');
  await using client = await open();
  await using other = await open();
  const { buffer } = await client.openBuffer({ size: 100 });
  assert.equal(await client.fillBuffer({ buffer, value: 7 }), { before: 0 });
  assert.equal(await client.fillBuffer({ buffer, value: 8 }), { before: 7 });
  assert.equal(await client.largestBuffer(), { buffer });
  const unknown = (actual: bigint) => ({
    rule: 'handle',
    argument: 'buffer',
    limit: 0,
    actual: Number.isSafeInteger(Number(actual)) ? Number(actual) : actual,
    code: 0xe00002f0,
  });
  await refused(other.fillBuffer({ buffer, value: 1 }), unknown(buffer));
  for (const wrong of [0n, 1n, buffer + 1n, buffer ^ (1n << 63n), 2n ** 64n - 1n])
    await refused(client.raw.call(21, { scalars: [wrong, 1], scalarOutputs: 1 }), unknown(wrong));
  // The largest of all is no handle of the other connection, and the driver must not tell of it.
  await failed(other.largestBuffer(), undefined, 0xe00002c9);
  await failed(client.closeBuffer({ buffer, refuse: true }), 'busy', 0xe3ff8007);
  await client.fillBuffer({ buffer, value: 9 });
  await client.closeBuffer({ buffer, refuse: false });
  await refused(client.fillBuffer({ buffer, value: 1 }), unknown(buffer));
  await refused(client.closeBuffer({ buffer, refuse: false }), unknown(buffer));
  const again = await client.openBuffer({ size: 200 });
  assert.is.not(again.buffer, buffer, 'a place that is used again has another number');
  await refused(client.fillBuffer({ buffer, value: 1 }), unknown(buffer));
  await client.dropBuffer(again);
  await refused(client.dropBuffer(again), unknown(again.buffer));
  assert.equal(await client.released(), {
    objects: BigUint64Array.of(100n, 200n, 0n, 0n),
    count: 2,
  });
});

calls('handles: quotas, failures and the end of a connection', async () => {
  await using _bench = await startInterface('calls');
  await using client = await open();
  {
    await using other = await open();
    await failed(other.openBuffer({ size: 65536 }), undefined, 0xe00002bd);
    await other.openBuffer({ size: 1 });
    await other.openSlot();
    await other.openBuffer({ size: 2 });
    await other.openBuffer({ size: 3 });
    await refused(other.openBuffer({ size: 4 }), {
      rule: 'quota',
      argument: 'the answer',
      limit: 3,
      actual: 3,
      code: 0xe00002be,
    });
    await client.openBuffer({ size: 5 });
  }
  let released: bigint[] = [];
  await until(async () => {
    const { objects, count } = await client.released();
    if (count > 0) released = [...objects];
    return count > 0;
  }, 'the objects of the closed connection are released');
  assert.equal(released, [3n, 2n, 1n, 1n], 'newest first, whatever their kinds');
  const { slot } = await client.openSlot();
  assert.type(slot, 'number');
  const numbers = new Set([slot]);
  let last = slot;
  for (let i = 0; i < 300; i++) {
    await client.closeSlot({ slot: last });
    last = (await client.openSlot()).slot;
    numbers.add(last);
  }
  assert.is(numbers.size, 301, 'no number comes back soon');
  assert.is((await rejection(client.raw.call(26, { scalars: [slot] }))).name, 'RejectedError');
  await refused(client.raw.call(26, { scalars: [2n ** 32n + BigInt(last)] }), {
    rule: 'max',
    argument: 'slot',
    limit: 0xffff_ffff,
    actual: 2 ** 32 + last,
  });
});

calls('handles: two of a kind in one call need two places', async () => {
  await using _bench = await startInterface('calls');
  await using client = await open();
  const { slot } = await client.openSlot();
  await refused(client.openSlots(), {
    rule: 'quota',
    argument: 'the answer',
    limit: 2,
    actual: 1,
    code: 0xe00002be,
  });
  await client.closeSlot({ slot });
  const { first, second } = await client.openSlots();
  assert.is.not(first, second);
  await client.closeSlot({ slot: first });
  await client.closeSlot({ slot: second });
  assert.is((await client.released()).count, 3);
});

calls('handles: a call that fails behind the hook leaves no object', async () => {
  await using _bench = await startInterface('calls');
  await using client = await open();
  assert.is((await client.listSlot({ length: 5 })).text, 'xxxxx');
  await failed(client.listSlot({ length: 65 }), undefined, 0xe00002c9);
  assert.equal([...(await client.released()).objects], [2n, 0n, 0n, 0n]);
  await client.listSlot({ length: 63 });
});

calls('handles inside structs are looked up before the hook', async () => {
  await using _bench = await startInterface('calls');
  await using client = await open();
  await using other = await open();
  const { buffer } = await client.openBuffer({ size: 10 });
  const { buffer: second } = await client.openBuffer({ size: 20 });
  const { slot } = await client.openSlot();
  const fillings = [
    { value: 5, buffer },
    { value: 6, buffer: second },
  ] as const;
  const fill = { slot, count: 2, fillings };
  assert.equal(await client.fill({ fill }), { sum: 31 });
  assert.equal(await client.fillBuffer({ buffer: second, value: 1 }), { before: 6 });
  await refused(other.fill({ fill }), unknownHandle('fill.slot', slot));
  const { slot: foreign } = await other.openSlot();
  // Every one of an array, those beyond the count too: the field is a handle.
  const zero = 0n as typeof buffer;
  const wrong = [fillings[0], { value: 0, buffer: zero }] as const;
  await refused(
    client.fill({ fill: { ...fill, count: 1, fillings: wrong } }),
    unknownHandle('fill.fillings', 0),
  );
  await client.closeBuffer({ buffer: second, refuse: false });
  const stale = await rejection(client.fill({ fill }));
  assert.is((stale as RejectedError).rule, 'handle');
  assert.is(BigInt((stale as RejectedError).actual), second);
  // Another kind's number, though it has the same bits.
  assert.equal(await client.slotNumbers({ slots: { slots: [slot, slot] } }), { sum: 2n });
  await refused(
    client.slotNumbers({ slots: { slots: [slot, (slot + 1) as typeof slot] } }),
    unknownHandle('slots.slots', slot + 1),
  );
  assert.is(foreign, slot, 'numbers of two connections may be equal, and name different objects');
});

calls('handles in a scalar for each, and in a struct over scalars', async () => {
  await using _bench = await startInterface('calls');
  await using client = await open();
  const { buffer } = await client.openBuffer({ size: 10 });
  const { buffer: second } = await client.openBuffer({ size: 20 });
  await client.fillAll({ buffers: [buffer, second], value: 9 });
  assert.equal(await client.fillBuffer({ buffer: second, value: 1 }), { before: 9 });
  const refusal = await rejection(client.raw.call(132, { scalars: [buffer, buffer + 7n, 1] }));
  assert.is((refusal as RejectedError).rule, 'handle');
  await client.closeBuffer({ buffer: second, refuse: false });
  const { pair } = await client.openPair({ fail: false });
  assert.equal(await client.spreadPair({ pair }), { size: 77 });
  await client.closeSlot({ slot: pair.slot });
  assert.is(((await rejection(client.spreadPair({ pair }))) as RejectedError).rule, 'handle');
});

calls('handles that the driver makes: undone when the call fails, within the quota', async () => {
  await using _bench = await startInterface('calls');
  await using client = await open();
  for (let i = 0; i < 5; i++) await failed(client.openPair({ fail: true }), undefined, 0xe00002bc);
  await client.openPair({ fail: false });
  await client.openPair({ fail: false });
  await failed(client.openPair({ fail: false }), undefined, 0xe00002be);
  const { count } = await client.released();
  assert.is(count, 4, 'the driver released what it had made itself, as far as it counts');
});
