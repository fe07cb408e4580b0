// The memory of a PCI function's BARs on the device's side: files that the driver, and its app, map.
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/** The device's view of one of its BARs: the same bytes that the driver and, if it hands them on, the app map. */
export type BarMemory = {
  readonly size: number;
  read(offset: number, length: number): Buffer;
  write(offset: number, bytes: Uint8Array): void;
};

/** `stored` is told what the device has written. */
export function barMemory(
  path: string,
  size: number,
  stored: (offset: number, bytes: Uint8Array) => void,
): BarMemory & { close(): void } {
  const file = openSync(path, 'r+');
  const check = (offset: number, length: number): void => {
    if (offset < 0 || length < 0 || offset + length > size) {
      throw new RangeError(`${length} bytes at ${offset} are outside a BAR of ${size}`);
    }
  };
  return {
    size,
    read: (offset, length) => {
      check(offset, length);
      const bytes = Buffer.alloc(length);
      readSync(file, bytes, 0, length, offset);
      return bytes;
    },
    write: (offset, bytes) => {
      check(offset, bytes.length);
      writeSync(file, bytes, 0, bytes.length, offset);
      stored(offset, bytes);
    },
    close: () => closeSync(file),
  };
}
