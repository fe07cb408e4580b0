// What `explain NAME` says, as data: printed for people by print.ts, or as JSON as it stands.

import type { Entitlement } from '../model/model.js';

export type Carrier = {
  /** What travels: "input scalars", "image". */
  readonly what: string;
  readonly carrier: string;
  readonly because: string;
  /** Of driverkit-contract.md: "contract §0.3"; empty where the schema alone decides. */
  readonly rule: string;
};

export type LayoutRow = {
  /** Bytes from the start; null for a scalar of a call, which has a place of its own. */
  readonly offset: number | null;
  readonly size: number;
  /** Null for padding. */
  readonly field: string | null;
  readonly type: string;
  readonly note: string;
};

export type Layout = {
  readonly title: string;
  readonly rows: readonly LayoutRow[];
  /** Bytes. */
  readonly size: number;
  /** Of offsets and sizes in the rows: bytes unless given. */
  readonly unit?: 'bit';
  /** `size` is the most. */
  readonly atMost?: boolean;
  /** What the rows do not say. */
  readonly closing?: string;
};

export type Limit = {
  readonly limit: string;
  readonly used: string;
  readonly most: string;
  readonly rule: string;
};

export type Cost = {
  /** Messages through the kernel, each way counted. */
  readonly messages: number;
  /** 64-bit words of scalars or of a completion. */
  readonly words: number;
  /** Payload in bytes, at most. */
  readonly bytes: number;
  /** Each time the payload is copied, and by whom. */
  readonly copies: readonly string[];
  readonly notes: readonly string[];
};

export type Explanation = {
  readonly kind:
    | 'method'
    | 'event'
    | 'type'
    | 'buffer'
    | 'property'
    | 'driver'
    | 'state'
    | 'role'
    | 'handle'
    | 'constant'
    | 'error'
    | 'user client'
    | 'personality'
    | 'service'
    | 'action'
    | 'member'
    | 'interface';
  readonly name: string;
  readonly interface: string;
  readonly doc: string;
  /** One line: "selector 1, synchronous". */
  readonly summary: string;
  readonly carriers: readonly Carrier[];
  readonly layouts: readonly Layout[];
  readonly limits: readonly Limit[];
  /** Sentences: what a call asks for besides its arguments, and what it leads to. */
  readonly conditions?: readonly string[];
  /** What the bundle and its apps are signed with; only of a driver. */
  readonly entitlements?: readonly Pick<Entitlement, 'side' | 'key' | 'approval' | 'reason'>[];
  /** Null for what does not travel by itself. */
  readonly cost: Cost | null;
  /** Of a cost: "per call", "per event". */
  readonly per: string;
};
