// Events as interfaces that exist send them, in real processes: each of their deliveries, what refuses them, and how
// each of their completions ends exactly once.
import type { EventStream } from 'dextgen/client';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rejection, startInterface, until, within } from '../../js/test/interfaces/bench.js';
import { Ticker } from './generated/ticker/client/ticker.js';

const events = suite('events');

const kinds = {
  task: 0,
  tick: 1,
  sample: 2,
  job: 3,
  pulse: 4,
  frame: 5,
  badFrame: 6,
  guarded: 7,
} as const;

const fire = (client: Ticker, kind: keyof typeof kinds, count: number, everybody = false) =>
  client.fire({ kind: kinds[kind], count, everybody });

/** The next `count` items of a stream. */
async function take<Item, Answer>(
  stream: EventStream<Item, Answer>,
  count: number,
): Promise<Item[]> {
  const items: Item[] = [];
  while (items.length < count) {
    const { value, done } = await within('a batch', stream.next());
    if (done === true) break;
    items.push(...value);
  }
  return items;
}

const pair = (foo: bigint, bar: bigint) => ({ foo, bar });

events('a standing completion without a header fires many times', async () => {
  await using _bench = await startInterface('events');
  await using client = await Ticker.open({ timeout: 60_000 });
  const stream = client.tasks();
  await stream.open();
  await fire(client, 'task', 100);
  const tasks = await take(stream, 100);
  assert.equal(
    tasks.map(({ taskId }) => taskId),
    Array.from({ length: 100 }, (_, i) => BigInt(i)),
  );
  await stream.return();
});

events('events that share a completion are told apart by their first word', async () => {
  await using _bench = await startInterface('events');
  await using client = await Ticker.open({ timeout: 60_000 });
  const input = { pair: pair(7n, 8n) };
  const replies = client.replies(input);
  const ticks = client.ticks(input);
  assert.equal(await replies.open(), { echo: pair(7n, 8n) });
  assert.equal(await ticks.open(), { echo: pair(7n, 8n) });
  assert.is((await client.followers()).callback, 1);
  await client.request({ pair: pair(1n, 2n) });
  await fire(client, 'tick', 2);
  await client.request({ pair: pair(3n, 4n) });
  assert.equal(await take(replies, 2), [pair(2n, 12n), pair(4n, 14n)]);
  assert.equal(await take(ticks, 2), [pair(0n, 1n), pair(1n, 2n)]);
  const other = client.ticks({ pair: pair(9n, 9n) });
  assert.is((await rejection(other.open())).name, 'BusyError');
});

events('a subscription that the driver refuses leaves nothing behind', async () => {
  await using _bench = await startInterface('events');
  await using client = await Ticker.open({ timeout: 60_000 });
  const refused = await rejection(client.replies({ pair: pair(0n, 0n) }).open());
  assert.match(refused.message, /refused/);
  assert.is((await client.followers()).callback, 0);
  const replies = client.replies({ pair: pair(1n, 1n) });
  await replies.open();
  await client.request({ pair: pair(1n, 2n) });
  assert.equal(await take(replies, 1), [pair(2n, 12n)]);
});

events('a payload behind our header, and an unsubscribe of its own', async () => {
  await using _bench = await startInterface('events');
  await using client = await Ticker.open({ timeout: 60_000 });
  const samples = client.samples();
  await samples.open();
  await fire(client, 'sample', 3);
  const got = await take(samples, 3);
  assert.equal(
    got.map(({ channel, value, levels }) => [channel, value, levels[4]]),
    [
      [0, 0, 0],
      [1, -1, 1],
      [2, -2, 2],
    ],
  );
  await samples.return();
  await fire(client, 'sample', 3);
  const again = client.samples();
  await again.open();
  await fire(client, 'sample', 1);
  assert.is((await take(again, 1)).length, 1);
});

