// Builds the native test programs and writes dext bundles round the fake dext.
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { UsbDevice } from 'dextgen/simulator';
import { buildTestProgram } from '../native-builds.js';
import { type PlistDict, type PlistValue, plist } from '../plists.js';
import { until as waitUntil } from '../waiting.js';

export { type PlistDict, type PlistValue, plist } from '../plists.js';

/** Builds one program of test/simulator/native; returns its path. */
export function buildProgram(source: string, library: 'iokit' | 'kernel'): string {
  return buildTestProgram(resolve('test/simulator/native', source), library);
}

export const BUNDLE = 'com.example.Fake';

export const PERSONALITY: PlistDict = {
  CFBundleIdentifier: BUNDLE,
  IOClass: 'IOUserService',
  IOProviderClass: 'IOUSBHostInterface',
  IOUserClass: 'FakeDriver',
  IOUserServerName: BUNDLE,
  idVendor: 0x1209,
  idProduct: 1,
  bConfigurationValue: 1,
  bInterfaceNumber: 0,
  Answer: 42,
  UserClientProperties: { IOClass: 'IOUserUserClient', IOUserClass: 'FakeUserClient' },
  WrongProperties: { IOClass: 'IOUserService', IOUserClass: 'FakeUserClient' },
};

export const DEXT_ENTITLEMENTS: PlistDict = {
  'com.apple.developer.driverkit': true,
  'com.apple.developer.driverkit.transport.usb': [{ idVendor: 0x1209 }],
};

export type BundleOptions = {
  readonly info?: PlistDict;
  readonly personalities?: { readonly [name: string]: PlistValue };
  readonly entitlements?: PlistDict;
};

const folders: string[] = [];
process.once('exit', () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that goes with this process. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'dextsim-test-'));
  folders.push(folder);
  return folder;
}

/** Writes a bundle that runs the fake dext; returns its folder. */
export function writeBundle(executable: string, options: BundleOptions = {}): string {
  const folder = join(newFolder(), `${BUNDLE}.dext`);
  mkdirSync(folder);
  const info = options.info ?? {
    CFBundleIdentifier: BUNDLE,
    CFBundleExecutable: 'Fake',
    IOKitPersonalities: options.personalities ?? { Fake: PERSONALITY },
  };
  writeFileSync(join(folder, 'Info.plist'), plist(info));
  writeFileSync(
    join(folder, 'entitlements.plist'),
    plist(options.entitlements ?? DEXT_ENTITLEMENTS),
  );
  copyFileSync(executable, join(folder, 'Fake'));
  return folder;
}

/** An entitlements file of a client that may open the fake dext. */
export function writeClientEntitlements(): string {
  const file = join(newFolder(), 'client.entitlements');
  writeFileSync(file, plist({ 'com.apple.developer.driverkit.userclient-access': [BUNDLE] }));
  return file;
}

/** A device with one bulk IN endpoint. */
export function fakeDevice(more: Partial<UsbDevice> = {}): UsbDevice {
  const endpoints = [{ address: 0x81, type: 'bulk', maxPacketSize: 512 }] as const;
  return {
    vendor: 0x1209,
    product: 1,
    productName: 'Fake',
    configurations: [{ value: 1, interfaces: [{ number: 0, endpoints }] }],
    ...more,
  };
}

export type Client = {
  /** Resolves at the next line on standard output. */
  readonly line: () => Promise<string>;
  readonly tell: (text: string) => void;
  readonly child: ChildProcess;
  /** Resolves with everything it printed; rejects with its complaint when it failed. */
  readonly ended: Promise<string>;
};

/** Starts a native client. */
export function startClient(program: string, args: readonly string[], env = {}): Client {
  const child = spawn(program, args, { stdio: 'pipe', env: { ...process.env, ...env } });
  let output = '';
  let complaint = '';
  const lines: string[] = [];
  const waiting: ((line: string) => void)[] = [];
  child.stderr.on('data', (chunk) => {
    complaint += chunk;
  });
  createInterface(child.stdout).on('line', (line) => {
    output += `${line}\n`;
    const taker = waiting.shift();
    if (taker === undefined) lines.push(line);
    else taker(line);
  });
  const ended = new Promise<string>((done, fail) => {
    child.once('close', (code, signal) => {
      if (code === 0) done(output);
      else fail(new Error(`${args.join(' ')}: ${code ?? signal}\n${complaint}${output}`));
    });
  });
  ended.catch(() => undefined); // whoever awaits it hears of the failure
  return {
    line: () =>
      new Promise((done) => {
        const line = lines.shift();
        if (line === undefined) waiting.push(done);
        else done(line);
      }),
    tell: (text) => void child.stdin.write(`${text}\n`),
    child,
    ended,
  };
}

/** Waits until the condition holds. */
export const until = (what: string, holds: () => boolean | Promise<boolean>): Promise<void> =>
  waitUntil(holds, what);
