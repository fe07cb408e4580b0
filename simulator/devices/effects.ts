// What goes wrong on an endpoint: each wraps an IN endpoint into one with that fault, so that they can be
// stacked. Transfers are counted from 1, as the host asks for them.
import type { Answer, Answered, InEndpoint, InRequest } from './endpoint.js';
import { toAnswered } from './endpoint.js';
import { type DeviceClock, type Duration, milliseconds, realClock } from './time.js';

/** Which transfers: the n-th, every n-th, those from the n-th on; all without one. */
export type Which = { readonly at?: number; readonly every?: number; readonly from?: number };

function isMeant(which: Which, number: number): boolean {
  return (
    (which.at === undefined || number === which.at) &&
    (which.every === undefined || number % which.every === 0) &&
    (which.from === undefined || number >= which.from)
  );
}

type Change = (answer: Answered, number: number) => Answer | Promise<Answer>;

/** Changes the answers that are meant; the bytes that are lost on the way count as returned. */
function changeAnswers(source: InEndpoint, which: Which, change: Change): InEndpoint {
  let count = 0;
  const apply = (answer: Answer, number: number): Answer | Promise<Answer> => {
    const before = toAnswered(answer);
    const changed = change(before, number);
    if (changed instanceof Promise) return changed;
    const missing = before.data.length - toAnswered(changed).data.length;
    if (missing > 0) source.returned?.(missing);
    return changed;
  };
  return {
    ...passOn(source),
    take: (request) => {
      count += 1;
      const number = count;
      const answer = source.take(request);
      if (!isMeant(which, number)) return answer;
      return answer instanceof Promise
        ? answer.then((data) => apply(data, number))
        : apply(answer, number);
    },
  };
}

function passOn(source: InEndpoint): Pick<InEndpoint, 'returned' | 'attach'> {
  return {
    returned: (bytes) => source.returned?.(bytes),
    attach: (clock) => source.attach?.(clock),
  };
}

/** Stalls transfers; the source is not asked for them. */
export function stall(source: InEndpoint, which: Which = {}): InEndpoint {
  let count = 0;
  return {
    ...passOn(source),
    take: (request) => {
      count += 1;
      return isMeant(which, count) ? 'stall' : source.take(request);
    },
  };
}

/** Sends no more than the first `bytes` bytes of a transfer; the rest is lost. */
export function shorten(source: InEndpoint, bytes: number, which: Which = {}): InEndpoint {
  return changeAnswers(source, which, ({ status, data }) => ({
    status,
    data: data.subarray(0, bytes),
  }));
}

/** Changes the bytes of a transfer: the low bit of every byte, or what `change` does to a copy of them. */
export function corrupt(
  source: InEndpoint,
  which: Which = {},
  change: (data: Uint8Array, number: number) => void = flipLowBits,
): InEndpoint {
  return changeAnswers(source, which, ({ status, data }, number) => {
    const copy = Uint8Array.from(data);
    change(copy, number);
    return { status, data: copy };
  });
}

function flipLowBits(data: Uint8Array): void {
  for (let i = 0; i < data.length; i++) data[i] = (data[i] ?? 0) ^ 1;
}

/** Answers a transfer that much later, by the machine's clock. */
export function delay(source: InEndpoint, by: Duration, which: Which = {}): InEndpoint {
  const wait = milliseconds(by);
  let clock: DeviceClock = realClock;
  let count = 0;
  const later = (answer: Answer, { signal }: InRequest): Promise<Answer> =>
    new Promise((done, giveUp) => {
      const cancel = clock.after(wait, () => done(answer));
      signal.addEventListener('abort', () => {
        cancel();
        source.returned?.(toAnswered(answer).data.length);
        giveUp(new Error('transfer aborted'));
      });
    });
  return {
    ...passOn(source),
    attach: (machine) => {
      clock = machine;
      source.attach?.(machine);
    },
    take: (request) => {
      count += 1;
      const answer = source.take(request);
      if (!isMeant(which, count)) return answer;
      return answer instanceof Promise
        ? answer.then((data) => later(data, request))
        : later(answer, request);
    },
  };
}
