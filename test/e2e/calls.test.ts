// Every method with good values, and with each kind of bad one sent past the TypeScript checks.
import { crc32 } from 'node:zlib';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Scope } from '../../generated/scope/client/scope.js';
import { type Bench, rejection, startBench } from './support.js';

type Context = { bench: Bench; scope: Scope };
const calls = suite<Context>('calls');

calls.before(async (context) => {
  context.bench = await startBench();
  await context.bench.plug();
  context.scope = await context.bench.open();
});

calls.after(async ({ bench, scope }) => {
  await scope?.close();
  await bench?.simulator.shutdown();
});

calls('setSampleRate answers the nearest rate', async ({ scope }) => {
  assert.equal(await scope.setSampleRate({ hz: 48_000 }), { actual: 50_000 });
  assert.equal(await scope.setSampleRate({ hz: 1 }), { actual: 1 });
  assert.equal(await scope.setSampleRate({ hz: 2_000_000 }), { actual: 2_000_000 });
});

calls('setTrigger takes every mode and floats of every kind', async ({ scope }) => {
  for (const mode of ['free', 'rising', 'falling'] as const) {
    for (const level of [0, -0, 1.5, -1e30, Number.POSITIVE_INFINITY]) {
      await scope.setTrigger({ mode, level });
    }
  }
});

calls('selfTest completes asynchronously', async ({ scope }) => {
  const started = performance.now();
  assert.equal(await scope.selfTest(), { passed: true, failures: 0 });
  assert.ok(performance.now() - started >= 190, 'it answered before the test could have run');
});

calls('a second self test is refused with the declared error', async ({ scope }) => {
  const first = scope.selfTest();
  const error = await rejection(scope.selfTest());
  assert.is(error.name, 'DriverError');
  assert.is((error as Error & { error?: string }).error, 'busy');
  assert.equal(await first, { passed: true, failures: 0 });
});

calls('the setter changes the property in the registry', async ({ scope }) => {
  await scope.setGain({ gain: 1 });
  assert.is(await scope.gain(), 1);
  await scope.setGain({ gain: 42 });
  assert.is(await scope.gain(), 42);
});

calls('readLog answers at most what was asked for', async ({ scope }) => {
  const { text } = await scope.readLog({ maximum: 4096 });
  assert.match(Buffer.from(text).toString(), /gain: 42\n$/);
  assert.is((await scope.readLog({ maximum: 5 })).text.length, 5);
});

const checksum = crc32 as ((data: Uint8Array) => number) | undefined;

