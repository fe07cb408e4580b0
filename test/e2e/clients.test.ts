// Two clients of one driver: each has its own subscriptions, and the end of one is not the other's business.
import type { PacketSource } from 'dextgen/simulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Scope } from '../../generated/scope/client/scope.js';
import { type Bench, rejection, startBench, until, within } from './support.js';

const clients = suite<{ bench: Bench }>('clients');

clients.before(async (context) => {
  context.bench = await startBench();
});

clients.after(async ({ bench }) => {
  await bench.simulator.shutdown();
});

type Packets = ReturnType<Scope['packets']>;
type Received = { count: number; lost: number; gaps: number; mixed: number };

/** Counts packets until the stream ends or `enough` have come. */
async function receive(stream: Packets, received: Received, enough = Number.POSITIVE_INFINITY) {
  let next: number | undefined;
  for await (const batch of stream) {
    received.lost += batch.lost;
    for (const packet of batch) {
      if (next !== undefined && packet.sequence !== next && batch.lost === 0) received.gaps += 1;
      if ((packet.sequence ^ packet.flags) >>> 0 !== 0xffffffff) received.mixed += 1;
      next = packet.sequence + 1;
      received.count += 1;
    }
    if (received.count >= enough) break;
  }
}

type Pace = { readonly packets: PacketSource; readonly rate: number; readonly left: () => boolean };

/** Lets time pass for a device while `left`, and no faster than `taken` packets are what it has sent. */
async function pace(bench: Bench, { packets, rate, left }: Pace, taken: () => number) {
  const { time } = bench.simulator;
  await time.hold();
  packets.start();
  for (let ms = STEP_MS; left(); ms += STEP_MS) {
    await time.step(STEP_MS);
    const due = (rate * ms) / 1000;
    const isTaken = (): boolean => packets.sent >= due && taken() >= packets.sent;
    await until(() => !left() || isTaken(), 'what is due is taken');
  }
  packets.stop();
  await time.resume();
}

const STEP_MS = 20;
const nothing = (): Received => ({ count: 0, lost: 0, gaps: 0, mixed: 0 });

clients('both receive every packet through rings of their own', async ({ bench }) => {
  const { packets, cable } = await bench.plug({ rate: 2000 });
  await using one = await bench.open();
  await using other = await bench.open();
  const first = nothing();
  const second = nothing();
  const enough = 500;
  const streams = [one.packets(), other.packets()] as const;
  for (const stream of streams) await stream.open();
  const reading = [receive(streams[0], first, enough), receive(streams[1], second, enough)];
  const slower = (): number => Math.min(first.count, second.count);
  // Who has enough takes no more, and is not waited for.
  const taken = (): number => (slower() < enough ? slower() : packets.sent);
  await pace(bench, { packets, rate: 2000, left: () => slower() < enough }, taken);
  await within('both streams', Promise.all(reading));
  for (const each of [first, second]) {
    assert.ok(each.count >= 500);
    assert.equal(
      { lost: each.lost, gaps: each.gaps, mixed: each.mixed },
      { lost: 0, gaps: 0, mixed: 0 },
    );
  }
  await cable.unplug();
});

clients('closing one leaves the other streaming', async ({ bench }) => {
  const { packets, cable } = await bench.plug({ rate: 2000 });
  const one = await bench.open();
  await using other = await bench.open();
  const first = nothing();
  const second = nothing();
  const ended = receive(one.packets(), first).then(
    () => undefined,
    (error: Error) => error,
  );
  const reading = receive(other.packets(), second, 1500);
  packets.start();
  await until(() => first.count > 100, 'the first client receives');
  await one.close();
  assert.is((await within('the closed stream', ended))?.name, 'AbortedError');
  await within('the other stream', reading);
  assert.is(second.gaps, 0);
  packets.stop();
  await cable.unplug();
});

clients('an event reaches only those who subscribed, when something changes', async ({ bench }) => {
  const { packets, cable } = await bench.plug();
  await using watcher = await bench.open();
  await using streamer = await bench.open();
  await using states = watcher.states();
  await states.open();
  const changes: boolean[] = [];
  const watching = (async () => {
    for await (const batch of states) {
      for (const state of batch) changes.push(state.running);
      if (changes.length >= 2) break;
    }
  })();
  packets.start();
  await receive(streamer.packets(), nothing(), 10);
  await within('two changes', watching);
  assert.equal(changes, [true, false]);
  await cable.unplug();
});

clients('one event has one reader per connection', async ({ bench }) => {
  const { cable } = await bench.plug();
  await using scope = await bench.open();
  await using first = scope.packets();
  await first.open();
  assert.is((await rejection(scope.packets().open())).name, 'BusyError');
  await cable.unplug();
});

clients('without shared memory the same stream comes through completions', async ({ bench }) => {
  const { packets, cable } = await bench.plug({ rate: 500 });
  await using scope = await bench.open();
  await using stream = scope.packets({ delivery: 'completion' });
  await stream.open();
  const sequences: number[] = [];
  const reading = (async () => {
    for await (const batch of stream) {
      for (const packet of batch) sequences.push(packet.sequence);
      if (sequences.length >= 200) break;
    }
  })();
  const left = (): boolean => sequences.length < 200;
  await pace(bench, { packets, rate: 500, left }, () => sequences.length);
  await within('the stream', reading);
  assert.equal(
    sequences.slice(0, 200),
    Array.from({ length: 200 }, (_, i) => i),
  );
  await cable.unplug();
});

clients('a reader that sleeps loses packets, and is told how many', async ({ bench }) => {
  const { packets, cable } = await bench.plug({ rate: 0 });
  await using scope = await bench.open();
  await using stream = scope.packets();
  await stream.open();
  packets.start();
  await until(() => packets.sent > 12_000, 'the ring has gone round');
  packets.stop();
  let mixed = 0;
  const drain = (async () => {
    for await (const batch of stream) {
      for (const packet of batch) {
        if ((packet.sequence ^ packet.flags) >>> 0 !== 0xffffffff) mixed += 1;
      }
      if (stream.received + stream.lost >= packets.sent) break;
    }
  })();
  await within('the rest of the ring', drain);
  assert.is(stream.received + stream.lost, packets.sent);
  assert.ok(stream.lost > 0);
  assert.is(mixed, 0);
  await cable.unplug();
});

clients.run();