events('a re-armed wait is sent anew, and the driver keeps what comes meanwhile', async () => {
  await using _bench = await startInterface('events');
  await using client = await Ticker.open({ timeout: 60_000 });
  const jobs = client.jobs({ mask: 3 });
  await jobs.open();
  assert.is((await client.followers()).job, 1);
  // One is sent, four wait, and of the last five the oldest are dropped.
  await fire(client, 'job', 10);
  const got = await take(jobs, 5);
  assert.equal(
    got.map(({ id, cost }) => [id, cost]),
    [
      [0, 0],
      [6, 12],
      [7, 14],
      [8, 16],
      [9, 18],
    ],
  );
  assert.is(jobs.lost, 5);
  await jobs.return();
  assert.is((await client.followers()).job, 0);
});

events('a signal of no words at all', async () => {
  await using _bench = await startInterface('events');
  await using client = await Ticker.open({ timeout: 60_000 });
  const pulses = client.pulses();
  await pulses.open();
  await fire(client, 'pulse', 3);
  assert.equal(await take(pulses, 3), [{ words: [] }, { words: [] }, { words: [] }]);
});

events('a varying number of words', async () => {
  await using _bench = await startInterface('events');
  await using client = await Ticker.open({ timeout: 60_000 });
  const frames = client.frames();
  await frames.open();
  await fire(client, 'frame', 7);
  const got = await take(frames, 7);
  assert.equal(
    got.map(({ words }) => [words.length, words[0]]),
    [3, 4, 5, 6, 7, 8, 9].map((count, i) => [count, BigInt(i)]),
  );
  await fire(client, 'badFrame', 1);
  await frames.return();
  assert.is((await client.followers()).frame, 0);
});

events('an event is for one client, or for all', async () => {
  await using _bench = await startInterface('events');
  await using first = await Ticker.open({ timeout: 60_000 });
  await using second = await Ticker.open({ timeout: 60_000 });
  const [mine, theirs] = [first.tasks(), second.tasks()];
  await mine.open();
  await theirs.open();
  await fire(first, 'task', 1);
  await fire(second, 'task', 2, true);
  assert.equal(
    (await take(mine, 3)).map(({ taskId }) => taskId),
    [0n, 0n, 1n],
  );
  assert.equal(
    (await take(theirs, 2)).map(({ taskId }) => taskId),
    [0n, 1n],
  );
});

events('a polled queue is a stream, told to be empty by a value or by an error', async () => {
  await using _bench = await startInterface('events');
  await using client = await Ticker.open({ timeout: 60_000 });
  const tasks = client.fetcheds();
  const lines = client.lines();
  const waiting = take(tasks, 3);
  await client.addTasks({ count: 3 });
  assert.equal(
    (await waiting).map(({ tag, kind }) => [tag, kind]),
    [
      [1n, 1],
      [2n, 2],
      [3n, 0],
    ],
  );
  assert.equal(
    (await take(lines, 3)).map(({ line }) => line),
    [3, 2, 1],
  );
  const controller = new AbortController();
  const aborted = client.fetcheds({ signal: controller.signal });
  const pending = rejection(aborted.next());
  await rejection(client.fetcheds().open());
  await tasks.return();
  controller.abort(new Error('enough'));
  await pending;
});

events('a queue says in the fields of a struct that nothing is there', async () => {
  await using _bench = await startInterface('events');
  await using client = await Ticker.open({ timeout: 60_000 });
  const packets = client.packets();
  assert.equal(
    (await take(packets, 3)).map(({ packet }) => [packet.head.kind, packet.length, packet.serial]),
    [
      ['data', 2, 2],
      ['data', 0, 4],
      ['data', 2, 6],
    ],
  );
  await packets.return();
});

const codeOf = async (promise: Promise<unknown>): Promise<number | undefined> =>
  ((await rejection(promise)) as { code?: number }).code;

