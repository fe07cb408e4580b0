// Scalars of a call that are more than one value each: halves, bytes over several words, and values left out.
import type { Place } from './checks.js';
import { problem } from './checks.js';
import { wordAt } from './codec.js';

export type HalfOrder = 'low-high' | 'high-low';

/** Writes the halves of a number into two words, `bits` each. */
export function writeHalves(
  words: BigUint64Array,
  index: number,
  order: HalfOrder,
  bits: number,
  value: bigint,
): void {
  const low = BigInt.asUintN(bits, value);
  const high = BigInt.asUintN(bits, value >> BigInt(bits));
  words[index] = order === 'low-high' ? low : high;
  words[index + 1] = order === 'low-high' ? high : low;
}

export function readHalves(
  words: BigUint64Array,
  index: number,
  order: HalfOrder,
  bits: number,
): bigint {
  const [first, second] = [wordAt(words, index), wordAt(words, index + 1)];
  const [low, high] = order === 'low-high' ? [first, second] : [second, first];
  return BigInt.asUintN(bits, low) | (BigInt.asUintN(bits, high) << BigInt(bits));
}

/** Words of an answer, one per element. */
export function wordsAt(words: BigUint64Array, index: number, count: number): bigint[] {
  return Array.from({ length: count }, (_, i) => wordAt(words, index + i));
}

/** A value whose bytes fill words of an answer in order. */
export function fromWords<Value>(
  words: BigUint64Array,
  index: number,
  count: number,
  decode: (view: DataView) => Value,
): Value {
  wordAt(words, index + count - 1);
  return decode(new DataView(words.buffer, words.byteOffset + index * 8, count * 8));
}

/** A value of the arguments: where its words end, whether it was given, whether something stands in for it. */
type Sent = readonly [name: string, end: number, given: boolean, hasDefault: boolean];

/**
 * As many of `words` as the call needs: up to the last value that was given, and a number that the driver takes.
 * @throws ArgumentError when a value was left out that such a call has.
 */
export function sentWords(
  words: BigUint64Array,
  at: Place,
  accepted: readonly (readonly [first: number, last: number])[],
  values: readonly Sent[],
): BigUint64Array {
  const needed = Math.max(0, ...values.map(([, end, given]) => (given ? end : 0)));
  const [first = needed] = accepted.find(([, last]) => last >= needed) ?? [];
  const count = Math.max(needed, first);
  for (const [name, end, given, hasDefault] of values)
    if (end <= count && !given && !hasDefault)
      throw problem(at, name, `must be given: a call with ${count} scalars has it`);
  return words.subarray(0, count);
}
