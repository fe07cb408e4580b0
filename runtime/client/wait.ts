// Waiting for an operation no longer than the caller wants: until it settles, its connection ends, its time is up or
// its signal aborts. What the driver was asked to do may still happen.
import { TimeoutError } from './errors.js';

export type CallOptions = {
  /** Gives up waiting; what the driver was asked to do may still happen. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds. Without one a call waits for as long as the driver takes. */
  readonly timeout?: number | undefined;
};

/** The limit of an asynchronous method, unless the caller gives one. */
export function withTimeout<Options extends CallOptions>(
  options: Options | undefined,
  timeout: number,
): Options & CallOptions {
  return { ...(options as Options), timeout: options?.timeout ?? timeout };
}

type Wait = {
  readonly what: string;
  readonly options: CallOptions | undefined;
  /** Where the wait puts what the end of the connection calls. */
  readonly pending: Set<() => void>;
  readonly endError: () => Error;
};

export function waitFor<Result>(work: Promise<Result>, wait: Wait): Promise<Result> {
  const { what, options, pending, endError } = wait;
  const signal = options?.signal;
  return new Promise((resolve, reject) => {
    const give = (error: unknown) => {
      leave();
      reject(error);
    };
    const end = () => give(endError());
    const abort = () => give(signal?.reason);
    const timer = startTimer(options?.timeout, (ms) =>
      give(new TimeoutError(`${what} took longer than ${ms} ms`)),
    );
    const leave = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      pending.delete(end);
    };
    signal?.addEventListener('abort', abort);
    pending.add(end);
    work.then((result) => {
      leave();
      resolve(result);
    }, give);
  });
}

/** The most that setTimeout takes, 24.8 days: a longer limit is none. */
const MAX_TIMER_MS = 2 ** 31 - 1;

export function startTimer(milliseconds: number | undefined, late: (ms: number) => void) {
  if (milliseconds === undefined || milliseconds > MAX_TIMER_MS) return undefined;
  return setTimeout(() => late(milliseconds), milliseconds);
}
