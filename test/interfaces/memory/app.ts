// Memory of every kind, mapped from its app, and what the dispatch and the client refuse.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rejection, startInterface } from '../../js/test/interfaces/bench.js';
import { Arena } from './generated/arena/client/arena.js';

const memory = suite('memory');

memory('a computed type has one memory for each number', async () => {
  await using _bench = await startInterface('memory');
  await using arena = await Arena.open({ timeout: 60_000 });
  await arena.fill({ channel: 3, value: 33 });
  await arena.fill({ channel: 15, value: 15 });
  await using third = await arena.mapReader({ channel: 3 });
  await using last = await arena.mapReader({ channel: 15 });
  await using untouched = await arena.mapReader({ channel: 0 });
  assert.equal(
    [third, last, untouched].map((map) => map.read(0, 1)[0]),
    [33, 15, 0],
  );
  assert.is(third.size, 16384);
  await using again = await arena.mapReader({ channel: 3 });
  assert.is(again.read(0, 1)[0], 33);
  assert.throws(() => third.write(Uint8Array.of(1)), /read-only/);
});

memory('a number outside its parts is refused on both sides', async () => {
  await using _bench = await startInterface('memory');
  await using arena = await Arena.open({ timeout: 60_000 });
  const late = await rejection(arena.mapReader({ channel: 16 }));
  assert.is(late.name, 'ArgumentError');
  assert.match(late.message, /channel/);
  // Past the client: nothing but `anything` has what is outside.
  await using beyond = await arena.raw.map(0x10010);
  assert.is(beyond.size, 16384);
  await using inside = await arena.raw.map(0x1000f);
  assert.is(inside.size, 16384);
});

memory('the driver supplies memory by kind and index, once, until it forgets it', async () => {
  await using _bench = await startInterface('memory');
  await using arena = await Arena.open({ timeout: 60_000 });
  const block = await arena.mapBlock({ kind: 'read', index: 2 });
  assert.is(block.size, 3 * 4096);
  assert.is(block.read(0, 1)[0], 1);
  block.write(Uint8Array.of(77), 100);
  await block.close();
  {
    await using same = await arena.mapBlock({ kind: 'read', index: 2 });
    assert.equal([same.read(0, 1)[0], same.read(100, 1)[0]], [1, 77]);
  }
  await arena.forget({ index: 2, kind: 'read' });
  await using other = await arena.mapBlock({ kind: 'read', index: 2 });
  assert.equal([other.read(0, 1)[0], other.read(100, 1)[0]], [2, 0]);
  await using own = await Arena.open({ timeout: 60_000 });
  await using theirs = await own.mapBlock({ kind: 'read', index: 2 });
  assert.is(theirs.read(0, 1)[0], 3);
});

memory(
  'memory that the driver refuses, or that is larger than the schema says, is not mapped',
  async () => {
    await using _bench = await startInterface('memory');
    await using arena = await Arena.open({ timeout: 60_000 });
    assert.is((await rejection(arena.mapBlock({ kind: 'write', index: 10 }))).name, 'DriverError');
    assert.is((await rejection(arena.mapBlock({ kind: 'write', index: 9 }))).name, 'DriverError');
    await using fits = await arena.mapBlock({ kind: 'write', index: 8 });
    assert.is(fits.size, 9 * 4096);
    assert.is(
      (await rejection(arena.mapBlock({ kind: 'read', index: 100 }))).name,
      'ArgumentError',
    );
    assert.is(
      (await rejection(arena.mapBlock({ kind: 'none' as 'read', index: 1 }))).name,
      'ArgumentError',
    );
  },
);

memory('a part of the type says how large the memory is', async () => {
  await using _bench = await startInterface('memory');
  await using arena = await Arena.open({ timeout: 60_000 });
  assert.equal(await arena.pages({ count: 3 }), { bytes: 12288n });
  await using sized = await arena.mapSized({ count: 3 });
  assert.ok(sized.size >= 12288);
  assert.is(sized.bytes(12287, 1)[0], 3);
  sized.writeBytes(Uint8Array.of(4, 5), 12286);
  await using other = await Arena.open({ timeout: 60_000 });
  await using shared = await other.mapSized({ count: 3 });
  assert.equal([...shared.bytes(12286, 2)], [4, 5]);
  assert.is((await rejection(arena.mapSized({ count: 0 }))).name, 'ArgumentError');
});

memory('sections are read and written by those who own them', async () => {
  await using _bench = await startInterface('memory');
  await using arena = await Arena.open({ timeout: 60_000 });
  await using map = await arena.mapArena();
  const request = { tag: 0xdead, length: 12, kind: 'write', done: false } as const;
  map.writeRequests(5, request);
  assert.equal(map.requests(5), request);
  map.writeTail(6n);
  assert.equal(await arena.publish({ slot: 5 }), { tag: 0xdead, head: 1 });
  assert.is(map.head(), 1);
  assert.is(map.tail(), 6n);
  assert.equal(map.answers(5), { ...request, done: true });
  map.writeWeights(Float32Array.of(1.5, -2), 2);
  assert.equal([...map.weights()], [0, 0, 1.5, -2]);
  map.writeData(3, new Uint8Array(64).fill(9));
  assert.equal([...map.data(3).subarray(60)], [9, 9, 9, 9]);
  assert.equal([...map.data(2).subarray(60)], [0, 0, 0, 0]);
  map.writeRest(Int16Array.of(-7), 10);
  assert.is(map.rest(10, 1)[0], -7);
  // The same bytes, as the layout has them.
  assert.equal([...map.read(4096 + 5 * 8, 8)], [0xad, 0xde, 0, 0, 12, 0, 2, 0]);
  assert.equal([...map.read(8, 8)], [6, 0, 0, 0, 0, 0, 0, 0]);
});

memory('what the driver owns, and what is outside a section, is not written', async () => {
  await using _bench = await startInterface('memory');
  await using arena = await Arena.open({ timeout: 60_000 });
  await using map = await arena.mapArena();
  assert.throws(() => map.write(Uint8Array.of(1), 0), /the driver's/);
  assert.throws(() => map.write(new Uint8Array(8), 4156), /the driver's/);
  assert.throws(() => map.store('u32', 0, 1), /the driver's/);
  assert.not.ok('writeHead' in map);
  assert.not.ok('writeAnswers' in map);
  assert.throws(() => map.requests(8), /8 elements/);
  assert.throws(() => map.writeRequests(8, { tag: 0, length: 0, kind: 'read', done: false }), /8/);
  assert.throws(() => map.weights(3, 2), /4 elements/);
  assert.throws(() => map.load('u64', 4), /word/);
  assert.throws(() => map.writeTail(-1n), /tail|value/);
});

memory('a legacy size is what it is, and any number maps what has every type', async () => {
  await using _bench = await startInterface('memory');
  await using arena = await Arena.open({ timeout: 60_000 });
  await using legacy = await arena.mapLegacy();
  assert.is(legacy.size, 5000);
  await using anything = await arena.mapAnything();
  await using same = await arena.raw.map(0x7777_7777);
  assert.equal([anything.size, same.size], [16384, 16384]);
});

memory.run();
