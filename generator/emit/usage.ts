// Which states, roles and handles concern a driver: those that methods of its user clients use, each with its number in
// the interface.
import type { Guards, HandleType, Model, Role, StateMachine } from '../model/model.js';
import { handlesOf } from './handles.js';
import { type ClientSide, leaveGuards, subscriptionCalls } from './sides.js';

/** `index`: its place in the model, which is its number on the wire. */
export type Numbered<Item> = Item & { readonly index: number };

export type Usage = {
  readonly machines: readonly Numbered<StateMachine>[];
  readonly roles: readonly Numbered<Role>[];
  readonly handles: readonly Numbered<HandleType>[];
};

const machinesIn = ({ when, leadsTo }: Guards): string[] =>
  [...when, ...leadsTo].map(({ machine }) => machine);

const rolesIn = ({ claims, requires, releases }: Guards): string[] =>
  [claims, requires, releases].filter((role) => role !== null);

function numbered<Item extends { readonly name: string }>(
  items: readonly Item[],
  used: ReadonlySet<string>,
): readonly Numbered<Item>[] {
  return items.flatMap((item, index) => (used.has(item.name) ? [{ ...item, index }] : []));
}

export function usedBy(model: Model, clients: readonly ClientSide[]): Usage {
  const methods = clients.flatMap((client) => [
    ...client.methods,
    ...subscriptionCalls(client.subscriptions),
  ]);
  const leaving = clients.flatMap(({ subscriptions }) => subscriptions.flatMap(leaveGuards));
  const guards = [...methods.map((method) => method.guards), ...leaving];
  return {
    machines: numbered(model.states, new Set(guards.flatMap(machinesIn))),
    roles: numbered(model.roles, new Set(guards.flatMap(rolesIn))),
    handles: numbered(
      model.handles,
      new Set(methods.flatMap((method) => handlesOf(model, method))),
    ),
  };
}
