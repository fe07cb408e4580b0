// Connections over a driver in JavaScript: opening, time limits, errors and the end.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Connection } from '../../runtime/client/connection.js';
import { contractSelector } from '../../runtime/client/contract.js';
import {
  type ClientError,
  ContractMismatchError,
  DriverError,
  RejectedError,
} from '../../runtime/client/errors.js';
import { explainMismatch, shakeHands } from '../../runtime/client/handshake.js';
import { MappedBuffer, mapMemory } from '../../runtime/client/mapped-buffer.js';
import type { ServiceHandle } from '../../runtime/client/native.js';
import { contract } from './contract.js';
import { createFakeNative, type FakeNative, failure } from './fake-native.js';

const test = suite('connections');
const selector = (name: keyof typeof contractSelector) => contract.base + contractSelector[name];

async function connect(): Promise<{ native: FakeNative; connection: Connection }> {
  const native = createFakeNative();
  const service = { id: 1n } as ServiceHandle;
  return { native, connection: await Connection.open(contract, native, service) };
}

async function rejection(work: Promise<unknown>): Promise<ClientError> {
  try {
    await work;
  } catch (error) {
    return error as ClientError;
  }
  throw new Error('it did not reject');
}

test('a call answers with its outputs', async () => {
  const { native, connection } = await connect();
  native.answers.set(1, ([hz = 0n]) => [hz + 1n]);
  const request = { scalars: BigUint64Array.of(41n), scalarOutputs: 1 };
  assert.is((await connection.call(1, request, 'setRate')).scalars[0], 42n);
});

test('a call that hangs ends with its time, its signal, its device or its connection', async () => {
  const { native, connection } = await connect();
  native.answers.set(3, () => 'never');
  const late = await rejection(connection.call(3, {}, 'run', { timeout: 5 }));
  assert.is(late.kind, 'timeout');
  assert.match(late.message, 'run took longer than 5 ms');
  const controller = new AbortController();
  const aborted = rejection(connection.call(3, {}, 'run', { signal: controller.signal }));
  controller.abort(new Error('enough'));
  assert.is((await aborted).message, 'enough');
  const closed = rejection(connection.call(3, {}, 'run'));
  const { connection: other, native: driver } = await connect();
  driver.answers.set(3, () => 'never');
  const gone = rejection(other.complete(3, {}, 'run'));
  driver.terminate();
  assert.is((await gone).kind, 'gone');
  await connection.close();
  assert.is((await closed).kind, 'aborted');
  assert.is((await rejection(connection.call(1, {}, 'setRate'))).kind, 'aborted');
  assert.is((await rejection(other.call(1, {}, 'setRate'))).kind, 'gone');
});

test('the end of a connection is told once', async () => {
  const { native, connection } = await connect();
  native.terminate();
  await connection.close();
  assert.is(await connection.ended, 'gone');
  assert.is(connection.end, 'gone');
});

test('an asynchronous method settles with its completion, and is forgotten', async () => {
  const { native, connection } = await connect();
  const work = connection.complete(3, {}, 'run');
  await Promise.resolve();
  const [listener] = native.completions.values();
  listener?.(0, BigUint64Array.of(3n, 0n, 1n, 7n).buffer);
  assert.equal([...(await work).words], [1n, 7n]);
});

test('an asynchronous method that is too slow is forgotten', async () => {
  const { native, connection } = await connect();
  const error = await rejection(connection.complete(3, {}, 'run', { timeout: 5 }));
  assert.is(error.kind, 'timeout');
  assert.is(native.completions.size, 0);
});

test('a failed completion says what the driver says', async () => {
  const { native, connection } = await connect();
  const work = rejection(connection.complete(3, {}, 'run'));
  await Promise.resolve();
  const [listener] = native.completions.values();
  listener?.(0xe3ff8001, BigUint64Array.of(3n, 0n, 0n).buffer);
  const error = (await work) as DriverError;
  assert.instance(error, DriverError);
  assert.is(error.error, 'overheated');
  assert.is(error.code, 0xe3ff8001);
});

test('a rejection names its argument, rule and limit', async () => {
  const { native, connection } = await connect();
  const rejected = { selector: 1n, argument: 0n, rule: 6n, limit: 2_000_000n, actual: 3_000_000n };
  native.answers.set(1, () => failure(0xe00002c2, rejected));
  const error = (await rejection(connection.call(1, {}, 'setRate'))) as RejectedError;
  assert.instance(error, RejectedError);
  assert.is(error.message, 'setRate: hz is 3000000, more than the maximum 2000000');
  assert.is(error.kind, 'bad-argument');
  assert.equal(
    [error.method, error.argument, error.rule, error.limit, error.actual],
    ['setRate', 'hz', 'max', 2_000_000, 3_000_000],
  );
});

