// Subscriptions with selectors of the interface's own, against a driver that does not keep its promises.
import {
  type Connection,
  decodeWords,
  EventStream,
  type SubscriptionInfo,
  streamFeed,
  streamPoll,
} from 'dextgen/client';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Connection as ConnectionClass } from '../../runtime/client/connection.js';
import { rejection } from '../waiting.js';
import { contract } from './contract.js';
import { createFakeNative, type FakeNative, failure } from './fake-native.js';

const feeds = suite('feeds');

const ABORTED = 0xe00002eb;

async function connect(native: FakeNative): Promise<Connection> {
  const [service] = await native.services();
  if (service === undefined) throw new Error('no service');
  return ConnectionClass.open(contract, native, service);
}

const info: SubscriptionInfo = {
  name: 'tick',
  selector: 40,
  unsubscribe: 'null',
  rearmed: false,
  raw: true,
  words: 1,
  dropsOldest: true,
};

const decode = (view: DataView, offset: number) => view.getBigUint64(offset, true);

function ticks(
  connection: Connection,
  over: Partial<SubscriptionInfo> = {},
  scalars: bigint[] = [],
) {
  return streamFeed(connection, decode, undefined, {
    subscription: { ...info, ...over },
    event: { name: 'tick', id: 9, word0: null, size: 8 },
    request: { scalars: BigUint64Array.from(scalars) },
    answer: () => undefined,
  });
}

const wordsOf = (...words: bigint[]): ArrayBuffer => BigUint64Array.from(words).buffer;

function listener(native: FakeNative) {
  const last = [...native.completions.values()].at(-1);
  if (last === undefined) throw new Error('nobody listens');
  return last;
}

feeds('too few words end the stream instead of being read', async () => {
  const native = createFakeNative();
  const stream = ticks(await connect(native));
  await stream.open();
  listener(native)(0, new ArrayBuffer(4));
  assert.match((await rejection(stream.next())).message, /kIOReturnError/);
});

feeds('a reader that does not come back loses the oldest, or the newest', async () => {
  for (const [dropsOldest, first] of [
    [true, 476n],
    [false, 0n],
  ] as const) {
    const native = createFakeNative();
    const stream = ticks(await connect(native), { dropsOldest });
    await stream.open();
    for (let i = 0n; i < 1500n; i++) listener(native)(0, wordsOf(i));
    const { value } = await stream.next();
    assert.is(value?.length, 1024);
    assert.is(value?.at(0), first);
    assert.is(stream.lost, 476);
    await stream.return();
  }
});

feeds('leaving calls the selector without a completion, with the same arguments', async () => {
  const native = createFakeNative();
  const stream = ticks(await connect(native), {}, [7n]);
  await stream.open();
  await stream.return();
  assert.equal(
    native.calls.map(({ selector, scalars }) => [selector, ...scalars]),
    [
      [40, 7n],
      [40, 7n],
    ],
  );
  assert.is(native.completions.size, 0);
});

feeds('a re-armed completion is sent anew once, and not after the end', async () => {
  const native = createFakeNative();
  const stream = ticks(await connect(native), { rearmed: true, unsubscribe: 'none' });
  await stream.open();
  listener(native)(0, wordsOf(1n));
  assert.is(native.calls.length, 2);
  listener(native)(0, wordsOf(2n));
  assert.equal([...((await stream.next()).value ?? [])], [1n, 2n]);
  listener(native)(ABORTED, wordsOf(0n));
  const before = native.calls.filter(({ selector }) => selector === 40).length;
  await rejection(stream.next());
  assert.is(native.calls.filter(({ selector }) => selector === 40).length, before);
});

feeds('an arming that fails ends the stream with its error', async () => {
  const native = createFakeNative();
  const stream = ticks(await connect(native), { rearmed: true });
  await stream.open();
  native.answers.set(40, () => failure(0xe00002be));
  listener(native)(0, wordsOf(1n));
  assert.equal([...((await stream.next()).value ?? [])], [1n]);
  assert.match((await rejection(stream.next())).message, /kIOReturnNoResources/);
});

feeds('words without a payload', () => {
  const view = new DataView(wordsOf(2n, 5n, 6n, 0n));
  assert.equal(decodeWords(view), { words: [5n, 6n] });
});

feeds('a poll that fails ends its stream; one that is left stops calling', async () => {
  const connection = await connect(createFakeNative());
  let calls = 0;
  const poll = (fetch: () => Promise<number>) =>
    streamPoll<number>(connection, { name: 'job', id: 10 + calls }, undefined, {
      ...{ fetch, isEmpty: (item: number) => item === 0, emptyError: undefined },
      ...{ always: false, interval: 1 },
    });
  const failing = poll(() => Promise.reject(new Error('broken')));
  assert.is((await rejection(failing.next())).message, 'broken');
  const counted = poll(() => Promise.resolve(calls++ < 3 ? 0 : 1));
  assert.ok(counted instanceof EventStream);
  assert.is((await counted.next()).value?.at(0), 1);
  await counted.return();
  const left = calls;
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.ok(calls <= left + 1);
});

feeds.run();