events('subscribing and leaving change states and roles', async () => {
  await using _bench = await startInterface('events');
  await using client = await Ticker.open({ timeout: 60_000 });
  await using other = await Ticker.open({ timeout: 60_000 });
  for (let round = 0; round < 2; round++) {
    const stream = client.guardeds();
    await stream.open();
    await fire(client, 'guarded', 2);
    assert.equal(await take(stream, 2), [{ value: 0n }, { value: 1n }]);
    // The state has changed: what is legal in the first one alone fails, with the error of the schema.
    const busy = await rejection(client.watcheds().open());
    assert.is((busy as { error?: string }).error, 'busy', `${busy}`);
    const again = client.raw.callAsync(50, { completion: { words: 3, raw: true } });
    assert.is(await codeOf(again), (busy as { code?: number }).code);
    // The role has an owner; the state is of each connection.
    assert.is(await codeOf(other.guardeds().open()), 0xe00002c5);
    // Who does not have the role cannot give it back.
    assert.is(await codeOf(other.raw.call(50)), 0xe00002c5);
    await stream.return();
    await until(async () => {
      const free = other.guardeds();
      const failure = await free.open().then(
        () => undefined,
        (error: unknown) => error,
      );
      await free.return();
      return failure === undefined;
    }, 'the role is free');
  }
  const watched = client.watcheds();
  await watched.open();
  assert.ok(await codeOf(client.guardeds().open()));
  await watched.return();
  await until(
    async () => (await codeOf(client.raw.call(52))) !== undefined,
    'leaving twice is not legal',
  );
  await using stream = client.guardeds();
  await stream.open();
});

events('a completion of two words without a header', async () => {
  await using _bench = await startInterface('events');
  await using client = await Ticker.open({ timeout: 60_000 });
  assert.equal(await client.ping({ value: 21 }), { twice: 42 });
  const options = { completion: { words: 2, raw: true }, scalars: [4n] };
  assert.equal(await client.raw.callAsync(30, options), [8n, 0n]);
});

events(
  'a call answers twice: when it is accepted, and with a struct in its completion',
  async () => {
    await using _bench = await startInterface('events');
    await using client = await Ticker.open({ timeout: 60_000 });
    const held = client.hold({ value: 5 });
    const other = client.hold({ value: 6 });
    await client.followers();
    assert.equal(await client.letGo({ fail: false }), { released: 2 });
    const { ticket, pair: accepted, code, sample } = await held;
    assert.equal([ticket, accepted.foo, code, sample.channel], [1, 5n, 7, 5]);
    assert.equal([...sample.levels], [255, 255, 255, 255, 255]);
    assert.is((await other).ticket, 2);
    const raw = client.raw.callAsync(31, { scalars: [9n], scalarOutputs: 1, structOutput: 16 });
    await client.followers();
    await client.letGo({ fail: false });
    // u16 9 | two bytes of padding | i32 -1; then five bytes and three of padding.
    assert.equal(await raw, [7n, 0xffffffff_0000_0009n, 0xff_ffff_ffffn]);
    const failing = rejection(client.hold({ value: 1 }));
    await client.followers();
    await client.letGo({ fail: true });
    assert.match((await failing).message, /kIOReturnNoSpace/);
  },
);

events(
  "given up by a signal or after a time; the answer that comes later is nobody's",
  async () => {
    await using _bench = await startInterface('events');
    await using client = await Ticker.open({ timeout: 60_000 });
    const controller = new AbortController();
    const aborted = rejection(client.hold({ value: 1 }, { signal: controller.signal }));
    const late = rejection(client.hold({ value: 2 }, { timeout: 20 }));
    await client.followers();
    controller.abort(new Error('enough'));
    assert.is((await aborted).message, 'enough');
    assert.is((await late).name, 'TimeoutError');
    assert.equal(await client.letGo({ fail: false }), { released: 2 });
    assert.equal(await client.measure({ value: 3 }), { square: 9n });
  },
);

