// What a call depends on besides its arguments: entitlement, roles, states, calls in flight.
import {
  child,
  type Entry,
  integerOf,
  type Report,
  type SourceNode,
  stringOf,
} from '../source/index.js';
import { type ErrorTable, errorOf } from './errors.js';
import type { DeclaredError, Guards, Method, Role, StateName } from './model.js';
import { roleOf } from './roles.js';
import { type StateRef, type States, stateOf } from './states.js';

export type GuardContext = {
  readonly report: Report;
  readonly errors: ErrorTable;
  readonly states: States;
  readonly roles: readonly Role[];
  /** Whether an app can ask why a call was refused. */
  readonly hasContract: boolean;
};

export const noGuards: Guards = {
  entitlement: null,
  pending: null,
  when: [],
  leadsTo: [],
  stateError: null,
  claims: null,
  requires: null,
  releases: null,
  roleError: null,
};

const listOf = (node: SourceNode | null): readonly SourceNode[] =>
  node === null ? [] : node.kind === 'list' ? node.items : [node];

type Named = StateRef & { readonly node: SourceNode };

function namedStates(node: SourceNode | null, { states, report }: GuardContext): readonly Named[] {
  return listOf(node).flatMap((item) => {
    const found = stateOf(states, item, report);
    return found === null ? [] : [{ ...found, node: item }];
  });
}

function whenOf(node: SourceNode | null, context: GuardContext): Guards['when'] {
  const byMachine = new Map<string, Map<number, StateName>>();
  for (const { machine, state } of namedStates(node, context)) {
    const states = byMachine.get(machine.name) ?? new Map<number, StateName>();
    byMachine.set(machine.name, states.set(state.index, state));
  }
  return [...byMachine].map(([machine, states]) => ({
    machine,
    states: [...states.values()].sort((a, b) => a.index - b.index),
  }));
}

function leadsToOf(node: SourceNode | null, context: GuardContext): Guards['leadsTo'] {
  const first = new Map<string, Named>();
  for (const named of namedStates(node, context)) {
    const earlier = first.get(named.machine.name);
    if (earlier === undefined) first.set(named.machine.name, named);
    else {
      context.report({
        code: 'DK526',
        at: named.node.span,
        message: `a call cannot lead to two states of "${named.machine.name}"`,
        notes: [{ message: 'the other one is here', at: earlier.node.span }],
        hint: 'keep one; a driver that decides by itself sets the state in its hook.',
      });
    }
  }
  return [...first.values()].map(({ machine, state }) => ({ machine: machine.name, state }));
}

/** `com.example.driver.msr`: an entitlement is spelt in reverse DNS. */
export function entitlementOf(node: SourceNode | null, report: Report): string | null {
  if (node === null) return null;
  const text = stringOf(node) ?? '';
  if (/^[A-Za-z0-9-]+(\.[A-Za-z0-9_-]+)+$/.test(text) && text.length <= 127) return text;
  report({
    code: 'DK528',
    at: node.span,
    message: `"${text}" is no entitlement`,
    hint: 'write reverse DNS, as in com.example.driver.msr.',
  });
  return null;
}

type Excuse = {
  readonly entry: Entry | undefined;
  /** Whether anything can fail with it. */
  readonly used: boolean;
  readonly needs: string;
};

function excuseOf({ entry, used, needs }: Excuse, context: GuardContext): DeclaredError | null {
  if (entry === undefined) return null;
  if (!used) {
    context.report({
      code: 'DK205',
      at: entry.keySpan,
      message: `"${entry.key}" means nothing without ${needs}`,
      hint: `add ${needs}, or remove "${entry.key}".`,
    });
  }
  return errorOf(context.errors, entry.value);
}

function pendingOf(node: SourceNode | null, kind: Method['kind'], report: Report): number | null {
  if (node === null) return null;
  if (kind === 'async') return Number(integerOf(node) ?? 0n);
  report({
    code: 'DK205',
    at: node.span,
    message: '"pending" means nothing without "async: true"',
    hint: 'a synchronous call is never in flight with another one of its connection; remove it.',
  });
  return null;
}

