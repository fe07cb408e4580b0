// What feeds an IN endpoint, as a device file says it: a file or bytes, and the effects on top of them.
import {
  corrupt,
  type Duration,
  delay,
  fileSource,
  type InEndpoint,
  milliseconds,
  shorten,
  stall,
  transfers,
  type Which,
} from '../../../simulator/devices/index.js';
import type { Field } from './device-field.js';

function duration(field: Field): Duration {
  const value = field.value as Duration;
  try {
    milliseconds(value);
  } catch (error) {
    field.fail((error as Error).message);
  }
  return typeof value === 'string' ? value : field.fail('a duration has a unit, like 10ms');
}

const WHICH = ['at', 'every', 'from'];

function which(field: Field): Which {
  const number = (key: string): number | undefined => field.find(key)?.integer(1, 2 ** 31);
  const members = WHICH.map((key) => [key, number(key)]);
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

function fromFile(field: Field, find: (path: string) => string): InEndpoint {
  const size = field.find('size')?.integer(1, 2 ** 31);
  const every = field.find('every');
  const path = find(field.get('file').text());
  try {
    return fileSource(path, {
      ...(size !== undefined && { size }),
      ...(every !== undefined && { every: duration(every) }),
      repeat: field.find('repeat')?.truth() ?? false,
    });
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return field.get('file').fail(missing ? `${path} does not exist` : (error as Error).message);
  }
}

function* again(answers: readonly Uint8Array[], repeat: boolean): Generator<Uint8Array> {
  do yield* answers;
  while (repeat);
}

function fromBytes(field: Field): InEndpoint {
  const answers = field
    .get('bytes')
    .list(1)
    .map((each) => each.bytes());
  const every = field.find('every');
  const source = transfers(again(answers, field.find('repeat')?.truth() ?? false));
  return every === undefined ? source : delay(source, duration(every));
}

type Effect = (source: InEndpoint, field: Field) => InEndpoint;

/** In the order in which they are applied. */
const EFFECTS: Readonly<Record<string, Effect>> = {
  shorten: (source, field) => {
    field.only('bytes', ...WHICH);
    return shorten(source, field.get('bytes').integer(0, 2 ** 31), which(field));
  },
  corrupt: (source, field) => {
    field.only(...WHICH);
    return corrupt(source, which(field));
  },
  delay: (source, field) => {
    field.only('by', ...WHICH);
    return delay(source, duration(field.get('by')), which(field));
  },
  stall: (source, field) => {
    field.only(...WHICH);
    return stall(source, which(field));
  },
};

/** `find` makes a path of the file's one. */
export function readFeed(field: Field, find: (path: string) => string): InEndpoint {
  field.only('file', 'bytes', 'size', 'every', 'repeat', ...Object.keys(EFFECTS));
  const hasFile = field.find('file') !== undefined;
  if (hasFile === (field.find('bytes') !== undefined))
    field.fail('a feed has either `file` or `bytes`');
  let source = hasFile ? fromFile(field, find) : fromBytes(field);
  for (const [name, effect] of Object.entries(EFFECTS)) {
    const own = field.find(name);
    if (own !== undefined) source = effect(source, own);
  }
  return source;
}
