// Layouts that C code has: where every field lies, there and back, and what the dispatch refuses.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  factsOf,
  type InterfaceBench,
  modelOf,
  rejection,
  startInterface,
} from '../../js/test/interfaces/bench.js';
import * as layouts from './generated/layouts/client/layouts.js';

type State = { bench: InterfaceBench; client: layouts.Layouts };

const test = suite<State>('layouts');

test.before(async (state) => {
  state.bench = await startInterface('layouts');
  state.client = await layouts.Layouts.open({ timeout: 60_000 });
});

test.after(async (state) => {
  await state.client.close();
  await state.bench[Symbol.asyncDispose]();
});

/** What the dispatch says of bytes that no generated client would send. */
async function refused({ client }: State, selector: number, struct: Uint8Array, room = 0) {
  const outputs = room > 0 ? { structOutput: room } : { scalarOutputs: 1 };
  const error = await rejection(client.raw.call(selector, { struct, ...outputs }));
  assert.is(error.name, 'RejectedError', String(error));
  const { rule, argument } = error as unknown as { rule: string; argument?: string };
  return [rule, argument];
}

test('structs after #pragma pack(4) and pack(2) lie as C lays them', () => {
  const { sizes, offsets } = factsOf('layouts');
  assert.equal([sizes.Four, sizes.Two, sizes.Both], [32, 8, 56]);
  const ofFour = ['a', 'b', 'c', 'd', 'e'].map((name) => offsets[`Four.${name}`]);
  assert.equal(ofFour, [0, 4, 12, 16, 24]);
  assert.equal([offsets['Two.b'], offsets['Two.c']], [2, 6]);
  assert.equal([offsets['Both.id'], offsets['Both.tail']], [8, 24]);
  const { types } = modelOf('layouts') as { types: { name: string; align?: number }[] };
  const aligns = types.map(({ name, align }) => [name, align]);
  assert.equal(Object.fromEntries(aligns).Four, 4);
  assert.equal(Object.fromEntries(aligns).Two, 2);
});

const four: layouts.Four = {
  a: 1,
  b: 0x1122334455667788n,
  c: 0x99aa,
  d: 0.5,
  e: Uint16Array.of(1, 2, 3),
};

test('packed structs come back, with nothing in their padding', async ({ client }) => {
  const value: layouts.Both = { head: { a: 7, b: 0xdeadbeef, c: 8 }, id: 3n << 64n, tail: four };
  assert.equal((await client.echoBoth({ value })).value, value);
  const struct = new Uint8Array(56).fill(0xff);
  const answer = await client.raw.call(1, { struct, structOutput: 56 });
  const zeros = [...(answer.struct ?? [])].flatMap((byte, at) => (byte === 0 ? [at] : []));
  // Two's gap and tail, Four's gaps and tail, each at its place in Both.
  assert.equal(zeros, [1, 7, 25, 26, 27, 38, 39, 54, 55]);
});

test('elements of a packed record are aligned no wider', async ({ client }) => {
  const value: layouts.List = { ids: BigUint64Array.of(1n, 2n), rest: [four] };
  assert.equal((await client.echoList({ value })).value, value);
  const bytes = new Uint8Array(4 + 8 + 32);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 1);
  view.setBigUint64(4, 0x0102030405060708n, true);
  view.setUint8(12, 9);
  const answer = await client.raw.call(2, { struct: bytes, structOutput: 4096 });
  assert.equal(answer.struct, bytes);
});

const switches: layouts.Switches = {
  on: true,
  below: false,
  wide: true,
  network: true,
  all: [true, false, true],
  always: true,
  usual: false,
};

