// Events with a subscription of their own, and polled ones, in the reference.
import type { Model, PolledEvent, Subscription, SubscriptionEvent } from '../../model/model.js';
import { guardNotes, leaveNotes } from '../guard-text.js';
import { type Fact, facts } from './data-view.js';
import { blocks, code, markdownParagraphs, markdownText, type Section } from './markdown.js';
import { payloadText } from './types.js';

type Numbered = { readonly id: number; readonly section: Section };

export function feedSections({ subscriptions, polls }: Model): readonly Numbered[] {
  return [
    ...subscriptions.flatMap((subscription) =>
      subscription.events.map((event) => ({
        id: event.id,
        section: eventSection(subscription, event),
      })),
    ),
    ...polls.map((poll) => ({ id: poll.id, section: pollSection(poll) })),
  ];
}

function titleOf({ id, name }: { readonly id: number; readonly name: string }): string {
  return `${id} · ${markdownText(name)}`;
}

function eventSection(subscription: Subscription, event: SubscriptionEvent): Section {
  const { payload, words, word0 } = event;
  const count = words.min === words.max ? `${words.max}` : `${words.min} to ${words.max}`;
  const size = payload === null ? '' : `${code(payload.name)}, ${payload.size} bytes`;
  const rows: Fact[] = [
    ['payload', size === '' ? 'its words' : size],
    ['delivery', deliveryText(subscription)],
    ['words', `${count}, ${subscription.layout === 'raw' ? 'raw' : 'two of them the header'}`],
    ...(word0 === null ? [] : [['first word', String(word0)] as const]),
    ...callFacts(subscription),
  ];
  return { title: titleOf(event), body: blocks(markdownParagraphs(event.doc), facts(rows)) };
}

function deliveryText({ delivery, queue, overflow }: Subscription): string {
  return delivery === 'standing'
    ? 'one completion, which fires many times'
    : `one completion each, sent anew; ${queue} wait meanwhile, then ${code(overflow)}`;
}

function callFacts(subscription: Subscription): readonly Fact[] {
  const { call, unsubscribe } = subscription;
  const [asked, left] = [guardNotes(call), leaveNotes(subscription)].map((notes) =>
    notes.join(' '),
  );
  const given = [payloadText(call.input), payloadText(call.output)];
  const [input = '', output = ''] = given;
  const off = {
    null: `selector ${call.selector} without a completion`,
    selector: unsubscribe.kind === 'selector' ? `selector ${unsubscribe.call.selector}` : '',
    none: 'closing the connection',
  } as const;
  const errors = call.errors.map(({ name }) => code(name)).join(', ');
  return [
    ['subscribe', `selector ${call.selector}`],
    ...(input === '' ? [] : [['in', input] as const]),
    ...(output === '' ? [] : [['out', output] as const]),
    ...(errors === '' ? [] : [['errors', errors] as const]),
    ...(asked ? [['to subscribe', asked] as const] : []),
    ['unsubscribe', off[unsubscribe.kind]],
    ...(left ? [['to unsubscribe', left] as const] : []),
  ];
}

function pollSection(poll: PolledEvent): Section {
  const { method, intervalMs } = poll;
  const rows: Fact[] = [
    ['delivery', `polled: ${code(method)}, every ${intervalMs} ms when nothing is there`],
    ['nothing is there', emptyText(poll)],
  ];
  return { title: titleOf(poll), body: blocks(markdownParagraphs(poll.doc), facts(rows)) };
}

function emptyText({ empty }: PolledEvent): string {
  switch (empty.kind) {
    case 'never':
      return 'never';
    case 'error':
      return `error ${code(empty.error)}`;
    case 'values':
      return empty.values.map(({ name, value }) => code(`${name} = ${value}`)).join(', ');
    default:
      return empty satisfies never;
  }
}
