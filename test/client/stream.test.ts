// Streams over a driver in JavaScript: batches, losses, back-pressure and every way to end.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Connection } from '../../runtime/client/connection.js';
import { contractSelector } from '../../runtime/client/contract.js';
import type { ClientError } from '../../runtime/client/errors.js';
import type { ServiceHandle } from '../../runtime/client/native.js';
import { EventStream, type StreamOptions } from '../../runtime/client/stream.js';
import { alarm, contract, reading } from './contract.js';
import { createFakeNative, type FakeNative, failure } from './fake-native.js';

const test = suite('streams');
const ABORTED = 0xe00002eb;
const decode = (view: DataView, offset: number) => Number(view.getBigUint64(offset, true));
const selector = (name: keyof typeof contractSelector) => contract.base + contractSelector[name];

function record(value: number): Uint8Array {
  return new Uint8Array(BigUint64Array.of(BigInt(value)).buffer);
}

async function connect(): Promise<{ native: FakeNative; connection: Connection }> {
  const native = createFakeNative();
  native.answers.set(selector('ringOpen'), () => [16n, 8n, 0xde010002n, 0xde010003n]);
  native.answers.set(selector('subscribe'), (scalars) => [(7n << 32n) | (scalars[0] ?? 0n)]);
  const service = { id: 1n } as ServiceHandle;
  return { native, connection: await Connection.open(contract, native, service) };
}

const ring = (connection: Connection, options?: StreamOptions) =>
  new EventStream(connection, reading, decode, options);
const direct = (connection: Connection, options?: StreamOptions) =>
  new EventStream(connection, alarm, decode, options);

/** The only completion that is subscribed. */
function send(native: FakeNative, words: readonly bigint[], status = 0): void {
  const [listener] = native.completions.values();
  assert.ok(listener, 'somebody listens');
  listener?.(status, BigUint64Array.from(words).buffer);
}

const doorbell = (native: FakeNative, arming = 1n) => send(native, [1n | (1n << 34n), 0n, arming]);

async function rejection(work: Promise<unknown>): Promise<ClientError> {
  try {
    await work;
  } catch (error) {
    return error as ClientError;
  }
  throw new Error('it did not reject');
}

test('a ring gives what is there as one batch, then waits for its doorbell', async () => {
  const { native, connection } = await connect();
  const stream = ring(connection);
  native.ringState.records.push(record(1), record(2), record(3));
  const first = await stream.next();
  assert.equal([...(first.value ?? [])], [1, 2, 3]);
  const second = stream.next();
  native.ringState.records.push(record(4));
  doorbell(native);
  assert.equal([...((await second).value ?? [])], [4]);
  assert.is(stream.received, 4);
});

test('a batch has at most what was asked for', async () => {
  const { native, connection } = await connect();
  const stream = ring(connection, { maximum: 2 });
  native.ringState.records.push(record(1), record(2), record(3));
  assert.is((await stream.next()).value?.length, 2);
  assert.is((await stream.next()).value?.length, 1);
});

test('losses reach the next batch and the total', async () => {
  const { native, connection } = await connect();
  const stream = ring(connection);
  await stream.open();
  const next = stream.next();
  native.ringState.lost = 5;
  doorbell(native);
  await new Promise((resolve) => setTimeout(resolve, 1));
  assert.is(stream.lost, 5);
  native.ringState.lost = 2;
  native.ringState.records.push(record(9));
  doorbell(native, 2n);
  const batch = (await next).value;
  assert.is(batch?.lost, 7);
  assert.is(stream.lost, 7);
});

test('an event has one reader per connection, and a stream one consumer', async () => {
  const { connection } = await connect();
  const stream = ring(connection);
  await stream.open();
  const second = await rejection(ring(connection).open());
  assert.is(second.kind, 'busy');
  assert.match(second.message, 'reading already has a reader');
  stream[Symbol.asyncIterator]();
  assert.throws(() => stream[Symbol.asyncIterator](), /already has a consumer/);
  await stream.return();
  await ring(connection).open();
});

test('leaving the loop closes the ring and unmaps it', async () => {
  const { native, connection } = await connect();
  native.ringState.records.push(record(1));
  const stream = ring(connection);
  for await (const batch of stream) {
    assert.is(batch.length, 1);
    break;
  }
  assert.is(stream.end?.reason, 'left');
  assert.is(native.mappings.open, 0);
  assert.is(native.completions.size, 0);
  assert.ok(native.calls.some((call) => call.selector === selector('ringClose')));
});

test('a device that goes ends the stream behind what is left in the ring', async () => {
  const { native, connection } = await connect();
  const stream = ring(connection);
  await stream.open();
  native.ringState.records.push(record(1), record(2));
  native.terminate();
  assert.is((await stream.next()).value?.length, 2);
  const error = await rejection(stream.next());
  assert.is(error.kind, 'gone');
  assert.is(stream.end?.reason, 'gone');
  assert.equal(await stream.next(), { done: true, value: undefined });
});

