// A schema of the right shape → the model. Each section has its resolver; here they meet.
import {
  child,
  itemsOf,
  type Report,
  type Source,
  type SourceNode,
  stringOf,
} from '../source/index.js';
import { checkOpenable } from '../validate/drivers.js';
import { checkNames } from '../validate/names.js';
import { checkSelectors, type RetiredRange, readRetired } from '../validate/selectors.js';
import { resolveBuffers } from './buffers.js';
import { byClient, clientTable } from './clients.js';
import { resolveConstants } from './constants.js';
import { contractHash } from './contract-hash.js';
import { clientNodes, driverNodes } from './driver-nodes.js';
import { type Drivers, resolveDrivers } from './drivers.js';
import { callEntitlements } from './entitlements.js';
import { createErrors } from './errors.js';
import { planEvents, resolveEvents } from './events.js';
import { resolveHandles } from './handles.js';
import { bundleIdentifier, contractOf, isTrue, versionOf } from './header.js';
import { callablesOf, resolveMethods } from './methods.js';
import { MODEL_VERSION, type Model } from './model.js';
import { snake } from './names.js';
import { resolveProperties } from './properties.js';
import { resolveRoles } from './roles.js';
import { resolveStates } from './states.js';
import { textOf } from './text.js';
import { resolveOthers, resolveTypes } from './types.js';

type Calls = Pick<
  Model,
  | 'constants'
  | 'methods'
  | 'retired'
  | 'events'
  | 'subscriptions'
  | 'polls'
  | 'buffers'
  | 'properties'
  | 'types'
  | 'errors'
  | 'states'
  | 'roles'
  | 'handles'
>;

type CallContext = {
  readonly base: number | null;
  readonly imported: ReadonlySet<string>;
  readonly drivers: Drivers;
};

/** By user client, each with selectors of its own; those of the schema are the first one's. */
function retiredOf(
  root: SourceNode,
  userClients: Drivers['userClients'],
  report: Report,
): ReadonlyMap<string, readonly RetiredRange[]> {
  const nodes = driverNodes(root).flatMap(clientNodes);
  return new Map(
    userClients.map(({ name }, index) => {
      const shared = index === 0 ? itemsOf(child(root, 'retired')) : [];
      const own = itemsOf(child(nodes[index]?.node ?? null, 'retired'));
      return [name, readRetired([...shared, ...own], report)];
    }),
  );
}

/** Everything an app can call, receive, map or read. */
function resolveCalls(
  root: SourceNode,
  { base, imported, drivers }: CallContext,
  report: Report,
): Calls {
  const constants = resolveConstants(child(root, 'constants'), report);
  const handles = resolveHandles(child(root, 'handles'));
  const types = resolveTypes(child(root, 'types'), constants, { imported, handles });
  const clients = clientTable(drivers.userClients, report);
  const sections = { methods: child(root, 'methods'), properties: child(root, 'properties') };
  const properties = resolveProperties(sections.properties, {
    report,
    constants,
    drivers: drivers.drivers,
  });
  const retired = retiredOf(root, drivers.userClients, report);
  const callables = callablesOf(sections, clients);
  checkOpenable(root, drivers, report);
  const plan = planEvents(child(root, 'events'), clients, report);
  for (const group of byClient(clients, [...callables, ...plan.callables])) {
    const own = retired.get(group[0]?.client ?? '') ?? [];
    checkSelectors(group, { retired: own, base, report });
  }
  const errors = createErrors(child(root, 'errors'), report);
  const states = resolveStates(child(root, 'states'), report);
  const roles = resolveRoles(child(root, 'roles'), report);
  const byName = new Map(properties.map((property) => [property.name, property]));
  const methodContext = {
    ...{ types, errors, states, roles, properties: byName },
    hasContract: base !== null,
  };
  const methods = resolveMethods(callables, methodContext);
  const events = resolveEvents({ types, base, plan, methodContext, methods });
  const buffers = resolveBuffers(child(root, 'buffers'), {
    types,
    base,
    clients,
    drivers: drivers.drivers,
  });
  // An interface has the imported types that it uses; the others only have to be sound.
  const used = [...types.ordered];
  resolveOthers(types);
  return {
    constants: [...constants.byName.values()].map(({ node: _, ...constant }) => constant),
    types: used,
    methods,
    retired: [...retired].flatMap(([client, ranges]) =>
      ranges.map(({ first, last }) => ({ first, last, client })),
    ),
    ...events,
    buffers,
    properties,
    errors: [...errors.used.values()],
    states: states.machines,
    roles,
    handles: [...handles.values()],
  };
}

/** For a file that holds nothing but types. */
export function checkTypes(root: SourceNode, report: Report): void {
  checkNames(root, report);
  resolveTypes(child(root, 'types'), resolveConstants(child(root, 'constants'), report));
}

export type Origin = {
  readonly source: Source;
  /** Names of the types that come from other files. */
  readonly imported: ReadonlySet<string>;
};

/** Complete when nothing was reported. */
export function resolve(root: SourceNode, { source, imported }: Origin, report: Report): Model {
  const name = stringOf(child(root, 'interface')) ?? '';
  const bundle = child(root, 'bundle');
  const contract = contractOf(child(root, 'contract'));
  checkNames(root, report);
  const identifier = bundleIdentifier(child(bundle, 'identifier'), report);
  const drivers = resolveDrivers(root, {
    interfaceName: name,
    schemaPath: source.path,
    bundleIdentifier: identifier,
    report,
  });
  const calls = resolveCalls(root, { base: contract?.base ?? null, imported, drivers }, report);
  const observable = {
    modelVersion: MODEL_VERSION,
    name,
    id: snake(name),
    version: versionOf(child(root, 'version'), report),
    doc: textOf(child(root, 'doc')),
    schemaPath: source.path,
    contract,
    bundle: {
      identifier,
      name: stringOf(child(bundle, 'name')) ?? drivers.drivers[0]?.className ?? name,
      oneProcess: isTrue(child(bundle, 'oneProcess')),
    },
    ...drivers,
    ...calls,
    entitlements: [
      ...drivers.entitlements,
      ...callEntitlements(drivers.userClients, [
        ...calls.methods,
        ...calls.subscriptions.map(({ call }) => call),
      ]),
    ],
  } as const;
  return { ...observable, contractHash: contractHash(observable) };
}
