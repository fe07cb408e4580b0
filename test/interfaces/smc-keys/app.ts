// One selector for everything: a command inside the struct chooses the request, and what became of it stands in the answer.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { factsOf, rejection, startInterface } from '../../js/test/interfaces/bench.js';
import { SmcKeys } from './generated/smc_keys/client/smc_keys.js';

const keys = suite('smc-keys');

const SPEED = 0x46304163;
const SERIAL = 0x5250424d;

keys('one selector, 80 bytes both ways, each field where the facts have it', () => {
  const { selectors, sizes, offsets } = factsOf('smc-keys');
  assert.equal(selectors, { call: 2 });
  const names = ['Request', 'RequestReadBytes', 'RequestReadIndex', 'RequestReadKeyInfo', 'Reply'];
  assert.equal(
    names.map((name) => sizes[name]),
    [80, 80, 80, 80, 80],
  );
  const of = (name: string) => offsets[`Reply.${name}`];
  const places = ['key', 'version', 'limits', 'info', 'result', 'status', 'data8'].map(of);
  assert.equal([...places, of('data32'), of('bytes')], [0, 4, 12, 28, 40, 41, 42, 44, 48]);
  assert.is(offsets['RequestReadIndex.index'], 44);
});

keys('commands by name', async () => {
  await using _bench = await startInterface('smc-keys');
  await using client = await SmcKeys.open({ timeout: 60_000 });
  const asked = await client.call({ request: { kind: 'readKeyInfo', value: { key: SPEED } } });
  const { info } = asked.reply;
  assert.equal(info, { dataSize: 2, dataType: 0x75693136, attributes: 0x80 });
  const bytes = new Uint8Array(32);
  bytes.set([0x12, 0x34]);
  const value = { key: SPEED, info };
  const written = await client.call({
    request: { kind: 'writeBytes', value: { ...value, bytes } },
  });
  assert.is(written.reply.result, 'success');
  const { reply } = await client.call({ request: { kind: 'readBytes', value } });
  assert.equal(reply.bytes, bytes);
  const second = await client.call({ request: { kind: 'readIndex', value: { index: 1 } } });
  assert.is(second.reply.key, SERIAL);
});

keys('what failed says so in an answer that succeeds', async () => {
  await using _bench = await startInterface('smc-keys');
  await using client = await SmcKeys.open({ timeout: 60_000 });
  const info = { dataSize: 1, dataType: 0, attributes: 0 };
  const unknown = { key: 0x21212121, info };
  const missing = await client.call({ request: { kind: 'readBytes', value: unknown } });
  assert.is(missing.reply.result, 'notFound');
  const value = { key: SERIAL, info, bytes: new Uint8Array(32) };
  const refused = await client.call({ request: { kind: 'writeBytes', value } });
  assert.is(refused.reply.result, 'notWritable');
});

keys(
  'a command that nobody knows, and a struct of another size, never reach the driver',
  async () => {
    await using _bench = await startInterface('smc-keys');
    await using client = await SmcKeys.open({ timeout: 60_000 });
    const send = (struct: Uint8Array) => client.raw.call(2, { struct, structOutput: 80 });
    const request = new Uint8Array(80);
    for (const command of [0, 4, 7, 255]) {
      request[42] = command;
      assert.match((await rejection(send(request))).message, /0xe00002c2/, `command ${command}`);
    }
    request[42] = 9;
    assert.is((await send(request)).struct?.length, 80);
    for (const size of [0, 42, 79, 81, 5000])
      assert.match((await rejection(send(new Uint8Array(size)))).message, /0xe00002c2/, `${size}`);
    request[42] = 5;
    request[28] = 33;
    assert.match((await rejection(send(request))).message, /0xe00002c2/, 'more data than there is');
  },
);

keys.run();
