// Texts in fields of fixed size, the rest of which is zero.
import { type Place, problem } from './checks.js';
import { ClientError } from './errors.js';

export type TextField = {
  readonly offset: number;
  /** Bytes of the field. */
  readonly size: number;
  /** A NUL behind the text: always; unless the text fills the field; never, so that all bytes are text. */
  readonly terminated: 'required' | 'optional' | 'none';
  readonly ascii?: boolean;
};

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

const ascii = /^[\0-\x7f]*$/;

export function writeText(
  view: DataView,
  value: string,
  at: Place,
  member: string | number,
  field: TextField,
): void {
  if (typeof value !== 'string') throw problem(at, member, 'must be a string');
  if (/\p{Surrogate}/u.test(value)) throw problem(at, member, 'has half of a surrogate pair');
  if (value.includes('\0')) throw problem(at, member, 'must not contain a NUL');
  if (field.ascii === true && !ascii.test(value)) throw problem(at, member, 'must be ASCII');
  const bytes = encoder.encode(value);
  const room = field.terminated === 'required' ? field.size - 1 : field.size;
  if (bytes.length > room)
    throw problem(at, member, `takes ${bytes.length} bytes where there is room for ${room}`);
  const place = new Uint8Array(view.buffer, view.byteOffset + field.offset, field.size);
  place.set(bytes);
  place.fill(0, bytes.length);
}

/** The length of a text that all bytes of a field belong to: zeros at its end fill it up. */
function filledLength(bytes: Uint8Array): number {
  let length = bytes.length;
  while (length > 0 && bytes[length - 1] === 0) length--;
  return length;
}

export function readText(
  view: DataView,
  offset: number,
  size: number,
  terminated: TextField['terminated'],
): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + offset, size);
  const end = bytes.indexOf(0);
  if (terminated === 'required' && end < 0)
    throw new ClientError('io', 'the driver sent a text without the NUL that ends it');
  const length = terminated === 'none' ? filledLength(bytes) : end < 0 ? size : end;
  try {
    return decoder.decode(bytes.subarray(0, length));
  } catch {
    throw new ClientError('io', 'the driver sent a text that is not UTF-8');
  }
}
