// Contract §13 row 4: the lock of a connection, calls that last, and the watchdog that says so.
import { spawnSync } from 'node:child_process';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../simulator/support.js';
import {
  buildContract,
  type Client,
  CODE,
  killDext,
  numberOf,
  openStage,
  plugContract,
  type Stage,
  TYPE,
} from './support.js';

const build = buildContract();
const row = suite<{ stage: Stage; observer: Client; open: number }>('§13.4');

row.before(async (context) => {
  context.stage = await openStage(build, ['--watchdog-seconds', '1']);
  context.observer = context.stage.start();
  context.open = await context.observer.open();
});
row.before.each(({ observer, open }) => shutGate(observer, open));
row.after(async ({ stage }) => {
  await stage?.[Symbol.asyncDispose]();
});

async function shutGate(observer: Client, c: number): Promise<void> {
  await observer.call(c, 'gate', { in: [0] });
}

async function openGate(observer: Client, c: number): Promise<void> {
  await observer.call(c, 'gate', { in: [1] });
}

/** How many calls are inside the driver. */
async function countInside(observer: Client, c: number): Promise<number> {
  return Number((await observer.call(c, 'gate', { outs: 1 })).scalars[0]);
}

/** Waits until as many calls are inside the driver. */
function inside(observer: Client, c: number, count: number): Promise<void> {
  return until(`${count} inside`, async () => (await countInside(observer, c)) === count);
}

/** Whether the promise is still open after a while: what is right passes on any machine. */
async function lasts(work: Promise<unknown>): Promise<boolean> {
  const later = new Promise((done) => setTimeout(() => done('lasts'), 150));
  return (await Promise.race([work, later])) === 'lasts';
}

/** The same of a condition that holds now. */
async function remains(holds: () => boolean | Promise<boolean>): Promise<boolean> {
  for (let i = 0; i < 15; i++) {
    if (!(await holds())) return false;
    await new Promise((done) => setTimeout(done, 10));
  }
  return true;
}

const said = (stage: Stage, text: RegExp): boolean => stage.log.some((line) => text.test(line));

// ── several calls ──

row('calls of one connection are in the driver at a time (§1.8)', async (context) => {
  const { stage, observer, open } = context;
  const c = await stage.client.open(TYPE.concurrent);
  const calls = [1, 2, 3].map(() => stage.client.call(c, 'wait', { outs: 1 }));
  await inside(observer, open, 3);
  await openGate(observer, open);
  for (const call of await Promise.all(calls)) assert.is(call.status, CODE.success);
});

row('… unless its queue is serial, which makes them wait (§1.8)', async (context) => {
  const { stage, observer, open } = context;
  const c = await stage.client.open();
  const calls = [1, 2, 3].map(() => stage.client.call(c, 'wait', { outs: 1 }));
  await inside(observer, open, 1);
  assert.ok(await remains(async () => (await countInside(observer, open)) === 1));
  await openGate(observer, open);
  for (const call of await Promise.all(calls)) assert.is(call.status, CODE.success);
});

row('connections do not wait for each other (§1.8)', async ({ stage, observer, open }) => {
  const [one, other] = [await stage.client.open(), await stage.client.open()];
  const call = stage.client.call(one, 'wait');
  await inside(observer, open, 1);
  assert.is((await stage.client.call(other, 'echo')).status, CODE.success);
  assert.is((await stage.client.ask('map', { c: other, type: 0 })).status, CODE.success);
  assert.is((await stage.client.ask('close', { c: other })).status, CODE.success);
  await openGate(observer, open);
  assert.is((await call).status, CODE.success);
});

// ── the lock ──

for (const [verb, status] of [
  ['close', CODE.success],
  ['map', CODE.success],
  ['unmap', CODE.success],
  ['addclient', CODE.unsupported],
  ['setport', CODE.unsupported],
] as const) {
  row(`${verb} waits for the calls in flight (§1.8)`, async ({ stage, observer, open }) => {
    const c = await stage.client.open(TYPE.concurrent);
    if (verb === 'unmap') await stage.client.ask('map', { c, type: 0 });
    const calls = [stage.client.call(c, 'wait'), stage.client.call(c, 'wait')];
    await inside(observer, open, 2);
    const waiting = stage.client.ask(verb, { c, type: 0 });
    assert.ok(await lasts(waiting));
    await openGate(observer, open);
    for (const call of await Promise.all(calls)) assert.is(call.status, CODE.success);
    assert.is((await waiting).status, status);
  });
}

