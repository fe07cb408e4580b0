// A simulator with the dext of one of the interfaces here: what every app.ts starts from.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Simulator, type SimulatorOptions, startSimulator } from 'dextgen/simulator';
import { interfaceProject } from './projects.js';

export { rejection, until, within } from '../waiting.js';

export type InterfaceBench = AsyncDisposable & {
  readonly simulator: Simulator;
  /** What the dext and the kernel process logged. */
  readonly log: readonly string[];
};

function only(folder: string, suffix: string): string {
  const [name, ...others] = readdirSync(folder).filter((entry) => entry.endsWith(suffix));
  if (name === undefined || others.length > 0)
    throw new Error(`${folder}: one ${suffix} is expected`);
  return join(folder, name);
}

/** Starts the simulator with the project's dext, and this process entitled as its app. */
export async function startInterface(
  name: string,
  options: SimulatorOptions = {},
): Promise<InterfaceBench> {
  const { folder, generated } = interfaceProject(name);
  const log: string[] = [];
  const id = readdirSync(generated)[0] ?? '';
  const simulator = await startSimulator({
    bundles: [only(join(folder, 'build', 'sim', id), '.dext')],
    entitlements: only(join(generated, id, 'plist'), '-macOS.entitlements'),
    log: (line) => void log.push(line),
    ...options,
  });
  return { simulator, log, [Symbol.asyncDispose]: () => simulator[Symbol.asyncDispose]() };
}

type Model = {
  readonly methods: readonly { readonly name: string; readonly selector: number }[];
  readonly subscriptions: readonly {
    readonly call: { readonly name: string; readonly selector: number };
    readonly endWords: number;
  }[];
  readonly types: readonly {
    readonly name: string;
    readonly size: number;
    readonly fields?: readonly { readonly name: string; readonly offset: number }[];
  }[];
  readonly buffers: readonly { readonly name: string }[];
};

export type Facts = {
  /** Selector of every method and of every subscription, by name. */
  readonly selectors: Readonly<Record<string, number>>;
  readonly sizes: Readonly<Record<string, number>>;
  /** `Frame.body`: 4. */
  readonly offsets: Readonly<Record<string, number>>;
  /** Words of the completions of each subscription. */
  readonly words: Readonly<Record<string, number>>;
};

/** What the project's code was generated from, to be compared with what is known of an interface that exists. */
export function factsOf(name: string): Facts {
  const { methods, subscriptions, types } = modelOf(name) as Model;
  const calls = [...methods, ...subscriptions.map(({ call }) => call)];
  return {
    selectors: Object.fromEntries(calls.map((call) => [call.name, call.selector])),
    sizes: Object.fromEntries(types.map((type) => [type.name, type.size])),
    offsets: Object.fromEntries(
      types.flatMap((type) =>
        (type.fields ?? []).map((field) => [`${type.name}.${field.name}`, field.offset]),
      ),
    ),
    words: Object.fromEntries(subscriptions.map(({ call, endWords }) => [call.name, endWords])),
  };
}

/** The model that the project's code was generated from, for tests that look at sizes and selectors. */
export function modelOf(name: string): unknown {
  const { generated } = interfaceProject(name);
  const id = readdirSync(generated)[0] ?? '';
  return JSON.parse(readFileSync(join(generated, id, 'model.json'), 'utf8'));
}
