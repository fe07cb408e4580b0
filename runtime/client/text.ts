// Texts of varying length: UTF-8 or ASCII, with or without a NUL at their end.
import { type Place, problem } from './checks.js';
import { ClientError } from './errors.js';

export type TextRules = {
  readonly encoding: 'utf8' | 'ascii';
  /** `required`: ends with a NUL, which counts among the bytes. `none`: has none. */
  readonly terminated: 'required' | 'optional' | 'none';
};

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** A text as the driver wants it: no more bytes than it has room for. */
export function textBytes(
  value: string,
  at: Place,
  member: string,
  limits: readonly [min: number, max: number],
  { encoding, terminated }: TextRules,
): Uint8Array {
  if (typeof value !== 'string') throw problem(at, member, 'must be a string');
  if (/\p{Surrogate}/u.test(value)) throw problem(at, member, 'has half of a surrogate pair');
  if (value.includes('\0')) throw problem(at, member, 'must not contain a NUL');
  const bytes = encoder.encode(terminated === 'required' ? `${value}\0` : value);
  if (encoding === 'ascii' && !/^[\0-\x7f]*$/.test(value))
    throw problem(at, member, 'must be ASCII');
  const [min, max] = limits;
  if (bytes.length >= min && bytes.length <= max) return bytes;
  throw problem(at, member, `takes ${bytes.length} bytes where ${min} to ${max} are allowed`);
}

/** A text that the driver sent. */
export function decodeText(bytes: Uint8Array, { encoding, terminated }: TextRules): string {
  const end = bytes.indexOf(0);
  const length = end < 0 ? bytes.length : end;
  if (terminated === 'required' && end < 0)
    throw new ClientError('io', 'the driver sent a text without the NUL that ends it');
  if (end >= 0 && (terminated === 'none' || bytes.subarray(end).some((byte) => byte !== 0)))
    throw new ClientError('io', 'the driver sent a text with a NUL inside');
  const text = bytes.subarray(0, length);
  if (encoding === 'ascii' && text.some((byte) => byte > 0x7f))
    throw new ClientError('io', 'the driver sent a text that is not ASCII');
  try {
    return decoder.decode(text);
  } catch {
    throw new ClientError('io', 'the driver sent a text that is not UTF-8');
  }
}
