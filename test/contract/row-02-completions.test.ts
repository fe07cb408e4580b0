// Contract §13 row 2: asynchronous calls, their completions, and how long those live.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../simulator/support.js';
import {
  type AsyncArguments,
  buildContract,
  CODE,
  killDext,
  openStage,
  type Stage,
  TYPE,
} from './support.js';

const build = buildContract();
const row = suite<{ stage: Stage }>('§13.2');

row.before(async (context) => {
  context.stage = await openStage(build);
});
row.after(async ({ stage }) => {
  await stage?.[Symbol.asyncDispose]();
});

/** A client of its own, so that nobody else is heard, with a connection and a port. */
async function begin(stage: Stage, served = true) {
  const client = stage.start();
  const c = await client.open();
  return { client, c, port: await client.port(served) };
}

const words = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => String(i === 0 ? 0 : 100 + i));

// ── what arrives ──

for (const count of [0, 1, 2, 3, 15, 16]) {
  const form = count > 2 ? 'many' : String(count);
  row(`${count} words choose the callback of form ${form} (§1.9, §7.6)`, async ({ stage }) => {
    const { client, c, port } = await begin(stage);
    const given: AsyncArguments = { port, in: [1, count, CODE.busy], form: count, refcon: 4711 };
    assert.is((await client.async(c, 'complete', given)).status, CODE.success);
    await until('heard', async () => (await client.heard()).count === 1);
    assert.equal((await client.heard()).list, [
      { form, refcon: 4711, status: CODE.busy, words: words(count) },
    ]);
  });
}

row('17 words: nothing is sent, and the dext is not told (§1.9)', async ({ stage }) => {
  const { client, c, port } = await begin(stage);
  const sent = await client.async(c, 'complete', { port, in: [1, 17, 0] });
  assert.is(sent.status, CODE.success);
  await client.async(c, 'complete', { port, in: [1, 3, 0] }); // first in, first out
  await until('heard', async () => (await client.heard()).count > 0);
  assert.equal(
    (await client.heard()).list.map((each) => each.words.length),
    [3],
  );
});

row('a null wake port: the call has no completion (§1.2)', async ({ stage }) => {
  const { client, c } = await begin(stage);
  const answer = await client.async(c, 'describe', { port: 0, outs: 16 });
  assert.equal([answer.status, answer.scalars[12]], [CODE.success, 0n]);
  assert.is((await client.async(c, 'completionRow', { port: 0 })).status, CODE.badArgument);
});

row('an asynchronous call returns its outputs at once (§1.7)', async ({ stage }) => {
  const { client, c, port } = await begin(stage);
  const answer = await client.async(c, 'describe', { port, outs: 16, in: [1], out: 8 });
  assert.equal([answer.status, answer.scalars[12], answer.size], [CODE.success, 1n, 1]);
});

row(
  'reference: 0 words and NULL stand for one word; 0 words, 9 words are refused (§1.7)',
  async (context) => {
    const { client, c, port } = await begin(context.stage);
    const status = async (more: Partial<AsyncArguments>) =>
      (await client.async(c, 'anyRow', { port, ...more })).status;
    assert.is(await status({ noreference: 1 }), CODE.success);
    assert.is(await status({ references: 0 }), CODE.badArgument);
    assert.is(await status({ references: 8 }), CODE.success);
    assert.is(await status({ references: 9 }), CODE.tooManyForMig);
  },
);

