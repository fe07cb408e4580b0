// Builds the rule dext (test/contract/rule), writes bundles round it, and starts applications
// (native/app.cpp) beside it: what the tests of contract §13, rows 5 to 9, are written with.
import { spawn } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type Simulator, type SimulatorOptions, startSimulator } from 'dextgen/simulator';
import { buildTestDext, buildTestProgram } from '../native-builds.js';
import { newFolder, type PlistDict, plist, until } from '../simulator/support.js';

export { fakeDevice, type PlistDict, plist, until } from '../simulator/support.js';

export const RULE = 'com.example.Rule';

export const CODE = {
  success: 0,
  error: 0xe00002bc,
  noResources: 0xe00002be,
  notPrivileged: 0xe00002c1,
  badArgument: 0xe00002c2,
  exclusiveAccess: 0xe00002c5,
  unsupported: 0xe00002c7,
  offline: 0xe00002d7,
  notReady: 0xe00002d8,
  messageTooLarge: 0xe00002e1,
  notPermitted: 0xe00002e2,
  unsupportedMode: 0xe00002e6,
  notFound: 0xe00002f0,
  serverDied: -308 >>> 0,
  invalidDest: 0x10000003,
} as const;

/** Types of an open that are no dictionary `Client<type>` of the personality (RuleDriver.cpp). */
export const OPEN = {
  nothing: 100,
  ownError: 101,
  onlyOne: 102,
  foreign: 103,
  whileEnding: 104,
  sameAgain: 105,
};

/** In the order of the table in RuleClient.cpp. */
const SELECTORS = [
  ...(['nothing', 'takeTime', 'publish', 'publishLabel', 'publishNest', 'unpublish'] as const),
  ...(['readLabel', 'registerAgain', 'end', 'toBase', 'hold', 'writeLog', 'crash'] as const),
  ...(['describe', 'adjustBusy'] as const),
] as const;
export type Selector = (typeof SELECTORS)[number];

const CLIENT: PlistDict = { IOClass: 'IOUserUserClient', IOUserClass: 'RuleClient' };

/** A personality of the rule dext on IOUserResources; with `undefined` a key is left out. */
export function personality(changes: { [key: string]: unknown } = {}): PlistDict {
  const all = {
    CFBundleIdentifier: RULE,
    IOClass: 'IOUserService',
    IOProviderClass: 'IOUserResources',
    IOResourceMatch: 'IOKit',
    IOUserClass: 'RuleDriver',
    IOUserServerName: RULE,
    Client0: CLIENT,
    ...changes,
  };
  return Object.fromEntries(Object.entries(all).filter(([, v]) => v !== undefined)) as PlistDict;
}

/** The same on interface 0 of `fakeDevice`. */
export function onInterface(changes: { [key: string]: unknown } = {}): PlistDict {
  return personality({
    IOProviderClass: 'IOUSBHostInterface',
    IOResourceMatch: undefined,
    idVendor: 0x1209,
    idProduct: 1,
    bConfigurationValue: 1,
    bInterfaceNumber: 0,
    ...changes,
  });
}

/** What a user client is made of, with more keys. */
export const userClient = (more: PlistDict = {}): PlistDict => ({ ...CLIENT, ...more });

export const ACCESS = 'com.apple.developer.driverkit.userclient-access';

const DEXT_RIGHTS: PlistDict = {
  'com.apple.developer.driverkit': true,
  'com.apple.developer.driverkit.transport.usb': [{ idVendor: 0x1209 }],
};

const infoOf = (identifier: string, personalities: { [name: string]: PlistDict }) => ({
  CFBundleIdentifier: identifier,
  CFBundleExecutable: 'Rule',
  IOKitPersonalities: personalities,
});

let built: { readonly bundle: string; readonly app: string } | undefined;

function build(): { readonly bundle: string; readonly app: string } {
  built ??= {
    bundle: buildTestDext({
      name: 'rule',
      source: resolve('test/contract/rule'),
      info: infoOf(RULE, { Rule: personality() }),
      entitlements: DEXT_RIGHTS,
    }),
    app: buildTestProgram(resolve('test/contract/native/app.cpp')),
  };
  return built;
}

export type BundleOptions = {
  readonly identifier?: string;
  /** Instead of what every rule dext is entitled to. */
  readonly entitlements?: PlistDict;
};

/** A bundle with these personalities; returns its folder. */
export function writeRule(
  personalities: { [name: string]: PlistDict } = { Rule: personality() },
  options: BundleOptions = {},
): string {
  const identifier = options.identifier ?? RULE;
  const bundle = join(newFolder(), `${identifier}.dext`);
  cpSync(build().bundle, bundle, { recursive: true });
  const own = Object.fromEntries(
    Object.entries(personalities).map(([name, one]) => [
      name,
      { ...one, CFBundleIdentifier: identifier },
    ]),
  );
  writeFileSync(join(bundle, 'Info.plist'), plist(infoOf(identifier, own)));
  writeFileSync(join(bundle, 'entitlements.plist'), plist(options.entitlements ?? DEXT_RIGHTS));
  return bundle;
}

/** A driver of the interface, and one without a device that keeps their process when the interface goes. */
export function writeKept(changes: { [key: string]: unknown }): string {
  const shared = { IOUserServerOneProcess: true };
  const keeper = personality({ ...shared, IOUserClass: 'PlainRule' });
  return writeRule({ Rule: onInterface({ ...shared, ...changes }), Keeper: keeper });
}

/** An entitlements file of an application. */
export function writeRights(rights: PlistDict): string {
  const file = join(newFolder(), 'app.entitlements');
  writeFileSync(file, plist(rights));
  return file;
}

