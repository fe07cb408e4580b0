// Handles: numbers that name objects of the driver for one connection.

export type HandleType = {
  readonly name: string;
  /** u64: generation << 32 | index + 1; u32: generation << 16 | index + 1. 0 is never a handle. */
  readonly base: 'u32' | 'u64';
  /** Of one connection. */
  readonly max: number;
  readonly doc: string;
};
