// What a connection has to be, to have or to have done before a call reaches the driver's code.

import type { DeclaredError } from './errors.js';

/** What must hold before a call reaches the driver's code, besides its arguments. */
export type Guards = {
  /** An entitlement that the app must have, with any value but false. */
  readonly entitlement: string | null;
  /** Calls in flight per connection, of an asynchronous method; null: as many as the connection may have in all. */
  readonly pending: number | null;
  /** Of each machine that matters, the states in which the call is legal. */
  readonly when: readonly { readonly machine: string; readonly states: readonly StateName[] }[];
  /** Where a call that succeeds leads. */
  readonly leadsTo: readonly { readonly machine: string; readonly state: StateName }[];
  /** What a call in another state fails with; null: kIOReturnNotReady. */
  readonly stateError: DeclaredError | null;
  /** Roles that a successful call takes, that it needs, that it gives back. */
  readonly claims: string | null;
  readonly requires: string | null;
  readonly releases: string | null;
  /** What a call without the role fails with; null: kIOReturnExclusiveAccess or kIOReturnNotPermitted. */
  readonly roleError: DeclaredError | null;
};

/** `index` is its place in its machine. */
export type StateName = { readonly name: string; readonly index: number };

/** A set of states of which one holds, for each connection or for the driver. */
export type StateMachine = {
  readonly name: string;
  readonly scope: 'connection' | 'driver';
  readonly doc: string;
  /** The first is the initial one. */
  readonly states: readonly string[];
};

/** What one connection at a time can have. */
export type Role = { readonly name: string; readonly doc: string };
