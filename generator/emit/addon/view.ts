// The shapes of methods and events as rows of C++ tables.
import type { Event, Method, Model, StructType, SubscriptionEvent } from '../../model/model.js';
import {
  completionWords,
  eventConstant,
  interfaceNames,
  selectorConstant,
  typeName,
} from '../c-names.js';
import { stringLiteral } from '../c-text.js';
import { atOnce, largest } from '../carriers.js';
import { clientSides, subscriptionCalls } from '../sides.js';

type Row = { readonly text: string };

export type AddonView = {
  readonly banner: readonly string[];
  readonly name: string;
  readonly target: string;
  readonly header: string;
  readonly service: string;
  readonly hashHigh: string;
  readonly hashLow: string;
  readonly versionMajor: string;
  readonly versionMinor: string;
  readonly hasContract: string;
  readonly contractBase: string;
  readonly structs: readonly { readonly type: string; readonly size: number }[];
  readonly hasStructs: boolean;
  readonly methods: readonly Row[];
  readonly hasMethods: boolean;
  readonly methodTable: string;
  readonly methodCount: string;
  readonly events: readonly Row[];
  readonly hasEvents: boolean;
  readonly eventTable: string;
  readonly eventCount: string;
};

export function toAddonView(model: Model, banner: readonly string[]): AddonView {
  const names = interfaceNames(model);
  const structs = model.types.filter((type): type is StructType => type.kind === 'struct');
  const methods = [...model.methods, ...subscriptionCalls(model.subscriptions)];
  const events = [
    ...model.events.map((event) => toEventRow(model, event)),
    ...model.subscriptions.flatMap((one) => one.events.map((event) => toOwnRow(model, event))),
  ];
  const hasMethods = methods.length > 0;
  const hasEvents = events.length > 0;
  return {
    banner,
    name: model.name,
    target: model.id,
    header: names.header,
    service: clientSides(model)[0]?.driver.className ?? '',
    hashHigh: names.hashHigh,
    hashLow: names.hashLow,
    versionMajor: names.versionMajor,
    versionMinor: names.versionMinor,
    hasContract: String(model.contract !== null),
    contractBase: model.contract === null ? '0' : names.contractBase,
    structs: structs.map(({ name, size }) => ({ type: typeName(model, name), size })),
    hasStructs: structs.length > 0,
    methods: methods.map((method) => toMethodRow(model, method)),
    hasMethods,
    methodTable: hasMethods ? 'kMethods' : 'nullptr',
    methodCount: hasMethods ? 'std::size(kMethods)' : '0',
    events,
    hasEvents,
    eventTable: hasEvents ? 'kEvents' : 'nullptr',
    eventCount: hasEvents ? 'std::size(kEvents)' : '0',
  };
}

function toMethodRow(model: Model, method: Method): Row {
  const cells = [
    stringLiteral(method.name),
    selectorConstant(model, method),
    method.input.count,
    largest(method.input.struct),
    atOnce(method).count,
    largest(atOnce(method).struct),
    method.answer?.words ?? 0,
  ];
  return { text: `{${cells.join(', ')}},` };
}

/** An event with a subscription of its own. */
function toOwnRow(model: Model, event: SubscriptionEvent): Row {
  const { payload, words } = event;
  const cells = [
    stringLiteral(event.name),
    eventConstant(model, event),
    payload?.size ?? 0,
    words.max,
    0,
  ];
  return { text: `{${cells.join(', ')}},` };
}

function toEventRow(model: Model, event: Event): Row {
  const { payload, delivery } = event;
  const cells = [
    stringLiteral(event.name),
    eventConstant(model, event),
    payload.size,
    delivery.kind === 'completion' ? delivery.words : completionWords(Math.ceil(payload.size / 8)),
    delivery.kind === 'ring' ? delivery.capacity : 0,
  ];
  return { text: `{${cells.join(', ')}},` };
}
