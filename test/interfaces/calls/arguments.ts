// What goes in and comes out of a call besides handles: left out, split, in bytes, later.
import { ArgumentError } from 'dextgen/client';
import * as assert from 'uvu/assert';
import { rejection, startInterface } from '../../js/test/interfaces/bench.js';
import { calls, open, refused } from './support.js';

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