row(
  'of two threads that close, one waits and closes, the other is ignored (§4.5)',
  async (context) => {
    const { stage, observer, open } = context;
    const c = await stage.client.open(TYPE.concurrent);
    await stage.client.ask('addref', { c }); // each of them drops one
    const call = stage.client.call(c, 'wait');
    await inside(observer, open, 1);
    const closing = [stage.client.ask('close', { c }), stage.client.ask('close', { c })];
    await openGate(observer, open);
    assert.is((await call).status, CODE.success);
    for (const each of closing) assert.is((await each).status, CODE.success);
  },
);

row('a connection says that its operations lock (§1.8)', async ({ stage }) => {
  const tree = JSON.stringify(await stage.simulator.registry());
  assert.match(tree, '"IOUserClientDefaultLocking":true');
});

row(
  'a call that comes after close waits behind it, and finds the port dead (§1.8, §7.7)',
  async (context) => {
    const { stage, observer, open } = context;
    const c = await stage.client.open(TYPE.concurrent);
    const call = stage.client.call(c, 'wait');
    await inside(observer, open, 1);
    const closing = stage.client.ask('close', { c });
    assert.ok(await lasts(closing));
    const late = stage.client.call(c, 'echo');
    assert.ok(await lasts(late));
    await openGate(observer, open);
    assert.equal([(await call).status, (await closing).status], [CODE.success, CODE.success]);
    assert.is((await late).status, CODE.invalidDestination);
  },
);

row('the end of a killed app waits for its calls (§1.8, §4.5)', async (context) => {
  const { stage, observer, open } = context;
  const app = stage.start();
  const c = await app.open(TYPE.method); // a queue of its own, so that Stop would find its own free
  void app.call(c, 'wait');
  await inside(observer, open, 1);
  const stops = () => stage.log.filter((line) => line.includes('Stop of a client')).length;
  const before = stops();
  app.kill();
  await until('gone', async () =>
    (await stage.simulator.sessions()).every((each) => each.pid !== app.pid),
  );
  assert.ok(await remains(() => stops() === before));
  await openGate(observer, open);
  await until('stopped', () => stops() > before);
  assert.match(
    stage.log.filter((line) => line.includes('Stop of a client')).at(-1) ?? '',
    ', 0 inside',
  );
});

// ── the watchdog ──

row('a call that does not return hangs its caller, and the log says so (§1.8)', async (context) => {
  const { stage, observer, open } = context;
  const c = await stage.client.open();
  const [dext] = await stage.simulator.processes();
  const call = stage.client.call(c, 'wait');
  const selector = numberOf('wait');
  const sentence =
    `kernel: com.example.Contract (pid ${dext?.pid}): ContractClient::ExternalMethod (selector ${selector}) ` +
    'has not returned for ';
  await until('said', () => stage.log.some((line) => line.startsWith(sentence)));
  const line = stage.log.find((each) => each.startsWith(sentence)) ?? '';
  assert.match(
    line,
    `its caller in client (pid ${stage.client.pid}) hangs until it does (contract §1.8)`,
  );
  const shown = spawnSync(process.execPath, ['generator/bin.mjs', 'sim', 'log'], {
    encoding: 'utf8',
    env: { ...process.env, ...stage.simulator.env },
  });
  assert.match(shown.stdout, sentence, `${shown.stderr}`);
  assert.ok(await lasts(call), 'it still hangs, as on a Mac');
  await openGate(observer, open);
  assert.is((await call).status, CODE.success);
  await until('its end', () =>
    said(stage, /\(selector \d+\) has come to an end after \d+(\.\d)? s; client/),
  );
});

