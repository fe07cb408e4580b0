// IOReturn and Mach codes: their names and what they mean to an app (contract §11.2).
// Codes are unsigned 32-bit numbers throughout the client.

export type ErrorKind =
  | 'denied'
  | 'gone'
  | 'bad-argument'
  | 'unsupported'
  | 'busy'
  | 'timeout'
  | 'aborted'
  | 'io';

export const ABORTED = 0xe00002eb;
export const BAD_ARGUMENT = 0xe00002c2;
export const NO_MEMORY = 0xe00002bd;
export const NO_RESOURCES = 0xe00002be;
export const UNSUPPORTED = 0xe00002c7;
export const INVALID_DESTINATION = 0x10000003;
export const SERVER_DIED = 0xfffffecc; // MIG_SERVER_DIED, -308

const kinds: ReadonlyMap<number, readonly [name: string, kind: ErrorKind]> = new Map([
  [0xe00002bc, ['kIOReturnError', 'io']],
  [NO_MEMORY, ['kIOReturnNoMemory', 'io']],
  [NO_RESOURCES, ['kIOReturnNoResources', 'io']],
  [0xe00002bf, ['kIOReturnIPCError', 'bad-argument']],
  [0xe00002c0, ['kIOReturnNoDevice', 'gone']],
  [0xe00002c1, ['kIOReturnNotPrivileged', 'denied']],
  [BAD_ARGUMENT, ['kIOReturnBadArgument', 'bad-argument']],
  [0xe00002c3, ['kIOReturnLockedRead', 'io']],
  [0xe00002c4, ['kIOReturnLockedWrite', 'io']],
  [0xe00002c5, ['kIOReturnExclusiveAccess', 'busy']],
  [0xe00002c6, ['kIOReturnBadMessageID', 'io']],
  [UNSUPPORTED, ['kIOReturnUnsupported', 'unsupported']],
  [0xe00002c8, ['kIOReturnVMError', 'io']],
  [0xe00002c9, ['kIOReturnInternalError', 'io']],
  [0xe00002ca, ['kIOReturnIOError', 'io']],
  [0xe00002cc, ['kIOReturnCannotLock', 'io']],
  [0xe00002cd, ['kIOReturnNotOpen', 'io']],
  [0xe00002ce, ['kIOReturnNotReadable', 'io']],
  [0xe00002cf, ['kIOReturnNotWritable', 'io']],
  [0xe00002d0, ['kIOReturnNotAligned', 'io']],
  [0xe00002d1, ['kIOReturnBadMedia', 'io']],
  [0xe00002d2, ['kIOReturnStillOpen', 'io']],
  [0xe00002d3, ['kIOReturnRLDError', 'io']],
  [0xe00002d4, ['kIOReturnDMAError', 'io']],
  [0xe00002d5, ['kIOReturnBusy', 'busy']],
  [0xe00002d6, ['kIOReturnTimeout', 'timeout']],
  [0xe00002d7, ['kIOReturnOffline', 'gone']],
  [0xe00002d8, ['kIOReturnNotReady', 'gone']],
  [0xe00002d9, ['kIOReturnNotAttached', 'gone']],
  [0xe00002da, ['kIOReturnNoChannels', 'io']],
  [0xe00002db, ['kIOReturnNoSpace', 'io']],
  [0xe00002dd, ['kIOReturnPortExists', 'io']],
  [0xe00002de, ['kIOReturnCannotWire', 'io']],
  [0xe00002df, ['kIOReturnNoInterrupt', 'io']],
  [0xe00002e0, ['kIOReturnNoFrames', 'io']],
  [0xe00002e1, ['kIOReturnMessageTooLarge', 'io']],
  [0xe00002e2, ['kIOReturnNotPermitted', 'denied']],
  [0xe00002e3, ['kIOReturnNoPower', 'io']],
  [0xe00002e4, ['kIOReturnNoMedia', 'io']],
  [0xe00002e5, ['kIOReturnUnformattedMedia', 'io']],
  [0xe00002e6, ['kIOReturnUnsupportedMode', 'io']],
  [0xe00002e7, ['kIOReturnUnderrun', 'io']],
  [0xe00002e8, ['kIOReturnOverrun', 'io']],
  [0xe00002e9, ['kIOReturnDeviceError', 'io']],
  [0xe00002ea, ['kIOReturnNoCompletion', 'io']],
  [ABORTED, ['kIOReturnAborted', 'aborted']],
  [0xe00002ec, ['kIOReturnNoBandwidth', 'io']],
  [0xe00002ed, ['kIOReturnNotResponding', 'io']],
  [0xe00002ee, ['kIOReturnIsoTooOld', 'io']],
  [0xe00002ef, ['kIOReturnIsoTooNew', 'io']],
  [0xe00002f0, ['kIOReturnNotFound', 'io']],
  [0xe0000001, ['kIOReturnInvalid', 'io']],
  [INVALID_DESTINATION, ['MACH_SEND_INVALID_DEST', 'gone']],
  [0x10000004, ['MACH_SEND_TIMED_OUT', 'io']],
  [0xfffffed3, ['MIG_REPLY_MISMATCH', 'io']], // -301
  [0xfffffed1, ['MIG_BAD_ID', 'io']], // -303
  [0xfffffed0, ['MIG_BAD_ARGUMENTS', 'bad-argument']], // -304
  [0xfffffecd, ['MIG_ARRAY_TOO_LARGE', 'bad-argument']], // -307
  [SERVER_DIED, ['MIG_SERVER_DIED', 'gone']],
]);

/** A signed or unsigned code as the unsigned number that the tables use. */
export function unsignedCode(code: number): number {
  return code >>> 0;
}

export function kindOfCode(code: number): ErrorKind {
  return kinds.get(code)?.[1] ?? 'io';
}

/** `kIOReturnBusy`; undefined for a code that has no name here. */
export function nameOfCode(code: number): string | undefined {
  return kinds.get(code)?.[0];
}

/** `kIOReturnBusy (0xe00002d5)`, or the bare number of a code that has no name here. */
export function describeCode(code: number): string {
  const hex = `0x${code.toString(16).padStart(8, '0')}`;
  const name = kinds.get(code)?.[0];
  return name === undefined ? hex : `${name} (${hex})`;
}
