// The kernel process and the client library against a dext that speaks the protocol itself. What the
// contract's rows ask of all of them together is in test/contract.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type PluggedDevice, type Simulator, startSimulator } from 'dextgen/simulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  BUNDLE,
  buildProgram,
  fakeDevice,
  newFolder,
  startClient,
  until,
  writeBundle,
  writeClientEntitlements,
} from './support.js';

type Context = {
  calls: string;
  lifecycle: string;
  dext: string;
  bundle: string;
  entitlements: string;
};
const kernel = suite<Context>('kernel process');

type Stage = AsyncDisposable & {
  readonly simulator: Simulator;
  readonly log: string[];
  readonly cable: PluggedDevice;
};

async function openStage(context: Context, bundle = context.bundle): Promise<Stage> {
  const log: string[] = [];
  const simulator = await startSimulator({
    bundles: [bundle],
    entitlements: context.entitlements,
    log: (line) => void log.push(line),
  });
  const cable = await simulator.plug(fakeDevice());
  return { simulator, log, cable, [Symbol.asyncDispose]: () => simulator.shutdown() };
}

kernel.before((context) => {
  context.calls = buildProgram('client_calls.cpp', 'iokit');
  context.lifecycle = buildProgram('client_lifecycle.cpp', 'iokit');
  context.dext = buildProgram('fake_dext.cpp', 'kernel');
  context.bundle = writeBundle(context.dext);
  context.entitlements = writeClientEntitlements();
});

const CALLS = {
  outputs: '§1.6: what a success and an error leave in the outputs',
  runLoop: '§7.5: completions through a run loop',
};
const LIFECYCLE = {
  memory: '§2: instances, sizes, read-only, unmapping',
  opening: '§4.3, §7.7: what can and cannot be opened',
  registry: '§6.1, §7.2: names, classes, properties, look-ups',
  died: '§4.7: a dext that dies in a call, and its successor',
};

for (const [experiment, what] of Object.entries(CALLS)) {
  kernel(`${experiment} (${what})`, async (context) => {
    await using _stage = await openStage(context);
    await startClient(context.calls, [experiment]).ended;
  });
}

for (const [experiment, what] of Object.entries(LIFECYCLE)) {
  kernel(`${experiment} (${what})`, async (context) => {
    await using _stage = await openStage(context);
    await startClient(context.lifecycle, [experiment]).ended;
  });
}

for (const experiment of ['unplug', 'unplugMapped']) {
  kernel(`${experiment} (§4.6: order of notifications, codes, mappings)`, async (context) => {
    await using stage = await openStage(context);
    const client = startClient(context.lifecycle, [experiment]);
    assert.is(await client.line(), 'ready');
    await stage.cable.unplug();
    client.tell('unplugged');
    assert.is(await client.line(), 'closed');
    const again = await stage.simulator.plug(fakeDevice());
    client.tell('plugged');
    await client.ended;
    await until(
      'the old process ends',
      async () => (await stage.simulator.counts()).processes === 1,
    );
    const stops = stage.log.filter((line) => line.includes('one-way'));
    assert.equal(stops, [`${BUNDLE}: Stop client one-way`, `${BUNDLE}: Stop service one-way`]);
    await again.unplug();
  });
}

kernel('a client that is killed leaves nothing behind (§4.5)', async (context) => {
  await using stage = await openStage(context);
  await until('the service', async () => (await stage.simulator.counts()).services === 1);
  await until('its reads', async () => (await stage.simulator.counts()).transfers === 4);
  const before = await stage.simulator.counts();
  const client = startClient(context.lifecycle, ['abandon']);
  assert.is(await client.line(), 'ready');
  assert.is((await stage.simulator.counts()).connections, 1);
  client.tell('die');
  await client.ended.then(assert.unreachable, () => undefined);
  await until('Stop', () => stage.log.includes(`${BUNDLE}: Stop client synchronous`));
  // Its completion was never released: the user client stays until the dext goes (§1.7).
  const during = await stage.simulator.counts();
  assert.is(during.connections, 0);
  assert.is(during.userClients, 1);
  assert.is(await stage.simulator.killDext(), 1);
  await until('as before', async () => {
    const after = await stage.simulator.counts();
    return JSON.stringify(after) === JSON.stringify(before);
  });
});

