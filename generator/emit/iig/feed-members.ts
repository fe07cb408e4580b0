// What the driver's .iig says of subscriptions of the interface's own.
import type { Model, SubscriptionEvent } from '../../model/model.js';
import { commentLines } from '../c-text.js';
import { emissionOf, feedParameters, wordBounds } from '../feed-hooks.js';
import { allParameters, declare, hookParameters, memberNames } from '../hooks.js';
import type { ClientSide } from '../sides.js';
import type { Member } from './member.js';

const INDENT = 4;

/** Written by the driver engineer. */
export function feedHooks(model: Model, { subscriptions }: ClientSide): Member[] {
  return subscriptions.flatMap((subscription) => {
    const { call, hook, name } = subscription;
    const asked: Member = {
      docs: [
        ...commentLines(call.doc),
        `A client wants to follow "${name}": an error refuses, and nothing of its completion is kept.`,
      ],
      lines: declare(
        `kern_return_t ${memberNames.hook(call)}`,
        allParameters(hookParameters(model, call)),
        ' LOCALONLY;',
        INDENT,
      ),
    };
    const count: Member = {
      docs: [`The number of clients that follow "${name}" has become \`count\`.`],
      lines: [`void ${memberNames.subscribers(subscription)}(uint32_t count) LOCALONLY;`],
    };
    return hook ? [asked, count] : [count];
  });
}

/** Defined in the dispatch. */
export function feedMembers(model: Model, { subscriptions }: ClientSide): Member[] {
  return subscriptions.flatMap((subscription) =>
    subscription.events.map((event) => ({
      docs: [...commentLines(event.doc), recipientText(model, event)],
      lines: declare(
        `${emissionOf(model, event) === 'words' ? 'bool' : 'void'} ${memberNames.emit(event)}`,
        feedParameters(model, subscription, event),
        ' LOCALONLY;',
        INDENT,
      ),
    })),
  );
}

function recipientText(model: Model, event: SubscriptionEvent): string {
  const all = 'To one client, or to all that follow when `client` is null.';
  if (emissionOf(model, event) !== 'words') return all;
  const [min, max] = wordBounds(event);
  const count = min === max ? `${min}` : `${min} to ${max}`;
  return `${all} False unless \`count\` is ${count}.`;
}