test('a device that goes wakes a consumer that waits', async () => {
  const { native, connection } = await connect();
  const stream = ring(connection);
  await stream.open();
  const waiting = rejection(stream.next());
  setTimeout(native.terminate, 1);
  assert.is((await waiting).kind, 'gone');
});

test('closing the connection ends its streams', async () => {
  const { connection } = await connect();
  const streams = [ring(connection), direct(connection)];
  await Promise.all(streams.map((stream) => stream.open()));
  const waiting = streams.map((stream) => rejection(stream.next()));
  await connection.close();
  for (const error of await Promise.all(waiting)) assert.is(error.kind, 'aborted');
  assert.is(streams[0]?.end?.reason, 'closed');
});

test('a signal ends the stream with its reason', async () => {
  const { connection } = await connect();
  const controller = new AbortController();
  const stream = direct(connection, { signal: controller.signal });
  const waiting = rejection(stream.next());
  setTimeout(() => controller.abort(new Error('enough')), 1);
  assert.is((await waiting).message, 'enough');
  assert.is(stream.end?.reason, 'aborted');
  const late = direct(connection, { signal: controller.signal });
  assert.is((await rejection(late.next())).message, 'enough');
});

test('a ring that the driver ends, ends the loop', async () => {
  const { native, connection } = await connect();
  const stream = ring(connection);
  await stream.open();
  native.ringState.records.push(record(1));
  native.ringState.ended = 0;
  assert.is((await stream.next()).value?.length, 1);
  assert.is((await stream.next()).done, true);
  assert.is(stream.end?.reason, 'finished');
});

test('a driver that aborts a stream because it stops is gone', async () => {
  const { native, connection } = await connect();
  const stream = ring(connection);
  await stream.open();
  native.ringState.ended = ABORTED;
  native.answers.set(selector('lastRejection'), () => failure(0x10000003));
  assert.is((await rejection(stream.next())).kind, 'gone');
  assert.is(connection.end, 'gone');
});

test('a driver that aborts a stream and lives has aborted it', async () => {
  const { native, connection } = await connect();
  const stream = ring(connection);
  await stream.open();
  native.ringState.ended = ABORTED;
  assert.is((await rejection(stream.next())).kind, 'aborted');
  assert.is(connection.end, undefined);
});

test('without memory for a ring the records come in completions', async () => {
  const { native, connection } = await connect();
  native.answers.set(selector('ringOpen'), () => failure(0xe00002bd));
  const stream = ring(connection);
  await stream.open();
  send(native, [1n, 0n, 11n]);
  send(native, [1n, 0n, 12n]);
  assert.equal([...((await stream.next()).value ?? [])], [11, 12]);
});

test('completions are acknowledged when their consumer comes back, a quarter of the window at a time', async () => {
  const { native, connection } = await connect();
  const stream = direct(connection);
  await stream.open();
  const acknowledged = () =>
    native.calls
      .filter((call) => call.selector === selector('acknowledge'))
      .map((call) => call.scalars);
  for (let value = 0; value < 3; value++) send(native, [2n, 0n, BigInt(value)]);
  assert.is((await stream.next()).value?.length, 3);
  assert.equal(acknowledged(), []);
  send(native, [2n, 0n, 3n]);
  await stream.next();
  assert.equal(acknowledged(), [[(7n << 32n) | 2n, 3n]]);
});

test('losses of completions and their end', async () => {
  const { native, connection } = await connect();
  const stream = direct(connection);
  await stream.open();
  send(native, [2n | (1n << 33n), 6n, 1n]);
  send(native, [2n | (1n << 32n) | (1n << 33n), 2n, 0n], 0xe00002ca);
  const { value } = await stream.next();
  assert.is(value?.lost, 8);
  const error = await rejection(stream.next());
  assert.is(error.code, 0xe00002ca);
  assert.is(stream.end?.reason, 'failed');
});

test('a driver that ignores its window cannot fill this process', async () => {
  const { native, connection } = await connect();
  const stream = direct(connection);
  await stream.open();
  for (let value = 0; value < 1000; value++) send(native, [2n, 0n, BigInt(value)]);
  const { value } = await stream.next();
  assert.is((value?.length ?? 0) + stream.lost, 1000);
  assert.ok((value?.length ?? 0) <= 2 * alarm.inFlight);
});

test('a fast stream lets timers run', async () => {
  const { native, connection } = await connect();
  const stream = ring(connection);
  let late = false;
  setTimeout(() => {
    late = true;
  }, 10);
  const start = performance.now();
  while (!late && performance.now() - start < 60_000) {
    native.ringState.records.push(record(1));
    await stream.next();
  }
  assert.ok(late);
});

test.run();
