// The resolved interface: what every emitter reads. Types only; plain, readonly and JSON-printable. Its parts are in facts/.
// Sizes, offsets, carriers and memory types are computed once (in model/) and printed by every emitter as they stand.

import type { Buffer } from './facts/buffers.js';
import type { ChildService, Driver, Entitlement, Property, UserClient } from './facts/driver.js';
import type { DeclaredError } from './facts/errors.js';
import type { Event, PolledEvent, Subscription } from './facts/events.js';
import type { Role, StateMachine } from './facts/guards.js';
import type { HandleType } from './facts/handles.js';
import type { Method, RetiredRange } from './facts/methods.js';
import type { NamedType } from './facts/named-types.js';
import type { Constant } from './facts/values.js';

export type * from './facts/buffers.js';
export type * from './facts/carriers.js';
export type * from './facts/driver.js';
export type * from './facts/errors.js';
export type * from './facts/events.js';
export type * from './facts/guards.js';
export type * from './facts/handles.js';
export type * from './facts/methods.js';
export type * from './facts/named-types.js';
export type * from './facts/scalars.js';
export type * from './facts/types.js';
export type * from './facts/values.js';

/** Raised when a consumer of `model.json` would misread an older model. */
export const MODEL_VERSION = 1;

export type Model = {
  readonly modelVersion: typeof MODEL_VERSION;
  /** `Scope`: the prefix of every C and C++ name. */
  readonly name: string;
  /** `scope`: the folder and file name below `generated/`. */
  readonly id: string;
  readonly version: { readonly major: number; readonly minor: number };
  readonly doc: string;
  /** Path of the schema relative to the project, with forward slashes. */
  readonly schemaPath: string;
  /** SHA-256 over the canonical observable interface, cut to 128 bits, as two 16-digit hex words. */
  readonly contractHash: { readonly high: string; readonly low: string };
  /** Where the contract selectors sit, or null when the schema disables them. */
  readonly contract: { readonly base: number } | null;
  readonly bundle: {
    readonly identifier: string;
    readonly name: string;
    /** All matched drivers live in one process (contract §5.3). */
    readonly oneProcess: boolean;
  };
  /** At least one; the first is the main one. */
  readonly drivers: readonly Driver[];
  /** What apps can open, in schema order: those of the first driver first. Everything below says which it belongs to. */
  readonly userClients: readonly UserClient[];
  /** What the dext links, DriverKit first. */
  readonly frameworks: readonly string[];
  /** What the dext is signed with, and the apps that open it. */
  readonly entitlements: readonly Entitlement[];
  /** Services that the bundle creates below a driver or a connection. */
  readonly services: readonly ChildService[];
  /** Named numbers and texts, in schema order. */
  readonly constants: readonly Constant[];
  /** Named types in dependency order: a type stands after everything it contains. */
  readonly types: readonly NamedType[];
  /** Ordered by selector; those of different user clients may share one. */
  readonly methods: readonly Method[];
  readonly retired: readonly RetiredRange[];
  readonly events: readonly Event[];
  /** Completions with selectors of the interface's own, and the events that come through each. Ordered by selector. */
  readonly subscriptions: readonly Subscription[];
  /** Events that the app fetches with a method. */
  readonly polls: readonly PolledEvent[];
  readonly buffers: readonly Buffer[];
  readonly properties: readonly Property[];
  /** Every error some method declares, in order of first use. */
  readonly errors: readonly DeclaredError[];
  /** In schema order, which numbers them. */
  readonly states: readonly StateMachine[];
  readonly roles: readonly Role[];
  readonly handles: readonly HandleType[];
};
