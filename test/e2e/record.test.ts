// A run of the Scope is recorded, and replayed without any device script: the app receives the same bytes in
// the same order. Where the host does something else, the replay names the line of the recording.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Divergence,
  type RecordedDevice,
  RecordingError,
  readRecording,
} from 'dextgen/simulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Scope } from '../../generated/scope/client/scope.js';
import { type Bench, PACKET_SIZE, rejection, startBench, until, within } from './support.js';

const record = suite<{ folder: string; file: string; plugged: string }>('record and replay');

const PACKETS = 40;
const RATES = [1000, 2000];

function usbDeviceOf(file: string): RecordedDevice {
  const [device] = readRecording(file);
  if (device?.family !== 'usb') throw new Error(`${file} begins with no USB device`);
  return device;
}

/** What the app does in both runs; resolves with the packets as it got them. */
async function useScope(bench: Bench, start: () => void, rates = RATES): Promise<string[]> {
  const scope: Scope = await bench.open();
  for (const hz of rates) await scope.setSampleRate({ hz });
  await scope.setGain({ gain: 3 });
  const stream = scope.packets();
  await stream.open();
  start();
  const received: string[] = [];
  for await (const batch of stream) {
    for (const { sequence, flags, timestamp, samples } of batch) {
      received.push(`${sequence} ${flags} ${timestamp} ${[...samples].join()}`);
    }
    if (received.length >= PACKETS) break;
  }
  await scope.close();
  return received.slice(0, PACKETS);
}

let original: string[] = [];

record.before(async (context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'dextgen-record-'));
  context.file = join(context.folder, 'scope.jsonl');
  const bench = await startBench({ record: context.file });
  const requests: number[] = [];
  const device = await bench.plug({
    rate: 500,
    control: (setup) => {
      requests.push(setup.request);
      return setup.requestType === 0x40 ? new Uint8Array(0) : 'stall';
    },
  });
  original = await within(
    'the run',
    useScope(bench, () => device.packets.start()),
  );
  await device.cable.unplug();
  await bench.simulator.shutdown();
  // A replay unplugs as long after the last packet as it was done here, whether or not the app has that already.
  context.plugged = join(context.folder, 'plugged.jsonl');
  const lines = readFileSync(context.file, 'utf8').split('\n');
  writeFileSync(context.plugged, lines.filter((line) => !line.includes('"unplug"')).join('\n'));
  assert.ok(requests.length >= 3);
});

record.after(({ folder }) => {
  rmSync(folder, { recursive: true });
});

record('the file says what happened, line by line', ({ file }) => {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  const events = lines.map((line) => JSON.parse(line));
  assert.equal(events[0], { dextgen: 'recording', version: 1, time: 'ns' });
  const kinds = new Set(events.slice(1).map(({ event }) => event));
  for (const kind of [
    'plug',
    'control',
    'in',
    'data',
    'open',
    'call',
    'return',
    'close',
    'unplug',
  ]) {
    assert.ok(kinds.has(kind), kind);
  }
  const opened = events.find(({ event }) => event === 'open');
  assert.is(opened.status, '0x0');
  const calls = events.filter(({ event, selector }) => event === 'call' && selector === 1);
  assert.equal(
    calls.map(({ scalars }) => scalars),
    RATES.map((hz) => [`0x${hz.toString(16)}`]),
  );
  const ended = events.find(({ event, call }) => event === 'return' && call === calls[0].call);
  assert.equal([ended.status, ended.scalars], ['0x0', ['0x3e8']]);
  const times = events.slice(1).map(({ t }) => t);
  assert.equal(
    times,
    [...times].sort((a, b) => a - b),
  );
});

for (const speed of ['recorded', 'fast'] as const) {
  record(`replayed (${speed}): the same bytes in the same order`, async ({ plugged }) => {
    const bench = await startBench();
    try {
      const started = performance.now();
      const replay = bench.simulator.replay(plugged, { speed });
      const received = await within(
        'the run',
        useScope(bench, () => undefined),
      );
      assert.equal(received, original);
      const took = performance.now() - started;
      // 40 packets at 500 per second.
      if (speed === 'recorded') assert.ok(took > (PACKETS * 1000) / 500, `${took} ms`);
      assert.equal(replay.divergences, []);
    } finally {
      await bench.simulator.shutdown();
    }
  });
}

