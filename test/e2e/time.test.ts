// A test holds time still and steps it: the dext's timers, the kernel's USB timeouts and the device's clock
// follow.
import { setTimeout as sleep } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { startBench, until, within } from './support.js';

const time = suite('time');

const SELF_TEST_MS = 200;

time('a timer of the dext fires when it is stepped there, and not before', async () => {
  const bench = await startBench();
  try {
    await bench.plug();
    const scope = await bench.open();
    const { time: clock } = bench.simulator;
    await clock.hold();
    let done = false;
    const test = scope.selfTest().then((result) => {
      done = true;
      return result;
    });
    await until(async () => (await bench.simulator.counts()).actions === 1, 'the call');
    await scope.setGain({ gain: 2 }); // comes behind it on the driver's queue: the timer is set
    await sleep(50);
    assert.is(done, false);
    const before = await clock.now();
    await clock.step(`${SELF_TEST_MS - 1}ms`);
    assert.is(Math.round(await clock.now()) - Math.round(before), SELF_TEST_MS - 1);
    await sleep(50);
    assert.is(done, false, 'a millisecond too early');
    await clock.step('1ms');
    assert.is((await within('the completion', test)).passed, true);
    await scope.close();
  } finally {
    await bench.simulator.shutdown();
  }
});

time('a control request times out by the same clock', async () => {
  const bench = await startBench();
  try {
    await bench.plug({ control: () => new Promise(() => undefined) });
    const scope = await bench.open();
    const { time: clock } = bench.simulator;
    await clock.hold();
    let settled = false;
    const call = scope.setSampleRate({ hz: 1 }).then(
      () => undefined,
      (error: Error) => error,
    );
    void call.finally(() => {
      settled = true;
    });
    const asked = async (): Promise<boolean> => (await bench.simulator.counts()).transfers === 1;
    await until(asked, 'the request');
    await clock.step('99ms');
    await sleep(50);
    assert.is(settled, false);
    await clock.step('2ms');
    await within('the timeout', call);
    await scope.close();
  } finally {
    await bench.simulator.shutdown();
  }
});

time('a device by the clock sends what the steps make due', async () => {
  const bench = await startBench();
  try {
    const { packets } = await bench.plug({ rate: 100 });
    const scope = await bench.open();
    const { time: clock } = bench.simulator;
    const stream = scope.packets();
    await stream.open();
    let received = 0;
    const reading = (async () => {
      for await (const batch of stream) received += batch.length;
    })().catch(() => undefined); // the close ends it
    await clock.hold();
    packets.start();
    await clock.step('45ms'); // at 0, 10, 20, 30, 40
    await until(() => packets.sent === 5, 'five packets');
    await sleep(50);
    assert.is(packets.sent, 5);
    await clock.step('5ms');
    await until(() => packets.sent === 6, 'the sixth');
    await until(() => received === 6, 'six packets at the app');
    await clock.resume();
    await until(() => received > 8, 'it runs again');
    await scope.close();
    await reading;
  } finally {
    await bench.simulator.shutdown();
  }
});

time('running, it cannot be stepped', async () => {
  const bench = await startBench();
  try {
    const error = await bench.simulator.time.step('1s').then(
      () => undefined,
      (reason: Error) => reason,
    );
    assert.is(error?.message, 'the clock runs; hold it before it is stepped');
    const wrong = await bench.simulator.time.step('1 s' as '1s').then(
      () => undefined,
      (reason: Error) => reason,
    );
    assert.match(wrong?.message ?? '', '"1 s" is no duration; write it like 500us, 10ms or 2s');
  } finally {
    await bench.simulator.shutdown();
  }
});

time.run();