export type Answer = { readonly status: number; readonly words: readonly bigint[] };

export type App = AsyncDisposable & {
  readonly pid: number;
  /** A line as it is; resolves with the words of its answer. */
  tell(line: string): Promise<readonly string[]>;
  /** Registry ids of what matches now. */
  find(criteria: string): Promise<readonly bigint[]>;
  /** Waits for a service of that name (default RuleDriver). */
  service(name?: string): Promise<bigint>;
  open(service: bigint, type?: number): Promise<{ status: number; connection: string }>;
  call(connection: string, selector: Selector, ...words: number[]): Promise<Answer>;
  /** A call on a thread of its own: its end is an event "call SELECTOR STATUS". */
  start(connection: string, selector: Selector, ...words: number[]): Promise<void>;
  hold(connection: string): Promise<number>;
  close(connection: string): Promise<number>;
  get(service: bigint, key: string): Promise<string>;
  all(service: bigint, key: string): Promise<string>;
  /** Installs a matching notification; resolves with its iterator, which is not armed. */
  notify(type: string, criteria: string): Promise<string>;
  drain(iterator: string): Promise<readonly bigint[]>;
  /** What it heard of by itself, in order. */
  readonly events: readonly string[];
  kill(): void;
};

const ids = (words: readonly string[]): bigint[] => words.slice(1).map(BigInt);

/** Starts an application, with these entitlements or with access to the rule dext. */
export function startApp(rights: PlistDict = { [ACCESS]: [RULE] }): App {
  const env = { ...process.env, DEXTGEN_SIM_ENTITLEMENTS: writeRights(rights) };
  const child = spawn(build().app, [], { stdio: ['pipe', 'pipe', 'inherit'], env });
  const waiting: ((words: string[]) => void)[] = [];
  const events: string[] = [];
  createInterface(child.stdout).on('line', (line) => {
    const [mark, ...words] = line.split(' ');
    if (mark === '=') waiting.shift()?.(words);
    else events.push(words.join(' '));
  });
  const ended = new Promise<void>((done) => child.once('close', () => done()));
  const tell = (line: string): Promise<string[]> =>
    new Promise((done, fail) => {
      void ended.then(() => fail(new Error(`the application ended at "${line}"`)));
      waiting.push(done);
      child.stdin.write(`${line}\n`);
    });
  const status = async (line: string): Promise<number> => Number((await tell(line))[0]);
  const callLine = (verb: string, connection: string, selector: Selector, words: number[]) =>
    [verb, connection, SELECTORS.indexOf(selector), ...words].join(' ');
  const app: Omit<App, keyof AsyncDisposable> = {
    pid: child.pid ?? 0,
    tell,
    find: async (criteria) => ids(await tell(`find ${criteria}`)),
    service: async (name = 'RuleDriver') => {
      let found: readonly bigint[] = [];
      await until(name, async () => {
        found = await app.find(`IONameMatch=${name}`);
        return found.length > 0;
      });
      return found[0] ?? 0n;
    },
    open: async (service, type = 0) => {
      const [code, connection = '0'] = await tell(`open ${service} ${type}`);
      return { status: Number(code), connection };
    },
    call: async (connection, selector, ...words) => {
      const answer = await tell(callLine('call', connection, selector, words));
      return { status: Number(answer[0]), words: ids(answer) };
    },
    start: async (connection, selector, ...words) =>
      void (await tell(callLine('start', connection, selector, words))),
    hold: (connection) => status(callLine('hold', connection, 'hold', [])),
    close: (connection) => status(`close ${connection}`),
    get: async (service, key) => (await tell(`get ${service} ${key}`)).join(' '),
    all: async (service, key) => (await tell(`all ${service} ${key}`)).join(' '),
    notify: async (type, criteria) => (await tell(`notify ${type} ${criteria}`))[1] ?? '0',
    drain: async (iterator) => ids(await tell(`drain ${iterator}`)),
    events,
    kill: () => void child.kill('SIGKILL'),
  };
  const dispose = async (): Promise<void> => {
    child.stdin.end();
    await ended;
  };
  return { ...app, [Symbol.asyncDispose]: dispose };
}

export type Stage = AsyncDisposable & {
  readonly simulator: Simulator;
  /** Every line of the system log. */
  readonly log: readonly string[];
  /** What the rule dext itself has logged, without its name. */
  said(): readonly string[];
};

type Entry = {
  readonly name: string;
  readonly class: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly children: readonly Entry[];
};

/** The first entry of a kernel class in the registry. */
export async function entryOf(stage: Stage, kernelClass: string): Promise<Entry> {
  const below = (entry: Entry): Entry[] => [entry, ...entry.children.flatMap(below)];
  const all = below((await stage.simulator.registry()) as unknown as Entry);
  const found = all.find((entry) => entry.class === kernelClass);
  if (found === undefined) throw new Error(`no ${kernelClass} in the registry`);
  return found;
}

/** A simulator with these bundles. */
export async function openStage(
  bundles: readonly string[] = [writeRule()],
  options: SimulatorOptions = {},
): Promise<Stage> {
  const log: string[] = [];
  const simulator = await startSimulator({
    bundles,
    log: (line) => void log.push(line),
    ...options,
  });
  const own = /^com\.example\.[^:]*: /;
  return {
    simulator,
    log,
    said: () => log.filter((line) => own.test(line)).map((line) => line.replace(own, '')),
    [Symbol.asyncDispose]: () => simulator.shutdown(),
  };
}
