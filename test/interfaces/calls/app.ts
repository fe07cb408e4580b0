// Methods from their app: every rule once kept, once broken past the client's own checks.
import * as assert from 'uvu/assert';
import { rejection, startInterface, until } from '../../js/test/interfaces/bench.js';
import { Calls } from './generated/calls/client/calls.js';
import './arguments.js';
import './handles.js';
import './completions.js';
import './access.js';
import { calls, failed, open, refused } from './support.js';

calls('unchecked calls arrive as they are', async () => {
  await using _bench = await startInterface('calls');
  await using client = await open();
  const answer = await client.legacy({
    scalars: [1, 2n ** 64n - 1n, 3],
    struct: new Uint8Array(10),
    scalarOutputs: 2,
  });
  assert.equal(answer.scalars, [13n, 14n]);
  assert.equal((await client.legacy()).scalars, []);
  assert.equal(await client.legacyTyped({ value: 21 }), { doubled: 42 });
  await failed(client.raw.call(81), undefined, 0xe00002c2);
});

calls('errors by the name that the method gives them', async () => {
  await using _bench = await startInterface('calls');
  await using client = await open();
  await failed(client.fail({ how: 0 }), 'busy', 0xe3ff8007);
  await failed(client.fail({ how: 1 }), 'notReady', 0xe00002d8);
  await failed(client.fail({ how: 2 }), 'foreign', 0xe0004242);
  // Undeclared, the code means what it means everywhere.
  assert.is((await rejection(client.gone())).name, 'DeviceGoneError');
});

calls('selectors far apart, and those that are retired', async () => {
  await using _bench = await startInterface('calls');
  await using client = await open();
  assert.equal(await client.far(), { selector: 0x7fff_ffff });
  assert.equal(await client.farther(), { selector: 4_000_000_000 });
  for (const selector of [0, 10, 100, 1000, 1_500_000, 0x7fff_fffe, 0x8000_0000, 3_999_999_999])
    await refused(client.raw.call(selector), {
      rule: 'unknownSelector',
      limit: 0,
      actual: selector,
      code: 0xe00002c7,
    });
});

calls('no more clients than the schema allows', async () => {
  await using _bench = await startInterface('calls');
  await using first = await open();
  await using second = await open();
  const third = await open();
  const error = await rejection(Calls.open());
  assert.match(error.message, /0xe00002be/);
  await third.close();
  await until(async () => {
    const fourth = await Calls.open().catch(() => undefined);
    await fourth?.close();
    return fourth !== undefined;
  }, 'a place is free again');
  await first.counters();
  await second.counters();
});

calls.run();
