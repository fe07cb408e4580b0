// Builds dexts from folders of their own, starts them in a simulator, and calls them without a client written for
// them (native/caller.cpp).
import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type Simulator, type SimulatorOptions, startSimulator } from 'dextgen/simulator';
import { buildTestDext, buildTestProgram } from '../native-builds.js';
import { newFolder, type PlistDict, plist } from '../simulator/support.js';
import { until as waitUntil } from '../waiting.js';

export type DextProject = {
  /** Name of a folder of test/families/dexts. */
  readonly name: string;
  readonly identifier: string;
  readonly personalities: { readonly [name: string]: PlistDict };
  readonly entitlements?: PlistDict;
  readonly compiler?: string;
};

/** Builds a dext; returns the bundle's folder. */
export function buildProject(project: DextProject): string {
  return buildTestDext({
    name: project.name,
    source: resolve('test/families/dexts', project.name),
    info: {
      CFBundleIdentifier: project.identifier,
      CFBundleExecutable: project.identifier,
      IOKitPersonalities: project.personalities,
    },
    entitlements: {
      'com.apple.developer.driverkit': true,
      'com.apple.developer.driverkit.allow-any-userclient-access': true,
      ...project.entitlements,
    },
    ...(project.compiler && { compiler: project.compiler }),
  });
}

export const buildCaller = (): string =>
  buildTestProgram(resolve('test/families/native/caller.cpp'));

export type Stage = AsyncDisposable & {
  readonly simulator: Simulator;
  readonly log: string[];
};

export async function openStage(
  bundles: readonly string[],
  options: SimulatorOptions = {},
): Promise<Stage> {
  const log: string[] = [];
  const rights = join(newFolder(), 'client.entitlements');
  writeFileSync(rights, plist({}));
  const simulator = await startSimulator({
    bundles,
    entitlements: rights,
    log: (line) => void log.push(line),
    ...options,
  });
  return { simulator, log, [Symbol.asyncDispose]: () => simulator.shutdown() };
}

export type CallResult = {
  readonly status: number;
  readonly scalars: readonly bigint[];
  readonly bytes: Buffer;
};
export type CallArguments = {
  readonly scalars?: readonly (number | bigint)[];
  readonly bytes?: Uint8Array;
  readonly outScalars?: number;
  readonly outBytes?: number;
};
export type Completion = { readonly status: number; readonly words: readonly bigint[] };

export type Caller = AsyncDisposable & {
  open(service: string, type?: number): Promise<number>;
  call(selector: number, values?: CallArguments): Promise<CallResult>;
  /** Resolves with the answer; completions go to `completed`. */
  callAsync(
    selector: number,
    values: CallArguments,
    completed: (completion: Completion) => void,
  ): Promise<CallResult>;
  map(type: number): Promise<{ readonly status: number; readonly size: number }>;
  unmap(type: number): Promise<number>;
  peek(type: number, offset: number, length: number): Promise<Buffer>;
  poke(type: number, offset: number, bytes: Uint8Array): Promise<void>;
  close(): Promise<number>;
};

const hex = (bytes: Uint8Array | undefined): string =>
  bytes === undefined || bytes.length === 0 ? '-' : Buffer.from(bytes).toString('hex');
const list = (words: readonly (number | bigint)[] | undefined): string =>
  words === undefined || words.length === 0 ? '-' : words.join(',');
const wordsIn = (text: string | undefined): bigint[] =>
  text === undefined || text === '-' ? [] : text.split(',').map(BigInt);
const bytesIn = (text: string | undefined): Buffer =>
  text === undefined || text === '-' ? Buffer.alloc(0) : Buffer.from(text, 'hex');
const argumentsOf = (values: CallArguments): string =>
  `${list(values.scalars)} ${hex(values.bytes)} ${values.outScalars ?? 0} ${values.outBytes ?? 0}`;

function resultOf(words: readonly string[]): CallResult {
  return { status: Number(words[0]), scalars: wordsIn(words[1]), bytes: bytesIn(words[2]) };
}

/** A process of its own that opens and calls one service. */
export function startCaller(program: string): Caller {
  const child: ChildProcess = spawn(program, [], { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting: ((words: string[]) => void)[] = [];
  const completions = new Map<number, (completion: Completion) => void>();
  let nextTag = 1;
  if (child.stdout === null) throw new Error('the caller has no output');
  createInterface(child.stdout).on('line', (line) => {
    const [mark = '', ...words] = line.split(' ');
    if (mark === '=') waiting.shift()?.(words);
    if (mark === '!') {
      const [tag, status, payload] = words;
      completions.get(Number(tag))?.({ status: Number(status), words: wordsIn(payload) });
    }
  });
  const ask = (command: string): Promise<string[]> =>
    new Promise((done, fail) => {
      child.once('exit', () => fail(new Error(`the caller ended at "${command}"`)));
      waiting.push(done);
      child.stdin?.write(`${command}\n`);
    });
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  child.setMaxListeners(0);
  return {
    open: async (service, type = 0) => Number((await ask(`open ${service} ${type}`))[0]),
    call: async (selector, values = {}) =>
      resultOf(await ask(`call ${selector} ${argumentsOf(values)}`)),
    callAsync: async (selector, values, completed) => {
      const tag = nextTag++;
      completions.set(tag, completed);
      return resultOf(await ask(`async ${tag} ${selector} ${argumentsOf(values)}`));
    },
    map: async (type) => {
      const [status, size] = await ask(`map ${type}`);
      return { status: Number(status), size: Number(size) };
    },
    unmap: async (type) => Number((await ask(`unmap ${type}`))[0]),
    peek: async (type, offset, length) =>
      bytesIn((await ask(`peek ${type} ${offset} ${length}`))[1]),
    poke: async (type, offset, bytes) => void (await ask(`poke ${type} ${offset} ${hex(bytes)}`)),
    close: async () => Number((await ask('close'))[0]),
    [Symbol.asyncDispose]: async () => {
      child.stdin?.end();
      await ended;
    },
  };
}

/** What a program printed that used the simulator of this process. */
export function runProgram(program: string, words: readonly string[]): Promise<string> {
  const child = spawn(program, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  return new Promise((done, fail) => {
    child.once('close', (code) =>
      code === 0 ? done(text) : fail(new Error(`${program} ended with ${code}: ${text}`)),
    );
  });
}

/** Waits until the condition holds. */
export const until = (what: string, holds: () => boolean | Promise<boolean>): Promise<void> =>
  waitUntil(holds, what);
