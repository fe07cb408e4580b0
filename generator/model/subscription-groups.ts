// Which events go through one subscription: that of the event that declares it, and of those that name it.
import { didYouMean } from '../diagnostics/index.js';
import { child, type Entry, type Report, type SourceNode, stringOf } from '../source/index.js';
import { deliveryOf, refuseSharedKeys } from './event-keys.js';

/** An event that declares a subscription, and those that share it. */
export type Group = { readonly owner: Entry; readonly members: readonly Entry[] };

/** Events by the subscription that they go through, in the order of the text. */
export function groupsOf(entries: readonly Entry[], report: Report): readonly Group[] {
  const owners = new Map<string, Entry>();
  const groups = new Map<Entry, Entry[]>();
  for (const entry of entries) {
    if (child(entry.value, 'subscribe')?.kind !== 'map') continue;
    owners.set(entry.key, entry);
    groups.set(entry, [entry]);
  }
  for (const entry of entries) {
    const node = child(entry.value, 'subscribe');
    if (node === null) missingSubscribe(entry, report);
    const name = stringOf(node);
    if (node === null || name === null) continue;
    const owner = owners.get(name);
    if (owner === undefined) unknownOwner(name, node, { owners: owners.keys(), report });
    else if (deliveryOf(owner.value) !== deliveryOf(entry.value))
      otherDelivery(entry, owner, report);
    else {
      refuseSharedKeys(entry, name, report);
      groups.get(owner)?.push(entry);
    }
  }
  return [...groups].map(([owner, members]) => ({ owner, members }));
}

function missingSubscribe(entry: Entry, report: Report): void {
  const rearmed = deliveryOf(entry.value) === 'rearmed';
  report({
    code: 'DK203',
    at: entry.keySpan,
    message: `"${entry.key}" needs a key "subscribe"`,
    hint: `add "subscribe: { selector: … }"${rearmed ? '.' : ', or choose delivery: async, which the contract selectors serve.'}`,
  });
}

type Unknown = { readonly owners: Iterable<string>; readonly report: Report };

function unknownOwner(name: string, { span }: SourceNode, { owners, report }: Unknown): void {
  report({
    code: 'DK621',
    at: span,
    message: `no event "${name}" declares a subscription to share`,
    hint: didYouMean(name, owners) ?? 'write "subscribe: { selector: … }" for one of its own.',
  });
}

function otherDelivery(entry: Entry, owner: Entry, report: Report): void {
  const at = child(entry.value, 'subscribe')?.span ?? entry.keySpan;
  report({
    code: 'DK621',
    at,
    message: `"${owner.key}" has delivery: ${deliveryOf(owner.value)}, so "${entry.key}" cannot share its subscription`,
    notes: [{ message: 'the subscription is declared here', at: owner.keySpan }],
    hint: `write delivery: ${deliveryOf(owner.value)}, or a subscription of its own.`,
  });
}