record('another request than the recorded one is named with its line', async ({ file }) => {
  const bench = await startBench();
  try {
    const heard: Divergence[] = [];
    const replay = bench.simulator.replay(file, {
      speed: 'fast',
      diverged: (divergence) => void heard.push(divergence),
    });
    const scope = await bench.open();
    await scope.setSampleRate({ hz: 5000 });
    await until(() => heard.length > 0, 'the divergence');
    const device = usbDeviceOf(file);
    const rate = device.control.find(({ setup }) => setup.readUInt8(1) === 1);
    assert.is(heard[0]?.line, device.control[0]?.line);
    assert.match(heard[0]?.text ?? '', 'was not recorded');
    await scope.setSampleRate({ hz: RATES[1] ?? 0 });
    assert.is(heard.length, 2);
    assert.equal(heard[1], {
      line: rate?.line,
      device: 1,
      text: `the request ${rate?.setup.toString('hex')} was left out`,
    });
    await scope.close();
    const rest = await replay.stop();
    assert.ok(rest.some(({ text }) => /endpoint 0x81: \d+ answers were not asked for/.test(text)));
  } finally {
    await bench.simulator.shutdown();
  }
});

record('what the device sent is in the file, byte for byte', ({ file }) => {
  const answers = usbDeviceOf(file).in.get(0x81) ?? [];
  const bytes = Buffer.concat(answers.map(({ data }) => data));
  assert.ok(bytes.length >= PACKETS * PACKET_SIZE);
  for (let i = 0; i < PACKETS; i++) assert.is(bytes.readUInt32LE(i * PACKET_SIZE), i);
});

record(
  'a device that was replugged: the second comes when the first has gone',
  async ({ folder }) => {
    const file = join(folder, 'twice.jsonl');
    const bench = await startBench({ record: file });
    for (const _ of [1, 2]) {
      const { cable } = await bench.plug();
      await (await bench.open()).close();
      await cable.unplug();
    }
    await bench.simulator.shutdown();
    const second = await startBench();
    try {
      const replay = second.simulator.replay(file, { speed: 'fast' });
      await within('the end', replay.finished);
      const plugged = () => second.log.filter((line) => /^kernel: (un)?plugged/.test(line));
      await until(() => plugged().length >= 3, 'the second');
      const plugs = plugged();
      assert.equal(
        plugs.map((line) => line.split(' ')[1]),
        ['plugged', 'unplugged', 'plugged'],
      );
      await replay.stop();
      assert.is((await second.simulator.counts()).devices, 0);
    } finally {
      await second.simulator.shutdown();
    }
  },
);

record('a file that is no recording', async ({ folder }) => {
  const cases: [string, string][] = [
    ['{"a":1}\n', ':1: not a recording of the simulator'],
    ['{"dextgen":"recording","version":9}\n', ':1: a recording of version 9; this reads version 1'],
    ['{"dextgen":"recording","version":1}\n{"t":1,"ev', ':2: not a line of JSON'],
    [
      '{"dextgen":"recording","version":1}\n{"t":1,"event":"data","transfer":5}\n',
      ':2: transfer 5 is not under way',
    ],
  ];
  for (const [text, message] of cases) {
    const file = join(folder, 'bad.jsonl');
    writeFileSync(file, text);
    assert.throws(
      () => readRecording(file),
      (error: Error) => error instanceof RecordingError && error.message.startsWith(file + message),
    );
  }
  const bench = await startBench();
  try {
    assert.throws(() => bench.simulator.replay(join(folder, 'none')), /ENOENT/);
    const error = await rejection(bench.simulator.record('/nonexistent/file'));
    assert.is(
      error.message,
      'cannot write the recording /nonexistent/file: No such file or directory',
    );
  } finally {
    await bench.simulator.shutdown();
  }
});

record.run();