kernel('a retained completion keeps the user client (§1.7)', async (context) => {
  await using stage = await openStage(context);
  const client = startClient(context.lifecycle, ['held']);
  assert.is(await client.line(), 'closed');
  await until('Stop', () => stage.log.includes(`${BUNDLE}: Stop client synchronous`));
  const counts = await stage.simulator.counts();
  assert.is(counts.userClients, 1);
  assert.is(counts.actions, 1);
  client.tell('go on');
  await client.ended;
});

kernel('300 open and close cycles leave nothing behind', async (context) => {
  await using stage = await openStage(context);
  await until('its reads', async () => (await stage.simulator.counts()).transfers === 4);
  const before = await stage.simulator.counts();
  await startClient(context.calls, ['cycles']).ended;
  await until('as before', async () => {
    const after = await stage.simulator.counts();
    return JSON.stringify(after) === JSON.stringify(before);
  });
});

kernel('dexts that are killed are relaunched and leave nothing behind (§4.7)', async (context) => {
  await using stage = await openStage(context);
  const reading = async (): Promise<boolean> => {
    const { transfers, processes } = await stage.simulator.counts();
    return transfers === 4 && processes === 1;
  };
  await until('its reads', reading);
  const before = await stage.simulator.counts();
  const pids = new Set<number>();
  for (let i = 0; i < 30; i++) {
    const [dext] = await stage.simulator.processes();
    pids.add(dext?.pid ?? 0);
    assert.is(await stage.simulator.killDext(BUNDLE), 1);
    await until('another process', async () => {
      const [next] = await stage.simulator.processes();
      return next !== undefined && !pids.has(next.pid);
    });
    await until('its reads', reading);
  }
  assert.is(pids.size, 30);
  await until('as before', async () => {
    const after = await stage.simulator.counts();
    return JSON.stringify(after) === JSON.stringify(before);
  });
});

kernel('64 clients at once', async (context) => {
  await using stage = await openStage(context);
  const clients = Array.from({ length: 64 }, () => startClient(context.calls, ['outputs']));
  await Promise.all(clients.map((client) => client.ended));
  await until('quiet', async () => (await stage.simulator.counts()).userClients === 0);
});

kernel('a folder of temporary files with a path too long for sockets has none', async () => {
  const { TMPDIR } = process.env;
  const long = join(newFolder(), 'x'.repeat(100));
  mkdirSync(long);
  process.env.TMPDIR = long;
  try {
    await using simulator = await startSimulator();
    assert.match(simulator.env.DEXTGEN_SIM_SOCKET ?? '', /^\/tmp\/dextsim-/);
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
});

kernel('a C client lists services', async (context) => {
  await using stage = await openStage(context);
  const lister = buildProgram('list_services.c', 'iokit');
  await until('the service', () => stage.log.some((line) => line.includes('FakeDriver started')));
  await until('it is registered', async () => {
    const output = await startClient(lister, []).ended;
    return output === 'FakeDriver IOUserService\n';
  });
});

kernel('without a simulator, look-ups say so', async () => {
  const lister = buildProgram('list_services.c', 'iokit');
  const client = startClient(lister, [], { DEXTGEN_SIM_SOCKET: '/nonexistent/socket' });
  const error = await client.ended.then(
    () => undefined,
    (reason: Error) => reason,
  );
  assert.match(error?.message ?? '', 'cannot reach the simulator at /nonexistent/socket');
  assert.match(error?.message ?? '', '0x10000003');
});

kernel.run();
