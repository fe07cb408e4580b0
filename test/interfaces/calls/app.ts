// Methods from their app: every rule once kept, once broken past the client's own checks.
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ArgumentError, DriverError, RejectedError } from 'dextgen/client';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rejection, startInterface, until } from '../../js/test/interfaces/bench.js';
import { Calls } from './generated/calls/client/calls.js';

const calls = suite('calls');

const open = (): Promise<Calls> => Calls.open({ timeout: 60_000 });

type Refusal = {
  readonly rule: string;
  readonly argument?: string | undefined;
  readonly limit: number | bigint;
  readonly actual: number | bigint;
  readonly code?: number;
};

async function refused(promise: Promise<unknown>, expected: Refusal): Promise<RejectedError> {
  const error = await rejection(promise);
  assert.instance(error, RejectedError, `${error}`);
  const { rule, argument, limit, actual } = error as RejectedError;
  const { code = 0xe00002c2, ...facts } = expected;
  assert.equal({ rule, argument, limit, actual }, { argument: undefined, ...facts });
  assert.is((error as RejectedError).code, code);
  return error as RejectedError;
}

async function failed(promise: Promise<unknown>, name: string | undefined, code: number) {
  const error = await rejection(promise);
  assert.instance(error, DriverError, `${error}`);
  assert.is((error as DriverError).error, name);
  assert.is((error as DriverError).code, code);
}

calls('optional inputs with and without defaults, in counts that the schema lists', async () => {
  await using _bench = await startInterface('calls');
  await using client = await open();
  const usual = (0x16c0n << 32n) | 0x27dbn;
  assert.equal(await client.initialize(), {
    vendorAndProduct: usual,
    countryGiven: false,
    country: 0,
  });
  assert.equal(await client.initialize({ country: 9 }), {
    vendorAndProduct: usual,
    countryGiven: true,
    country: 9,
  });
  assert.equal(await client.initialize({ vendor: 1, product: 2, country: 0 }), {
    vendorAndProduct: 0x1_0000_0002n,
    countryGiven: true,
    country: 0,
  });
  const incomplete = await rejection(client.initialize({ vendor: 1 }));
  assert.instance(incomplete, ArgumentError);
  assert.match(incomplete.message, /country must be given/);
  // Surplus scalars are ignored, whatever they are.
  const all = await client.raw.call(1, {
    scalars: [5, 6, 7, ...Array.from({ length: 13 }, () => 2n ** 64n - 1n)],
    scalarOutputs: 3,
  });
  assert.equal(all.scalars, [0x5_0000_0006n, 1n, 7n]);
  for (const [count, limit] of [
    [1, 3],
    [2, 3],
  ] as const)
    await refused(
      client.raw.call(1, { scalars: Array.from({ length: count }, () => 1), scalarOutputs: 3 }),
      { rule: 'scalarCount', limit, actual: count },
    );
  await refused(client.raw.call(1, { scalars: [0, 2, 3], scalarOutputs: 3 }), {
    rule: 'min',
    argument: 'vendor',
    limit: 1,
    actual: 0,
  });
  await refused(client.raw.call(1, { scalarOutputs: 2 }), {
    rule: 'scalarCount',
    argument: 'the answer',
    limit: 3,
    actual: 2,
  });
});

calls('counts without values, and values over several scalars that may be left out', async () => {
  await using _bench = await startInterface('calls');
  await using client = await open();
  assert.equal(await client.legacyInputs(), { count: 42 });
  await client.raw.call(7, { scalars: [9, 9, 9, 9], scalarOutputs: 1 });
  await refused(client.raw.call(7, { scalars: [9], scalarOutputs: 1 }), {
    rule: 'scalarCount',
    limit: 2,
    actual: 1,
  });
  await refused(client.raw.call(7, { scalars: [1, 2, 3, 4, 5], scalarOutputs: 1 }), {
    rule: 'scalarCount',
    limit: 4,
    actual: 5,
  });
  const id = Uint8Array.from({ length: 16 }, (_, i) => i);
  assert.equal(await client.optionalSpan({ key: 1 }), { idSum: -1, big: 0x1_0000_0003n });
  assert.equal(await client.optionalSpan({ key: 1, id }), { idSum: 120, big: 0x1_0000_0003n });
  assert.equal(await client.optionalSpan({ key: 0, id, big: 2n ** 64n - 1n }), {
    idSum: 120,
    big: 2n ** 64n - 1n,
  });
  assert.match(
    (await rejection(client.optionalSpan({ key: 1, big: 1n }))).message,
    /id must be given: a call with 5 scalars has it/,
  );
  for (const [count, limit] of [
    [0, 1],
    [2, 3],
    [4, 5],
    [6, 5],
  ] as const)
    await refused(
      client.raw.call(8, { scalars: Array.from({ length: count }, () => 0), scalarOutputs: 2 }),
      { rule: 'scalarCount', limit, actual: count },
    );
});

