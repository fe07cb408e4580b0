// Errors that calls declare.

export type DeclaredError = {
  readonly name: string;
  /** Vendor code, from 1; null for a code of the platform or of somebody else. */
  readonly code: number | null;
  /** The kern_return_t as an unsigned number; iokit_vendor_specific_err(code) of a vendor code (contract §11.1). */
  readonly value: number;
  readonly doc: string;
};
