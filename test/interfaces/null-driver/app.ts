// The facts of the sample, a call of each of its kinds, and the lengths that it does not check.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { factsOf, rejection, startInterface, within } from '../../js/test/interfaces/bench.js';
import { NullSample } from './generated/null_sample/client/null_sample.js';

const sample = suite('null-driver');

sample('selectors, sizes and words are those of the facts', () => {
  const { selectors, sizes, offsets, words } = factsOf('null-driver');
  assert.equal(selectors, {
    externalScalar: 0,
    externalStruct: 1,
    checkedScalar: 2,
    checkedStruct: 3,
    asyncRequest: 5,
    subscribeAnswered: 4,
  });
  assert.is(sizes.DataStruct, 16);
  assert.is(offsets['DataStruct.bar'], 8);
  assert.is(sizes.OversizedHead, 16);
  assert.equal(words, { subscribeAnswered: 3 });
});

sample('scalars and structs, checked and unchecked, inline and by descriptor', async () => {
  await using _bench = await startInterface('null-driver');
  await using client = await NullSample.open({ timeout: 60_000 });
  const any = await client.raw.call(0, { scalars: [1, 2, 3], scalarOutputs: 2 });
  assert.equal(any.scalars, [2n, 3n]);
  const values = BigUint64Array.from({ length: 16 }, (_, i) => BigInt(i));
  const { values: more } = await client.checkedScalar({ values });
  assert.equal(
    [...more],
    [...values].map((value) => value + 1n),
  );
  const value = { foo: 1n, bar: 2n };
  assert.equal(await client.checkedStruct({ value }), { value: { foo: 2n, bar: 3n } });
  const large = BigUint64Array.from({ length: 511 }, (_, i) => BigInt(i) << 32n);
  const small = await client.externalStruct({ value: { ...value, large: new BigUint64Array() } });
  assert.is(small.value.foo, 2n);
  const { value: whole } = await client.externalStruct({ value: { ...value, large } });
  assert.is(whole.bar, 3n);
  assert.equal(whole.large.slice(0, 511), large);
});

sample('one callback carries the direct answer and the timer', async () => {
  await using _bench = await startInterface('null-driver');
  await using client = await NullSample.open({ timeout: 60_000 });
  const registered = { value: { foo: 5n, bar: 6n } };
  const answers = client.answereds(registered);
  const timers = client.fireds(registered);
  assert.equal(await answers.open(), registered);
  await timers.open();
  await client.asyncRequest({ value: { foo: 10n, bar: 20n } });
  const first = await within('the answer', answers.next());
  assert.equal([...(first.value ?? [])], [{ foo: 11n, bar: 21n }]);
  const second = await within('the timer', timers.next());
  assert.equal([...(second.value ?? [])], [{ foo: 12n, bar: 22n }]);
});

sample('structs of other lengths and missing structs are refused', async () => {
  await using _bench = await startInterface('null-driver');
  await using client = await NullSample.open({ timeout: 60_000 });
  for (const size of [0, 15, 17, 4105])
    assert.match(
      (await rejection(client.raw.call(1, { struct: new Uint8Array(size), structOutput: 16 })))
        .message,
      /0xe00002c2/,
      `selector 1, ${size} bytes`,
    );
  for (const size of [0, 15, 17])
    assert.match(
      (await rejection(client.raw.call(3, { struct: new Uint8Array(size), structOutput: 16 })))
        .message,
      /0xe00002c2/,
      `selector 3, ${size} bytes`,
    );
  assert.match(
    (await rejection(client.raw.call(2, { scalars: [1], scalarOutputs: 16 }))).message,
    /0xe00002c2/,
  );
});

sample.run();
