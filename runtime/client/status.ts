// A status as a value: the outcome of a part of a call that succeeded as a whole.
import { type Place, problem } from './checks.js';
import { describeCode, nameOfCode, unsignedCode } from './io-return.js';

export type Status = {
  readonly ok: boolean;
  /** Unsigned IOReturn; 0 is success. */
  readonly code: number;
  /** `kIOReturnBusy`; of a code without a name here, the number in hexadecimal. */
  readonly name: string;
};

const success: Status = Object.freeze({ ok: true, code: 0, name: 'kIOReturnSuccess' });

/** `code` may be signed, as C has it. */
export function statusOf(code: number): Status {
  if (code === 0) return success;
  const unsigned = unsignedCode(code);
  return { ok: false, code: unsigned, name: nameOfCode(unsigned) ?? describeCode(unsigned) };
}

/** The signed number that travels. A caller gives a status that it has, or one that only has a code. */
export function checkStatus(
  value: Pick<Status, 'code'>,
  at: Place,
  member: string | number,
): number {
  const code = (value as Pick<Status, 'code'> | undefined)?.code;
  if (typeof code === 'number' && Number.isInteger(code) && Math.abs(code) <= 0xffff_ffff)
    return code | 0;
  throw problem(at, member, 'must be a status, such as { code: 0 }');
}
