// An interface without the contract: refusals are codes, and the client knows what each means.
import { DriverError } from 'dextgen/client';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rejection, startInterface, until } from '../../js/test/interfaces/bench.js';
import { Plain } from './generated/plain/client/plain.js';

const plain = suite('plain');

const open = (): Promise<Plain> => Plain.open({ timeout: 60_000 });

async function failed(promise: Promise<unknown>, name: string | undefined, code: number) {
  const error = await rejection(promise);
  assert.instance(error, DriverError, `${error}`);
  assert.is((error as DriverError).error, name);
  assert.is((error as DriverError).code, code);
  assert.is.not((error as DriverError).kind, 'gone');
}

plain('states and roles, with the codes that the driver has', async () => {
  await using _bench = await startInterface('plain');
  await using client = await open();
  const task = { tag: 7n, status: 0, transferred: 1, sense: 0 };
  await failed(client.completeTask(task), 'notReady', 0xe00002d8);
  await failed(client.unpublish(), 'notPermitted', 0xe00002e2);
  await failed(client.publish({ blockSize: 1, blocks: 1n }), undefined, 0xe00002c2);
  await client.publish({ blockSize: 512, blocks: 1n });
  await failed(client.publish({ blockSize: 512, blocks: 1n }), 'busy', 0xe00002d5);
  await client.completeTask(task);
  await failed(client.completeTask({ ...task, tag: 8n }), 'unknownTag', 0xe00002f0);
  await client.unpublish();
  await failed(client.completeTask(task), 'notReady', 0xe00002d8);
});

plain('nine scalars, a task in them', async () => {
  await using _bench = await startInterface('plain');
  await using client = await open();
  assert.equal(await client.fetchTask(), {
    tag: 7n,
    direction: 1,
    cdb: Uint8Array.from({ length: 16 }, (_, i) => i),
    length: 4096,
    lba: 2n ** 40n,
    lun: 3,
    flags: 0xffff_ffff,
  });
  const raw = await client.raw.call(3, { scalarOutputs: 9 });
  assert.is(raw.scalars[2], 0x0706050403020100n);
  assert.is(raw.scalars[3], 0x0f0e0d0c0b0a0908n);
  await failed(client.raw.call(3, { scalarOutputs: 8 }), undefined, 0xe00002c2);
});

plain('what asks for nothing takes anything', async () => {
  await using _bench = await startInterface('plain');
  await using client = await open();
  await client.teardown();
  const scalars = Array.from({ length: 16 }, (_, i) => i);
  assert.equal((await client.raw.call(5, { scalars, scalarOutputs: 16 })).scalars.length, 0);
});

plain('a status inside an answer that succeeded', async () => {
  await using _bench = await startInterface('plain');
  await using client = await open();
  const good = await client.stats({ fail: false });
  assert.is(good.result.ok, true);
  const bad = await client.stats({ fail: true });
  assert.is(bad.result.ok, false);
  assert.is(bad.result.code, 0xe00002ed);
  assert.match(String(bad.result.name), /NotResponding/);
  assert.equal([bad.reads, bad.writes], [5n, 6n]);
  assert.equal((await client.raw.call(6, { scalars: [1], scalarOutputs: 2 })).scalars.length, 2);
});

plain('one client at a time; the driver hears of each', async () => {
  await using _bench = await startInterface('plain');
  {
    await using client = await open();
    assert.equal(await client.versions(), { opened: 1, closed: 0, calls: 1 });
    assert.equal(await client.versions(), { opened: 1, closed: 0, calls: 2 });
    const error = await rejection(Plain.open());
    assert.match(error.message, /0xe00002c5/);
    await client.publish({ blockSize: 512, blocks: 1n });
  }
  let next: Plain | undefined;
  await until(async () => {
    next = await Plain.open().catch(() => undefined);
    return next !== undefined;
  }, 'the driver is free again');
  assert.equal(await next?.versions(), { opened: 2, closed: 1, calls: 1 });
  await next?.publish({ blockSize: 512, blocks: 1n });
  await next?.close();
});

plain('selectors that were never used, or are not any more', async () => {
  await using _bench = await startInterface('plain');
  await using client = await open();
  for (const selector of [2, 7, 4095, 4097, 0xde000000, 0xffff_ffff])
    await failed(client.raw.call(selector), undefined, 0xe00002c7);
});

plain.run();