row(
  'the message itself: reference[0] is 0, words 1 to 7 come back (§1.7, §1.9)',
  async (context) => {
    const { client, c } = await begin(context.stage);
    const { port } = (await client.ask('raw')) as { port: number };
    const given = { port, references: 8, refcon: 4711, in: [1, 5, CODE.busy] };
    assert.is((await client.async(c, 'complete', given)).status, CODE.success);
    const raw = (await client.ask('receive', { port })) as Record<string, never>;
    assert.equal([raw.status, raw.message], [0, 53]);
    const bytes = Buffer.from(raw.bytes ?? '', 'hex');
    assert.is(raw.size, 24 + 8 + 64 + 4 + 5 * 8 + 4);
    assert.equal([bytes.readUInt32LE(24), bytes.readUInt32LE(28)], [4 + 5 * 8, 150]);
    const reference = Array.from({ length: 8 }, (_, i) => bytes.readBigUInt64LE(32 + 8 * i));
    assert.equal([reference[0], reference[2]], [0n, 4711n]);
    assert.equal(reference.slice(3), [1003n, 1004n, 1005n, 1006n, 1007n]);
    assert.is(bytes.readUInt32LE(96), CODE.busy);
    assert.equal([bytes.readBigUInt64LE(100), bytes.readBigUInt64LE(132)], [0n, 104n]);
  },
);

row('words of the reference that were not given are 0 (§1.7)', async ({ stage }) => {
  const { client, c } = await begin(stage);
  const { port } = (await client.ask('raw')) as { port: number };
  for (const [references, count] of [
    [3, 0],
    [1, 16],
  ] as const) {
    await client.async(c, 'complete', { port, references, refcon: 4711, in: [1, count, 0] });
    const raw = (await client.ask('receive', { port })) as Record<string, never>;
    const bytes = Buffer.from(raw.bytes ?? '', 'hex');
    assert.equal([raw.status, raw.size], [0, 24 + 8 + 64 + 4 + 8 * count + 4]);
    assert.is(bytes.readUInt32LE(24), 4 + 8 * count);
    const words = Array.from({ length: 7 }, (_, i) => bytes.readBigUInt64LE(40 + 8 * i));
    assert.equal(words.slice(1), [references === 3 ? 4711n : 0n, 0n, 0n, 0n, 0n, 0n]);
    assert.is(words[0] === 0n, references === 1);
  }
});

row(
  'a raw reader waits, with a limit; a buffer too small loses the message (§11.2)',
  async (context) => {
    const { client, c } = await begin(context.stage);
    const { port } = (await client.ask('raw')) as { port: number };
    const receive = async (more: object) => (await client.ask('receive', { port, ...more })).status;
    assert.is(await receive({ timeout: 1 }), CODE.receiveTimedOut);
    const waiting = receive({});
    await client.async(c, 'complete', { port, in: [1, 3, 0] });
    assert.is(await waiting, 0);
    await client.async(c, 'complete', { port, in: [1, 3, 0] });
    assert.is(await receive({ size: 100 }), CODE.receiveTooLarge);
    assert.is(await receive({ timeout: 1 }), CODE.receiveTimedOut);
  },
);

// ── how long it lives ──

row('one retain is as many completions as one likes (§1.7)', async ({ stage }) => {
  const { client, c, port } = await begin(stage);
  const kept = await client.async(c, 'keep', { port, outs: 1 });
  assert.equal([kept.status, kept.scalars], [CODE.success, [1n]], 'no reference to be seen');
  for (let i = 0; i < 3; i++) await client.call(c, 'sendKept', { in: [1, 4, i] });
  await client.call(c, 'sendKept', { in: [50, 3, 9] });
  await until('heard', async () => (await client.heard()).count === 53);
  const { list } = await client.heard();
  assert.equal(
    list.slice(0, 3).map((each) => each.status),
    [0, 1, 2],
  );
  assert.equal(
    list.slice(3, 53).map((each) => each.words[0]),
    Array.from({ length: 50 }, (_, i) => `${i}`),
  );
  await client.call(c, 'dropKept');
});

row('an error does not cancel a completion that was retained (§1.7)', async ({ stage }) => {
  const { client, c, port } = await begin(stage);
  const kept = await client.async(c, 'keep', { port, in: [CODE.busy] });
  assert.is(kept.status, CODE.busy);
  await client.call(c, 'sendKept', { in: [1, 3, 0] });
  await until('heard', async () => (await client.heard()).count === 1);
  await client.call(c, 'dropKept');
});

