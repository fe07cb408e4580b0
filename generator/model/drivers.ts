// The drivers of a bundle: their classes, what each matches, what apps can open, and what is created below them.
import { didYouMean } from '../diagnostics/index.js';
import {
  child,
  entriesOf,
  integerOf,
  type Report,
  type SourceNode,
  stringOf,
} from '../source/index.js';
import { checkAction } from '../validate/actions.js';
import { checkClasses, checkDictionaries, checkOpenTypes } from '../validate/drivers.js';
import { checkMatch, checkProvider } from '../validate/matching.js';
import {
  type ClientNode,
  checkChoice,
  clientNodes,
  type DriverNode,
  driverNodes,
} from './driver-nodes.js';
import { entitlementsOf } from './entitlements.js';
import { baseClasses, providerFramework } from './families.js';
import { isTrue } from './header.js';
import { joinPath } from './import-paths.js';
import { DEFAULT_CLIENTS } from './limits.js';
import type {
  ChildService,
  Driver,
  DriverAction,
  Model,
  Personality,
  PlistEntry,
  UserClient,
} from './model.js';
import { pascal } from './names.js';
import { openEntitlements } from './open-entitlements.js';
import { pciKeys, pciMatchOf } from './pci-match.js';
import { checkPlistText, plistEntriesOf, plistValueOf } from './plist-values.js';
import { textOf } from './text.js';

export type DriverContext = {
  readonly interfaceName: string;
  /** Of the schema, relative to the project. */
  readonly schemaPath: string;
  readonly bundleIdentifier: string;
  readonly report: Report;
};

export type Drivers = Pick<
  Model,
  'drivers' | 'userClients' | 'services' | 'frameworks' | 'entitlements'
>;

function actionsOf(node: SourceNode | null, report: Report): readonly DriverAction[] {
  return entriesOf(node).flatMap(({ key, value }) => {
    const [providerClass = '', providerMethod = ''] = (stringOf(value) ?? '').split('.');
    const known = checkAction({ providerClass, providerMethod, at: value.span }, report);
    return known ? [{ name: key, providerClass, providerMethod }] : [];
  });
}

function matchOf(node: SourceNode | null, report: Report): readonly PlistEntry[] {
  checkMatch(entriesOf(node), report);
  return entriesOf(node).map(({ key, value }): PlistEntry => {
    if (!pciKeys.has(key)) return { key, value: plistValueOf(value, report) };
    return { key, value: { kind: 'string', value: pciMatchOf(value, report) ?? '' } };
  });
}

type Base = Pick<Driver, 'baseClass' | 'baseFramework'> & { readonly kernelClass: string };

/** `extends: IOUserHIDDevice`, or `{ class, framework, kernelClass }` for one that is not in the table. */
function baseOf(node: SourceNode | null, report: Report): Base {
  const name = stringOf(node) ?? stringOf(child(node, 'class')) ?? 'IOService';
  const known = baseClasses.get(name);
  const framework = stringOf(child(node, 'framework')) ?? known?.framework;
  const kernelClass = stringOf(child(node, 'kernelClass')) ?? known?.kernelClass ?? 'IOUserService';
  if (framework !== undefined) return { baseClass: name, baseFramework: framework, kernelClass };
  report({
    code: 'DK712',
    at: (child(node, 'class') ?? node)?.span ?? { start: 0, end: 0 },
    message: `no base class "${name}" is known`,
    hint:
      didYouMean(name, baseClasses.keys()) ??
      `write { class: ${name}, framework: …, kernelClass: … }; known are ${[...baseClasses.keys()].join(', ')}.`,
  });
  return { baseClass: name, baseFramework: 'DriverKit', kernelClass };
}

type Place = { readonly name: string; readonly kernelClass: string };

function personalityOf(
  node: SourceNode,
  { name, kernelClass }: Place,
  report: Report,
): Personality {
  const provider = child(node, 'provider');
  if (provider !== null) checkProvider(stringOf(provider) ?? '', provider.span, report);
  const personality = {
    name,
    kernelClass: stringOf(child(node, 'kernelClass')) ?? kernelClass,
    provider: stringOf(provider) ?? '',
    match: matchOf(child(node, 'match'), report),
    properties: plistEntriesOf(child(node, 'properties'), report),
  };
  return personality;
}

function personalitiesOf(
  { node }: DriverNode,
  { className, kernelClass }: { readonly className: string; readonly kernelClass: string },
  report: Report,
): readonly Personality[] {
  const section = child(node, 'personalities');
  for (const key of ['provider', 'match', 'properties', 'kernelClass'])
    checkChoice(node, { one: 'personalities', other: key }, report);
  if (section === null) return [personalityOf(node, { name: className, kernelClass }, report)];
  return entriesOf(section).map(({ key, keySpan, value }) => {
    checkPlistText(key, keySpan, report);
    return personalityOf(value, { name: key, kernelClass }, report);
  });
}

/** The first driver has the plain name. */
function classNameOf({ name, node }: DriverNode, index: number, interfaceName: string): string {
  const own = index === 0 ? '' : pascal(name);
  return stringOf(child(node, 'class')) ?? `${interfaceName}${own}Driver`;
}

