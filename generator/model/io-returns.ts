// The platform's errors by the names that a schema gives them: kIOReturnNotReady is notReady (contract §11.2).

const values: ReadonlyMap<string, number> = new Map([
  ['error', 0xe000_02bc],
  ['noMemory', 0xe000_02bd],
  ['noResources', 0xe000_02be],
  ['ipcError', 0xe000_02bf],
  ['noDevice', 0xe000_02c0],
  ['notPrivileged', 0xe000_02c1],
  ['badArgument', 0xe000_02c2],
  ['lockedRead', 0xe000_02c3],
  ['lockedWrite', 0xe000_02c4],
  ['exclusiveAccess', 0xe000_02c5],
  ['badMessageID', 0xe000_02c6],
  ['unsupported', 0xe000_02c7],
  ['vmError', 0xe000_02c8],
  ['internalError', 0xe000_02c9],
  ['ioError', 0xe000_02ca],
  ['cannotLock', 0xe000_02cc],
  ['notOpen', 0xe000_02cd],
  ['notReadable', 0xe000_02ce],
  ['notWritable', 0xe000_02cf],
  ['notAligned', 0xe000_02d0],
  ['badMedia', 0xe000_02d1],
  ['stillOpen', 0xe000_02d2],
  ['rldError', 0xe000_02d3],
  ['dmaError', 0xe000_02d4],
  ['busy', 0xe000_02d5],
  ['timeout', 0xe000_02d6],
  ['offline', 0xe000_02d7],
  ['notReady', 0xe000_02d8],
  ['notAttached', 0xe000_02d9],
  ['noChannels', 0xe000_02da],
  ['noSpace', 0xe000_02db],
  ['portExists', 0xe000_02dd],
  ['cannotWire', 0xe000_02de],
  ['noInterrupt', 0xe000_02df],
  ['noFrames', 0xe000_02e0],
  ['messageTooLarge', 0xe000_02e1],
  ['notPermitted', 0xe000_02e2],
  ['noPower', 0xe000_02e3],
  ['noMedia', 0xe000_02e4],
  ['unformattedMedia', 0xe000_02e5],
  ['unsupportedMode', 0xe000_02e6],
  ['underrun', 0xe000_02e7],
  ['overrun', 0xe000_02e8],
  ['deviceError', 0xe000_02e9],
  ['noCompletion', 0xe000_02ea],
  ['aborted', 0xe000_02eb],
  ['noBandwidth', 0xe000_02ec],
  ['notResponding', 0xe000_02ed],
  ['isoTooOld', 0xe000_02ee],
  ['isoTooNew', 0xe000_02ef],
  ['notFound', 0xe000_02f0],
  ['invalid', 0xe000_0001],
]);

export const ioReturnNames: readonly string[] = [...values.keys()];

/** As an unsigned number; null when there is none of that name. */
export function ioReturnValue(name: string): number | null {
  return values.get(name) ?? null;
}

const names = new Map([...values].map(([name, value]) => [value, name]));

/** `kIOReturnNotReady`; null for a code that the platform has no name for. */
export function ioReturnName(value: number): string | null {
  const name = names.get(value);
  if (name === undefined) return null;
  const upper = name.replace(/^(io|ipc|rld|dma|vm)(?=[A-Z])/, (head) => head.toUpperCase());
  return `kIOReturn${upper.charAt(0).toUpperCase()}${upper.slice(1)}`;
}
