// The app: opens the Scope, sets it up, streams its packets, reads its property, its log, its calibration and its
// capture, and sees it unplugged. What it runs on is stage.ts's; the calls here are what any app would write.

import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { ClientError } from 'dextgen/client';
import { Scope } from '../../generated/scope/client/scope.js';
import { createMeter, type Meter } from './meter.js';
import { createScreen, plot, type Screen } from './screen.js';
import { buildStage, openStage, type Stage } from './stage.js';

const OPEN_TIMEOUT_MS = 10_000;
const DRAIN_TIMEOUT_MS = 5_000;
const TTY_REFRESH_MS = 100;
const PLAIN_REFRESH_MS = 1_000;

type Options = { readonly json: boolean; readonly seconds: number; readonly rate: number };
type Packets = ReturnType<Scope['packets']>;
type States = ReturnType<Scope['states']>;

type Result = {
  readonly sent: number;
  readonly received: number;
  readonly lost: number;
  readonly outOfOrder: number;
  readonly seconds: number;
  readonly perSecond: number;
  readonly p50LatencyUs: number;
  readonly p99LatencyUs: number;
};

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      seconds: { type: 'string', default: '5' },
      rate: { type: 'string', default: '100' },
    },
  });
  const [seconds, rate] = [Number(values.seconds), Number(values.rate)];
  if (!(seconds > 0)) throw new Error(`--seconds takes a number above 0, not ${values.seconds}`);
  if (!(rate >= 0))
    throw new Error(`--rate takes packets per second, or 0 for the most, not ${values.rate}`);
  return { json: values.json, seconds, rate };
}

async function setUp(scope: Scope, screen: Screen): Promise<void> {
  const { actual } = await scope.setSampleRate({ hz: 48_000 });
  screen.say(
    `sample rate: asked for 48,000 Hz, the scope takes ${actual.toLocaleString('en-US')} Hz`,
  );
  await scope.setTrigger({ mode: 'rising', level: 0.25 });
  await scope.setGain({ gain: 10 });
  screen.say(`trigger: rising at 0.25 V; gain: ${await scope.gain()}, read from the registry`);
  const { passed, failures } = await scope.selfTest();
  screen.say(`self test: ${passed ? 'passed' : 'failed'}, ${failures} failures`);
  const { calibration } = await scope.readCalibration();
  screen.say(`calibration: serial ${calibration.serial}, ${calibration.channelCount} channels`);
}

/** Ends with the stream; resolves with why it ended. */
async function follow(packets: Packets, meter: Meter): Promise<string> {
  try {
    for await (const batch of packets) meter.add(batch);
    return 'the driver ended it';
  } catch (error) {
    if (error instanceof ClientError) return error.message;
    throw error;
  }
}

async function reportStates(states: States, screen: Screen): Promise<void> {
  try {
    for await (const batch of states)
      for (const { running } of batch) screen.say(`state: ${running ? 'sampling' : 'stopped'}`);
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
  }
}

/** Shows progress until the time is up; returns the seconds that passed. */
async function watch(
  options: Options,
  screen: Screen,
  packets: Packets,
  meter: Meter,
): Promise<number> {
  const start = performance.now();
  const refresh = process.stdout.isTTY ? TTY_REFRESH_MS : PLAIN_REFRESH_MS;
  const elapsed = () => (performance.now() - start) / 1000;
  for (let left = options.seconds; left > 0; left = options.seconds - elapsed()) {
    await delay(Math.min(refresh, left * 1000));
    if (left * 1000 < refresh / 2) continue;
    const received = meter.received();
    screen.show({
      received,
      lost: packets.lost,
      perSecond: received / elapsed(),
      last: meter.last(),
    });
  }
  return elapsed();
}

/** The device sends nothing more; what it sent is on its way and must arrive or be counted as lost. */
async function drain(stage: Stage, packets: Packets): Promise<number> {
  const report = await stage.tell('stop');
  const sent = report?.event === 'stopped' ? report.sent : 0;
  const deadline = performance.now() + DRAIN_TIMEOUT_MS;
  while (packets.received + packets.lost < sent && performance.now() < deadline) await delay(5);
  return sent;
}

async function showCapture(scope: Scope, screen: Screen): Promise<void> {
  await using capture = await scope.mapCapture();
  const { count, sequence } = capture.header();
  const shown = capture.samples(0, Math.min(count, 48));
  screen.say(
    `capture: ${count.toLocaleString('en-US')} samples from packet ${sequence}: ${plot(shown)}`,
  );
  const { text } = await scope.readLog({ maximum: 200 });
  const lines = new TextDecoder().decode(text).trimEnd().split('\n');
  screen.say(`driver's log: ${lines.at(-1)}`);
}

async function run(options: Options): Promise<Result> {
  const screen = createScreen(options.json, process.stdout);
  screen.say('building what is out of date; the first time takes a minute or two …');
  const bundle = await buildStage();
  await using stage = await openStage(bundle, options.rate);
  await using scope = await Scope.open({ timeout: OPEN_TIMEOUT_MS });
  screen.say(`opened the Scope with registry id ${scope.id}`);
  await setUp(scope, screen);

  // First, so that the start of the sampling is heard.
  const states = scope.states();
  await states.open();
  const reported = reportStates(states, screen);
  const meter = createMeter();
  const packets = scope.packets();
  await packets.open();
  const ended = follow(packets, meter);
  await stage.tell('start');
  const seconds = await watch(options, screen, packets, meter);
  const sent = await drain(stage, packets);
  await showCapture(scope, screen);

  await stage.tell('unplug');
  screen.say(`unplugged; the stream ended: ${await ended}`);
  await reported;
  return {
    sent,
    received: packets.received,
    lost: packets.lost,
    outOfOrder: meter.outOfOrder(),
    seconds: Number(seconds.toFixed(3)),
    perSecond: Math.round(packets.received / seconds),
    p50LatencyUs: meter.latency(0.5),
    p99LatencyUs: meter.latency(0.99),
  };
}

try {
  const options = readOptions();
  const result = await run(options);
  if (options.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  else
    process.stdout.write(
      `sent ${result.sent}, received ${result.received}, lost ${result.lost}, ` +
        `out of order ${result.outOfOrder}; latency p50 ${result.p50LatencyUs} us, p99 ${result.p99LatencyUs} us\n`,
    );
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
