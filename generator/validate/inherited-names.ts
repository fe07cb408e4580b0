// Names that a driver's class would hide of the class that it derives from.
import type { Driver, Model } from '../model/model.js';
import type { Report, SourceNode } from '../source/index.js';
import { membersOf } from './family-members.js';
import type { Generated } from './generated.js';
import { actionSpaces, driverMembers } from './generated-names.js';
import { spanAt } from './spans.js';

/** What one driver's class has: its own actions and services, and what belongs to its user clients. */
function membersIn(model: Model, driver: Driver): Generated[] {
  const clients = new Set(
    model.userClients.filter((client) => client.driver === driver.name).map(({ name }) => name),
  );
  const own = <Item extends { readonly client: string }>(items: readonly Item[]): Item[] =>
    items.filter(({ client }) => clients.has(client));
  const space = actionSpaces({ ...model, drivers: [driver] }).flatMap(({ names }) => names);
  const used = clients.size === 0 ? { states: [], roles: [], handles: [] } : {};
  const members = driverMembers({
    ...model,
    ...used,
    drivers: [driver],
    methods: own(model.methods),
    events: own(model.events),
    subscriptions: own(model.subscriptions),
    buffers: own(model.buffers),
    properties: model.properties.filter((property) => property.driver === driver.name),
  });
  return [...space, ...members];
}

/** For a model that is otherwise sound: a name that C++ would take for a member of the platform's class, with other parameters. */
export function checkInheritedNames(model: Model, root: SourceNode, report: Report): void {
  const reported = new Set<number>();
  for (const driver of model.drivers) {
    const inherited = membersOf(driver.baseClass);
    for (const { name, path } of membersIn(model, driver)) {
      const at = spanAt(root, path);
      const word = String(path.at(-1));
      if (!inherited.has(name) || reported.has(at.start)) continue;
      reported.add(at.start);
      report({
        code: 'DK302',
        at,
        message: `"${word}" generates ${name} in the driver's class, a member of ${driver.baseClass}`,
        hint: 'choose another name.',
      });
    }
  }
}
