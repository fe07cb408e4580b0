// Builds the contract's dext and client (dext/, client.cpp) and runs them in a simulator: what the row
// tests of contract §13 share. Each call of `Stage` is a thread of the client process.
import { join, resolve } from 'node:path';
import { type PluggedDevice, type Simulator, startSimulator } from 'dextgen/simulator';
import * as assert from 'uvu/assert';
import { buildFolder, buildTestDext, buildTestProgram, make, settle } from '../native-builds.js';
import { type PlistDict, plist, startClient, until } from '../simulator/support.js';

export const CONTRACT = 'com.example.Contract';
const folder = resolve('test/contract');

/** Selectors, in the order of the table in ContractClient.cpp; the rows of calls.cpp begin at 32. */
const selectors = [
  ...(['describe', 'echo', 'give', 'fail', 'leave', 'scribble'] as const),
  ...(['complete', 'keep', 'sendKept', 'dropKept', 'lend', 'sendLent', 'dropLent'] as const),
  ...(['wait', 'gate', 'note', 'notes', 'enqueue', 'queues', 'deadlock', 'afterStop'] as const),
] as const;
const rows = ['exactRow', 'anyRow', 'completionRow', 'emptyRow', 'largeRow', 'noRow'] as const;
export type Selector = (typeof selectors)[number] | (typeof rows)[number];

/** Types of a connection, as contract.h has them: which queues it has. */
export const TYPE = { own: 0, drivers: 1, method: 2, concurrent: 3, reentrant: 4 } as const;

export const CODE = {
  success: 0,
  error: 0xe00002bc,
  ipcError: 0xe00002bf,
  noDevice: 0xe00002c0,
  badArgument: 0xe00002c2,
  unsupported: 0xe00002c7,
  busy: 0xe00002d5,
  notReady: 0xe00002d8,
  notFound: 0xe00002f0,
  underrun: 0xe00002e7,
  noCompletion: 0xe00002ea,
  invalidDestination: 0x10000003,
  invalidRight: 0x1000000a,
  receiveTimedOut: 0x10004003,
  receiveTooLarge: 0x10004004,
  tooManyForMig: -307 >>> 0,
  serverDied: -308 >>> 0,
} as const;

export type Build = { readonly bundle: string; readonly client: string; readonly rights: string };

const personality: PlistDict = {
  CFBundleIdentifier: CONTRACT,
  IOClass: 'IOUserService',
  IOProviderClass: 'IOUSBHostInterface',
  IOUserClass: 'ContractDriver',
  IOUserServerName: CONTRACT,
  idVendor: 0x1209,
  idProduct: 2,
  bConfigurationValue: 1,
  bInterfaceNumber: 0,
  ...Object.fromEntries(
    ['Own', 'Drivers', 'Method', 'Concurrent', 'Reentrant'].map((name, Queues) => [
      name,
      { IOClass: 'IOUserUserClient', IOUserClass: 'ContractClient', Queues },
    ]),
  ),
};

/** Its driver takes so many milliseconds to start. */
const slow: PlistDict = { ...personality, idProduct: 3, StartDelay: 1500 };

export function buildContract(): Build {
  make('all', {});
  const rights = { 'com.apple.developer.driverkit.userclient-access': [CONTRACT] };
  return {
    bundle: buildTestDext({
      name: 'contract',
      source: join(folder, 'dext'),
      info: {
        CFBundleIdentifier: CONTRACT,
        CFBundleExecutable: 'Contract',
        IOKitPersonalities: { Contract: personality, Slow: slow },
      },
      entitlements: {
        'com.apple.developer.driverkit': true,
        'com.apple.developer.driverkit.transport.usb': [{ idVendor: 0x1209 }],
      },
    }),
    client: buildTestProgram(join(folder, 'client.cpp')),
    rights: settle(join(buildFolder('dexts', 'contract'), 'client.plist'), plist(rights)),
  };
}

/** What the client answers; words of 64 bits are strings. */
export type Answer = {
  readonly status: number;
  /** `*outputCnt` and `*outputStructCnt` after the call. */
  readonly count: number;
  readonly size: number;
  readonly scalars: readonly bigint[];
  readonly bytes: Buffer;
};

/** What a word and a byte of a buffer are that a call did not touch. */
export const UNTOUCHED = 0xeeeeeeeeeeeeeeeen;
export const UNTOUCHED_BYTE = 0xee;

export type Arguments = {
  readonly in?: readonly (number | bigint)[];
  /** Bytes of the input structure; byte i is i * 7 + 1. */
  readonly struct?: number;
  /** Capacity of scalars; without it, NULL. */
  readonly outs?: number;
  /** Capacity of the structure; without it, NULL. */
  readonly out?: number | 'variable';
};

export type AsyncArguments = Arguments & {
  readonly port: number;
  readonly references?: number;
  /** How many words the callback takes: 0, 1, 2, or 3 for any number. */
  readonly form?: number;
  readonly refcon?: number;
  readonly noreference?: 1;
};

export type Heard = {
  readonly form: string;
  readonly refcon: number;
  readonly status: number;
  readonly words: readonly string[];
};

type Json = { readonly [name: string]: unknown };
type Named = Readonly<Record<string, unknown>>;

const written = (value: unknown): string => (Array.isArray(value) ? value.join(',') : `${value}`);