/** Whoever has a role may give it back, so that asking for it besides says nothing. */
function checkRoles(node: SourceNode, guards: Guards, report: Report): void {
  const { claims, requires, releases } = guards;
  const role = claims ?? releases;
  const at = child(node, 'requires')?.span;
  if (at !== undefined && role !== null && requires === role) {
    report({
      code: 'DK527',
      at,
      message: `"${claims === null ? 'releases' : 'claims'}: ${role}" says already that the call is for whoever has the role`,
      hint: 'remove "requires".',
    });
  }
  if (claims === null || claims !== releases) return;
  report({
    code: 'DK527',
    at: child(node, 'releases')?.span ?? node.span,
    message: `one call cannot both take and give back "${claims}"`,
    hint: 'use two methods; a connection that ends gives back its roles by itself.',
  });
}

/** What kIOReturnNotReady means besides, only the contract's last rejection tells. */
function checkStateError(
  entry: Entry | undefined,
  { when, stateError }: Guards,
  { hasContract, report }: GuardContext,
): void {
  if (entry === undefined || hasContract || when.length === 0 || stateError !== null) return;
  report({
    code: 'DK533',
    at: entry.keySpan,
    message:
      'without contract selectors, an app cannot tell a call in the wrong state from a driver that is gone: both are kIOReturnNotReady',
    hint: 'add "stateError:" with what the driver returns, as in "errors: { busy: { ioReturn: busy } }".',
  });
}

export function guardsOf(node: SourceNode, kind: Method['kind'], context: GuardContext): Guards {
  const { report, roles } = context;
  const entry = (key: string): Entry | undefined =>
    node.kind === 'map' ? node.entries.get(key) : undefined;
  const [claims, requires, releases] = ['claims', 'requires', 'releases'].map((key) =>
    roleOf(roles, child(node, key), report),
  );
  const used = ['claims', 'requires', 'releases'].some((key) => child(node, key) !== null);
  const guards: Guards = {
    entitlement: entitlementOf(child(node, 'entitlement'), report),
    pending: pendingOf(child(node, 'pending'), kind, report),
    when: whenOf(child(node, 'when'), context),
    leadsTo: leadsToOf(child(node, 'then'), context),
    stateError: excuseOf(
      { entry: entry('stateError'), used: child(node, 'when') !== null, needs: '"when"' },
      context,
    ),
    claims: claims ?? null,
    requires: requires ?? null,
    releases: releases ?? null,
    roleError: excuseOf(
      { entry: entry('roleError'), used, needs: '"claims", "requires" or "releases"' },
      context,
    ),
  };
  checkRoles(node, guards, report);
  checkStateError(entry('when'), guards, context);
  return guards;
}

/** Who may call, and when, is checked as ever; how a call looks is not. */
const shapeKeys = ['counts', 'async', 'timeout', 'pending'];

export function uncheckedOf(node: SourceNode, report: Report): string | null {
  const reason = child(node, 'unchecked');
  if (reason === null || node.kind !== 'map') return null;
  for (const key of shapeKeys) {
    const entry = node.entries.get(key);
    if (entry === undefined) continue;
    report({
      code: 'DK530',
      at: entry.keySpan,
      message: `"${key}" says how a call looks, and an unchecked method takes any`,
      notes: [{ message: 'unchecked since here', at: reason.span }],
      hint: 'remove one of the two.',
    });
  }
  const text = (stringOf(reason) ?? '').trim();
  if (text.split(/\s+/).length >= 2) return text;
  report({
    code: 'DK530',
    at: reason.span,
    message: 'an unchecked method needs a reason, in words',
    hint: 'say why nothing may be checked, as in "unchecked: as the legacy code does".',
  });
  return text;
}
