// How a connection ends, and the errors that say so.
import type { Contract } from './contract.js';
import { AbortedError, type ClientError, DeviceGoneError, DriverError } from './errors.js';
import { describeCode } from './io-return.js';

/** `closed` by this side, or `gone`: the device or its driver. */
export type EndReason = 'closed' | 'gone';

/** A completion that came with an error. */
export class CompletionFailure extends Error {
  readonly completed = true;
  readonly code: number;
  constructor(code: number) {
    super();
    this.code = code;
  }
}

/** Every failure of a mapping has this code (contract §2.1, §12.41). */
export function refusedMapping(what: string, code: number): ClientError {
  const causes = 'the driver has no such memory, refuses it, or has none left';
  return new DriverError(`${what} failed with ${describeCode(code)}: ${causes}`, code);
}

export function endError(
  contract: Contract,
  what: string,
  reason: EndReason,
  code?: number,
): ClientError {
  return reason === 'closed'
    ? new AbortedError(`${what}: the connection to ${contract.name} was closed`, code)
    : new DeviceGoneError(`${what}: the ${contract.name} device or its driver is gone`, code);
}
