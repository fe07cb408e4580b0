// Unplug, a killed dext and close, in the middle of calls and streams: each ends every promise and stream with its reason.
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Scope } from '../../generated/scope/client/scope.js';
import { PATIENCE_MS } from '../waiting.js';
import { type Bench, rejection, startBench, until, within } from './support.js';

const lifecycle = suite<{ bench: Bench }>('lifecycle');

lifecycle.before(async (context) => {
  context.bench = await startBench();
});

lifecycle.after(async ({ bench }) => {
  await bench.simulator.shutdown();
});

type Under = {
  /** An asynchronous call, a synchronous call held up in the device, and a stream, all under way. */
  readonly selfTest: Promise<Error>;
  readonly trigger: Promise<Error>;
  readonly stream: Promise<Error>;
  readonly received: () => number;
};

const never = new Promise<never>(() => undefined);

async function begin(scope: Scope): Promise<Under> {
  let received = 0;
  const stream = rejection(
    (async () => {
      for await (const batch of scope.packets()) received += batch.length;
    })(),
  );
  await until(() => received > 10, 'packets arrive');
  const selfTest = rejection(scope.selfTest());
  const trigger = rejection(scope.setTrigger({ mode: 'rising', level: 1 }));
  await sleep(20);
  return { selfTest, trigger, stream, received: () => received };
}

/** A device that never answers the trigger's vendor request, so that the call stays in the dext. */
async function plugStuck(bench: Bench) {
  const device = await bench.plug({
    rate: 1000,
    control: (setup) => (setup.request === 2 ? never : 'stall'),
  });
  device.packets.start();
  return device;
}

async function allSettle(under: Under): Promise<[Error, Error, Error]> {
  return within(
    'every promise and stream',
    Promise.all([under.selfTest, under.trigger, under.stream]),
  );
}

lifecycle('unplug in the middle of everything', async ({ bench }) => {
  const { cable } = await plugStuck(bench);
  const scope = await bench.open();
  const under = await begin(scope);
  await cable.unplug();
  const [selfTest, , stream] = await allSettle(under);
  assert.is(selfTest.name, 'DeviceGoneError', selfTest.message);
  assert.is(stream.name, 'DeviceGoneError', stream.message);
  assert.is((await rejection(scope.setGain({ gain: 3 }))).name, 'DeviceGoneError');
  await scope.close();
});

lifecycle('after a re-plug, a new open works', async ({ bench }) => {
  const { cable } = await bench.plug();
  const scope = await bench.open();
  await scope.setGain({ gain: 9 });
  await cable.unplug();
  await scope.close();
  const again = await bench.plug();
  const reopened = await bench.open();
  assert.is(await reopened.gain(), 1, 'a new driver begins with the default');
  await reopened.close();
  await again.cable.unplug();
});

lifecycle('a killed dext ends everything, and is started again', async ({ bench }) => {
  const { cable, packets } = await plugStuck(bench);
  const scope = await bench.open();
  const under = await begin(scope);
  const [before] = await bench.simulator.processes();
  assert.is(await bench.simulator.killDext(), 1);
  for (const error of await allSettle(under)) {
    assert.is(error.name, 'DeviceGoneError', error.message);
  }
  await scope.close();
  const reopened = await bench.open();
  assert.equal(await reopened.setSampleRate({ hz: 100 }), { actual: 100 });
  const [after] = await bench.simulator.processes();
  assert.is.not(after?.pid, before?.pid);
  await reopened.close();
  packets.stop();
  await cable.unplug();
});

lifecycle('close in the middle of everything', async ({ bench }) => {
  const { cable, packets } = await plugStuck(bench);
  const scope = await bench.open();
  const under = await begin(scope);
  await within('close', scope.close());
  const [selfTest, , stream] = await allSettle(under);
  assert.is(selfTest.name, 'AbortedError', selfTest.message);
  assert.is(stream.name, 'AbortedError', stream.message);
  assert.is((await rejection(scope.setGain({ gain: 3 }))).name, 'AbortedError');
  packets.stop();
  await cable.unplug();
});

lifecycle('a mapped buffer outlives the device but not the connection', async ({ bench }) => {
  const { cable } = await bench.plug();
  const scope = await bench.open();
  const capture = await scope.mapCapture();
  await cable.unplug();
  await rejection(scope.setGain({ gain: 2 }));
  assert.is(capture.read(0, 16).length, 16);
  await scope.close();
  assert.throws(() => capture.read(0, 16), /closed/);
});

lifecycle('no device: open says so at once', async () => {
  const { Scope } = await import('../../generated/scope/client/scope.js');
  const error = await rejection(Scope.open());
  assert.is(error.name, 'NoDeviceError');
  assert.match(error.message, /not plugged in/);
});

lifecycle('no device: open waits until a signal aborts', async () => {
  const { Scope } = await import('../../generated/scope/client/scope.js');
  const started = performance.now();
  const error = await rejection(Scope.open({ signal: AbortSignal.timeout(200) }));
  assert.is(error.name, 'TimeoutError');
  assert.ok(performance.now() - started >= 190);
});

lifecycle('no device: open waits until one is plugged in', async ({ bench }) => {
  const { Scope } = await import('../../generated/scope/client/scope.js');
  const opening = Scope.open({ signal: AbortSignal.timeout(PATIENCE_MS) });
  await sleep(100);
  const { cable } = await bench.plug();
  const scope = await opening;
  assert.is(await scope.gain(), 1);
  await scope.close();
  await cable.unplug();
});

lifecycle('a hundred opens and closes leave nothing behind', async ({ bench }) => {
  const { cable } = await bench.plug();
  await (await bench.open()).close();
  const isQuiet = async (): Promise<boolean> => {
    const { userClients, processes } = await bench.simulator.counts();
    return userClients === 0 && processes === 1; // the dexts of other tests have ended
  };
  await until(isQuiet, 'quiet');
  const before = await bench.simulator.counts();
  for (let i = 0; i < 100; i++) {
    const scope = await bench.open();
    await scope.setGain({ gain: 1 + (i % 100) });
    await scope.close();
  }
  await until(isQuiet, 'quiet again');
  assert.equal(await bench.simulator.counts(), before);
  await cable.unplug();
});

lifecycle.run();
