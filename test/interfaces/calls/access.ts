// Who may call what and when: states, roles, entitlements.
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RejectedError } from 'dextgen/client';
import * as assert from 'uvu/assert';
import { rejection, startInterface, until } from '../../js/test/interfaces/bench.js';
import { calls, failed, open, refused } from './support.js';

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