calls('outputs, as many as the caller asks for', async () => {
  await using _bench = await startInterface('calls');
  await using client = await open();
  assert.equal(await client.counters(), { reads: 11n, writes: 22n, errors: 33 });
  for (const count of [1, 2, 3]) {
    const answer = await client.raw.call(5, { scalarOutputs: count });
    assert.equal(answer.scalars, [11n, 22n, 33n].slice(0, count));
  }
  await refused(client.raw.call(5, { scalarOutputs: 0 }), {
    rule: 'scalarCount',
    argument: 'the answer',
    limit: 1,
    actual: 0,
  });
  assert.equal(await client.legacyOutputs(), { a: 1, b: 2 });
  // Of those beyond the declared ones, the driver says that there are none.
  assert.equal((await client.raw.call(6, { scalarOutputs: 16 })).scalars, [1n, 2n]);
  await refused(client.raw.call(6, { scalarOutputs: 4 }), {
    rule: 'scalarCount',
    argument: 'the answer',
    limit: 5,
    actual: 4,
  });
});

calls('halves, bytes and elements', async () => {
  await using _bench = await startInterface('calls');
  await using client = await open();
  for (const [block, offset, scale] of [
    [0n, 0, 0],
    [1n, -100, 1.5],
    [0xffff_ffffn, 100, -1e300],
    [2n ** 48n, -1, 2 ** -1074],
  ] as const)
    assert.equal(await client.seek({ block, offset, scale }), {
      position: -block + BigInt(offset),
      scaled: scale * offset,
    });
  await refused(client.raw.call(2, { scalars: [2n ** 32n, 0, 0, 0, 0, 0], scalarOutputs: 4 }), {
    rule: 'max',
    argument: 'block',
    limit: 0xffff_ffff,
    actual: 2 ** 32,
  });
  await refused(client.raw.call(2, { scalars: [1, 0x1_0000, 0, 0, 0, 0], scalarOutputs: 4 }), {
    rule: 'max',
    argument: 'block',
    limit: 2 ** 48,
    actual: 2 ** 48 + 1,
  });
  // 0xFFFF 0xFF9B is -101.
  await refused(client.raw.call(2, { scalars: [1, 0, 0xffff, 0xff9b, 0, 0], scalarOutputs: 4 }), {
    rule: 'min',
    argument: 'offset',
    limit: -100,
    actual: -101,
  });
  assert.equal(await client.fetchTask({ wait: true }), {
    tag: 2n ** 64n - 1n,
    direction: 'write',
    cdb: Uint8Array.from({ length: 16 }, (_, i) => 0xf0 + i),
    lba: 0x0123456789abcdefn,
    lengths: Uint16Array.of(1, 500, 65535),
  });
});

calls('bytes over scalars, checked as what they are', async () => {
  await using _bench = await startInterface('calls');
  await using client = await open();
  const input = {
    cdb: Uint8Array.from({ length: 12 }, () => 255),
    target: {
      port: 0xfffe,
      flags: 1,
      host: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8),
      mode: 'read',
    },
    modes: ['none', 'read', 'write'],
    weights: Int16Array.of(-5, 0, 5),
  } as const;
  const answer = await client.completeTask(input);
  assert.is(answer.sum, 12n * 255n + 3000n);
  assert.equal(answer.target, {
    ...input.target,
    port: 0xffff,
    host: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 9),
  });
  const low = (bytes: readonly number[]): bigint =>
    new DataView(Uint8Array.from(bytes).buffer).getBigUint64(0, true);
  const good = [
    0n,
    0n,
    0n,
    low([0, 0, 0, 2, 0, 0, 0, 0]),
    low([2, 1, 0, 0, 0, 0, 0, 0]),
    0n,
    0n,
    0n,
  ];
  const call = (index: number, word: bigint) =>
    client.raw.call(4, { scalars: good.with(index, word), scalarOutputs: 3 });
  await call(0, 2n ** 64n - 1n);
  await refused(call(1, 1n << 32n), {
    rule: 'mask',
    argument: 'cdb',
    limit: 0xffff_ffff,
    actual: 2 ** 32,
  });
  await refused(call(3, low([0, 0, 0, 3, 0, 0, 0, 0])), {
    rule: 'enum',
    argument: 'target',
    limit: 3,
    actual: 3,
  });
  await refused(call(4, low([2, 1, 9, 0, 0, 0, 0, 0])), {
    rule: 'enum',
    argument: 'modes',
    limit: 3,
    actual: 9,
  });
  await refused(call(4, low([0, 0, 0, 1, 0, 0, 0, 0])), {
    rule: 'mask',
    argument: 'modes',
    limit: 0xff_ffff,
    actual: 0x100_0000,
  });
  await refused(call(6, 6n), { rule: 'max', argument: 'weights', limit: 5, actual: 6 });
  await refused(call(7, -6n & (2n ** 64n - 1n)), {
    rule: 'min',
    argument: 'weights',
    limit: -5,
    actual: -6,
  });
  await refused(client.raw.call(4, { scalars: good.slice(1), scalarOutputs: 3 }), {
    rule: 'scalarCount',
    limit: 8,
    actual: 7,
  });
});

