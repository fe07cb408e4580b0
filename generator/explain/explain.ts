// Everything of a model that has a name, explained. Pure.
import type { Model } from '../model/model.js';
import { explainBuffer, explainProperty, explainType } from './data.js';
import { explainDriver } from './drivers.js';
import { explainEvent } from './events.js';
import type { Explanation } from './explanation.js';
import { explainHandle, explainRole, explainState } from './guards.js';
import { explainMethod } from './methods.js';
import {
  explainAction,
  explainClient,
  explainConstant,
  explainError,
  explainInterface,
  explainMember,
  explainOneState,
  explainPersonality,
  explainService,
} from './names.js';
import {
  explainPoll,
  explainSubscriptionEvent,
  type SubscribedEvent,
  subscriptionEvents,
} from './subscriptions.js';

type Named = {
  readonly names: readonly string[];
  readonly explain: () => Explanation;
};

/** A subscription's own calls are named by its first event. */
function callNames({ subscription, event }: SubscribedEvent): readonly string[] {
  const { name, call, unsubscribe } = subscription;
  if (event.name !== name) return [];
  return unsubscribe.kind === 'selector' ? [call.name, unsubscribe.call.name] : [call.name];
}

type WithName = { readonly name: string };

/** Everything that has a name, and how it is explained; nothing is explained before it is asked for. */
function thingsIn(model: Model): readonly Named[] {
  const all = <Item extends WithName>(
    items: readonly Item[],
    explain: (model: Model, item: Item) => Explanation,
    more: (item: Item) => readonly string[] = () => [],
  ): Named[] =>
    items.map((item) => ({
      names: [item.name, ...more(item)],
      explain: () => explain(model, item),
    }));
  const { drivers } = model;
  return [
    ...all(model.methods, explainMethod),
    ...all(model.events, explainEvent),
    ...subscriptionEvents(model).map((one) => ({
      names: [one.event.name, ...callNames(one)],
      explain: () => explainSubscriptionEvent(model, one),
    })),
    ...all(model.polls, explainPoll),
    ...all(model.types, explainType),
    ...all(model.constants, explainConstant),
    ...all(model.buffers, explainBuffer),
    ...all(drivers, explainDriver, ({ className }) => [className]),
    ...all(model.userClients, explainClient, ({ className }) => [className]),
    ...all(
      drivers.flatMap(({ personalities }) => personalities),
      explainPersonality,
    ),
    ...all(model.services, explainService, ({ className }) => [className]),
    ...all(
      drivers.flatMap(({ actions }) => actions),
      explainAction,
    ),
    ...all(model.states, explainState),
    ...model.states.flatMap((machine) =>
      machine.states.map((state) => ({
        names: [state, `${machine.name}.${state}`],
        explain: () => explainOneState(model, machine, state),
      })),
    ),
    ...all(model.roles, explainRole),
    ...all(model.handles, explainHandle),
    ...all(model.errors, explainError),
    ...all(model.properties, explainProperty),
    { names: [model.name], explain: () => explainInterface(model) },
  ];
}

function whole(model: Model, name: string): readonly Explanation[] {
  return thingsIn(model)
    .filter(({ names }) => names.includes(name))
    .map(({ explain }) => explain());
}

/** What has this name: mostly one thing, but a method and a type may share one. `Packet.samples` is a member. */
export function explainName(model: Model, name: string): readonly Explanation[] {
  const found = whole(model, name);
  const dot = name.lastIndexOf('.');
  if (found.length > 0 || dot < 0) return found;
  return whole(model, name.slice(0, dot)).flatMap((owner) =>
    explainMember(owner, name.slice(dot + 1)),
  );
}

export function namesOf(model: Model): readonly string[] {
  return [...new Set(thingsIn(model).flatMap(({ names }) => names))].filter((name) => name !== '');
}