test('a rejection reads floats, signed integers and fields of structs', () => {
  const bits = (value: number) => {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, value);
    return view.getBigUint64(0);
  };
  const of = (argument: bigint, limit: bigint, actual: bigint, method = 1n) =>
    new RejectedError(
      contract,
      { selector: method, argument, rule: 5n, limit, actual },
      0xe00002c2,
    );
  assert.equal([of(1n, bits(-1.5), bits(-2)).limit, of(1n, 0n, bits(-2)).actual], [-1.5, -2]);
  assert.is(of(2n, 2n ** 64n - 5n, 0n).limit, -5);
  const field = of(0x10000n + 1n + 8n + 16n, bits(0), bits(-0.5), 2n);
  assert.equal([field.argument, field.actual], ['settings.taps', -0.5]);
  assert.is(of(0x10000n + 1n, 2n ** 64n - 1n, 0n, 2n).limit, -1);
  assert.is(of(0x10000n, 10n, 12n, 2n).argument, 'settings');
  assert.is(of(0xffffn, 1n, 2n).argument, undefined);
  assert.is(of(0n, 1n, 2n, 99n).method, 'selector 99');
});

test('codes become kinds', async () => {
  const kinds = [
    [0xe00002c1, 'denied'],
    [0xe00002d7, 'gone'],
    [0xe00002c7, 'unsupported'],
    [0xe00002d5, 'busy'],
    [0xe00002d6, 'timeout'],
    [0xe00002eb, 'aborted'],
    [0xe00002c2, 'bad-argument'],
    [0xfffffecd, 'bad-argument'],
    [0xe00002bc, 'io'],
    [0xe0005000, 'io'],
  ] as const;
  const { native, connection } = await connect();
  for (const [code, kind] of kinds) {
    native.answers.set(1, () => failure(code));
    const error = await rejection(connection.call(1, {}, 'setRate'));
    assert.is(error.kind, kind, code.toString(16));
    assert.is(error.code, code);
  }
});

test('a dead server ends the connection for everybody', async () => {
  const { native, connection } = await connect();
  native.answers.set(3, () => 'never');
  native.answers.set(1, () => failure(0xfffffecc));
  const other = rejection(connection.call(3, {}, 'run'));
  assert.is((await rejection(connection.call(1, {}, 'setRate'))).kind, 'gone');
  assert.is((await other).kind, 'gone');
  assert.is(connection.end, 'gone');
});

test('a handshake accepts its own contract', async () => {
  const { native, connection } = await connect();
  await shakeHands(connection);
  const [call] = native.calls;
  assert.is(call?.selector, contract.base);
  assert.equal(call?.scalars, [contract.hashHigh, contract.hashLow, 0x10000n, 0n]);
});

test('a handshake says in one sentence which side is older', async () => {
  const { native, connection } = await connect();
  const versions = [
    [(1n << 16n) | 0n, 'unknown', 'the installed Meter driver is version 1.0 as is'],
    [0n, 'driver', "the installed Meter driver is version 0.0, older than this app's 1.0"],
    [
      (1n << 16n) | 2n,
      'app',
      "the installed Meter driver is version 1.2, newer than this app's 1.0",
    ],
  ] as const;
  for (const [version, older, text] of versions) {
    native.answers.set(contract.base, () => [1n, 2n, version, 0n, 0n]);
    const error = (await rejection(shakeHands(connection))) as ContractMismatchError;
    assert.instance(error, ContractMismatchError);
    assert.is(error.older, older);
    assert.match(error.message, text);
    assert.is(error.message.split('\n').length, 1);
  }
  assert.is(explainMismatch(contract, 2, 0).older, 'app');
});

test('a driver without contract selectors is an older one', async () => {
  const { native, connection } = await connect();
  native.answers.set(contract.base, () => failure(0xe00002c7));
  const error = (await rejection(shakeHands(connection))) as ContractMismatchError;
  assert.is(error.older, 'driver');
});

test('memory that the driver maps smaller than the schema says is refused and unmapped', async () => {
  const { native, connection } = await connect();
  const info = { name: 'capture', type: 1, size: 8192 };
  assert.match((await rejection(mapMemory(connection, info))).message, 'maps 4096 bytes');
  assert.is(native.mappings.open, 0);
});

test('a mapped buffer reads inside itself, and not after its end', async () => {
  const { connection } = await connect();
  const parts = await mapMemory(connection, { name: 'capture', type: 1, size: 4096 });
  const buffer = new MappedBuffer(...parts);
  assert.is(buffer.read(0, 4096).length, 4096);
  assert.is(buffer.readInto(new Uint8Array(8), 4088).length, 8);
  for (const [offset, length] of [
    [1, 4096],
    [4097, 0],
    [-1, 1],
    [0.5, 1],
    [0, 2 ** 53],
  ] as const)
    assert.throws(() => buffer.read(offset, length), /ArgumentError|must be|reach beyond/);
  assert.throws(() => buffer.write(new Uint8Array(1)), /read-only/);
  await buffer.close();
  assert.throws(() => buffer.read(0, 1), /closed/);
  const other = new MappedBuffer(...(await mapMemory(connection, { name: 'b', type: 1, size: 1 })));
  await connection.close();
  assert.throws(() => other.read(0, 1), /closed/);
});

test('the calls of the contract are those of the wire', () => {
  assert.is(selector('acknowledge'), 0xde000008);
});

test.run();
