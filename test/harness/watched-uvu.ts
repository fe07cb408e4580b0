// uvu that tells what it keeps to itself: why a hook threw, and, to the runner, which test is running.
import { writeSync } from 'node:fs';
import { inspect } from 'node:util';
import * as uvu from 'uvu';

export const { exec } = uvu;

type Hook<T> = uvu.Callback<T>;

/** Where the runner reads the name of the running test. */
const RUNNER = 3;

function tellRunner(what: string): void {
  try {
    writeSync(RUNNER, `${what}\n`);
  } catch {
    // It reads no longer, or its pipe is full: only a test that hangs would have been named.
  }
}

/** A throw while what `await using` holds is given back hides the throw before it: the first one is shown, with it. */
function unhidden(thrown: unknown): unknown {
  if (!(thrown instanceof Error && 'suppressed' in thrown && 'error' in thrown)) return thrown;
  const first = unhidden(thrown.suppressed);
  if (!(first instanceof Error)) return thrown;
  const last = thrown.error instanceof Error ? thrown.error.message : inspect(thrown.error);
  first.message += `; and at the end: ${last}`;
  return first;
}

/** The same work, which says its name at the beginning and its reason when it throws. */
function told<T>(name: string, hook: Hook<T>): Hook<T> {
  return async (context) => {
    tellRunner(name);
    try {
      await hook(context);
    } catch (error) {
      console.error(`\nHOOK "${name}"\n    ${inspect(error)}`);
      throw error;
    }
  };
}

/** A way to add hooks, and its `each`, that adds told ones. */
function watchHooks<T>(add: uvu.Test<T>['before'], kind: string): uvu.Test<T>['before'] {
  const all = (hook: Hook<T>): void => add(told(kind, hook));
  const each = (hook: Hook<T>): void => add.each(told(`${kind} each`, hook));
  return Object.assign(all, { each });
}

export function suite<T = uvu.Context>(title = '', context?: T): uvu.Test<T> {
  const plain = uvu.suite<T>(title, context);
  const name = (test: string): string => (title === '' ? test : `${title}: ${test}`);
  const watched = (test: string, body: Hook<T>): void =>
    plain(test, async (given) => {
      tellRunner(name(test));
      try {
        await body(given);
      } catch (error) {
        throw unhidden(error);
      }
    });
  return Object.assign(watched, plain, {
    before: watchHooks(plain.before, name('before')),
    after: watchHooks(plain.after, name('after')),
  });
}

export const test = suite();
