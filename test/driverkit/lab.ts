// Builds the lab (a dext and a client of test/driverkit/lab) and runs them in a simulator.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  type PluggedDevice,
  type Simulator,
  startSimulator,
  type UsbDevice,
} from 'dextgen/simulator';
import * as assert from 'uvu/assert';
import { newFolder, type PlistDict, plist, startClient } from '../simulator/support.js';

const LAB = 'com.example.Lab';
const folder = resolve('test/driverkit/lab');

/** Selectors, in the order of the table in LabClient.cpp. */
const selectors = [
  'refusePower',
  'changePower',
  'acknowledgePower',
  'clientMemory',
  'joinMemory',
  'partOfMemory',
  'mapMemory',
  'readMap',
  'storeMap',
  'dropMemory',
  'open',
  'transfer',
  'sendStructure',
  'completions',
] as const;
export type Selector = (typeof selectors)[number];

export const CODE = {
  success: 0,
  error: 0xe00002bc,
  badArgument: 0xe00002c2,
  vmError: 0xe00002c8,
  notReady: 0xe00002d8,
  noPower: 0xe00002e3,
  serverDied: -308 >>> 0,
} as const;

const personality: PlistDict = {
  CFBundleIdentifier: LAB,
  IOClass: 'IOUserService',
  IOProviderClass: 'IOUSBHostInterface',
  IOUserClass: 'LabDriver',
  IOUserServerName: LAB,
  idVendor: 0x1209,
  idProduct: 1,
  bConfigurationValue: 1,
  bInterfaceNumber: 0,
  UserClientProperties: { IOClass: 'IOUserUserClient', IOUserClass: 'LabClient' },
};

function make(goal: string, settings: Readonly<Record<string, string>>): void {
  const words = Object.entries(settings).map(([key, value]) => `${key}=${value}`);
  const run = spawnSync('make', ['-s', '-j2', '-C', 'simulator', goal, ...words], {
    encoding: 'utf8',
  });
  if (run.status !== 0) throw new Error(`make ${goal}: ${run.stdout}${run.stderr}`);
}

export type LabBuild = {
  readonly bundle: string;
  readonly client: string;
  readonly rights: string;
};

/** With `compiler`, another than g++: it brings blocks. */
export function buildLab(compiler = 'g++'): LabBuild {
  const sources = readdirSync(folder).filter(
    (name) => name.endsWith('.cpp') && name !== 'client.cpp',
  );
  const out = resolve('build/test/lab', compiler);
  mkdirSync(out, { recursive: true });
  const settings = newFolder();
  const info = join(settings, 'Info.plist');
  const dextRights = join(settings, 'dext.plist');
  const rights = join(settings, 'client.plist');
  const personalities = { Lab: personality };
  writeFileSync(
    info,
    plist({
      CFBundleIdentifier: LAB,
      CFBundleExecutable: 'Lab',
      IOKitPersonalities: personalities,
    }),
  );
  writeFileSync(
    dextRights,
    plist({
      'com.apple.developer.driverkit': true,
      'com.apple.developer.driverkit.transport.usb': [{ idVendor: 0x1209 }],
    }),
  );
  writeFileSync(rights, plist({ 'com.apple.developer.driverkit.userclient-access': [LAB] }));
  make('dext', {
    CXX: compiler,
    NAME: 'lab',
    IIG: folder,
    SOURCES: sources.map((name) => join(folder, name)).join(' '),
    INCLUDES: folder,
    PLIST: info,
    ENTITLEMENTS: dextRights,
    OUT: out,
  });
  make('program', {
    NAME: 'client',
    SOURCES: join(folder, 'client.cpp'),
    OUT: resolve('build/test/lab'),
  });
  return { bundle: join(out, `${LAB}.dext`), client: resolve('build/test/lab/client'), rights };
}

/** The device that the lab matches. */
export function labDevice(more: Partial<UsbDevice> = {}): UsbDevice {
  const endpoints = [
    { address: 0x81, type: 'bulk', maxPacketSize: 512 },
    { address: 0x02, type: 'bulk', maxPacketSize: 512 },
  ] as const;
  return {
    vendor: 0x1209,
    product: 1,
    productName: 'Lab',
    configurations: [{ value: 1, interfaces: [{ number: 0, endpoints }] }],
    ...more,
  };
}

export type Answer = { readonly status: number; readonly out: readonly number[] };

export type Lab = AsyncDisposable & {
  readonly simulator: Simulator;
  readonly cable: PluggedDevice;
  readonly log: readonly string[];
  call(selector: Selector, ...words: readonly (number | bigint)[]): Promise<Answer>;
  /** The same with a structure of `size` bytes; byte i is i * 7 + 1. */
  callWith(size: number, selector: Selector, ...words: readonly number[]): Promise<Answer>;
  /** A line to the client as it is; resolves with the words of the answer. */
  tell(line: string): Promise<readonly number[]>;
};

/** Starts a simulator with the lab and its device, and a client that has opened it. */
export async function startLab(build: LabBuild, device = labDevice()): Promise<Lab> {
  const log: string[] = [];
  const simulator = await startSimulator({
    bundles: [build.bundle],
    entitlements: build.rights,
    log: (line) => log.push(line),
  });
  const cable = await simulator.plug(device);
  const client = startClient(build.client, [], simulator.env);
  assert.is(await client.line(), '0x0', log.join('\n'));
  const tell = async (line: string): Promise<readonly number[]> => {
    client.tell(line);
    return (await client.line()).split(' ').map(Number);
  };
  const call = async (line: string): Promise<Answer> => {
    const [status = -1, ...out] = await tell(line);
    return { status, out };
  };
  const number = (selector: Selector): number => selectors.indexOf(selector);
  return {
    simulator,
    cable,
    log,
    tell,
    call: (selector, ...words) => call(['call', number(selector), ...words].join(' ')),
    callWith: (size, selector, ...words) =>
      call(['struct', number(selector), size, ...words].join(' ')),
    [Symbol.asyncDispose]: async () => {
      client.child.stdin?.end();
      try {
        await client.ended;
      } finally {
        await simulator.shutdown();
      }
    },
  };
}
