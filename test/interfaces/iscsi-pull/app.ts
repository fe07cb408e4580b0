// The facts of the interface; tasks polled and completed through the arena; one publisher among several clients.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  factsOf,
  modelOf,
  rejection,
  startInterface,
  until,
  within,
} from '../../js/test/interfaces/bench.js';
import { IscsiPull } from './generated/iscsi_pull/client/iscsi_pull.js';

const pull = suite('iscsi-pull');
// The controller matches by what the bootstrap publishes; a kernel that goes by its source does not see that.
const options = { assume: { matchedProperties: 'published' } } as const;
const lun = { blockSize: 512, blockCount: 1n << 40n };

pull('selectors, scalars and memory are those of the facts', () => {
  assert.equal(factsOf('iscsi-pull').selectors, {
    publishLun: 0,
    unpublishLun: 1,
    fetchTask: 3,
    completeTask: 4,
    teardown: 5,
    getStats: 6,
  });
  const model = modelOf('iscsi-pull') as {
    methods: { name: string; input: { count: number }; output: { count: number } }[];
    buffers: { memoryType: unknown }[];
  };
  const counts = Object.fromEntries(
    model.methods.map(({ name, input, output }) => [name, [input.count, output.count]]),
  );
  assert.equal(counts.publishLun, [2, 0]);
  assert.equal(counts.fetchTask, [0, 9]);
  assert.equal(counts.completeTask, [4, 0]);
  assert.equal(counts.getStats, [0, 12]);
});

pull('a daemon polls, reads into the arena, completes', async () => {
  await using _bench = await startInterface('iscsi-pull', options);
  await using client = await IscsiPull.open({ timeout: 60_000 });
  await using arena = await client.mapArena();
  assert.is(arena.size, 16 << 20);
  await client.publishLun(lun);
  assert.is(arena.header().abiVersion, 1);
  const tasks = client.tasks();
  for (let expected = 1; expected <= 3; expected++) {
    const { value } = await within('a task', tasks.next());
    const [task] = value ?? [];
    assert.is(task?.tag, BigInt(expected));
    assert.is(task?.cdb[0], 0x28);
    assert.is(task?.cdb[15], 15);
    assert.is(task?.direction, 'read');
    arena.write(new Uint8Array(4096).fill(expected), 65536 * (task?.slot ?? 0));
    await client.completeTask({
      tag: BigInt(expected),
      status: 0,
      transferred: 4096,
      senseLength: 0,
    });
  }
  await tasks.return();
  const { counts } = await client.getStats();
  assert.equal([...counts.slice(0, 2)], [3n, 3n * 4096n]);
  await client.teardown();
});

pull('only the publisher unpublishes, and its death frees the target', async () => {
  await using _bench = await startInterface('iscsi-pull', options);
  const owner = await IscsiPull.open({ timeout: 60_000 });
  await using other = await IscsiPull.open({ timeout: 60_000 });
  await owner.publishLun(lun);
  assert.match((await rejection(other.publishLun(lun))).message, /exclusive/);
  assert.match((await rejection(other.unpublishLun())).message, /notPublisher/);
  await owner.close();
  const lost = async (): Promise<boolean> => (await other.getStats()).counts[11] === 1n;
  await until(lost, 'the driver hears of it');
  await other.publishLun(lun);
  await other.unpublishLun();
});

pull('counts, lengths and memory types that the hand-written driver took are refused', async () => {
  await using _bench = await startInterface('iscsi-pull', options);
  await using client = await IscsiPull.open({ timeout: 60_000 });
  for (const [selector, scalars] of [
    [4, [1, 0, 65537, 0]],
    [4, [1, 0, 0, 97]],
    [4, [1, 0, 0]],
    [0, [511, 1]],
  ] as const)
    assert.match(
      (await rejection(client.raw.call(selector, { scalars }))).message,
      /0xe00002c2/,
      `${selector}: ${scalars}`,
    );
  assert.match((await rejection(client.raw.call(2))).message, /0xe00002c7/, 'no such selector');
  assert.is((await rejection(client.raw.map(3))).name, 'DriverError');
});

pull.run();
