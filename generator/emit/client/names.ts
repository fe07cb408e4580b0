// Names of the client: what the schema says in camel or Pascal case, kept apart where two would meet.
import type { FlagsType, Model } from '../../model/model.js';
import { pascal } from '../c-names.js';
import { flagMasks, givenTypes } from './given-types.js';

export function camel(name: string): string {
  const joined = pascal(name);
  const capitals = /^[A-Z]+/.exec(joined)?.[0].length ?? 0;
  // The last capital of a run begins the next word, unless the run is the whole name.
  const head = capitals > 1 && capitals < joined.length ? capitals - 1 : capitals;
  return joined.slice(0, head).toLowerCase() + joined.slice(head);
}

function plural(name: string): string {
  if (/(s|x|z|ch|sh)$/.test(name)) return `${name}es`;
  return /[^aeiou]y$/.test(name) ? `${name.slice(0, -1)}ies` : `${name}s`;
}

/** Members that every client class has, and those that JavaScript gives a meaning. */
const members = [
  'constructor',
  'then',
  'toString',
  'valueOf',
  'toJSON',
  'open',
  'close',
  'raw',
  'id',
  'end',
  'ended',
  'statistics',
];

/** Globals that generated code refers to, and its own top-level names; a type of that name gets a prefix. */
const globals = [
  'AsyncDisposable',
  'BigInt',
  'BigInt64Array',
  'BigUint64Array',
  'DataView',
  'Float32Array',
  'Float64Array',
  'Int16Array',
  'Int32Array',
  'Int8Array',
  'Number',
  'Promise',
  'Symbol',
  'Uint16Array',
  'Uint32Array',
  'Uint8Array',
  'ArrayBuffer',
  'Array',
  'Object',
  'Map',
  'Math',
  'Omit',
  'URL',
];

export type Names = {
  /** User client → exported class of its connections. */
  readonly clients: ReadonlyMap<string, string>;
  /** Driver → exported class of its services. */
  readonly devices: ReadonlyMap<string, string>;
  /** Struct, enum or handle → exported type. */
  readonly types: ReadonlyMap<string, string>;
  /** Struct or bit-fields that are given otherwise than they are read → exported type of what is given. */
  readonly inputs: ReadonlyMap<string, string>;
  /** Flags that are a number although they have 64 bits. */
  readonly safe: ReadonlySet<string>;
  /** Flags → their masks as arguments of a check. */
  readonly masks: ReadonlyMap<string, string>;
  readonly methods: ReadonlyMap<string, string>;
  /** Event → method that gives its stream. */
  readonly streams: ReadonlyMap<string, string>;
  readonly properties: ReadonlyMap<string, string>;
  /** Buffer → method that maps it, and class of what it gives. */
  readonly maps: ReadonlyMap<string, string>;
  readonly bufferClasses: ReadonlyMap<string, string>;
};

export function chooseNames(model: Model): Names {
  // The first of each is what the interface is about; the others have their own names behind its.
  const classOf = (suffix: string) => (item: { readonly name: string }, index: number) =>
    [item.name, `${model.name}${index === 0 ? '' : pascal(item.name)}${suffix}`] as const;
  const clients = new Map(model.userClients.map(classOf('')));
  const devices = new Map(model.drivers.map(classOf('Device')));
  const top = new Set([...globals, ...clients.values(), ...devices.values()]);
  const member = new Set(members);
  const choose = (
    items: readonly { readonly name: string }[],
    taken: Set<string>,
    candidates: (name: string) => readonly [string, string],
  ) => new Map(items.map(({ name }) => [name, claim(taken, candidates(name))]));
  const flags = model.types.filter((type): type is FlagsType => type.kind === 'flags');
  return {
    clients,
    devices,
    types: choose([...model.types, ...model.handles], top, (name) => [
      pascal(name),
      `${model.name}${pascal(name)}`,
    ]),
    inputs: choose(givenTypes(model), top, (name) => [
      `${pascal(name)}Input`,
      `${model.name}${pascal(name)}Input`,
    ]),
    safe: new Set(flags.filter(({ safe }) => safe).map(({ name }) => name)),
    masks: new Map(flags.map((type) => [type.name, flagMasks(type)])),
    methods: choose(model.methods, member, (name) => [camel(name), `${camel(name)}Method`]),
    streams: choose(streamsOf(model), member, (name) => [
      plural(camel(name)),
      `${camel(name)}Events`,
    ]),
    properties: choose(model.properties, member, (name) => [camel(name), `${camel(name)}Property`]),
    maps: choose(model.buffers, member, (name) => [
      `map${pascal(name)}`,
      `map${pascal(name)}Buffer`,
    ]),
    bufferClasses: choose(model.buffers, top, (name) => [
      `${pascal(name)}Buffer`,
      `${model.name}${pascal(name)}Buffer`,
    ]),
  };
}

/** Everything that becomes a stream. */
function streamsOf({ events, subscriptions, polls }: Model): readonly { readonly name: string }[] {
  return [...events, ...subscriptions.flatMap((one) => one.events), ...polls];
}

function claim(taken: Set<string>, [first, second]: readonly [string, string]): string {
  let name = taken.has(first) ? second : first;
  while (taken.has(name)) name += '_';
  taken.add(name);
  return name;
}

/** The chosen name; a missing one is our bug. */
export function nameOf(names: ReadonlyMap<string, string>, name: string): string {
  const chosen = names.get(name);
  if (chosen === undefined) throw new Error(`no name was chosen for ${name}`);
  return chosen;
}
