// Sizes (`1 MiB`), durations (`5s`) and selector ranges (`10-19`) as numbers.
import type { SourceNode } from '../source/index.js';
import { integerOf, stringOf } from '../source/index.js';

const sizeUnits: Readonly<Record<string, number>> = {
  B: 1,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};
const timeUnits: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000 };

/** A safe integer, or null. */
function safe(value: bigint | null): number | null {
  const number = Number(value);
  return value !== null && Number.isSafeInteger(number) ? number : null;
}

function quantity(text: string, units: Readonly<Record<string, number>>): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*([A-Za-z]+)$/.exec(text.trim());
  const unit = units[match?.[2] ?? ''];
  if (match === null || unit === undefined) return null;
  const value = Number(match[1]) * unit;
  return Number.isSafeInteger(value) ? value : null;
}

/** Bytes of `4096` or `1 MiB`; null when it is neither, or no whole number of bytes. */
export function sizeOf(node: SourceNode | null): number | null {
  const text = stringOf(node);
  return text === null ? safe(integerOf(node)) : quantity(text, sizeUnits);
}

/** Milliseconds of `5s`, `250 ms` or `1 min`; null when it is none of them. */
export function durationOf(node: SourceNode | null): number | null {
  const text = stringOf(node);
  return text === null ? null : quantity(text, timeUnits);
}

const number = '(0[xX][0-9a-fA-F]+|\\d+)';
const rangePattern = new RegExp(`^${number}\\s*-\\s*${number}$`);

/** First and last of `4` or `10-19`; null when it is neither. */
export function selectorRangeOf(node: SourceNode): { first: number; last: number } | null {
  const single = safe(integerOf(node));
  if (single !== null) return { first: single, last: single };
  const match = rangePattern.exec(stringOf(node) ?? '');
  if (match === null) return null;
  return { first: Number(match[1]), last: Number(match[2]) };
}
