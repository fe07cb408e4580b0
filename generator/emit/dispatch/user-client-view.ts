// The view of the user client: rules, trampolines, and the tables that make up the Interface.
import type { Event, Model } from '../../model/model.js';
import { bannerLines } from '../banner.js';
import {
  completionWords,
  eventConstant,
  interfaceNames,
  interfaceTable,
  roleConstant,
  typeName,
} from '../c-names.js';
import { stringLiteral, wrap } from '../c-text.js';
import { entitlementsOf } from '../guard-text.js';
import { memberNames } from '../hooks.js';
import { type ClientSide, subscriptionCalls } from '../sides.js';
import { usedBy } from '../usage.js';
import { create } from './core-view.js';
import { numbersOf } from './extras.js';
import { type FeedView, feedViews } from './feed-view.js';
import { copiesBytes } from './guard-view.js';
import { type BufferView, bufferViews, type Definition } from './memory-view.js';
import { type MethodView, methodView } from './method-view.js';
import { createRules, type Rules, type RuleView, type ValuesView } from './rules.js';

type EventView = {
  readonly notify: string;
  readonly hook: string;
  readonly id: string;
  readonly ring: boolean;
  readonly payloadSize: string;
  readonly words: number;
  readonly capacity: number;
  readonly policy: string;
  readonly inFlight: number;
  readonly ringMemoryType: string;
  readonly controlMemoryType: string;
  readonly hasLayout: boolean;
  readonly layout: string;
};

type GuardTables = {
  readonly maxClients: number;
  readonly clientHooks: boolean;
  readonly hasDriverMachines: boolean;
  readonly driverMachines: string;
  readonly hasHandles: boolean;
  readonly handles: readonly {
    readonly used: boolean;
    readonly functionName: string;
    readonly hook: string;
    readonly max: number;
    readonly is32: boolean;
  }[];
  readonly hasRoles: boolean;
  readonly roles: readonly { readonly constant: string; readonly hook: string }[];
  readonly hasEntitlements: boolean;
  readonly entitlements: readonly string[];
};

export type UserClientView = GuardTables & {
  readonly copiesBytes: boolean;
  readonly banner: readonly string[];
  readonly interfaceName: string;
  readonly className: string;
  readonly driverClass: string;
  readonly enums: readonly ValuesView[];
  readonly structs: readonly RuleView[];
  /** Some row leads to a hook of the driver. */
  readonly hasHooks: boolean;
  readonly methods: readonly MethodView[];
  readonly hasFeeds: boolean;
  readonly feeds: readonly FeedView[];
  readonly feedEvents: readonly { readonly cells: readonly string[] }[];
  /** Of all calls, ascending by selector. */
  readonly hasRows: boolean;
  readonly rows: readonly MethodView[];
  readonly methodTable: string;
  readonly hasEvents: boolean;
  readonly events: readonly EventView[];
  readonly eventTable: string;
  readonly hasBuffers: boolean;
  readonly buffers: readonly BufferView[];
  readonly bufferTable: string;
  readonly hasPrivateBuffers: boolean;
  readonly hasForgotten: boolean;
  readonly hasBars: boolean;
  readonly services: readonly Definition[];
  readonly hashHigh: string;
  readonly hashLow: string;
  readonly versionMajor: string;
  readonly versionMinor: string;
  readonly hasContract: boolean;
  readonly contractBase: string;
  readonly externalMethod: readonly string[];
  readonly copyMemory: readonly string[];
};

/** What a subscription without a ring keeps unacknowledged (docs: wire protocol). */
const RING_IN_FLIGHT = 64;
const MAX_WORDS = 16;

export function toUserClientView(model: Model, side: ClientSide): UserClientView {
  const rules = createRules(model);
  // Ascending, which the look-up relies on.
  const numbers = numbersOf(model);
  const methods = side.methods.map((method) => methodView(method, { model, rules, numbers }));
  const events = side.events.map((event) => eventView(model, event, rules));
  const { rows, ...feeds } = feedViews(side, { model, rules, numbers });
  const all = sortRows(side, methods, rows);
  const buffers = bufferViews(model, side, rules);
  const names = interfaceNames(model);
  return {
    banner: bannerLines(model),
    interfaceName: interfaceTable(side.client),
    className: side.client.className,
    driverClass: side.driver.className,
    ...rules.views(),
    ...tables(side),
    ...guardTables(model, side),
    copiesBytes: [...side.methods, ...subscriptionCalls(side.subscriptions)].some(copiesBytes),
    hasHooks: methods.length > 0 || feeds.feeds.some(({ hasHook }) => hasHook),
    methods,
    ...feeds,
    hasRows: all.length > 0,
    rows: all,
    methodTable: all.length > 0 ? 'kMethods' : 'nullptr',
    events,
    services: side.services.map((service) => create(side.client.className, service)),
    buffers,
    hashHigh: names.hashHigh,
    hashLow: names.hashLow,
    versionMajor: names.versionMajor,
    versionMinor: names.versionMinor,
    hasContract: model.contract !== null,
    contractBase: model.contract === null ? '0' : names.contractBase,
    ...signatures(side.client.className),
  };
}

