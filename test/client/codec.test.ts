// Generated encoders and decoders of schema/scope.yaml, and the words of calls.
import {
  ArgumentError,
  doubleToWord,
  floatToWord,
  wordToDouble,
  wordToFloat,
} from 'dextgen/client';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type Calibration,
  decodeCalibration,
  decodePacket,
  decodeStateEvent,
  encodeCalibration,
  encodePacket,
  encodeStateEvent,
  type Packet,
} from '../../generated/scope/client/scope.js';

const test = suite('codecs');

const packet: Packet = {
  sequence: 0xffff_ffff,
  flags: 0,
  timestamp: 2n ** 64n - 1n,
  samples: Float32Array.from(
    { length: 24 },
    (_, i) => [NaN, -0, Infinity, -Infinity, 1e-45][i] ?? i,
  ),
};

/** Bits rather than values: NaN and -0. */
function bits(values: Float32Array | Float64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

test('a packet survives, NaN, -0 and extremes included', () => {
  const view = new DataView(new ArrayBuffer(112 + 8));
  encodePacket(view, 8, packet);
  const decoded = decodePacket(view, 8);
  assert.is(decoded.sequence, packet.sequence);
  assert.is(decoded.timestamp, packet.timestamp);
  assert.equal(bits(decoded.samples), bits(packet.samples));
});

test('samples are a view on the record where it is aligned, and a copy where it is not', () => {
  const buffer = new ArrayBuffer(113);
  const aligned = new DataView(buffer, 0, 112);
  encodePacket(aligned, 0, packet);
  assert.is(decodePacket(aligned).samples.buffer, buffer);
  const odd = new DataView(buffer, 1, 112);
  encodePacket(odd, 0, packet);
  const decoded = decodePacket(odd);
  assert.is.not(decoded.samples.buffer, buffer);
  assert.equal(bits(decoded.samples), bits(packet.samples));
});

test('nested structs and arrays survive', () => {
  const channel = (i: number) => ({
    offset: i % 2 === 0 ? -0x8000 : 0x7fff,
    trim: Int16Array.of(-1, 0, i),
    gain: [NaN, -0, Number.MIN_VALUE, Number.MAX_VALUE][i % 4] ?? 0,
    slope: Float64Array.of(-0, Infinity),
  });
  const calibration: Calibration = {
    serial: 7,
    revision: 0xffff,
    channelCount: 8,
    date: 1n,
    channels: Array.from({ length: 8 }, (_, i) => channel(i)),
    linearity: Int16Array.from({ length: 120 }, (_, i) => i - 60),
  };
  const view = new DataView(new ArrayBuffer(512));
  encodeCalibration(view, 0, calibration);
  const decoded = decodeCalibration(view);
  assert.equal(decoded.linearity, calibration.linearity);
  for (const [i, expected] of calibration.channels.entries()) {
    const actual = decoded.channels[i];
    assert.ok(actual && Object.is(actual.gain, expected.gain), `gain ${i}`);
    assert.equal(actual?.trim, expected.trim);
    assert.is(actual?.offset, expected.offset);
    assert.equal(bits(actual?.slope ?? new Float64Array()), bits(expected.slope));
  }
});

test('a foreign byte in a bool is true', () => {
  const view = new DataView(new ArrayBuffer(8));
  encodeStateEvent(view, 0, { running: true, reason: 5 });
  assert.equal([...new Uint8Array(view.buffer)], [1, 0, 0, 0, 5, 0, 0, 0]);
  view.setUint8(0, 0x80);
  assert.is(decodeStateEvent(view).running, true);
});

test('what a field cannot hold is refused, with its place', () => {
  const view = new DataView(new ArrayBuffer(112));
  const refuses = (change: object, text: RegExp) =>
    assert.throws(
      () => encodePacket(view, 0, { ...packet, ...change }),
      (error: unknown) => error instanceof ArgumentError && text.test(error.message),
    );
  refuses({ sequence: -1 }, /^encodePacket: sequence must be 0 to 4294967295, not -1$/);
  refuses({ sequence: 1.5 }, /sequence must be an integer, not 1.5/);
  refuses({ flags: '1' }, /flags must be an integer, not "1"/);
  refuses({ timestamp: 2n ** 64n }, /timestamp must be 0 to/);
  refuses({ timestamp: 5 }, /timestamp must be a bigint, not 5/);
  refuses({ samples: new Float32Array(23) }, /samples must have 24 elements, not 23/);
  refuses({ samples: Array(24).fill('x') }, /samples\[0\] must be a number, not "x"/);
  refuses({ samples: undefined }, /samples must have 24 elements, not undefined/);
});

test('floats travel as their bits', () => {
  for (const value of [0, -0, 1.5, -3.25, Infinity, -Infinity, NaN]) {
    assert.ok(Object.is(wordToFloat(floatToWord(value)), value), `f32 ${value}`);
    assert.ok(Object.is(wordToDouble(doubleToWord(value)), value), `f64 ${value}`);
  }
  assert.is(floatToWord(-1), 0xbf80_0000n);
  assert.is(doubleToWord(-1), 0xbff0_0000_0000_0000n);
  assert.is(wordToFloat(0xffff_ffff_0000_0000n), 0);
});

test.run();
