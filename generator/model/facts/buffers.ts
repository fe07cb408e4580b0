// Shared memory: what an app can map, and what is where in it.

import type { BitField } from './named-types.js';
import type { Field } from './types.js';

export type Buffer = {
  readonly name: string;
  /** Name of the user client that maps it. */
  readonly client: string;
  /** What an app maps it by; of a computed type the part that is always the same. */
  readonly memoryType: number;
  /** What an app adds to it, each in bits of its own; none for a fixed type. */
  readonly parts: readonly BitField[];
  /** It is mapped by every type that no other buffer of the user client has. */
  readonly anyType: boolean;
  /** Bytes; at most, unless the sizing is exact. */
  readonly size: number;
  /** exact: always `size`. part: what the app says in a part of the type, times the unit. supplied: what the driver has. */
  readonly sizing:
    | { readonly kind: 'exact' }
    | { readonly kind: 'part'; readonly part: string; readonly unit: number }
    | { readonly kind: 'supplied' };
  /** generated: allocated by generated code. driver: a hook supplies it. bar: memory of the PCI device. */
  readonly source:
    | { readonly kind: 'generated' }
    | { readonly kind: 'driver' }
    | { readonly kind: 'bar'; readonly index: number }
    /** The app chooses the BAR, by a part of the type. */
    | { readonly kind: 'bar'; readonly part: string };
  /** Whole pages; else an app sees the bytes that the schema says, and no more (contract §2.1). */
  readonly wholePages: boolean;
  readonly access: 'read-only' | 'read-write';
  /** How the app's processor sees it: bits that the app asks for when it maps (contract §2.1). */
  readonly cache: CacheMode;
  /** One descriptor for all clients of the driver, rather than one per connection. */
  readonly shared: boolean;
  readonly doc: string;
  /** What lies in it, in the order of memory; empty when nothing is said. */
  readonly sections: readonly Section[];
};

export type CacheMode = 'default' | 'inhibit' | 'write-through' | 'copyback' | 'write-combine';

export type Section = Field & {
  /** Who writes it; the other side only reads. */
  readonly owner: 'driver' | 'app' | 'both';
  /** A word that is read and written whole, and in order with what is around it (contract §2.6). */
  readonly atomic: boolean;
  /** An array that goes on to the end of the buffer. */
  readonly open: boolean;
};
