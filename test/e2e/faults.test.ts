// Faults on demand, as a user writes them: the n-th call, completion and packet; entitlements; an old dext.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Scope } from '../../generated/scope/client/scope.js';
import { type Bench, rejection, SCOPE_BUNDLE, startBench, until, within } from './support.js';

const faults = suite('faults');

/** A bench with the Scope plugged in and open. */
async function withScope(
  body: (scope: Scope, bench: Bench) => Promise<void>,
  rate = 1000,
): Promise<void> {
  const bench = await startBench();
  try {
    const device = await bench.plug({ rate });
    device.packets.start();
    const scope = await bench.open();
    try {
      await body(scope, bench);
    } finally {
      await scope.close().catch(() => undefined);
    }
  } finally {
    await bench.simulator.shutdown();
  }
}

faults('the dext dies at the third call: two are answered, the third is not', () =>
  withScope(async (scope, { simulator }) => {
    const [dext] = await simulator.processes();
    const fault = await simulator.fault('kill dext', { call: 3 });
    await scope.setSampleRate({ hz: 1000 });
    await scope.setSampleRate({ hz: 2000 });
    const error = await rejection(scope.setSampleRate({ hz: 5000 }));
    assert.match(error.name, /Error$/);
    assert.is(await within('strike', fault.struck), 'kill dext at call 3');
    await until(async () => (await simulator.processes())[0]?.pid !== dext?.pid, 'its successor');
  }),
);

faults('only calls of the selector are counted', () =>
  withScope(async (scope, { simulator }) => {
    const setTrigger = 2;
    const fault = await simulator.fault('kill dext', { call: 1, selector: setTrigger });
    for (const hz of [1, 2, 5, 10]) await scope.setSampleRate({ hz });
    await rejection(scope.setTrigger({ mode: 'rising', level: 1 }));
    await within('strike', fault.struck);
  }),
);

faults('a fault that is disarmed does not strike', () =>
  withScope(async (scope, { simulator }) => {
    const fault = await simulator.fault('kill dext', { call: 2 });
    await scope.setSampleRate({ hz: 1 });
    await fault.disarm();
    for (const hz of [1, 2, 5]) await scope.setSampleRate({ hz });
  }),
);

faults('the device is unplugged as the dext is called: the app hears of the end', () =>
  withScope(async (scope, { simulator }) => {
    const fault = await simulator.fault('unplug', { call: 2 });
    await scope.setSampleRate({ hz: 1 });
    await scope.setSampleRate({ hz: 2 }).catch(() => undefined); // may still be answered
    assert.is(await within('strike', fault.struck), 'unplug at call 2');
    await rejection(scope.setSampleRate({ hz: 5 }));
    await until(async () => (await simulator.counts()).devices === 0, 'unplugged');
  }),
);

faults('the dext dies instead of its second completion', () =>
  withScope(async (scope, { simulator }) => {
    const fault = await simulator.fault('kill dext', { completion: 2 });
    assert.is((await scope.selfTest()).passed, true);
    await rejection(scope.selfTest());
    await within('strike', fault.struck);
  }),
);

faults('the device is unplugged at its fourth packet: three arrive', async () => {
  const bench = await startBench();
  try {
    const { packets, cable } = await bench.plug({ rate: 100 });
    const scope = await bench.open();
    const stream = scope.packets();
    await stream.open();
    const fault = await bench.simulator.fault('unplug', {
      packet: 4,
      endpoint: 0x81,
      device: cable,
    });
    packets.start();
    const received: number[] = [];
    await within(
      'the end of the stream',
      (async () => {
        for await (const batch of stream) for (const each of batch) received.push(each.sequence);
      })().catch(() => undefined),
    );
    assert.equal(received, [0, 1, 2]);
    assert.is(await fault.struck, 'unplug at packet 4');
    await within('the device knows', cable.unplugged);
    assert.is(cable.delivered(0x81), 3 * 112);
    await scope.close().catch(() => undefined);
  } finally {
    await bench.simulator.shutdown();
  }
});

/** A client process that prints what \`body\` says of the \`scope\` that it has opened. */
function spawnClient(body: string): { ended: Promise<NodeJS.Signals | null>; output(): string } {
  const script = `
    import { Scope } from './build/js/generated/scope/client/scope.js';
    const scope = await Scope.open({ timeout: 60_000 });
    ${body}`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const ended = once(child, 'close').then(([, signal]) => signal as NodeJS.Signals | null);
  return { ended, output: () => output };
}

