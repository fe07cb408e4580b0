// What a method asks of its caller besides arguments, as sentences: for the docs of every target.
import type { Guards, Method, Model } from '../model/model.js';

/** The entitlements that methods ask for, each once: rules name them by their place. */
export function entitlementsOf({ methods }: Pick<Model, 'methods'>): readonly string[] {
  const all = methods.flatMap(({ guards }) => guards.entitlement ?? []);
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

export function guardNotes({ guards, unchecked }: Method): string[] {
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
