// A model cut by who serves it: what each user client class has, and what each driver class has. Cut once per model,
// since an interface may have thousands of methods.
import type {
  Buffer,
  ChildService,
  Driver,
  Event,
  Guards,
  Method,
  Model,
  PolledEvent,
  Property,
  Subscription,
  UserClient,
} from '../model/model.js';

export type ClientSide = {
  readonly client: UserClient;
  readonly driver: Driver;
  /** The first of the interface: what has no name of its own in the client. */
  readonly first: boolean;
  /** Ordered by selector. */
  readonly methods: readonly Method[];
  readonly events: readonly Event[];
  /** Ordered by selector. */
  readonly subscriptions: readonly Subscription[];
  readonly polls: readonly PolledEvent[];
  readonly buffers: readonly Buffer[];
  /** Created from its dictionary. */
  readonly services: readonly ChildService[];
};

export type DriverSide = {
  readonly driver: Driver;
  readonly clients: readonly ClientSide[];
  readonly properties: readonly Property[];
  /** Created from its personalities. */
  readonly services: readonly ChildService[];
};

type Sides = {
  readonly clients: ReadonlyMap<string, ClientSide>;
  readonly drivers: readonly DriverSide[];
};

const cut = new WeakMap<Model, Sides>();

type Parts<Item> = ReadonlyMap<string, readonly Item[]>;

function group<Item>(items: readonly Item[], keyOf: (item: Item) => string): Parts<Item> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [item]);
    else known.push(item);
  }
  return groups;
}

const clientOf = ({ client }: { readonly client: string }): string => client;

function cutModel(model: Model): Sides {
  const [methods, events, buffers] = [
    group(model.methods, clientOf),
    group(model.events, clientOf),
    group(model.buffers, clientOf),
  ];
  const subscriptions = group(model.subscriptions, clientOf);
  const polls = group(model.polls, clientOf);
  const services = group(model.services, ({ owner }) => `${owner.kind} ${owner.name}`);
  const properties = group(model.properties, ({ driver }) => driver);
  const drivers = new Map(model.drivers.map((driver) => [driver.name, driver]));
  const clients = model.userClients.map((client, index): ClientSide => {
    const { name } = client;
    const driver = drivers.get(client.driver);
    if (driver === undefined) throw new Error(`the user client ${name} has no driver`);
    return {
      client,
      driver,
      first: index === 0,
      methods: methods.get(name) ?? [],
      events: events.get(name) ?? [],
      subscriptions: subscriptions.get(name) ?? [],
      polls: polls.get(name) ?? [],
      buffers: buffers.get(name) ?? [],
      services: services.get(`userClient ${name}`) ?? [],
    };
  });
  return {
    clients: new Map(clients.map((side) => [side.client.name, side])),
    drivers: model.drivers.map((driver) => ({
      driver,
      clients: clients.filter((side) => side.driver === driver),
      properties: properties.get(driver.name) ?? [],
      services: services.get(`driver ${driver.name}`) ?? [],
    })),
  };
}

function sidesOf(model: Model): Sides {
  const known = cut.get(model) ?? cutModel(model);
  cut.set(model, known);
  return known;
}

/** What a subscription is called with. */
export function subscriptionCalls(subscriptions: readonly Subscription[]): readonly Method[] {
  return subscriptions.flatMap(({ call, unsubscribe }) =>
    unsubscribe.kind === 'selector' ? [call, unsubscribe.call] : [call],
  );
}

/** What the end of a subscription asks for, where it shares the selector of its beginning. */
export const leaveGuards = ({ unsubscribe }: Subscription): readonly Guards[] =>
  unsubscribe.kind === 'null' && unsubscribe.guards !== null ? [unsubscribe.guards] : [];

/** What every call and every end of a subscription asks for. */
export const guardsIn = (model: Model): readonly Guards[] => [
  ...callsOf(model).map(({ guards }) => guards),
  ...model.subscriptions.flatMap(leaveGuards),
];

/** Everything that an app calls by a selector of the interface's own. */
export function callsOf({ methods, subscriptions }: Model): readonly Method[] {
  return [...methods, ...subscriptionCalls(subscriptions)];
}

/** In schema order. */
export function clientSides(model: Model): readonly ClientSide[] {
  return [...sidesOf(model).clients.values()];
}

export function driverSides(model: Model): readonly DriverSide[] {
  return sidesOf(model).drivers;
}

/** The side that a method, an event or a buffer belongs to. */
export function sideOf(model: Model, { client }: { readonly client: string }): ClientSide {
  const side = sidesOf(model).clients.get(client);
  if (side === undefined) throw new Error(`there is no user client ${client}`);
  return side;
}

/** C++ class of the user client that it belongs to. */
export function clientClass(model: Model, item: { readonly client: string }): string {
  return sideOf(model, item).client.className;
}

/** C++ class of the driver behind that user client. */
export function driverClass(model: Model, item: { readonly client: string }): string {
  return sideOf(model, item).driver.className;
}

/** Whether the driver has state of its own that is generated. */
export function hasCore({ clients, properties, services }: DriverSide): boolean {
  return clients.length > 0 || properties.length > 0 || services.length > 0;
}