events('a completion that may be left out', async () => {
  await using _bench = await startInterface('events');
  await using client = await Ticker.open({ timeout: 60_000 });
  assert.equal(await client.measure({ value: 12 }), { square: 144n });
  assert.equal(await client.measure({ value: 12 }, { completion: false }), { square: 144n });
  assert.equal(await client.raw.callAsync(33, { scalars: [3n] }), [9n]);
  assert.equal((await client.raw.call(33, { scalars: [3n], scalarOutputs: 1 })).scalars, [9n]);
  await rejection(client.raw.call(33, { scalars: [3n], scalarOutputs: 2 }));
});

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

events('what the dispatch refuses', async () => {
  await using _bench = await startInterface('events');
  await using client = await Ticker.open({ timeout: 60_000 });
  const refusals = [
    client.raw.call(9), // needs a completion
    client.raw.callAsync(10), // takes none
    client.raw.callAsync(11, { scalars: [256n] }), // above its maximum
    client.raw.callAsync(11), // scalars missing
    client.raw.callAsync(4, { structOutput: 16 }), // struct missing
    client.raw.callAsync(0, { scalars: [1n] }), // one too many
    client.raw.callAsync(31, { scalars: [1001n], scalarOutputs: 1, structOutput: 16 }),
    client.raw.callAsync(31, { scalars: [1n], scalarOutputs: 1 }), // no room for the struct
    client.raw.call(31, { scalars: [1n], scalarOutputs: 1, structOutput: 16 }), // no completion
    client.raw.call(43, { struct: new Uint8Array(4096), scalarOutputs: 1 }), // inline
    client.raw.call(44, { scalars: [1n], scalarOutputs: 1, structOutput: 4096 }),
    client.raw.call(40, { scalars: [1n, 0n, 16n], scalarOutputs: 1 }), // no address
    client.raw.call(40, { scalars: [1n, 4096n, 0n], scalarOutputs: 1 }), // nothing
    client.raw.call(40, { scalars: [1n, 4096n, 1048577n], scalarOutputs: 1 }), // too much
    client.raw.call(40, { scalars: [1n, 2n ** 64n - 8n, 16n], scalarOutputs: 1 }), // wraps round
    client.raw.call(14), // no such selector
  ];
  for (const refused of refusals)
    assert.match((await rejection(refused)).message, /kIOReturn(BadArgument|Unsupported)/);
  // Nothing is there, which shows when the driver looks.
  await rejection(client.raw.call(40, { scalars: [1n, 4096n, 16n], scalarOutputs: 1 }));
  // A completion that is never used may come or not.
  await client.raw.call(5, { struct: new Uint8Array(16) });
});

events('each completion ends once: replaced, left, stopped', async () => {
  await using bench = await startInterface('events');
  const actions = async () => (await bench.simulator.counts()).actions;
  const client = await Ticker.open({ timeout: 60_000 });
  const before = await actions();
  const options = { completion: { words: 1, raw: true } };
  const first = rejection(client.raw.callAsync(0, options));
  const second = rejection(client.raw.callAsync(0, options));
  assert.match((await within('the first end', first)).message, /Aborted/);
  await client.raw.call(0);
  assert.match((await within('the second end', second)).message, /Aborted/);
  await client.raw.call(0); // again, which changes nothing
  await until(async () => (await actions()) === before, 'both are released');
  const third = rejection(client.raw.callAsync(0, options));
  const fourth = rejection(client.raw.callAsync(12, { completion: { words: 0, raw: true } }));
  await client.followers();
  assert.is(await actions(), (before ?? 0) + 2);
  await client.close();
  await within('the third end', third);
  await within('the fourth end', fourth);
  await until(async () => (await actions()) === before, 'what was kept is released');
});

events('the end of the driver ends every stream', async () => {
  await using bench = await startInterface('events');
  await using client = await Ticker.open({ timeout: 60_000 });
  const streams = [client.tasks(), client.jobs({ mask: 0 }), client.frames(), client.lines()];
  for (const stream of streams) await stream.open();
  const ends = streams.map((stream) => rejection(stream.next()));
  await bench.simulator.killDext();
  for (const end of ends)
    assert.is((await within('the end of a stream', end)).name, 'DeviceGoneError');
});

events.run();
