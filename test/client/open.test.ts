// Finding and opening a device over a driver in JavaScript: at once, waiting, refused.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openWith } from '../../runtime/client/device.js';
import {
  AccessDeniedError,
  type ClientError,
  NoDeviceError,
  TimeoutError,
} from '../../runtime/client/errors.js';
import type { ConnectionHandle, ServiceHandle } from '../../runtime/client/native.js';
import { readScalar } from '../../runtime/client/property.js';
import { contract } from './contract.js';
import { createFakeNative, failure } from './fake-native.js';

const test = suite('open');

async function rejection(work: Promise<unknown>): Promise<ClientError> {
  try {
    await work;
  } catch (error) {
    return error as ClientError;
  }
  throw new Error('it did not reject');
}

test('it opens what is there, the oldest first', async () => {
  const connection = await openWith(contract, createFakeNative(3), {});
  assert.is(connection.service.id, 100n);
});

test('it opens the one that was asked for', async () => {
  const connection = await openWith(contract, createFakeNative(3), { device: 102n });
  assert.is(connection.service.id, 102n);
  const missing = await rejection(openWith(contract, createFakeNative(3), { device: 7n }));
  assert.match(missing.message, 'the Meter with registry id 7 is not there');
});

test('without a device it says so at once', async () => {
  const error = await rejection(openWith(contract, createFakeNative(0), {}));
  assert.instance(error, NoDeviceError);
  assert.match(error.message, 'a Meter (service MeterDriver) is not there');
  assert.match(error.message, 'com.example.Meter.driver');
});

test('with a signal it waits for a device', async () => {
  const native = createFakeNative(0);
  const opening = openWith(contract, native, { signal: new AbortController().signal });
  setTimeout(native.publish, 5);
  assert.is((await opening).service.id, 500n);
});

test('a wait ends with its time, though the timer was early by the clock', async () => {
  const { setTimeout } = globalThis;
  const early = (handler: () => void, ms = 0) => setTimeout(handler, ms / 2);
  globalThis.setTimeout = early as typeof setTimeout;
  try {
    const error = await rejection(openWith(contract, createFakeNative(0), { timeout: 50 }));
    assert.instance(error, TimeoutError);
  } finally {
    globalThis.setTimeout = setTimeout;
  }
});

test('a limit longer than timers can be is none', async () => {
  const native = createFakeNative(0);
  const opening = openWith(contract, native, { timeout: Infinity });
  setTimeout(native.publish, 20);
  assert.is((await opening).service.id, 500n);
});

test('a wait ends with its signal or its time', async () => {
  const controller = new AbortController();
  const waiting = rejection(openWith(contract, createFakeNative(0), { signal: controller.signal }));
  setTimeout(() => controller.abort(new Error('enough')), 5);
  assert.is((await waiting).message, 'enough');
  const late = await rejection(openWith(contract, createFakeNative(0), { timeout: 5 }));
  assert.instance(late, TimeoutError);
  assert.match(late.message, 'did not appear in 5 ms');
});

test('a wait goes on when a device goes while it is opened', async () => {
  const native = createFakeNative(1);
  const { open } = native;
  let tries = 0;
  const flaky = {
    ...native,
    open: async (service: ServiceHandle, type: number, terminated: () => void) => {
      if (tries++ === 0) throw failure(0xe00002d7);
      return open(service, type, terminated);
    },
  };
  const opening = openWith(contract, flaky, { timeout: 60_000 });
  setTimeout(native.publish, 5);
  assert.is((await opening).service.id, 500n);
});

test('a driver that hangs while it is opened does not hold up the wait, and is closed later', async () => {
  const native = createFakeNative(1);
  let answer = (_handle: ConnectionHandle) => {};
  let closed = 0;
  const hanging = {
    ...native,
    open: () => new Promise<ConnectionHandle>((resolve) => (answer = resolve)),
    close: async () => void closed++,
  };
  const error = await rejection(openWith(contract, hanging, { timeout: 5 }));
  assert.is(error.kind, 'timeout');
  answer({} as ConnectionHandle);
  await new Promise((resolve) => setTimeout(resolve, 1));
  assert.is(closed, 1);
});

test('a refusal names the entitlement', async () => {
  const native = { ...createFakeNative(1), open: () => Promise.reject(failure(0xe00002e2)) };
  const error = await rejection(openWith(contract, native, {}));
  assert.instance(error, AccessDeniedError);
  assert.is(error.kind, 'denied');
  assert.match(error.message, 'com.apple.developer.driverkit.userclient-access');
  assert.match(error.message, 'com.example.Meter.driver');
});

test('a connection whose handshake fails is closed', async () => {
  const native = createFakeNative(1);
  let closed = 0;
  const watched = { ...native, close: async () => void closed++ };
  native.answers.set(contract.base, () => [1n, 2n, 0n, 0n, 0n]);
  await rejection(openWith(contract, watched, {}));
  assert.is(closed, 1);
});

test('properties have the type that the schema gives them', async () => {
  const native = createFakeNative(1);
  const read = (value: unknown, type: Parameters<typeof readScalar>[4]) => {
    native.properties.set('Key', value);
    return readScalar(contract, native, { id: 1n } as ServiceHandle, 'Key', type);
  };
  assert.is(await read(0xffffn, 'i16'), -1);
  assert.is(await read(-1n, 'u32'), 0xffff_ffff);
  assert.is(await read(-1n, 'u64'), 2n ** 64n - 1n);
  assert.is(await read(-5n, 'i64'), -5n);
  assert.is(await read(true, 'bool'), true);
  assert.match((await rejection(read(undefined, 'u32'))).message, 'published no property Key');
  assert.match((await rejection(read('text', 'u32'))).message, 'of type u32');
});

test.run();