/** Node 20.15 and later have crc32; the table-free form serves the others. */
function crcOf(data: Uint8Array): number {
  if (checksum !== undefined) return checksum(data);
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

for (const size of [0, 1, 4095, 4096, 4097, 1 << 20]) {
  calls(`loadFirmware takes ${size} bytes, inline or by descriptor`, async ({ scope }) => {
    const image = Uint8Array.from({ length: size }, (_, i) => (i * 7 + (i >> 8)) & 0xff);
    assert.equal(await scope.loadFirmware({ image }), { crc32: crcOf(image) });
  });
}

calls('readCalibration answers the whole struct', async ({ scope }) => {
  const { calibration } = await scope.readCalibration();
  assert.is(calibration.channelCount, 8);
  assert.is(calibration.channels.length, 8);
  assert.is(calibration.channels[7]?.gain, 10 / 65536);
  assert.is(calibration.linearity.length, 120);
});

calls('the capture buffer is mapped read-only', async ({ scope }) => {
  await using capture = await scope.mapCapture();
  assert.is(capture.size, 1 << 20);
  assert.is(capture.writable, false);
  assert.is(capture.header().count, 0);
});

type Bad = {
  readonly what: string;
  readonly send: (scope: Scope) => Promise<unknown>;
  readonly rule: string;
  readonly argument?: string;
  readonly limit?: number;
};

const bytes = (length: number): Uint8Array => new Uint8Array(length);
const f32 = (value: number): bigint =>
  BigInt(new Uint32Array(Float32Array.of(value).buffer)[0] ?? 0);

const bad: readonly Bad[] = [
  {
    what: 'no scalar',
    send: (s) => s.raw.call(1, { scalarOutputs: 1 }),
    rule: 'scalarCount',
    limit: 1,
  },
  {
    what: 'two scalars',
    send: (s) => s.raw.call(1, { scalars: [1, 2], scalarOutputs: 1 }),
    rule: 'scalarCount',
    limit: 1,
  },
  {
    what: 'no room for the output',
    send: (s) => s.raw.call(1, { scalars: [1] }),
    rule: 'scalarCount',
  },
  {
    what: 'a struct nobody asked for',
    send: (s) => s.raw.call(1, { scalars: [1], scalarOutputs: 1, struct: bytes(4) }),
    rule: 'structSize',
    limit: 0,
  },
  {
    what: 'room for a struct nobody returns',
    send: (s) => s.raw.call(1, { scalars: [1], scalarOutputs: 1, structOutput: 4 }),
    rule: 'structSize',
    limit: 0,
  },
  {
    what: 'hz below its minimum',
    send: (s) => s.raw.call(1, { scalars: [0], scalarOutputs: 1 }),
    rule: 'min',
    argument: 'hz',
    limit: 1,
  },
  {
    what: 'hz above its maximum',
    send: (s) => s.raw.call(1, { scalars: [2_000_001], scalarOutputs: 1 }),
    rule: 'max',
    argument: 'hz',
    limit: 2_000_000,
  },
  {
    what: 'hz beyond 32 bits',
    send: (s) => s.raw.call(1, { scalars: [(1n << 32n) + 5n], scalarOutputs: 1 }),
    rule: 'max',
    argument: 'hz',
  },
  {
    what: 'mode outside the enum',
    send: (s) => s.raw.call(2, { scalars: [3, f32(1)] }),
    rule: 'enum',
    argument: 'mode',
  },
  {
    what: 'mode beyond its 8 bits',
    send: (s) => s.raw.call(2, { scalars: [256, f32(1)] }),
    rule: 'max',
    argument: 'mode',
  },
  {
    what: 'a level with more than 32 bits',
    send: (s) => s.raw.call(2, { scalars: [1, 1n << 40n] }),
    rule: 'max',
    argument: 'level',
  },
  {
    what: 'selfTest without a completion',
    send: (s) => s.raw.call(3),
    rule: 'completion',
    limit: 1,
  },
  {
    what: 'a completion for a synchronous method',
    send: (s) => s.raw.callAsync(2, { scalars: [1, f32(1)] }),
    rule: 'completion',
    limit: 0,
  },
  { what: 'the retired selector', send: (s) => s.raw.call(4), rule: 'unknownSelector' },
  { what: 'selector 0', send: (s) => s.raw.call(0), rule: 'unknownSelector' },
  { what: 'a selector in a gap', send: (s) => s.raw.call(9), rule: 'unknownSelector' },
  { what: 'the highest selector', send: (s) => s.raw.call(0xffffffff), rule: 'unknownSelector' },
  {
    what: 'a contract selector that does not exist',
    send: (s) => s.raw.call(0xde000009),
    rule: 'unknownSelector',
  },
  {
    what: 'gain 0',
    send: (s) => s.raw.call(5, { scalars: [0] }),
    rule: 'min',
    argument: 'gain',
    limit: 1,
  },
  {
    what: 'gain 101',
    send: (s) => s.raw.call(5, { scalars: [101] }),
    rule: 'max',
    argument: 'gain',
    limit: 100,
  },
  {
    what: 'a maximum of 0',
    send: (s) => s.raw.call(6, { scalars: [0], structOutput: 4096 }),
    rule: 'min',
    argument: 'maximum',
  },
  {
    what: 'a maximum of 4097',
    send: (s) => s.raw.call(6, { scalars: [4097], structOutput: 4096 }),
    rule: 'max',
    argument: 'maximum',
    limit: 4096,
  },
  {
    what: 'an image above 1 MiB',
    send: (s) => s.raw.call(7, { struct: bytes((1 << 20) + 1), scalarOutputs: 1 }),
    rule: 'structSize',
    argument: 'image',
    limit: 1 << 20,
  },
  {
    what: 'room for half a calibration',
    send: (s) => s.raw.call(8, { structOutput: 256 }),
    rule: 'structSize',
    limit: 512,
  },
  {
    what: 'room for two calibrations',
    send: (s) => s.raw.call(8, { structOutput: 1024 }),
    rule: 'structSize',
    limit: 512,
  },
  {
    what: 'an unknown event',
    send: (s) => s.raw.call(0xde000004, { scalars: [99], scalarOutputs: 4 }),
    rule: 'handle',
  },
];

for (const { what, send, rule, argument, limit } of bad) {
  calls(`${what}: refused before the hook`, async ({ scope }) => {
    await scope.setGain({ gain: 7 });
    const before = await scope.readLog({ maximum: 4096 });
    const error = (await rejection(send(scope))) as Error & Record<string, unknown>;
    assert.is(error.name, 'RejectedError', error.message);
    assert.is(error.rule, rule, error.message);
    if (argument !== undefined) assert.is(error.argument, argument, error.message);
    if (limit !== undefined) assert.is(Number(error.limit), limit, error.message);
    // Every hook but readLog's writes a line: no line, no hook.
    assert.equal(await scope.readLog({ maximum: 4096 }), before);
    assert.is(await scope.gain(), 7);
  });
}

calls('seventeen scalars do not leave the app', async ({ scope }) => {
  const error = await rejection(
    scope.raw.call(1, { scalars: Array(17).fill(1), scalarOutputs: 1 }),
  );
  assert.match(error.message, /16|-307|MIG_ARRAY_TOO_LARGE/);
});

calls('TypeScript refuses bad arguments by name', async ({ scope }) => {
  const error = await rejection(scope.setSampleRate({ hz: 0 }));
  assert.is(error.name, 'ArgumentError');
  assert.match(error.message, /setSampleRate: hz .*1/);
  const mode = 'sideways' as 'free';
  assert.match((await rejection(scope.setTrigger({ mode, level: 0 }))).message, /mode/);
});

calls.run();
