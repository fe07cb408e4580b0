// Contract §13 row 10: which queue work runs on, its order, and queues that wait for each other. Sleeping
// on reentrant queues is in test/driverkit/sources.test.ts.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../simulator/support.js';
import {
  afterStop,
  buildContract,
  CODE,
  numberOf,
  openStage,
  type Stage,
  TYPE,
} from './support.js';

const build = buildContract();
const row = suite<{ stage: Stage }>('§13.10');

row.before(async (context) => {
  context.stage = await openStage(build);
});
row.after(async ({ stage }) => {
  await stage?.[Symbol.asyncDispose]();
});

// ── which queue ──

for (const [name, type, expected] of [
  ['a connection has a Default queue of its own', TYPE.own, [1, 0, 0]],
  ['a connection may have its driver’s queue', TYPE.drivers, [1, 1, 0]],
  ['IOUserClientQueueExternalMethod takes the calls', TYPE.method, [0, 0, 1]],
] as const) {
  row(`${name}; a message hops to its object’s (§1.8, §9.3, §9.6)`, async ({ stage }) => {
    const c = await stage.client.open(type);
    const answer = await stage.client.call(c, 'queues', { outs: 5 });
    assert.is(answer.status, CODE.success);
    assert.equal(answer.scalars.slice(0, 4).map(Number), [...expected, 1]);
  });
}

row('a queue of another name is refused; who has none says so (§9.6)', async ({ stage }) => {
  const c = await stage.client.open();
  const answer = await stage.client.call(c, 'queues', { outs: 10 });
  assert.is(Number(answer.scalars[4]), CODE.badArgument);
  // Default, one that may be set and was not, and a name that only the provider could know.
  const copied = answer.scalars.slice(5, 8).map(Number);
  assert.equal(copied, [CODE.success, CODE.notFound, CODE.error]);
});

row('a queue has no priority and no options but two (§9.6)', async ({ stage }) => {
  const c = await stage.client.open();
  const answer = await stage.client.call(c, 'queues', { outs: 10 });
  assert.equal(answer.scalars.slice(8).map(Number), [CODE.badArgument, CODE.badArgument]);
});

row('CopyDispatchQueue after Stop: kIOReturnError (§9.6)', async ({ stage }) => {
  assert.is((await afterStop(stage)).queue, CODE.error);
});

row('Stop runs on Default: beside a call on another queue (§4.6, §9.6)', async () => {
  await using stage = await openStage(build);
  const c = await stage.client.open(TYPE.method);
  const call = stage.client.call(c, 'wait', { outs: 1 });
  const observer = stage.start();
  const other = await observer.open();
  await until(
    'inside',
    async () => (await observer.call(other, 'gate', { outs: 1 })).scalars[0] === 1n,
  );
  await stage.cable.unplug();
  await until('Stop', () => stage.log.some((line) => /Stop of a client, 1 inside/.test(line)));
  await stage.simulator.killDext();
  assert.is((await call).status, CODE.serverDied);
});

// ── order ──

row('a serial queue is first in, first out (§9.6)', async ({ stage }) => {
  const c = await stage.client.open();
  await stage.client.call(c, 'notes', { out: 4096 });
  assert.is((await stage.client.call(c, 'enqueue', { in: [200] })).status, CODE.success);
  const notes = await stage.client.call(c, 'notes', { out: 4096 });
  const words = Array.from({ length: notes.size / 8 }, (_, i) =>
    Number(notes.bytes.readBigUInt64LE(8 * i)),
  );
  assert.equal(
    words,
    Array.from({ length: 200 }, (_, i) => i),
  );
});

row('calls of several threads come one after the other (§1.8, §9.6)', async ({ stage }) => {
  const c = await stage.client.open();
  await stage.client.call(c, 'notes', { out: 4096 });
  await Promise.all(
    Array.from({ length: 40 }, (_, i) => stage.client.call(c, 'note', { in: [i] })),
  );
  const notes = await stage.client.call(c, 'notes', { out: 4096 });
  const words = Array.from({ length: notes.size / 8 }, (_, i) =>
    Number(notes.bytes.readBigUInt64LE(8 * i)),
  );
  assert.is(words.length, 80);
  for (let i = 0; i < words.length; i += 2) assert.is(words[i], words[i + 1], words.join(' '));
});