row(
  'release frees the action in the kernel; until then the user client stays (§1.7)',
  async (context) => {
    const { stage } = context;
    const { client, c, port } = await begin(stage);
    const counts = async () => {
      const { actions, userClients } = await stage.simulator.counts();
      return { actions, userClients };
    };
    const before = await counts();
    await client.async(c, 'keep', { port });
    await client.async(c, 'keep', { port }); // in place of the first, which is released
    await until('one action', async () => (await counts()).actions === (before.actions ?? 0) + 1);
    await client.call(c, 'dropKept');
    await until('released', async () => (await counts()).actions === before.actions);
    // Closed with a completion that nobody releases: the kernel's user client cannot go.
    const other = await client.open();
    await client.async(other, 'lend', { port });
    const stops = () => stage.log.filter((line) => line.includes('Stop of a client')).length;
    const stopped = stops() + 1;
    await client.ask('close', { c: other });
    await until('stopped', () => stops() === stopped);
    assert.equal(await counts(), {
      actions: (before.actions ?? 0) + 1,
      userClients: (before.userClients ?? 0) + 1,
    });
  },
);

row('a completion after the app has closed goes nowhere (§1.9)', async ({ stage }) => {
  const { client, c, port } = await begin(stage);
  const sender = await client.open(TYPE.drivers);
  await client.async(c, 'lend', { port });
  await client.ask('close', { c });
  assert.is((await client.call(sender, 'sendLent', { in: [1, 3, 0] })).status, CODE.success);
  await until('heard', async () => (await client.heard()).count === 1); // the port lives
  await client.ask('destroy', { port });
  assert.is((await client.call(sender, 'sendLent', { in: [100, 3, 0] })).status, CODE.success);
  client.kill();
  const other = stage.start();
  const again = await other.open();
  assert.is((await other.call(again, 'sendLent', { in: [100, 3, 0] })).status, CODE.success);
  assert.is((await other.call(again, 'dropLent')).status, CODE.success);
});

// ── the port ──

row(
  'a port that nobody serves keeps 65534 messages and loses the rest (§0.2, §1.9)',
  async (context) => {
    const { client, c, port } = await begin(context.stage, false);
    const kept = 65_534;
    // The dext is never held up: the calls return although nobody takes what they send.
    for (let sent = 0; sent < 66_000; sent += 6000) {
      assert.is(
        (await client.async(c, 'complete', { port, in: [6000, 3, 0] })).status,
        CODE.success,
      );
    }
    // What has been sent has arrived when a completion to another port has.
    const other = await client.port();
    await client.async(c, 'complete', { port: other, in: [1, 3, 0] });
    await until('all of them', async () => (await client.heard()).count === 1);
    await client.ask('serve', { port });
    await until('taken', async () => (await client.heard()).count >= kept + 1);
    await client.async(c, 'complete', { port, in: [1, 0, CODE.busy], form: 0 });
    await until('the next', async () => (await client.heard()).count >= kept + 2);
    assert.is((await client.heard()).count, kept + 2, 'none of those above');
  },
);

row('a dead port takes no new call, and swallows what is under way (§1.9)', async ({ stage }) => {
  const { client, c, port } = await begin(stage);
  await client.async(c, 'keep', { port });
  await client.ask('destroy', { port });
  assert.is((await client.call(c, 'sendKept', { in: [10, 3, 0] })).status, CODE.success);
  assert.is((await client.async(c, 'complete', { port, in: [1, 3, 0] })).status, CODE.invalidRight);
  await client.call(c, 'dropKept');
  const next = await client.port();
  await client.async(c, 'complete', { port: next, in: [1, 3, 7] });
  await until('heard', async () => (await client.heard()).count === 1);
  assert.is((await client.heard()).list[0]?.status, 7);
});

row('what nobody has released goes with the dext (§1.7)', async ({ stage }) => {
  const { client, c, port } = await begin(stage);
  await client.async(c, 'keep', { port });
  await client.async(c, 'lend', { port });
  await until('held', async () => ((await stage.simulator.counts()).actions ?? 0) >= 2);
  await killDext(stage);
  await until('gone', async () => {
    const { actions, userClients } = await stage.simulator.counts();
    return actions === 0 && userClients === 0;
  });
});

row.run();
