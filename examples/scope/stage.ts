// Everything round the app: builds what runs, starts the simulator and the device. On a Mac with the driver
// installed and the device plugged in, an app needs none of this.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  buildAddon,
  buildDext,
  buildSimulator,
  type Simulator,
  startSimulator,
} from 'dextgen/simulator';
import type { DeviceCommand, DeviceReport } from './device.js';

const here = dirname(fileURLToPath(import.meta.url));
/** This file runs as build/js/examples/scope/stage.js. */
const project = join(here, '..', '..', '..', '..');

export type Stage = AsyncDisposable & {
  /** Sends a command; settles with the device's answer, if it has one. */
  readonly tell: (command: DeviceCommand) => Promise<DeviceReport | undefined>;
};

/** Builds the simulator, the dext and the addon, as far as they are out of date. */
export async function buildStage(): Promise<string> {
  await buildSimulator();
  const bundle = await buildDext({ interface: 'scope', project });
  await buildAddon({ interface: 'scope', project });
  return bundle;
}

/** `rate`: packets per second; 0 is as fast as the host takes them. */
export async function openStage(bundle: string, rate: number): Promise<Stage> {
  const entitlements = join(project, 'generated/scope/plist/ScopeApp-macOS.entitlements');
  const simulator = await startSimulator({ bundles: [bundle], entitlements });
  try {
    const device = await plugDevice(simulator, rate);
    return {
      tell: (command) => tell(device, command),
      [Symbol.asyncDispose]: async () => {
        device.kill();
        await simulator.shutdown();
      },
    };
  } catch (error) {
    await simulator.shutdown();
    throw error;
  }
}

async function plugDevice(simulator: Simulator, rate: number): Promise<ChildProcess> {
  const env = { ...process.env, ...simulator.env };
  const device = fork(join(here, 'device.js'), [String(rate)], { env });
  await nextReport(device);
  return device;
}

async function tell(
  device: ChildProcess,
  command: DeviceCommand,
): Promise<DeviceReport | undefined> {
  const report = command === 'start' ? undefined : nextReport(device);
  device.send(command);
  return report;
}

async function nextReport(device: ChildProcess): Promise<DeviceReport> {
  const ended = new AbortController();
  const failed = once(device, 'exit', { signal: ended.signal }).then(([code, signal]) => {
    throw new Error(`the device's process ended (${code ?? signal})`);
  });
  const [report] = await Promise.race([once(device, 'message', { signal: ended.signal }), failed]);
  ended.abort();
  failed.catch(() => {});
  return report;
}
