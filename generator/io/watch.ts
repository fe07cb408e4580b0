// `dextgen gen --watch`: generates again whenever a schema, or a file that one imports, changes. Schemas that did not
// change are not compiled again, and a run that finds mistakes leaves everything as it is and waits for the next edit.
import { type Compilation, compile } from '../compile.js';
import { nextChange, stateOf } from './changes.js';
import { type Outcome, writePlan } from './generate.js';
import { makePlan, type Plan, type Request } from './plan.js';

export type WatchRun = { readonly plan: Plan; readonly outcome: Outcome; readonly ms: number };

export type Watch = {
  readonly request: Request;
  /** After every run, the first included. */
  readonly onRun: (run: WatchRun) => void;
  /** Ends the watch. */
  readonly signal: AbortSignal;
};

/** Resolves when the signal ends it. */
export async function watchSchemas({ request, onRun, signal }: Watch): Promise<void> {
  const remembering = { ...request, compile: rememberingCompile() };
  let inputs: readonly string[] = [];
  while (!signal.aborted) {
    const started = performance.now();
    const { plan, state } = settledPlan(remembering, inputs);
    inputs = plan.inputs;
    const outcome = writePlan(plan, { keepOrphans: true });
    onRun({ plan, outcome, ms: performance.now() - started });
    await nextChange(inputs, state, signal);
  }
}

/** A file that changes while it is read would be waited for in vain, so it is read again. */
function settledPlan(request: Request, known: readonly string[]): { plan: Plan; state: string } {
  let inputs = known;
  for (let attempt = 1; ; attempt++) {
    const before = stateOf(inputs);
    const plan = makePlan(request);
    const state = stateOf(plan.inputs);
    if (state === before || attempt === 10) return { plan, state };
    inputs = plan.inputs;
  }
}

/** Remembers the last compilation of each schema. */
function rememberingCompile(): typeof compile {
  const last = new Map<string, { readonly key: string; readonly compilation: Compilation }>();
  return (schema, render) => {
    const key = JSON.stringify([schema.text, schema.imported]);
    const known = last.get(schema.path);
    if (known?.key === key) return known.compilation;
    const compilation = compile(schema, render);
    last.set(schema.path, { key, compilation });
    return compilation;
  };
}
