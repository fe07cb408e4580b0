// Everything of a model that has a name, explained. Pure.
import type { Model } from '../model/model.js';
import { explainBuffer, explainProperty, explainType } from './data.js';
import { explainDriver } from './drivers.js';
import { explainEvent } from './events.js';
import type { Explanation } from './explanation.js';
import { explainHandle, explainRole, explainState } from './guards.js';
import { explainMethod } from './methods.js';
import { explainPoll, explainSubscriptionEvent, subscriptionEvents } from './subscriptions.js';

/** What has this name: mostly one thing, but a method and a type may share one. */
export function explainName(model: Model, name: string): readonly Explanation[] {
  const named = (one: { readonly name: string }): boolean => one.name === name;
  return [
    ...model.methods.filter(named).map((method) => explainMethod(model, method)),
    ...model.events.filter(named).map((event) => explainEvent(model, event)),
    ...subscriptionEvents(model)
      .filter(({ event }) => named(event))
      .map((one) => explainSubscriptionEvent(model, one)),
    ...model.polls.filter(named).map((poll) => explainPoll(model, poll)),
    ...model.types.filter(named).map((type) => explainType(model, type)),
    ...model.buffers.filter(named).map((buffer) => explainBuffer(model, buffer)),
    ...model.drivers
      .filter((driver) => named(driver) || driver.className === name)
      .map((driver) => explainDriver(model, driver)),
    ...model.states.filter(named).map((machine) => explainState(model, machine)),
    ...model.roles.filter(named).map((role) => explainRole(model, role)),
    ...model.handles.filter(named).map((handle) => explainHandle(model, handle)),
    ...model.properties.filter(named).map((property) => explainProperty(model, property)),
  ];
}

export function namesOf(model: Model): readonly string[] {
  const { methods, events, types, buffers, properties, states, roles, handles } = model;
  const own = model.subscriptions.flatMap((subscription) => subscription.events);
  const named = [
    methods,
    events,
    own,
    model.polls,
    types,
    buffers,
    properties,
    states,
    roles,
    handles,
  ].flatMap((all) => all.map(({ name }) => name));
  return [...named, ...model.drivers.map(({ className }) => className)];
}
