// How calls and events travel: LINT005, LINT006 and LINT007.
import { MAX_INLINE } from '../model/limits.js';
import type { Event, Method, Model, Payload, Type } from '../model/model.js';
import { type Finding, type Rule, spanAt } from './finding.js';

/** Half of what a completion carries: beyond it, an event is data rather than a signal. */
const LARGE_PAYLOAD = 56;
const MANY_ELEMENTS = 8;

function holdsArray(model: Model, type: Type): boolean {
  if (type.kind === 'array') return type.length >= MANY_ELEMENTS || holdsArray(model, type.element);
  if (type.kind !== 'struct') return false;
  const struct = model.types.find(({ name }) => name === type.name);
  return struct?.kind === 'struct' && struct.fields.some((field) => holdsArray(model, field.type));
}

function whyRing({ payload, delivery }: Event, model: Model): string | null {
  if (delivery.kind === 'ring') return null;
  if (payload.size > LARGE_PAYLOAD) return `${payload.size} bytes`;
  return holdsArray(model, payload) ? 'an array' : null;
}

const checkEvents: Rule = ({ model, root }) =>
  model.events.flatMap((event): Finding[] => {
    const why = whyRing(event, model);
    if (why === null) return [];
    return [
      {
        code: 'LINT006',
        at: spanAt(root, 'events', event.name),
        message: `"${event.name}" sends ${why} in a message of its own each time, and nothing holds the driver back (contract §1.9)`,
        hint: 'use "delivery: ring", which costs no call and no message per event.',
      },
    ];
  });

const checkTimeouts: Rule = ({ model, root }) =>
  model.methods
    .filter(({ kind, timeoutMs }) => kind === 'async' && timeoutMs === null)
    .map(({ name }) => ({
      code: 'LINT005',
      at: spanAt(root, 'methods', name),
      message: `an app waits for "${name}" for ever when the driver never completes it`,
      hint: 'add "timeout: 5s", or however long it may take.',
    }));

function bytesFindings(method: Method, direction: 'in' | 'out', payload: Payload) {
  const { struct } = payload;
  if (struct === null || struct.kind === 'fixed' || struct.max <= MAX_INLINE) return [];
  return [{ path: ['methods', method.name, direction, struct.name], struct }];
}

const checkBytes: Rule = ({ model, root }) =>
  model.methods
    .flatMap((method) => [
      ...bytesFindings(method, 'in', method.input),
      ...bytesFindings(method, 'out', method.output),
    ])
    .map(({ path, struct }) => ({
      code: 'LINT007',
      at: spanAt(root, ...path),
      message: `"${struct.name}" may have ${struct.max} bytes; above ${MAX_INLINE} each call maps memory (contract §0.3)`,
      hint: `lower its max to ${MAX_INLINE}, or use a buffer for what is passed often.`,
    }));

export const checkCalls: Rule = (subject) => [
  ...checkTimeouts(subject),
  ...checkEvents(subject),
  ...checkBytes(subject),
];
