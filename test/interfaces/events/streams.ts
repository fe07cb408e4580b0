// Each delivery of an event, from the subscription to the items of its stream.
import * as assert from 'uvu/assert';
import { rejection, startInterface } from '../../js/test/interfaces/bench.js';
import { Ticker } from './generated/ticker/client/ticker.js';
import { events, fire, pair, take } from './support.js';

events('a standing completion without a header fires many times', async () => {
  await using _bench = await startInterface('events');
  await using client = await Ticker.open({ timeout: 60_000 });
  const stream = client.tasks();
  await stream.open();
  await fire(client, 'task', 100);
  const tasks = await take(stream, 100);
  assert.equal(
    tasks.map(({ taskId }) => taskId),
    Array.from({ length: 100 }, (_, i) => BigInt(i)),
  );
  await stream.return();
});

events('events that share a completion are told apart by their first word', async () => {
  await using _bench = await startInterface('events');
  await using client = await Ticker.open({ timeout: 60_000 });
  const input = { pair: pair(7n, 8n) };
  const replies = client.replies(input);
  const ticks = client.ticks(input);
  assert.equal(await replies.open(), { echo: pair(7n, 8n) });
  assert.equal(await ticks.open(), { echo: pair(7n, 8n) });
  assert.is((await client.followers()).callback, 1);
  await client.request({ pair: pair(1n, 2n) });
  await fire(client, 'tick', 2);
  await client.request({ pair: pair(3n, 4n) });
  assert.equal(await take(replies, 2), [pair(2n, 12n), pair(4n, 14n)]);
  assert.equal(await take(ticks, 2), [pair(0n, 1n), pair(1n, 2n)]);
  const other = client.ticks({ pair: pair(9n, 9n) });
  assert.is((await rejection(other.open())).name, 'BusyError');
});

events('a subscription that the driver refuses leaves nothing behind', async () => {
  await using _bench = await startInterface('events');
  await using client = await Ticker.open({ timeout: 60_000 });
  const refused = await rejection(client.replies({ pair: pair(0n, 0n) }).open());
  assert.match(refused.message, /refused/);
  assert.is((await client.followers()).callback, 0);
  const replies = client.replies({ pair: pair(1n, 1n) });
  await replies.open();
  await client.request({ pair: pair(1n, 2n) });
  assert.equal(await take(replies, 1), [pair(2n, 12n)]);
});

events('a payload behind our header, and an unsubscribe of its own', async () => {
  await using _bench = await startInterface('events');
  await using client = await Ticker.open({ timeout: 60_000 });
  const samples = client.samples();
  await samples.open();
  await fire(client, 'sample', 3);
  const got = await take(samples, 3);
  assert.equal(
    got.map(({ channel, value, levels }) => [channel, value, levels[4]]),
    [
      [0, 0, 0],
      [1, -1, 1],
      [2, -2, 2],
    ],
  );
  await samples.return();
  await fire(client, 'sample', 3);
  const again = client.samples();
  await again.open();
  await fire(client, 'sample', 1);
  assert.is((await take(again, 1)).length, 1);
});

events('a re-armed wait is sent anew, and the driver keeps what comes meanwhile', async () => {
  await using _bench = await startInterface('events');
  await using client = await Ticker.open({ timeout: 60_000 });
  const jobs = client.jobs({ mask: 3 });
  await jobs.open();
  assert.is((await client.followers()).job, 1);
  // One is sent, four wait, and of the last five the oldest are dropped.
  await fire(client, 'job', 10);
  const got = await take(jobs, 5);
  assert.equal(
    got.map(({ id, cost }) => [id, cost]),
    [
      [0, 0],
      [6, 12],
      [7, 14],
      [8, 16],
      [9, 18],
    ],
  );
  assert.is(jobs.lost, 5);
  await jobs.return();
  assert.is((await client.followers()).job, 0);
});

events('a signal of no words at all', async () => {
  await using _bench = await startInterface('events');
  await using client = await Ticker.open({ timeout: 60_000 });
  const pulses = client.pulses();
  await pulses.open();
  await fire(client, 'pulse', 3);
  assert.equal(await take(pulses, 3), [{ words: [] }, { words: [] }, { words: [] }]);
});

events('a varying number of words', async () => {
  await using _bench = await startInterface('events');
  await using client = await Ticker.open({ timeout: 60_000 });
  const frames = client.frames();
  await frames.open();
  await fire(client, 'frame', 7);
  const got = await take(frames, 7);
  assert.equal(
    got.map(({ words }) => [words.length, words[0]]),
    [3, 4, 5, 6, 7, 8, 9].map((count, i) => [count, BigInt(i)]),
  );
  await fire(client, 'badFrame', 1);
  await frames.return();
  assert.is((await client.followers()).frame, 0);
});

events('an event is for one client, or for all', async () => {
  await using _bench = await startInterface('events');
  await using first = await Ticker.open({ timeout: 60_000 });
  await using second = await Ticker.open({ timeout: 60_000 });
  const [mine, theirs] = [first.tasks(), second.tasks()];
  await mine.open();
  await theirs.open();
  await fire(first, 'task', 1);
  await fire(second, 'task', 2, true);
  assert.equal(
    (await take(mine, 3)).map(({ taskId }) => taskId),
    [0n, 0n, 1n],
  );
  assert.equal(
    (await take(theirs, 2)).map(({ taskId }) => taskId),
    [0n, 1n],
  );
});

events('a polled queue is a stream, told to be empty by a value or by an error', async () => {
  await using _bench = await startInterface('events');
  await using client = await Ticker.open({ timeout: 60_000 });
  const tasks = client.fetcheds();
  const lines = client.lines();
  const waiting = take(tasks, 3);
  await client.addTasks({ count: 3 });
  assert.equal(
    (await waiting).map(({ tag, kind }) => [tag, kind]),
    [
      [1n, 1],
      [2n, 2],
      [3n, 0],
    ],
  );
  assert.equal(
    (await take(lines, 3)).map(({ line }) => line),
    [3, 2, 1],
  );
  const controller = new AbortController();
  const aborted = client.fetcheds({ signal: controller.signal });
  const pending = rejection(aborted.next());
  await rejection(client.fetcheds().open());
  await tasks.return();
  controller.abort(new Error('enough'));
  await pending;
});

events('a queue says in the fields of a struct that nothing is there', async () => {
  await using _bench = await startInterface('events');
  await using client = await Ticker.open({ timeout: 60_000 });
  const packets = client.packets();
  assert.equal(
    (await take(packets, 3)).map(({ packet }) => [packet.head.kind, packet.length, packet.serial]),
    [
      ['data', 2, 2],
      ['data', 0, 4],
      ['data', 2, 6],
    ],
  );
  await packets.return();
});
