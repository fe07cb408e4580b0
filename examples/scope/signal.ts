// The signal of the simulated oscilloscope: a sine with a slow swell, cut into packets as schema/scope.yaml
// describes them.
import type { PacketSourceOptions } from 'dextgen/simulator';

export const PACKET_BYTES = 112;
const SAMPLES = 24;
const SAMPLES_OFFSET = 16;
/** Packets until the signal repeats; a power of two. */
const PERIOD = 256;
const CLIP_VOLTS = 0.95;

/** Flags and samples of one period. What changes from packet to packet is written when it leaves. */
function renderPeriod(): Buffer {
  const period = Buffer.alloc(PERIOD * PACKET_BYTES);
  for (let packet = 0; packet < PERIOD; packet++) {
    const start = packet * PACKET_BYTES;
    const swell = 0.6 + 0.4 * Math.sin((2 * Math.PI * packet) / PERIOD);
    let clipped = 0;
    for (let i = 0; i < SAMPLES; i++) {
      const volts = swell * Math.sin((2 * Math.PI * (i + packet * 3)) / SAMPLES);
      if (Math.abs(volts) > CLIP_VOLTS) clipped = 1;
      period.writeFloatLE(volts, start + SAMPLES_OFFSET + i * 4);
    }
    period.writeUInt32LE(clipped, start + 4);
  }
  return period;
}

/** Fills packets with consecutive numbers; all packets of one call were taken at one time of the device's clock. */
export function createPacketWriter(): PacketSourceOptions['fill'] {
  const period = renderPeriod();
  return (target, first, count) => {
    const now = process.hrtime.bigint();
    const low = Number(now & 0xffff_ffffn);
    const high = Number(now >> 32n);
    for (let i = 0; i < count; i++) {
      const start = i * PACKET_BYTES;
      const from = ((first + i) % PERIOD) * PACKET_BYTES;
      period.copy(target, start, from, from + PACKET_BYTES);
      target.writeUInt32LE((first + i) >>> 0, start);
      target.writeUInt32LE(low, start + 8);
      target.writeUInt32LE(high, start + 12);
    }
  };
}