type Ordered = MethodView & { readonly order: number };

/** Ascending, which the look-up relies on. */
function sortRows(
  side: ClientSide,
  methods: readonly MethodView[],
  others: readonly Ordered[],
): readonly MethodView[] {
  if (others.length === 0) return methods;
  const own = methods.map((view, i) => ({ ...view, order: side.methods[i]?.selector ?? 0 }));
  return [...own, ...others].sort((a, b) => a.order - b.order);
}

/** The two signatures that are too long for a line. */
function signatures(className: string) {
  const arguments_ = 'IOUserClientMethodArguments * arguments';
  const unused = ['const IOUserClientMethodDispatch *', 'OSObject *', 'void *'];
  const memory = ['uint64_t type', 'uint64_t * options', 'IOMemoryDescriptor ** memory'];
  const head = `kern_return_t ${className}::`;
  return {
    externalMethod: wrap(
      `${head}ExternalMethod`,
      ['uint64_t selector', arguments_, ...unused],
      ' {',
    ),
    copyMemory: wrap(`${head}CopyClientMemoryForType_Impl`, memory, ' {'),
  };
}

/** C++ has no empty arrays, so an interface without methods, events or buffers has no table of them. */
function tables({ events, buffers }: ClientSide) {
  const table = (present: boolean, name: string): string => (present ? name : 'nullptr');
  return {
    hasEvents: events.length > 0,
    eventTable: table(events.length > 0, 'kEvents'),
    hasBuffers: buffers.length > 0,
    bufferTable: table(buffers.length > 0, 'kBuffers'),
    hasPrivateBuffers: buffers.some(({ shared, source }) => !shared && source.kind === 'generated'),
    hasForgotten: buffers.some(({ shared, source }) => !shared && source.kind !== 'generated'),
    hasBars: buffers.some(({ source }) => source.kind === 'bar'),
  };
}

/** What guards and handles refer to. */
function guardTables(model: Model, side: ClientSide): GuardTables {
  const driverMachines = model.states.flatMap(({ scope }, i) => (scope === 'driver' ? [i] : []));
  const entitlements = entitlementsOf(model).map(stringLiteral);
  const { handles, roles } = usedBy(model, [side]);
  const used = new Set(handles.map(({ name }) => name));
  return {
    maxClients: side.driver.maxClients,
    clientHooks: side.driver.clientHooks,
    hasDriverMachines: driverMachines.length > 0,
    driverMachines: driverMachines.map((i) => `1u << ${i}`).join(' | '),
    hasHandles: handles.length > 0,
    // Kinds that this class has no method for keep their number, and nobody makes one.
    handles: model.handles.map((handle) => ({
      used: used.has(handle.name),
      functionName: used.has(handle.name) ? `${memberNames.release(handle)}Call` : 'nullptr',
      hook: memberNames.release(handle),
      max: handle.max,
      is32: handle.base === 'u32',
    })),
    hasRoles: roles.length > 0,
    roles: roles.map((role) => ({
      constant: roleConstant(model, role.name),
      hook: memberNames.roleLost(role),
    })),
    hasEntitlements: entitlements.length > 0,
    entitlements,
  };
}

function eventView(model: Model, event: Event, rules: Rules): EventView {
  const { delivery, payload } = event;
  const needed = completionWords(Math.ceil(payload.size / 8));
  const layout = rules.scrub(payload.name);
  const common = {
    notify: `${memberNames.subscribers(event)}Notify`,
    hook: memberNames.subscribers(event),
    id: eventConstant(model, event),
    payloadSize: `sizeof(${typeName(model, payload.name)})`,
    policy:
      delivery.overflow === 'drop-oldest' ? 'kDextgenPolicyDropOldest' : 'kDextgenPolicyDropNewest',
    hasLayout: layout !== 'nullptr',
    layout,
  };
  if (delivery.kind === 'completion') {
    return {
      ...common,
      ring: false,
      words: delivery.words,
      capacity: 0,
      inFlight: delivery.inFlight,
      ringMemoryType: '0',
      controlMemoryType: '0',
    };
  }
  return {
    ...common,
    ring: true,
    // Records that do not fit a completion have no slow path.
    words: needed <= MAX_WORDS ? needed : 0,
    capacity: delivery.capacity,
    inFlight: RING_IN_FLIGHT,
    ringMemoryType: hex(delivery.ringMemoryType),
    controlMemoryType: hex(delivery.controlMemoryType),
  };
}

const hex = (value: number): string => `0x${value.toString(16).toUpperCase()}u`;