test('truth values of every width', async (state) => {
  const { client } = state;
  const { always: _, ...given } = switches;
  assert.equal((await client.echoSwitches({ value: given })).value, switches);
  const { usual: __, ...least } = given;
  assert.equal((await client.echoSwitches({ value: least })).value.usual, true);
  assert.equal(await client.negate({ on: true }), { off: false });
  assert.equal(await client.negate({ on: true, usual: false }), { off: true });
  const bytes = new Uint8Array(40);
  layouts.encodeSwitches(new DataView(bytes.buffer), 0, given);
  assert.equal([...bytes.subarray(16, 18)], [0, 1], 'in network order');
  const spoilt: readonly (readonly [offset: number, byte: number, argument: string])[] = [
    [0, 2, 'value.on'],
    [7, 0x80, 'value.below'],
    [15, 1, 'value.wide'],
    [16, 1, 'value.network'],
    [24, 2, 'value.all'],
    [36, 2, 'value.usual'],
  ];
  for (const [offset, byte, argument] of spoilt) {
    const copy = bytes.slice();
    copy[offset] = byte;
    const [rule, at] = await refused(state, 3, copy, 40);
    assert.is(at, argument);
    assert.match(rule ?? '', /^(min|max)$/, argument);
  }
  const unset = bytes.slice();
  unset[32] = 0;
  assert.equal(await refused(state, 3, unset, 40), ['enum', 'value.always']);
  const error = await rejection(client.raw.call(5, { scalars: [2n, 1n], scalarOutputs: 1 }));
  assert.match(error.message, /on/);
});

test('what each element may be', async (state) => {
  const { client } = state;
  const value: layouts.Samples = {
    levels: Uint16Array.of(1, 1023),
    flags: [true, false],
    bytes: Uint8Array.of(0x0f, 0),
  };
  assert.equal((await client.echoSamples({ value })).value, value);
  const worse: readonly Partial<layouts.Samples>[] = [
    { levels: Uint16Array.of(1, 1024) },
    { levels: Uint16Array.of(0, 1) },
    { bytes: Uint8Array.of(0x10) },
  ];
  for (const wrong of worse)
    await rejection(
      Promise.resolve().then(() => client.echoSamples({ value: { ...value, ...wrong } })),
    );
  // count, two levels, padding, two flags, one byte
  const good = Uint8Array.of(2, 0, 1, 0, 255, 3, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 15);
  await client.raw.call(4, { struct: good, structOutput: 64 });
  for (const [offset, byte, rule] of [
    [5, 4, 'max'],
    [2, 0, 'min'],
    [8, 2, 'max'],
    [16, 16, 'mask'],
  ] as const) {
    const copy = good.slice();
    copy[offset] = byte;
    const [found] = await refused(state, 4, copy, 64);
    assert.is(found, rule, `${offset}`);
  }
});

test('bytes behind a struct are ignored where the schema says so, and refused elsewhere', async (state) => {
  const { client } = state;
  const two = Uint8Array.of(1, 0, 4, 3, 2, 1, 9, 0);
  assert.equal(await client.takeTwo({ value: { a: 1, b: 0x01020304, c: 9 } }), { b: 0x01020304 });
  for (const size of [8, 9, 100, 4096, 5000]) {
    const struct = new Uint8Array(size).fill(0xaa);
    struct.set(two);
    const { scalars } = await client.raw.call(6, { struct, scalarOutputs: 1 });
    assert.equal([...(scalars ?? [])], [0x01020304n], `${size} bytes`);
  }
  assert.equal(await refused(state, 6, two.subarray(0, 7)), ['structSize', 'value']);
  for (const more of [0, 1, 10, 5000]) {
    const struct = new Uint8Array(3 + more).fill(0xbb);
    struct.set([2, 20, 22]);
    const { scalars } = await client.raw.call(7, { struct, scalarOutputs: 1 });
    assert.equal([...(scalars ?? [])], [42n], `${more} more`);
  }
  assert.equal(await refused(state, 7, Uint8Array.of(3, 1, 2)), ['structSize', 'value']);
  assert.equal((await refused(state, 1, new Uint8Array(57), 56))[0], 'structSize');
});

test.run();
