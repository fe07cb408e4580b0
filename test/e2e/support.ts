// A simulator with the Scope's dext, an oscilloscope to plug in, and the client: what every end-to-end test starts from.
import { join } from 'node:path';
import {
  type PacketSource,
  type PluggedDevice,
  packetSource,
  type Simulator,
  type SimulatorOptions,
  startSimulator,
  type UsbDevice,
} from 'dextgen/simulator';
import { Scope } from '../../generated/scope/client/scope.js';
import { PATIENCE_MS } from '../waiting.js';

export { rejection, until, within } from '../waiting.js';

export const SCOPE_BUNDLE = join('build', 'sim', 'scope', 'com.example.Scope.driver.dext');
export const SCOPE_ENTITLEMENTS = join(
  'generated',
  'scope',
  'plist',
  'ScopeApp-macOS.entitlements',
);
export const PACKET_SIZE = 112;
export const DEXT_NAME = 'com.example.Scope.driver';

export type ScopeDeviceOptions = {
  readonly rate?: number;
  readonly control?: NonNullable<UsbDevice['control']>;
};

export type ScopeDevice = { readonly usb: UsbDevice; readonly packets: PacketSource };

/** Packets count up from 0, in the flags as well, so that a packet mixed from two is seen. */
export function scopeDevice(options: ScopeDeviceOptions = {}): ScopeDevice {
  const packets = packetSource({
    packetSize: PACKET_SIZE,
    rate: options.rate ?? 1000,
    fill: (target, first, count) => {
      const now = process.hrtime.bigint();
      for (let i = 0; i < count; i++) {
        const at = i * PACKET_SIZE;
        target.writeUInt32LE((first + i) >>> 0, at);
        target.writeUInt32LE(~(first + i) >>> 0, at + 4);
        target.writeBigUInt64LE(now, at + 8);
        target.fill(0, at + 16, at + PACKET_SIZE);
        target.writeFloatLE(first + i, at + PACKET_SIZE - 4);
      }
    },
  });
  const usb: UsbDevice = {
    speed: 'high',
    vendor: 0x0957,
    product: 0x179a,
    productName: 'Oscilloscope',
    serialNumber: '0001',
    configurations: [
      {
        value: 1,
        interfaces: [
          { number: 0, endpoints: [{ address: 0x81, type: 'bulk', maxPacketSize: 512 }] },
        ],
      },
    ],
    in: { 129: packets },
    ...(options.control && { control: options.control }),
  };
  return { usb, packets };
}

export type Bench = {
  readonly simulator: Simulator;
  readonly log: readonly string[];
  /** Plugs an oscilloscope in; it sends once `packets.start()` was called. */
  plug(options?: ScopeDeviceOptions): Promise<ScopeDevice & { readonly cable: PluggedDevice }>;
  /** Opens the first Scope, waiting for it. */
  open(): Promise<Scope>;
};

export async function startBench(options: SimulatorOptions = {}): Promise<Bench> {
  const log: string[] = [];
  const simulator = await startSimulator({
    bundles: [SCOPE_BUNDLE],
    entitlements: SCOPE_ENTITLEMENTS,
    log: (line) => void log.push(line),
    ...options,
  });
  return {
    simulator,
    log,
    plug: async (deviceOptions) => {
      const device = scopeDevice(deviceOptions);
      const cable = await simulator.plug(device.usb);
      return { ...device, cable };
    },
    open: () => Scope.open({ timeout: PATIENCE_MS }),
  };
}
