// What drivers, user clients and services must not share: classes, open types, and keys of one dictionary.
import { clientNodes, driverNodes, MAIN } from '../model/driver-nodes.js';
import type { ChildService, Driver, UserClient } from '../model/model.js';
import { child, type Report, type SourceNode, type Span, stringOf } from '../source/index.js';
import { ownKeys } from './matching.js';
import { spanAt } from './spans.js';

export type Parties = {
  readonly drivers: readonly Driver[];
  readonly userClients: readonly UserClient[];
  readonly services: readonly ChildService[];
};

type Opened = { readonly node: SourceNode | null; readonly at: Span; readonly client: UserClient };

function checkType({ node, at, client }: Opened, taken: Map<number | null, Span>, report: Report) {
  const place = child(node, 'type')?.span ?? at;
  const earlier = taken.get(client.type);
  if (earlier === undefined) taken.set(client.type, place);
  else {
    const both = client.type === null ? 'every type that is left' : `the type ${client.type}`;
    report({
      code: 'DK711',
      at: place,
      message: `"${client.name}" and an earlier user client are both opened with ${both}`,
      notes: [{ message: 'first used here', at: earlier }],
      hint: 'give each a type of its own, the third argument of IOServiceOpen; one may have none.',
    });
  }
}

/** The driver tells its user clients apart by the type that an app opens (contract §4.1). */
export function checkOpenTypes(opened: readonly Opened[], report: Report): void {
  const taken = new Map<string, Map<number | null, Span>>();
  for (const one of opened) {
    const types = taken.get(one.client.driver) ?? new Map<number | null, Span>();
    taken.set(one.client.driver, types);
    checkType(one, types, report);
  }
}

/** Methods, events and buffers are reached through a user client; an interface without one is nothing to an app. */
export function checkOpenable(root: SourceNode, { userClients }: Parties, report: Report): void {
  if (userClients.length > 0) return;
  const section = ['methods', 'events', 'buffers'].find((key) => child(root, key) !== null);
  report({
    code: 'DK717',
    at: spanAt(root, [section ?? 'drivers']),
    message:
      section === undefined
        ? 'no driver has a user client, so there is nothing that an app could open'
        : `no driver has a user client, so that no app reaches the ${section}`,
    hint: 'add "userClient: …" to the driver that apps open.',
  });
}

type Named = { readonly text: string; readonly what: string; readonly at: Span };

function classesOf(root: SourceNode, { drivers, userClients, services }: Parties): Named[] {
  const nodes = driverNodes(root);
  const clients = nodes.flatMap(clientNodes);
  return [
    ...drivers.map(({ name, className }, index) => ({
      text: className,
      what: name === MAIN ? 'the driver' : `the driver "${name}"`,
      at: child(nodes[index]?.node ?? null, 'class')?.span ?? nodes[index]?.at ?? root.span,
    })),
    ...userClients.map(({ name, className }, index) => ({
      text: className,
      what: name === MAIN ? 'the user client' : `the user client "${name}"`,
      at: clients[index]?.className?.span ?? clients[index]?.at ?? root.span,
    })),
    ...nodes.flatMap(({ node, path }) =>
      services.flatMap(({ name, className }) => {
        const text = child(child(child(node, 'services'), name), 'class');
        return text === null || stringOf(text) !== className
          ? []
          : [
              {
                text: className,
                what: `the service "${name}"`,
                at: text.span ?? spanAt(root, path),
              },
            ];
      }),
    ),
  ];
}

/** One class has one life: a user client ends with its connection, a driver with its device (contract §4.5, §4.6). */
export function checkClasses(root: SourceNode, parties: Parties, report: Report): void {
  const first = new Map<string, Named>();
  for (const named of classesOf(root, parties)) {
    const earlier = first.get(named.text);
    if (earlier === undefined) {
      first.set(named.text, named);
      continue;
    }
    // Several services may be of one class: each is an instance of its own.
    if (earlier.what.startsWith('the service') && named.what.startsWith('the service')) continue;
    report({
      code: 'DK716',
      at: named.at,
      message: `${named.text} would be the class of ${earlier.what} and of ${named.what}`,
      notes: [{ message: 'first used here', at: earlier.at }],
      hint: 'give each a class of its own; what they share belongs into the driver, which both can reach.',
    });
  }
}

type Key = { readonly key: string; readonly path: readonly string[] };

function checkKeys(keys: readonly Key[], where: string, root: SourceNode, report: Report): void {
  const first = new Map<string, Key>();
  for (const one of keys) {
    const earlier = first.get(one.key);
    const own = ownKeys.has(one.key) && one.key !== 'UserClientProperties';
    if (earlier === undefined && !own) {
      first.set(one.key, one);
      continue;
    }
    report({
      code: 'DK715',
      at: spanAt(root, one.path),
      message:
        earlier === undefined
          ? `dextgen writes the key "${one.key}" of ${where} itself`
          : `${where} would have the key "${one.key}" twice`,
      notes:
        earlier === undefined
          ? []
          : [{ message: 'first used here', at: spanAt(root, earlier.path) }],
      hint: 'choose another key; "dictionary" names those of user clients and services.',
    });
  }
}

/** Everything in one personality shares one dictionary, and so do the keys of a user client. */
export function checkDictionaries(root: SourceNode, parties: Parties, report: Report): void {
  const nodes = driverNodes(root);
  const clientPaths = new Map(
    nodes.flatMap(clientNodes).map(({ name, path }) => [name, path] as const),
  );
  const own = (kind: string, name: string, path: readonly string[]): Key[] =>
    parties.services
      .filter(({ owner }) => owner.kind === kind && owner.name === name)
      .map((service) => ({ key: service.dictionary, path: [...path, 'services', service.name] }));
  parties.drivers.forEach((driver, index) => {
    const path = nodes[index]?.path ?? [];
    const clients = parties.userClients.filter((client) => client.driver === driver.name);
    const created = [
      ...clients.map(({ name, dictionary }) => ({
        key: dictionary,
        path: clientPaths.get(name) ?? path,
      })),
      ...own('driver', driver.name, path),
    ];
    for (const { name, match, properties } of driver.personalities) {
      const inside = child(nodes[index]?.node ?? null, 'personalities') === null;
      const place = inside ? path : [...path, 'personalities', name];
      const keys = [
        ...match
          .filter(({ key }) => !ownKeys.has(key))
          .map(({ key }) => ({ key, path: [...place, 'match', key] })),
        ...properties.map(({ key }) => ({ key, path: [...place, 'properties', key] })),
      ];
      checkKeys([...created, ...keys], `the personality "${name}"`, root, report);
    }
    for (const client of clients) {
      const place = clientPaths.get(client.name) ?? path;
      const keys = client.properties.map(({ key }) => ({
        key,
        path: [...place, 'properties', key],
      }));
      const all = [...own('userClient', client.name, path), ...keys];
      checkKeys(all, `the user client "${client.name}"`, root, report);
    }
  });
}
