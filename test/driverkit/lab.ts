// Builds the lab (a dext and a client of test/driverkit/lab) and runs them in a simulator.
import { cpSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  type Assumptions,
  type PluggedDevice,
  type Simulator,
  startSimulator,
  type UsbDevice,
} from 'dextgen/simulator';
import * as assert from 'uvu/assert';
import { buildFolder, buildTestDext, buildTestProgram, make, settle } from '../native-builds.js';
import { newFolder, type PlistDict, plist, startClient } from '../simulator/support.js';

const LAB = 'com.example.Lab';
const folder = resolve('test/driverkit/lab');

/** Selectors, in the order of the table in LabClient.cpp. */
const selectors = [
  ...(['refusePower', 'changePower', 'acknowledgePower'] as const),
  ...([
    'clientMemory',
    'joinMemory',
    'partOfMemory',
    'mapMemory',
    'readMap',
    'storeMap',
    'dropMemory',
  ] as const),
  ...(['open', 'transfer', 'sendStructure', 'completions'] as const),
  ...([
    'selectAlternate',
    'describePipe',
    'adjustPipe',
    'idlePolicy',
    'startTransfer',
    'abort',
  ] as const),
  ...(['clearStall', 'request', 'startRequest', 'close'] as const),
  ...([
    'openDevice',
    'configure',
    'listInterfaces',
    'resetDevice',
    'copyDescriptor',
    'frameNumber',
    'microframes',
  ] as const),
  ...(['isoch', 'frames', 'makeRing', 'bundle'] as const),
  ...([
    'sleepQueue',
    'serialize',
    'interruptType',
    'watchInterrupt',
    'enableInterrupt',
    'blocks',
    'dataQueue',
    'busy',
  ] as const),
] as const;
export type Selector = (typeof selectors)[number];

export const CODE = {
  success: 0,
  error: 0xe00002bc,
  badArgument: 0xe00002c2,
  vmError: 0xe00002c8,
  exclusiveAccess: 0xe00002c5,
  unsupported: 0xe00002c7,
  notOpen: 0xe00002cd,
  timeout: 0xe00002d6,
  notReady: 0xe00002d8,
  underrun: 0xe00002e7,
  overrun: 0xe00002e8,
  aborted: 0xe00002eb,
  isoTooOld: 0xe00002ee,
  isoTooNew: 0xe00002ef,
  notPermitted: 0xe00002e2,
  noInterrupt: 0xe00002df,
  notFound: 0xe00002f0,
  stalled: 0xe0005000,
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

export type LabBuild = {
  readonly bundle: string;
  readonly client: string;
  readonly rights: string;
};

const infoOf = (one: PlistDict) => ({
  CFBundleIdentifier: LAB,
  CFBundleExecutable: 'Lab',
  IOKitPersonalities: { Lab: one },
});

/** With `compiler`, another than g++: it brings blocks. */
export function buildLab(compiler = 'g++'): LabBuild {
  make('all', {});
  const rights = { 'com.apple.developer.driverkit.userclient-access': [LAB] };
  return {
    bundle: buildTestDext({
      name: 'lab',
      source: folder,
      info: infoOf(personality),
      entitlements: {
        'com.apple.developer.driverkit': true,
        'com.apple.developer.driverkit.transport.usb': [{ idVendor: 0x1209 }],
        'com.apple.developer.driverkit.transport.pci': [
          { IOPCIPrimaryMatch: '0x00001209&0x0000ffff' },
        ],
      },
      compiler,
      without: ['client.cpp'],
    }),
    client: buildTestProgram(join(folder, 'client.cpp')),
    rights: settle(join(buildFolder('dexts', 'lab'), 'client.plist'), plist(rights)),
  };
}

/** The same dext, for the device instead of its interface. */
export function forDevice(build: LabBuild): LabBuild {
  const { bConfigurationValue: _value, bInterfaceNumber: _number, ...rest } = personality;
  const bundle = join(newFolder(), `${LAB}.dext`);
  cpSync(build.bundle, bundle, { recursive: true });
  const info = infoOf({ ...rest, IOProviderClass: 'IOUSBHostDevice' });
  writeFileSync(join(bundle, 'Info.plist'), plist(info));
  return { ...build, bundle };
}

/** The same dext, for a PCI device. */
export function forPci(build: LabBuild): LabBuild {
  const {
    idVendor: _v,
    idProduct: _p,
    bConfigurationValue: _c,
    bInterfaceNumber: _i,
    ...rest
  } = personality;
  const bundle = join(newFolder(), `${LAB}.dext`);
  cpSync(build.bundle, bundle, { recursive: true });
  const pci = { ...rest, IOProviderClass: 'IOPCIDevice', IOPCIPrimaryMatch: '0x00011209' };
  writeFileSync(join(bundle, 'Info.plist'), plist(infoOf(pci)));
  return { ...build, bundle };
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
  readonly log: readonly string[];
  call(selector: Selector, ...words: readonly (number | bigint)[]): Promise<Answer>;
  /** The same with a structure of `size` bytes; byte i is i * 7 + 1. */
  callWith(size: number, selector: Selector, ...words: readonly number[]): Promise<Answer>;
  /** A line to the client as it is; resolves with the words of the answer. */
  tell(line: string): Promise<readonly number[]>;
};

export type LabOptions = {
  readonly assume?: Assumptions;
  /** Of dextsim. */
  readonly arguments?: readonly string[];
  /** A file for a recording of the run. */
  readonly record?: string;
};

/** Starts a simulator with the lab and its device, and a client that has opened it. */
export function startLab(
  build: LabBuild,
  device: UsbDevice = labDevice(),
  options: LabOptions = {},
): Promise<Lab & { readonly cable: PluggedDevice }> {
  return startWith(build, (simulator) => simulator.plug(device), options);
}

export async function startWith<Cable>(
  build: LabBuild,
  plug: (simulator: Simulator) => Promise<Cable>,
  options: LabOptions = {},
): Promise<Lab & { readonly cable: Cable }> {
  const log: string[] = [];
  const simulator = await startSimulator({
    bundles: [build.bundle],
    entitlements: build.rights,
    log: (line) => log.push(line),
    ...options,
  });
  const cable = await plug(simulator);
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
