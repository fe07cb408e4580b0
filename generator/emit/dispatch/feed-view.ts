// Feeds in the dispatch: what each call that subscribes does around its hook, and the tables of feeds and their events.
import type { Model, Subscription, SubscriptionEvent } from '../../model/model.js';
import { eventConstant, eventWord0Constant, typeName } from '../c-names.js';
import { memberNames } from '../hooks.js';
import type { ClientSide } from '../sides.js';
import { leaveExtras } from './guard-view.js';
import { type MethodContext, type MethodView, methodView } from './method-view.js';
import type { Rules } from './rules.js';

export type FeedView = {
  /** The function that asks the driver, as that of any method. */
  readonly hasHook: boolean;
  readonly ask: MethodView;
  /** Of the rows, where no function stands in front of them that has its own. */
  readonly hasTables: boolean;
  readonly tables: readonly string[];
  readonly functionName: string;
  readonly body: readonly string[];
  readonly leaves: boolean;
  readonly leaveName: string;
  readonly number: number;
  readonly notify: string;
  readonly subscribers: string;
  /** Members of the table's row. */
  readonly cells: readonly string[];
};

type Row = MethodView & { readonly order: number };

export type FeedViews = {
  readonly hasFeeds: boolean;
  readonly feeds: readonly FeedView[];
  readonly feedEvents: readonly { readonly cells: readonly string[] }[];
  /** Rows of the calls, to be sorted among those of the methods. */
  readonly rows: readonly Row[];
};

const STATUS = 'kIOReturnSuccess';

export function feedViews({ subscriptions }: ClientSide, context: MethodContext): FeedViews {
  const { model, rules } = context;
  const feeds = subscriptions.map((subscription, number) =>
    feedView(subscription, number, context),
  );
  return {
    hasFeeds: feeds.length > 0,
    feeds: feeds.map(({ view }) => view),
    feedEvents: subscriptions.flatMap((subscription, number) =>
      subscription.events.map((event) => ({ cells: eventRow({ model, rules, event }, number) })),
    ),
    rows: feeds.flatMap(({ rows }) => rows),
  };
}

function feedView(subscription: Subscription, number: number, context: MethodContext) {
  const { call, hook, unsubscribe } = subscription;
  const method = withLeave(methodView(call, context), subscription, context);
  const stem = memberNames.hook(call);
  const ask = { ...method, functionName: `${stem}Ask` };
  const leave = unsubscribe.kind === 'selector' ? methodView(unsubscribe.call, context) : null;
  const leaveName = unsubscribe.kind === 'selector' ? memberNames.hook(unsubscribe.call) : '';
  const tables = [...(hook ? [] : method.tables), ...(leave?.tables ?? [])];
  const view: FeedView = {
    hasHook: hook,
    ask,
    hasTables: tables.length > 0,
    tables,
    functionName: `${stem}Call`,
    body: bodyOf(subscription, ask.functionName, number),
    leaves: unsubscribe.kind === 'selector',
    leaveName: `${leaveName}Call`,
    number,
    notify: `${memberNames.subscribers(subscription)}Notify`,
    subscribers: memberNames.subscribers(subscription),
    cells: cellsOf(context.model, subscription),
  };
  const rows: Row[] = [{ ...method, order: call.selector }];
  if (leave !== null && unsubscribe.kind === 'selector')
    rows.push({ ...leave, order: unsubscribe.call.selector });
  return { view, rows };
}

function withLeave(
  view: MethodView,
  subscription: Subscription,
  { model, numbers }: MethodContext,
): MethodView {
  const extras = leaveExtras(model, subscription, numbers);
  const tables = [...view.tables, ...extras.tables];
  return {
    ...view,
    hasTables: tables.length > 0,
    tables,
    columns: [...extras.columns, ...view.columns],
  };
}

/** Statements of the function in the row: the driver is asked before anything is kept. */
function bodyOf(
  { hook, unsubscribe }: Subscription,
  ask: string,
  number: number,
): readonly string[] {
  const leave = [
    'if (call->arguments->completion == nullptr) {',
    `    return dextgen::FeedLeave(call, ${number});`,
    '}',
  ];
  const begin = `dextgen::FeedBegin(call, ${number})`;
  return [
    ...(unsubscribe.kind === 'null' ? leave : []),
    ...(hook
      ? [
          `const kern_return_t status = ${ask}(nullptr, reference, nullptr);`,
          `return status == ${STATUS} ? ${begin} : status;`,
        ]
      : [`return ${begin};`]),
  ];
}

function cellsOf(model: Model, subscription: Subscription): readonly string[] {
  const { delivery, layout, endWords, queue, overflow, events } = subscription;
  const [first] = events;
  if (first === undefined) throw new Error(`the subscription ${subscription.name} has no event`);
  const policy = overflow === 'drop-oldest' ? 'DropOldest' : 'DropNewest';
  return [
    `.rearmed = ${delivery === 'rearmed'}`,
    `.raw = ${layout === 'raw'}`,
    `.eventId = ${eventConstant(model, first)}`,
    `.endWords = ${endWords}`,
    `.queue = ${queue}`,
    `.policy = kDextgenPolicy${policy}`,
    `.notify = ${memberNames.subscribers(subscription)}Notify`,
  ];
}

type EventOf = {
  readonly model: Model;
  readonly rules: Rules;
  readonly event: SubscriptionEvent;
};

function eventRow({ model, rules, event }: EventOf, feed: number): readonly string[] {
  const { payload, words, word0 } = event;
  const layout = payload === null ? 'nullptr' : rules.scrub(payload.name);
  const cells = [
    `.feed = ${feed}`,
    `.id = ${eventConstant(model, event)}`,
    ...(payload === null ? [] : [`.payloadSize = sizeof(${typeName(model, payload.name)})`]),
    `.minWords = ${words.min}`,
    `.maxWords = ${words.max}`,
    ...(word0 === null ? [] : ['.tagged = true', `.word0 = ${eventWord0Constant(model, event)}`]),
    ...(layout === 'nullptr' ? [] : [`.layout = ${layout}`]),
  ];
  return cells;
}