// ── deadlocks ──

const DEADLOCK = numberOf('deadlock');

/** What the log says of a deadlock that calls with `in` run into; the dext dies of it. */
async function deadlockOf(which: number, type: number = TYPE.own): Promise<string> {
  await using stage = await openStage(build);
  const c = await stage.client.open(type);
  const answer = await stage.client.call(c, 'deadlock', { in: [which], outs: 1 });
  assert.is(answer.status, CODE.serverDied, stage.log.join('\n'));
  await until('said', () => stage.log.some((line) => line.includes('deadlock')));
  await until('reaped', () => stage.log.some((line) => line.includes('was ended by signal')));
  return stage.log.find((line) => line.includes('deadlock')) ?? '';
}

row('DispatchSync on the queue it runs on is reported and ends the dext (§9.6)', async () => {
  assert.match(
    await deadlockOf(0),
    `com.example.Contract: deadlock (contract §9.6): ContractClient::ExternalMethod (selector ${DEADLOCK}) on queue ` +
      '"ContractClient" waits for DispatchSync on queue "ContractClient". A Mac hangs here',
  );
});

row('a message to an object whose queue waits for the sender, too (§9.3, §9.6)', async () => {
  assert.match(
    await deadlockOf(1),
    `ContractClient::ExternalMethod (selector ${DEADLOCK}) → ContractDriver::CallBack on queues "ContractClient", ` +
      '"ContractDriver" waits for queue "ContractClient" to run ContractClient::Answer',
  );
});

row('waiting for an action that is delivered on the same queue, too (§9.5, §9.6)', async () => {
  assert.match(
    await deadlockOf(2),
    'waits for an action that is delivered on queue "ContractClient"',
  );
});

row('two threads on two queues, each of which wants the other, too (§9.6)', async () => {
  await using stage = await openStage(build);
  const { client } = stage;
  const [one, other, third] = [await client.open(), await client.open(), await client.open()];
  const first = client.call(one, 'deadlock', { in: [3] });
  const inside = async () => Number((await client.call(third, 'gate', { outs: 1 })).scalars[0]);
  await until('the first is on its queue', async () => (await inside()) === 1);
  const second = client.call(other, 'deadlock', { in: [4] });
  await until('the second is on the driver’s', async () => (await inside()) === 2);
  await client.call(third, 'gate', { in: [1] });
  assert.equal([(await first).status, (await second).status], [CODE.serverDied, CODE.serverDied]);
  await until('reaped', () => stage.log.some((line) => line.includes('was ended by signal')));
  const line = stage.log.find((each) => each.includes('deadlock')) ?? '';
  assert.match(
    line,
    /on queue "ContractClient" waits for queue "ContractDriver" to run ContractDriver::Hop/,
  );
  assert.match(
    line,
    /"ContractDriver" waits for queue "ContractClient" to run ContractClient::Answer/,
  );
});

row('a message on the queue that it runs on is no deadlock (§9.3)', async ({ stage }) => {
  for (const type of Object.values(TYPE)) {
    const c = await stage.client.open(type);
    assert.is((await stage.client.call(c, 'deadlock', { in: [9] })).status, CODE.success);
  }
});

row('a reentrant queue takes DispatchSync of its own work (§1.8, §9.6)', async ({ stage }) => {
  const c = await stage.client.open(TYPE.reentrant);
  const answer = await stage.client.call(c, 'deadlock', { in: [0], outs: 1 });
  assert.equal([answer.status, answer.scalars], [CODE.success, [1n]]);
  assert.is((await stage.client.call(c, 'deadlock', { in: [1] })).status, CODE.success);
});

row.run();
