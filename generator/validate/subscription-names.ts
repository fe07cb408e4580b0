// Names that subscriptions and polled events add to the generated code (see generated-names.ts).
import type { Method, Model } from '../model/model.js';
import { camel, pascal, plural } from '../model/names.js';
import type { Generated } from './generated.js';

type Sections = Pick<Model, 'subscriptions' | 'polls'>;

type Limits = (call: Method, path: readonly string[]) => readonly Generated[];

/** Constants of the wire header, without the interface's prefix. */
export function subscriptionConstants({ subscriptions }: Sections, limits: Limits): Generated[] {
  return subscriptions.flatMap(({ name, call, unsubscribe, events }) => {
    const path = ['events', name, 'subscribe'];
    const off = unsubscribe.kind === 'selector' ? [unsubscribe.call] : [];
    return [
      ...[call, ...off].map((method) => ({ name: `Selector${pascal(method.name)}`, path })),
      ...limits(call, path),
      ...events.flatMap((event) => {
        const stem = `Event${pascal(event.name)}`;
        const own = ['events', event.name];
        return ['', 'Words', 'Word0'].map((suffix) => ({ name: stem + suffix, path: own }));
      }),
    ];
  });
}

/** Members of the driver's class. */
export function subscriptionMembers({ subscriptions }: Sections): Generated[] {
  return subscriptions.flatMap(({ name, call, hook, events }) => [
    ...(hook ? [{ name: pascal(call.name), path: ['events', name] }] : []),
    { name: `${pascal(name)}Subscribers`, path: ['events', name] },
    ...events.map((event) => ({
      name: `Emit${pascal(event.name)}`,
      path: ['events', event.name],
    })),
  ]);
}

/** Methods of the client: one stream each. */
export function streamNames({ subscriptions, polls }: Sections): Generated[] {
  const events = [...subscriptions.flatMap((one) => one.events), ...polls];
  return events.map(({ name }) => ({ name: plural(camel(name)), path: ['events', name] }));
}
