// Counts what arrives: order, latency, rate.
import type { Batch } from 'dextgen/client';
import type { Packet } from '../../generated/scope/client/scope.js';

const NS_PER_US = 1000;
/** Latencies that are kept: every one of a slow stream, an even choice of a fast one. */
const MOST_LATENCIES = 100_000;

export type Meter = {
  readonly add: (batch: Batch<Packet>) => void;
  readonly received: () => number;
  readonly outOfOrder: () => number;
  /** Microseconds; 0 without packets. */
  readonly latency: (percentile: number) => number;
  readonly last: () => Packet | undefined;
};

export function createMeter(): Meter {
  const latencies: number[] = [];
  let received = 0;
  let outOfOrder = 0;
  let expected = 0;
  let stride = 1;
  let last: Packet | undefined;
  const keep = (timestamp: bigint, now: bigint) => {
    latencies.push(Number(now - timestamp) / NS_PER_US);
    if (latencies.length < MOST_LATENCIES) return;
    // Every second one is enough from here on.
    latencies.splice(0, latencies.length, ...latencies.filter((_, index) => index % 2 === 0));
    stride *= 2;
  };
  return {
    add: (batch) => {
      const now = process.hrtime.bigint();
      expected += batch.lost;
      for (const packet of batch) {
        if (packet.sequence !== expected >>> 0) outOfOrder++;
        expected = packet.sequence + 1;
        if (received++ % stride === 0) keep(packet.timestamp, now);
        last = packet;
      }
    },
    received: () => received,
    outOfOrder: () => outOfOrder,
    latency: (percentile) => {
      const sorted = Float64Array.from(latencies).sort();
      return Math.round(sorted[Math.floor((sorted.length - 1) * percentile)] ?? 0);
    },
    last: () => last,
  };
}
