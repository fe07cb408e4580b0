// Which user client a method, an event or a buffer belongs to: the first, unless it says `on: name`.
import { didYouMean } from '../diagnostics/index.js';
import { child, type Report, type SourceNode, stringOf } from '../source/index.js';
import type { UserClient } from './model.js';

export type ClientTable = {
  readonly report: Report;
  readonly clients: readonly UserClient[];
  readonly names: ReadonlySet<string>;
};

export function clientTable(clients: readonly UserClient[], report: Report): ClientTable {
  return { report, clients, names: new Set(clients.map(({ name }) => name)) };
}

/** Name of the user client that a declaration belongs to. */
export function clientNamed(node: SourceNode, { clients, names, report }: ClientTable): string {
  const first = clients[0]?.name ?? '';
  const on = child(node, 'on');
  const name = stringOf(on);
  if (on === null || name === null || names.has(name)) return name ?? first;
  report({
    code: 'DK710',
    at: on.span,
    message: `there is no user client "${name}"`,
    hint: didYouMean(name, names) ?? `there are ${[...names].join(', ')}.`,
  });
  return first;
}

/** The items in groups by user client, in the order of the clients. */
export function byClient<Item extends { readonly client: string }>(
  { clients }: ClientTable,
  items: readonly Item[],
): readonly (readonly Item[])[] {
  const groups = new Map<string, Item[]>(clients.map(({ name }) => [name, []]));
  for (const item of items) groups.get(item.client)?.push(item);
  return [...groups.values()];
}
