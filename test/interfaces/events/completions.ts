// Completions of calls: states and roles that they change, words of their own, and leaving them out.
import * as assert from 'uvu/assert';
import { rejection, startInterface, until } from '../../js/test/interfaces/bench.js';
import { Ticker } from './generated/ticker/client/ticker.js';
import { codeOf, events, fire, take } from './support.js';

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