faults('a client dies at its second call, and leaves nothing behind', async () => {
  const bench = await startBench();
  try {
    await bench.plug();
    await bench.simulator.fault('kill client', { call: 2, selector: 1 });
    const client = spawnClient(`
      for (let call = 1; ; call++) {
        await scope.setSampleRate({ hz: 1 });
        console.log(call);
      }`);
    assert.is(await within('its end', client.ended), 'SIGKILL');
    assert.is(client.output(), '1\n');
    await until(async () => (await bench.simulator.counts()).connections === 0, 'no connection');
  } finally {
    await bench.simulator.shutdown();
  }
});

faults('a client dies at a packet of its device; the packet and the dext go on', async () => {
  const bench = await startBench();
  try {
    const { packets, cable } = await bench.plug({ rate: 100 });
    const fault = await bench.simulator.fault('kill client', { packet: 3, device: cable });
    const dext = (await bench.simulator.processes())[0]?.pid;
    const client = spawnClient(`
      const stream = scope.packets();
      await stream.open();
      console.log('open');
      for await (const batch of stream) void batch;`);
    await until(() => client.output() !== '', 'the client streams');
    packets.start();
    assert.is(await within('its end', client.ended), 'SIGKILL');
    assert.is(await fault.struck, 'kill client at packet 3');
    await until(() => cable.delivered(0x81) >= 3 * 112, 'the third packet came');
    await until(async () => (await bench.simulator.counts()).connections === 0, 'no connection');
    assert.is((await bench.simulator.processes())[0]?.pid, dext);
  } finally {
    await bench.simulator.shutdown();
  }
});

faults('an entitlement is denied while all runs: what is open stays, what opens is refused', () =>
  withScope(async (scope, bench) => {
    const access = 'com.apple.developer.driverkit.userclient-access';
    await bench.simulator.deny(access);
    await scope.setSampleRate({ hz: 1 });
    const error = await rejection(bench.open());
    assert.match(error.message, access);
    await bench.simulator.allow(access);
    await (await bench.open()).close();
  }),
);

faults('a dext without its transport entitlement does not match', async () => {
  const bench = await startBench();
  try {
    await bench.simulator.deny('com.apple.developer.driverkit.transport.usb');
    await bench.plug();
    await until(
      () => bench.log.some((line) => line.includes('Entitlements check failed')),
      'the log line',
    );
    assert.is((await bench.simulator.processes()).length, 0);
  } finally {
    await bench.simulator.shutdown();
  }
});

faults('a new version is loaded: the old dext serves on until it is killed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'dextgen-newer-'));
  const newer = join(folder, basename(SCOPE_BUNDLE));
  cpSync(SCOPE_BUNDLE, newer, { recursive: true });
  const bench = await startBench();
  try {
    await bench.plug();
    const scope = await bench.open();
    const [old] = await bench.simulator.processes();
    await bench.simulator.replace(newer);
    await scope.setSampleRate({ hz: 1 });
    assert.equal(
      (await bench.simulator.processes()).map(({ pid }) => pid),
      [old?.pid],
    );
    await bench.simulator.killDext();
    await until(async () => {
      const [now] = await bench.simulator.processes();
      return now !== undefined && now.pid !== old?.pid;
    }, 'the new one');
    assert.ok(bench.log.some((line) => line.includes(`${newer} replaces ${SCOPE_BUNDLE}`)));
    await scope.close().catch(() => undefined);
    await (await bench.open()).close();
  } finally {
    await bench.simulator.shutdown();
    rmSync(folder, { recursive: true });
  }
});

faults('the system sleeps and wakes: the driver is told, and USB has no power in between', () =>
  withScope(async (scope, { simulator }) => {
    assert.is(await simulator.sleep(), 1);
    const error = await rejection(scope.setSampleRate({ hz: 1 }));
    assert.match(error.message, /0xe00002ca|NoPower/i);
    assert.is(await simulator.wake(), 1);
    await scope.setSampleRate({ hz: 1 });
  }),
);

faults('what cannot be is refused with a sentence', async () => {
  const bench = await startBench();
  try {
    const { simulator } = bench;
    assert.match(
      (await rejection(simulator.fault('unplug', { call: 0 }))).message,
      'a fault strikes at event 1, 2, …, not at 0',
    );
    for (let i = 0; i < 32; i++) await simulator.fault('unplug', { call: 1 });
    assert.match(
      (await rejection(simulator.fault('unplug', { call: 1 }))).message,
      'no more than 32 faults wait at a time',
    );
    const other = mkdtempSync(join(tmpdir(), 'dextgen-none-'));
    writeFileSync(join(other, 'Info.plist'), 'x');
    assert.match((await rejection(simulator.replace(other))).message, `${other}/Info.plist`);
    rmSync(other, { recursive: true });
  } finally {
    await bench.simulator.shutdown();
  }
});

faults.run();
