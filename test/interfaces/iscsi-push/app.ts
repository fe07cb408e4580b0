// The facts of the interface; a task in each direction with more data than travels inline; truncated structs.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { factsOf, rejection, startInterface, within } from '../../js/test/interfaces/bench.js';
import { IscsiPush } from './generated/iscsi_push/client/iscsi_push.js';

const push = suite('iscsi-push');
const pattern = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i * 7);

push('selectors, sizes, offsets and words are those of the facts', () => {
  const { selectors, sizes, offsets, words } = factsOf('iscsi-push');
  assert.equal(selectors, {
    registerTarget: 1,
    unregisterTarget: 2,
    dequeueTask: 3,
    completeTask: 4,
    subscribeTaskPending: 0,
  });
  assert.is(sizes.TaskDescriptorHead, 48);
  assert.is(sizes.TaskResponseHead, 288);
  assert.is(offsets['TaskDescriptorHead.transferLength'], 24);
  assert.is(offsets['TaskDescriptorHead.cdb'], 30);
  assert.is(offsets['TaskResponseHead.sense'], 26);
  assert.equal(words, { subscribeTaskPending: 1 });
});

push('a write task brings its data, a read task takes them', async () => {
  await using _bench = await startInterface('iscsi-push');
  await using client = await IscsiPush.open({ timeout: 60_000 });
  const stream = client.taskPendings();
  await stream.open();
  await client.registerTarget({ targetId: 9n });
  const ids: bigint[] = [];
  while (ids.length < 2) {
    const { value } = await within('a task', stream.next());
    for (const { taskId } of value ?? []) ids.push(taskId);
  }
  const [write = 0n, read = 0n] = ids;
  const { task } = await client.dequeueTask({ taskId: write });
  assert.is(task.direction, 'write');
  assert.is(task.targetId, 9n);
  assert.is(task.cdb[0], 0x2a);
  assert.equal(task.payload.slice(0, task.transferLength), pattern(6000));

  const sense = new Uint8Array(256);
  const pad = new Uint8Array(6);
  const answer = { residual: 0n, status: 0, senseLength: 0, sense, pad };
  const none = new Uint8Array();
  await client.completeTask({
    response: { ...answer, taskId: write, transferred: 0n, payload: none },
  });
  const { task: reading } = await client.dequeueTask({ taskId: read });
  assert.is(reading.direction, 'read');
  await client.completeTask({
    response: { ...answer, taskId: read, transferred: 6000n, payload: pattern(6000) },
  });
  const gone = await rejection(client.dequeueTask({ taskId: read }));
  assert.match(gone.message, /unknownTask/);
});

push('a response that is cut inside its fixed part never reaches the driver', async () => {
  await using _bench = await startInterface('iscsi-push');
  await using client = await IscsiPush.open({ timeout: 60_000 });
  for (const size of [0, 1, 287, 288 + (1 << 20) + 1]) {
    const refused = await rejection(client.raw.call(4, { struct: new Uint8Array(size) }));
    assert.match(refused.message, /0xe00002c2/, `${size} bytes`);
  }
  const whole = await rejection(client.raw.call(4, { struct: new Uint8Array(288) }));
  assert.match(whole.message, /unknownTask/);
});

push.run();
