// What a method asks of its caller besides arguments, as sentences: for the docs of every target.
import type { Guards, Method, Model, Subscription } from '../model/model.js';
import { callsOf } from './sides.js';

/** `a.first and a.second, or a.third`. */
export const alternatives = (sets: readonly (readonly string[])[]): string =>
  sets.map((names) => names.join(' and ')).join(', or ');

/** The entitlements that calls ask for, each once: rules name them by their place. */
export function entitlementsOf(model: Model): readonly string[] {
  const all = callsOf(model).flatMap(({ guards }) => guards.entitlement ?? []);
  return [...new Set(all)];
}

const quoted = (name: string | null): string => `"${name}"`;

function roleNotes({ claims, requires, releases }: Guards): string[] {
  return [
    ...(claims === null
      ? []
      : [`Takes the role ${quoted(claims)}, which one connection at a time has.`]),
    ...(requires === null ? [] : [`Needs the role ${quoted(requires)}.`]),
    ...(releases === null ? [] : [`Gives back the role ${quoted(releases)}, which it needs.`]),
  ];
}

/** `keyboard is ready or busy`. */
function whenText({ when }: Guards): string {
  return when
    .map(({ machine, states }) => `${machine} is ${states.map(({ name }) => name).join(' or ')}`)
    .join(' and ');
}

/** What the end of a subscription asks for and leads to, besides its completion. */
export function leaveNotes({ unsubscribe }: Subscription): string[] {
  const own = unsubscribe.kind === 'selector' ? unsubscribe.call.guards : null;
  const guards = unsubscribe.kind === 'null' ? unsubscribe.guards : own;
  return guards === null ? [] : guardNotes({ guards, unchecked: null });
}

export function guardNotes({ guards, unchecked }: Pick<Method, 'guards' | 'unchecked'>): string[] {
  const { entitlement, when, leadsTo, pending } = guards;
  const leads = leadsTo.map(({ machine, state }) => `${machine} is ${state.name}`);
  return [
    ...(unchecked === null ? [] : [`The driver checks no argument: ${unchecked}.`]),
    ...(entitlement === null ? [] : [`Needs the entitlement ${entitlement}.`]),
    ...roleNotes(guards),
    ...(when.length === 0 ? [] : [`Legal while ${whenText(guards)}.`]),
    ...(leads.length === 0 ? [] : [`Afterwards ${leads.join(' and ')}.`]),
    ...(pending === null ? [] : [`At most ${pending} in flight per connection.`]),
  ];
}
