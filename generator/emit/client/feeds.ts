// Streams of events that the contract selectors do not serve: those with a subscription of their own, and polled ones.
import type { MethodDeclarationStructure, OptionalKind } from 'ts-morph';
import type {
  EmptyValue,
  Method,
  Model,
  PolledEvent,
  Subscription,
  SubscriptionEvent,
} from '../../model/model.js';
import type { ClientSide } from '../sides.js';
import { access, quote, toDocs } from './jsdoc.js';
import { inputParameters, outputLines, outputType, requestLines, requestText } from './methods.js';
import { type Names, nameOf } from './names.js';
import { rowOf } from './scalars.js';

type MethodStructure = OptionalKind<MethodDeclarationStructure>;

const CALLBACK_WORDS = 3;

const constantsOf = new WeakMap<Model, ReadonlyMap<Subscription, string>>();

function subscriptionConstant(model: Model, subscription: Subscription): string {
  const known =
    constantsOf.get(model) ??
    new Map(model.subscriptions.map((one, index) => [one, `subscription${index}`]));
  constantsOf.set(model, known);
  return known.get(subscription) ?? '';
}

/** What every subscription is on the wire, as a constant each. */
export function subscriptionTexts(model: Model): string[] {
  return model.subscriptions.map((subscription) => {
    const { name, call, unsubscribe, delivery, layout, endWords, overflow } = subscription;
    const off =
      unsubscribe.kind === 'selector' ? unsubscribe.call.selector : quote(unsubscribe.kind);
    return [
      `\nconst ${subscriptionConstant(model, subscription)}: dextgen.SubscriptionInfo = {`,
      `  name: ${quote(name)},`,
      `  selector: ${call.selector},`,
      `  unsubscribe: ${off},`,
      `  rearmed: ${delivery === 'rearmed'},`,
      `  raw: ${layout === 'raw'},`,
      `  words: ${Math.min(endWords, CALLBACK_WORDS)},`,
      `  dropsOldest: ${overflow === 'drop-oldest'},`,
      '};',
    ].join('\n');
  });
}

export function feedStructures(
  model: Model,
  names: Names,
  { subscriptions, polls, methods }: ClientSide,
): MethodStructure[] {
  const ofMethods = new Map(methods.map((method) => [method.name, method]));
  return [
    ...subscriptions.flatMap((subscription) =>
      subscription.events.map((event) => feedStructure(model, names, { subscription, event })),
    ),
    ...polls.flatMap((poll) => {
      const method = ofMethods.get(poll.method);
      return method === undefined ? [] : [pollStructure(names, poll, method)];
    }),
  ];
}

type FeedEvent = { readonly subscription: Subscription; readonly event: SubscriptionEvent };

function feedStructure(model: Model, names: Names, { subscription, event }: FeedEvent) {
  const { call } = subscription;
  const { payload, name, id, word0 } = event;
  const type = payload === null ? 'dextgen.Words' : nameOf(names.types, payload.name);
  const decode = payload === null ? 'dextgen.decodeWords' : `decode${type}`;
  const answer = outputType(names, call);
  const size = payload === null ? 'null' : String(payload.size);
  const tag = word0 === null ? 'null' : `${word0}n`;
  return {
    name: nameOf(names.streams, name),
    docs: toDocs({ doc: event.doc, notes: [feedNote(subscription)] }),
    parameters: [
      ...inputParameters(names, call),
      { name: 'options?', type: 'dextgen.StreamOptions' },
    ],
    returnType: `dextgen.EventStream<${type}${answer === null ? '' : `, ${answer}`}>`,
    statements: [
      ...requestLines(names, call),
      `const event = { name: ${quote(name)}, id: ${id}, word0: ${tag}, size: ${size} };`,
      `return dextgen.streamFeed(this.#connection, ${decode}, options, {`,
      `  subscription: ${subscriptionConstant(model, subscription)},`,
      '  event,',
      `  request: ${requestText(call)},`,
      ...answerLines(names, call),
      '});',
    ],
  };
}

function answerLines(names: Names, call: Method): string[] {
  const lines = outputLines(names, call.output, 'answer');
  if (lines.length === 0) return ['  answer: () => undefined,'];
  return ['  answer: (answer) => ({', ...lines.map((line) => `    ${line}`), '  }),'];
}

function feedNote({ delivery, layout, queue, overflow }: Subscription): string {
  const loss = overflow === 'drop-oldest' ? 'the oldest' : 'the newest';
  const losses =
    layout === 'header' ? 'Losses are counted.' : 'Only losses on this side can be counted.';
  return delivery === 'rearmed'
    ? `One completion each; beyond ${queue} that wait for the next, ${loss} are lost. ${losses}`
    : `One completion for all; ${loss} are lost when too many wait here. ${losses}`;
}

function pollStructure(names: Names, poll: PolledEvent, method: Method): MethodStructure {
  const { name, id, empty, intervalMs } = poll;
  const fetch = nameOf(names.methods, method.name);
  const type = outputType(names, method) ?? 'void';
  return {
    name: nameOf(names.streams, name),
    docs: toDocs({
      doc: poll.doc,
      notes: [`Calls ${fetch} while somebody waits, every ${intervalMs} ms when nothing is there.`],
    }),
    parameters: [{ name: 'options?', type: 'dextgen.StreamOptions' }],
    returnType: `dextgen.EventStream<${type}>`,
    statements: [
      `const event = { name: ${quote(name)}, id: ${id} };`,
      `return dextgen.streamPoll<${type}>(this.#connection, event, options, {`,
      `  fetch: () => this.${fetch}(${method.input.scalars.length > 0 ? '{}' : ''}),`,
      `  isEmpty: (${empty.kind === 'values' ? 'item' : ''}) => ${emptyText(poll)},`,
      `  emptyError: ${empty.kind === 'error' ? quote(empty.error) : 'undefined'},`,
      `  always: ${empty.kind === 'never'},`,
      `  interval: ${intervalMs},`,
      '});',
    ],
  };
}

function emptyText({ empty }: PolledEvent): string {
  if (empty.kind !== 'values') return 'false';
  return empty.values
    .map((one) => `${one.path.reduce(access, 'item')} === ${literal(one)}`)
    .join(' && ');
}

function literal({ type, value, safe }: EmptyValue): string {
  if (type.kind === 'enum') return quote(String(value));
  return rowOf(type).type === 'bigint' && !safe ? `${value}n` : String(value);
}
