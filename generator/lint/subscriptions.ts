// How events with selectors of their own travel, and memory that a driver gets by its address: LINT050 to LINT052.
import type { Method, Subscription } from '../model/model.js';
import { type Finding, type Rule, spanAt } from './finding.js';

/** Bytes of one message behind its Mach header, and how many the kernel queues (contract §1.9). */
const MESSAGE = 76;
const QUEUED = 65_534;

const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);

const wordsOf = ({ events }: Subscription): number => Math.max(...events.map((e) => e.words.max));

const checkStanding: Rule = ({ model, root }) =>
  model.subscriptions
    .filter(({ delivery }) => delivery === 'standing')
    .map((subscription): Finding => {
      const { name } = subscription;
      const bytes = QUEUED * (MESSAGE + 8 * wordsOf(subscription));
      return {
        code: 'LINT050',
        at: spanAt(root, 'events', name),
        message: `an app that does not read "${name}" lets the kernel queue ${QUEUED} completions, ${mebibytes(bytes)} MiB, and what comes then is lost without a word (contract §1.9)`,
        hint: 'use delivery: rearmed, async or ring, where the interface is yours to choose.',
      };
    });

const checkLeaving: Rule = ({ model, root }) => {
  // Without contract selectors the interface is one that exists, and is described as it is.
  if (model.contract === null) return [];
  return model.subscriptions
    .filter(({ unsubscribe }) => unsubscribe.kind === 'none')
    .map(({ name, delivery }) => ({
      code: 'LINT051',
      at: spanAt(root, 'events', name),
      message:
        delivery === 'standing'
          ? `an app cannot leave "${name}": the driver sends it on until the connection is closed`
          : `an app cannot leave "${name}": the next one is sent to nobody`,
      hint: 'add "unsubscribe: null" or "unsubscribe: { selector: … }".',
    }));
};

const memoriesIn = ({ input }: Method): string[] =>
  input.scalars.filter(({ packing }) => packing === 'memory').map(({ name }) => name);

const checkMemory: Rule = ({ model, root }) => {
  if (model.contract === null) return [];
  return model.methods.flatMap((method) =>
    memoriesIn(method).map(
      (name): Finding => ({
        code: 'LINT052',
        at: spanAt(root, 'methods', method.name, 'in', name),
        message: `"${name}" gives the driver an address of the app, which only fails when the driver uses it (contract §1.10)`,
        hint: 'pass bytes with "direct: true", or share a buffer.',
      }),
    ),
  );
};

export const checkSubscriptions: Rule = (subject) => [
  ...checkStanding(subject),
  ...checkLeaving(subject),
  ...checkMemory(subject),
];