calls('answers that come later, and how many may be under way', async () => {
  await using _bench = await startInterface('calls');
  await using client = await open();
  const seed = Uint8Array.of(9, 8, 7, 6, 5, 4, 3, 2, 1);
  const id = new Uint8Array(16);
  id.set(seed);
  const steps = Uint32Array.of(1, 0xffff_ffff);
  assert.equal(await client.measure({ hold: false, seed }), {
    id,
    total: -(2n ** 63n) + 5n,
    steps,
  });
  const held = [client.measure({ hold: true, seed }), client.measure({ hold: true, seed })];
  await refused(client.measure({ hold: true, seed }), {
    rule: 'quota',
    limit: 2,
    actual: 2,
    code: 0xe00002be,
  });
  // Another connection has calls of its own.
  await using other = await open();
  assert.is((await other.measure({ hold: false, seed })).total, -(2n ** 63n) + 5n);
  for (const { total } of await Promise.all(held)) assert.is(total, -1n);
  await refused(client.raw.callAsync(9, { scalars: [0, 0, 0x100] }), {
    rule: 'mask',
    argument: 'seed',
    limit: 0xff,
    actual: 0x100,
  });
});

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

const unknownHandle = (argument: string, actual: number) => ({
  rule: 'handle',
  argument,
  limit: 0,
  actual,
  code: 0xe00002f0,
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

calls('states: of a connection and of the driver', async () => {
  await using _bench = await startInterface('calls');
  await using client = await open();
  await using other = await open();
  const wrong = { rule: 'state', code: 0xe00002d8 };
  await client.setProduct({ product: 1 });
  await refused(client.disable(), { ...wrong, limit: 0b110, actual: 0 });
  assert.is((await rejection(client.enable({ fail: true }))).name, 'DriverError');
  await client.enable({ fail: false });
  const error = await refused(client.enable({ fail: false }), { ...wrong, limit: 1, actual: 1 });
  assert.is(error.message, 'enable is not possible while device is enabled: it needs disabled');
  assert.is(error.kind, 'busy');
  await failed(client.setProduct({ product: 1 }), 'locked', 0xe3ff8008);
  await other.setProduct({ product: 1 });
  await refused(client.report(), { ...wrong, limit: 2, actual: 2 ** 32 });
  await other.load();
  await client.report();
  await refused(client.load(), { ...wrong, limit: 1, actual: 2 ** 32 + 1 });
  await client.jam();
  await refused(client.jam(), { ...wrong, limit: 2, actual: 2 });
  await refused(client.report(), { ...wrong, limit: 2, actual: 2 });
  await client.disable();
  await client.eject();
  await failed(other.eject(), 'notReady', 0xe00002d8);
  // A bad argument is said first.
  await refused(client.raw.call(41, { scalars: [2] }), {
    rule: 'max',
    argument: 'fail',
    limit: 1,
    actual: 2,
  });
});

calls('roles: one connection at a time', async () => {
  await using _bench = await startInterface('calls');
  await using client = await open();
  const role = { rule: 'state', limit: 0 };
  {
    await using owner = await open();
    await refused(client.write(), { ...role, actual: 0, code: 0xe00002e2 });
    assert.is((await rejection(owner.publish({ fail: true }))).name, 'DriverError');
    await refused(owner.write(), { ...role, actual: 0, code: 0xe00002e2 });
    await owner.publish({ fail: false });
    await owner.publish({ fail: false });
    await owner.write();
    const taken = await refused(client.publish({ fail: false }), {
      ...role,
      actual: 1,
      code: 0xe00002c5,
    });
    assert.is(taken.message, 'publish needs the role owner, which another connection has');
    await refused(client.write(), { ...role, actual: 1, code: 0xe00002c5 });
    await refused(client.unpublish(), { ...role, actual: 1, code: 0xe00002c5 });
    await failed(client.steal(), 'notYours', 0xe00002e2);
    await owner.unpublish();
    await client.steal();
    await refused(owner.write(), { ...role, actual: 1, code: 0xe00002c5 });
    await client.unpublish();
    await owner.publish({ fail: false });
  }
  await until(
    async () => ((await rejection(client.write())) as RejectedError).actual === 0,
    'the role is free',
  );
  assert.equal(await client.released(), {
    objects: BigUint64Array.of(1000n, 0n, 0n, 0n),
    count: 1,
  });
  await client.publish({ fail: false });
});

/** The app's entitlements without that of a method. */
function withoutMsr(path: string): string {
  const text = readFileSync(path, 'utf8');
  assert.match(text, /<key>com\.example\.Calls\.msr<\/key>\s*<true\/>/);
  const file = join(tmpdir(), `calls-${process.pid}.entitlements`);
  writeFileSync(file, text.replace(/<key>com\.example\.Calls\.msr<\/key>\s*<true\/>/, ''));
  return file;
}

calls('entitlements per method', async () => {
  {
    await using _bench = await startInterface('calls');
    await using client = await open();
    await client.writeMsr({ number: 1 });
    const root = process.getuid?.() === 0;
    if (root) await client.administer();
    else assert.is((await rejection(client.administer())).name, 'RejectedError');
  }
  const plist = 'build/interfaces/calls/generated/calls/plist/CallsApp-macOS.entitlements';
  await using _bench = await startInterface('calls', { entitlements: withoutMsr(plist) });
  await using client = await open();
  const error = await refused(client.writeMsr({ number: 1 }), {
    rule: 'entitlement',
    limit: 0,
    actual: 0,
    code: 0xe00002e2,
  });
  assert.is(error.kind, 'denied');
  assert.match(error.message, /com\.example\.Calls\.msr/);
  // Who may not call learns nothing of the arguments.
  await refused(client.raw.call(70, { scalars: [101] }), {
    rule: 'entitlement',
    limit: 0,
    actual: 0,
    code: 0xe00002e2,
  });
});

calls('unchecked calls arrive as they are', async () => {
  await using _bench = await startInterface('calls');
  await using client = await open();
  const answer = await client.legacy({
    scalars: [1, 2n ** 64n - 1n, 3],
    struct: new Uint8Array(10),
    scalarOutputs: 2,
  });
  assert.equal(answer.scalars, [13n, 14n]);
  assert.equal((await client.legacy()).scalars, []);
  assert.equal(await client.legacyTyped({ value: 21 }), { doubled: 42 });
  await failed(client.raw.call(81), undefined, 0xe00002c2);
});

calls('errors by the name that the method gives them', async () => {
  await using _bench = await startInterface('calls');
  await using client = await open();
  await failed(client.fail({ how: 0 }), 'busy', 0xe3ff8007);
  await failed(client.fail({ how: 1 }), 'notReady', 0xe00002d8);
  await failed(client.fail({ how: 2 }), 'foreign', 0xe0004242);
  // Undeclared, the code means what it means everywhere.
  assert.is((await rejection(client.gone())).name, 'DeviceGoneError');
});

calls('selectors far apart, and those that are retired', async () => {
  await using _bench = await startInterface('calls');
  await using client = await open();
  assert.equal(await client.far(), { selector: 0x7fff_ffff });
  assert.equal(await client.farther(), { selector: 4_000_000_000 });
  for (const selector of [0, 10, 100, 1000, 1_500_000, 0x7fff_fffe, 0x8000_0000, 3_999_999_999])
    await refused(client.raw.call(selector), {
      rule: 'unknownSelector',
      limit: 0,
      actual: selector,
      code: 0xe00002c7,
    });
});

calls('no more clients than the schema allows', async () => {
  await using _bench = await startInterface('calls');
  await using first = await open();
  await using second = await open();
  const third = await open();
  const error = await rejection(Calls.open());
  assert.match(error.message, /0xe00002be/);
  await third.close();
  await until(async () => {
    const fourth = await Calls.open().catch(() => undefined);
    await fourth?.close();
    return fourth !== undefined;
  }, 'a place is free again');
  await first.counters();
  await second.counters();
});

calls.run();