function driverOf(source: DriverNode, index: number, context: DriverContext): Driver {
  const { name, node } = source;
  const { report } = context;
  const className = classNameOf(source, index, context.interfaceName);
  const { kernelClass, ...base } = baseOf(child(node, 'extends'), report);
  const iig = stringOf(child(node, 'iig'));
  return {
    name,
    className,
    ...base,
    keptIig: iig === null ? null : joinPath(context.schemaPath, iig),
    personalities: personalitiesOf(source, { className, kernelClass }, report),
    actions: actionsOf(child(node, 'actions'), report),
    maxClients: Number(integerOf(child(node, 'maxClients')) ?? BigInt(DEFAULT_CLIENTS)),
    clientHooks: isTrue(child(node, 'clientHooks')),
    doc: textOf(child(node, 'doc')),
  };
}

function checkDictionaryKey(node: SourceNode | null, report: Report): void {
  const key = child(node, 'dictionary');
  if (key !== null) checkPlistText(stringOf(key) ?? '', key.span, report);
}

function clientOf(
  source: ClientNode,
  driver: string,
  plain: boolean,
  context: DriverContext,
): UserClient {
  const { name, node, opening, className } = source;
  const own = plain ? '' : pascal(name);
  const type = integerOf(child(node, 'type'));
  checkDictionaryKey(node, context.report);
  return {
    name,
    driver,
    className: stringOf(className) ?? `${context.interfaceName}${own}UserClient`,
    type: type === null ? null : Number(type),
    dictionary:
      stringOf(child(node, 'dictionary')) ??
      (plain ? 'UserClientProperties' : `${own}ClientProperties`),
    properties: plistEntriesOf(child(node, 'properties'), context.report),
    entitlements: openEntitlements(opening, context.report),
    doc: textOf(child(node, 'doc')),
  };
}

/** `in: personality` unless it names a user client; `userClient` is the driver's first. */
function ownerOf(
  node: SourceNode,
  driver: string,
  clients: readonly UserClient[],
  report: Report,
): ChildService['owner'] {
  const at = child(node, 'in');
  const place = stringOf(at) ?? 'personality';
  if (place === 'personality') return { kind: 'driver', name: driver };
  const found =
    place === 'userClient' ? clients[0] : clients.find((client) => client.name === place);
  if (found !== undefined) return { kind: 'userClient', name: found.name };
  report({
    code: 'DK710',
    at: at?.span ?? node.span,
    message: `this driver has no user client "${place}"`,
    hint: 'write "in: personality", or the name of one of its user clients.',
  });
  return { kind: 'driver', name: driver };
}

function servicesOf(
  { name: driver, node }: DriverNode,
  clients: readonly UserClient[],
  report: Report,
): readonly ChildService[] {
  const section = entriesOf(child(node, 'services'));
  for (const { value } of section) checkDictionaryKey(value, report);
  return section.map(({ key, value }) => ({
    name: key,
    owner: ownerOf(value, driver, clients, report),
    dictionary: stringOf(child(value, 'dictionary')) ?? `${pascal(key)}Properties`,
    className: stringOf(child(value, 'class')) ?? '',
    kernelClass: stringOf(child(value, 'kernelClass')) ?? 'IOUserService',
    properties: plistEntriesOf(child(value, 'properties'), report),
    doc: textOf(child(value, 'doc')),
  }));
}

function frameworksOf(drivers: readonly Driver[], services: readonly ChildService[]): string[] {
  const bases = [...baseClasses.values()];
  const created = services.map(({ kernelClass }) =>
    bases.find((base) => base.kernelClass === kernelClass),
  );
  const used = drivers.flatMap(({ baseFramework, personalities, actions }) => [
    baseFramework,
    ...personalities.map(({ provider }) => providerFramework(provider)),
    ...actions.map(({ providerClass }) => providerFramework(providerClass)),
  ]);
  const all = [...used, ...created.map((base) => base?.framework ?? null)];
  return [...new Set(['DriverKit', ...all.filter((framework) => framework !== null)])];
}

/** Complete when nothing was reported. */
export function resolveDrivers(root: SourceNode, context: DriverContext): Drivers {
  const { report } = context;
  checkChoice(root, { one: 'driver', other: 'drivers' }, report);
  const nodes = driverNodes(root);
  for (const { node } of nodes)
    for (const other of ['userClient', 'entitlement'])
      checkChoice(node, { one: 'userClients', other }, report);
  const drivers = nodes.map((node, index) => driverOf(node, index, context));
  const sources = nodes.flatMap((node) => clientNodes(node).map((client) => ({ client, node })));
  const userClients = sources.map(({ client, node }, index) =>
    clientOf(client, node.name, index === 0 || (client.node === null && node.only), context),
  );
  const opened = userClients.flatMap((client, index) => {
    const source = sources[index]?.client;
    return source === undefined ? [] : [{ node: source.node, at: source.at, client }];
  });
  checkOpenTypes(opened, report);
  const services = nodes.flatMap((node) =>
    servicesOf(
      node,
      userClients.filter(({ driver }) => driver === node.name),
      report,
    ),
  );
  const parties = { drivers, userClients, services };
  checkClasses(root, parties, report);
  checkDictionaries(root, parties, report);
  return {
    ...parties,
    frameworks: frameworksOf(drivers, services),
    entitlements: entitlementsOf(drivers, services, context.bundleIdentifier),
  };
}