for (const [verb, name] of [
  ['close', 'IOServiceClose'],
  ['map', 'IOConnectMapMemory64'],
] as const) {
  row(`${verb} behind a call that hangs: the log says that, too (§1.8)`, async (context) => {
    const { stage, observer, open } = context;
    const c = await stage.client.open();
    const call = stage.client.call(c, 'wait');
    await inside(observer, open, 1);
    const waiting = stage.client.ask(verb, { c, type: 0 });
    const sentence = new RegExp(
      `${name} of client \\(pid ${stage.client.pid}\\) has been waiting for \\d.* for the calls of ContractClient`,
    );
    await until('said', () => said(stage, sentence));
    await openGate(observer, open);
    assert.equal([(await call).status, (await waiting).status], [CODE.success, CODE.success]);
  });
}

async function dextPid({ simulator }: Stage): Promise<number> {
  const [dext] = await simulator.processes();
  if (dext === undefined) throw new Error('no dext runs');
  return dext.pid;
}

row(
  'a mapping for which the driver does not answer: the log says which (§2.1)',
  async (context) => {
    const { stage } = context;
    const c = await stage.client.open();
    const dext = await dextPid(stage);
    process.kill(dext, 'SIGSTOP');
    try {
      const waiting = stage.client.ask('map', { c, type: 0 });
      const sentence =
        /ContractClient::CopyClientMemoryForType has not returned for 1 s; mapping in pid \d+ hangs/;
      await until('said', () => said(stage, sentence));
      process.kill(dext, 'SIGCONT');
      assert.is((await waiting).status, CODE.success);
    } finally {
      process.kill(dext, 'SIGCONT');
    }
  },
);

row('an open for which the driver does not answer: the log says which (§4.3)', async (context) => {
  const { stage } = context;
  const dext = await dextPid(stage);
  process.kill(dext, 'SIGSTOP');
  try {
    const opening = stage.client.ask('open', { type: 0 });
    await until('said', () =>
      said(
        stage,
        /ContractDriver::NewUserClient has not returned for 1 s; IOServiceOpen of client/,
      ),
    );
    process.kill(dext, 'SIGCONT');
    assert.is((await opening).status, CODE.success);
  } finally {
    process.kill(dext, 'SIGCONT');
  }
});

row('a driver that does not start: the log says which (§4.4)', async ({ stage }) => {
  const { time } = stage.simulator;
  const sentence =
    /\(pid \d+\): ContractDriver::Start has not returned for 1 s; its service cannot/;
  await time.hold();
  const cable = await plugContract(stage.simulator, 3);
  // Start takes 1.5 s of that time, from whenever it begins.
  await until('said', async () => {
    await time.step('100ms');
    return said(stage, sentence);
  });
  await time.resume();
  await cable.unplug();
});

row('held time lets nothing last (§1.8)', async () => {
  await using stage = await openStage(build, ['--watchdog-seconds', '1']);
  const c = await stage.client.open();
  await stage.simulator.time.hold();
  const call = stage.client.call(c, 'wait');
  await new Promise((done) => setTimeout(done, 1500));
  assert.not.ok(said(stage, /has not returned/));
  await stage.simulator.time.step('2s');
  await until('said', () => said(stage, /\(selector \d+\) has not returned for 2 s/));
  await stage.simulator.time.resume();
  await killDext(stage);
  assert.is((await call).status, CODE.serverDied);
});

row('without a watchdog nothing is said (§1.8)', async () => {
  await using stage = await openStage(build, ['--watchdog-seconds', '0']);
  const c = await stage.client.open();
  const call = stage.client.call(c, 'wait');
  await new Promise((done) => setTimeout(done, 2500));
  assert.not.ok(said(stage, /has not returned/));
  await killDext(stage);
  assert.is((await call).status, CODE.serverDied);
});

row('the end of the dext frees who hangs, and who waits for that (§1.8, §4.7)', async (context) => {
  const { stage, observer, open } = context;
  const c = await stage.client.open();
  await stage.client.ask('map', { c, type: 0 });
  const call = stage.client.call(c, 'wait');
  await inside(observer, open, 1);
  const closing = stage.client.ask('close', { c });
  assert.ok(await lasts(closing));
  await killDext(stage);
  assert.is((await call).status, CODE.serverDied);
  assert.is((await closing).status, CODE.success, 'the port names its mappings (§4.6)');
});

row.run();