/** The number of a call, as its external method has it. */
export function numberOf(selector: Selector | number): number {
  if (typeof selector === 'number') return selector;
  const row = (rows as readonly string[]).indexOf(selector);
  return row < 0 ? (selectors as readonly string[]).indexOf(selector) : 32 + row;
}

function answerOf(json: Json): Answer {
  return {
    ...(json as unknown as Answer),
    scalars: ((json.scalars ?? []) as string[]).map(BigInt),
    bytes: Buffer.from((json.bytes ?? '') as string, 'hex'),
  };
}

/** A client process, and what it may do with its connections. */
export class Client {
  readonly #process;
  readonly #waiting = new Map<number, (json: Json) => void>();
  #next = 1;

  constructor(program: string, env: Readonly<Record<string, string>>) {
    this.#process = startClient(program, [], env);
    void this.#read();
  }

  get pid(): number {
    return this.#process.child.pid ?? 0;
  }

  async #read(): Promise<void> {
    for (;;) {
      const json = JSON.parse(await this.#process.line()) as Json;
      this.#waiting.get(json.id as number)?.(json);
    }
  }

  /** One request on a thread of its own. */
  ask(verb: string, named: Named = {}): Promise<Json> {
    const id = this.#next++;
    const words = Object.entries(named)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}=${written(value)}`);
    return new Promise((done) => {
      this.#waiting.set(id, done);
      this.#process.tell([id, verb, ...words].join(' '));
    });
  }

  async open(type: number = TYPE.own): Promise<number> {
    const { status, connect } = await this.ask('open', { type });
    assert.is(status, CODE.success);
    return connect as number;
  }

  async call(c: number, selector: Selector | number, given: Arguments = {}): Promise<Answer> {
    return answerOf(await this.ask('call', { c, selector: numberOf(selector), ...given }));
  }

  async async(c: number, selector: Selector, given: AsyncArguments): Promise<Answer> {
    return answerOf(await this.ask('async', { c, selector: numberOf(selector), ...given }));
  }

  /** What its callbacks have heard: how often, and the first 64. */
  async heard(): Promise<{ readonly count: number; readonly list: readonly Heard[] }> {
    return (await this.ask('heard')) as never;
  }

  /** A notification port; served by a dispatch queue unless the test wants its messages to wait. */
  async port(served = true): Promise<number> {
    const { port } = await this.ask('port');
    if (served) await this.ask('serve', { port });
    return port as number;
  }

  kill(): void {
    this.#process.child.kill('SIGKILL');
  }

  async end(): Promise<void> {
    this.#process.child.stdin?.end();
    await this.#process.ended.catch(() => undefined);
  }
}

export type Stage = AsyncDisposable & {
  readonly simulator: Simulator;
  readonly cable: PluggedDevice;
  readonly log: readonly string[];
  readonly client: Client;
  /** Another client process. */
  start(): Client;
};

/** Product 2 is the driver's device, 3 that of one that starts slowly. */
export function plugContract(simulator: Simulator, product: 2 | 3): Promise<PluggedDevice> {
  const endpoints = [{ address: 0x81, type: 'bulk', maxPacketSize: 512 }] as const;
  return simulator.plug({
    vendor: 0x1209,
    product,
    configurations: [{ value: 1, interfaces: [{ number: 0, endpoints }] }],
  });
}

/** A simulator with the contract's dext and its device, and one client. */
export async function openStage(build: Build, options: readonly string[] = []): Promise<Stage> {
  const log: string[] = [];
  const simulator = await startSimulator({
    bundles: [build.bundle],
    entitlements: build.rights,
    log: (line) => log.push(line),
    arguments: options,
  });
  const cable = await plugContract(simulator, 2);
  const clients: Client[] = [];
  const start = (): Client => {
    const client = new Client(build.client, simulator.env);
    clients.push(client);
    return client;
  };
  return {
    simulator,
    cable,
    log,
    client: start(),
    start,
    [Symbol.asyncDispose]: async () => {
      await Promise.all(clients.map((client) => client.end()));
      await simulator.shutdown();
    },
  };
}

/** What a client of the dext may still do when it has been stopped for good. */
export async function afterStop({ client }: Stage): Promise<{ memory: number; queue: number }> {
  const [c, other] = [await client.open(), await client.open()];
  await client.call(other, 'afterStop', { in: [1] });
  await client.ask('close', { c });
  let words: readonly number[] = [];
  await until('the end of the other', async () => {
    const { scalars } = await client.call(other, 'afterStop', { in: [2], outs: 3 });
    words = scalars.map(Number);
    return words[0] === 1 && words[1] !== CODE.success && words[2] !== CODE.success;
  });
  await client.call(other, 'afterStop', { in: [0] });
  return { memory: words[1] ?? 0, queue: words[2] ?? 0 };
}

/** Kills the dext and waits until it has been reaped: a shutdown complains of one that has not. */
export async function killDext(stage: Stage): Promise<void> {
  const deaths = (): number =>
    stage.log.filter((line) => line.includes('ended by signal 9')).length;
  const before = deaths();
  await stage.simulator.killDext();
  await until('reaped', () => deaths() > before);
}

/** The input structure of `size` bytes that a call sends. */
export const pattern = (size: number): Buffer =>
  Buffer.from(Uint8Array.from({ length: size }, (_, i) => i * 7 + 1));
