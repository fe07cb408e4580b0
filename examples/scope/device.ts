// The oscilloscope itself, played by a process of its own: plugs a simulated USB device in and sends packets on
// bulk IN 0x81. The app tells it over the process's message channel when to send and when to go away.
import {
  connectSimulator,
  type PluggedDevice,
  packetSource,
  type Setup,
  type UsbDevice,
} from 'dextgen/simulator';
import { type Calibration, encodeCalibration } from '../../generated/scope/client/scope.js';
import { createPacketWriter, PACKET_BYTES } from './signal.js';

export type DeviceCommand = 'start' | 'stop' | 'unplug';
export type DeviceReport =
  | { readonly event: 'plugged' }
  /** `sent`: packets that reached the host. */
  | { readonly event: 'stopped'; readonly sent: number }
  | { readonly event: 'unplugged' };

const PACKET_ENDPOINT = 0x81;
const REQUEST_CALIBRATION = 4;
/** Requests that set something; the signal does not depend on them. */
const SETTINGS = [1, 2, 3];

function calibration(): Calibration {
  const channels = Array.from({ length: 8 }, (_, channel) => ({
    offset: channel - 4,
    trim: Int16Array.of(1, 0, -1),
    gain: 0.001 * (channel + 1),
    slope: Float64Array.of(1, 0.0001),
  }));
  const linearity = Int16Array.from({ length: 120 }, (_, i) => (i % 7) - 3);
  return { serial: 2391, revision: 3, channelCount: 8, date: 1_735_689_600n, channels, linearity };
}

function answerControl(setup: Setup): Uint8Array | 'stall' {
  if (SETTINGS.includes(setup.request)) return new Uint8Array(0);
  if (setup.request !== REQUEST_CALIBRATION) return 'stall';
  const bytes = new Uint8Array(512);
  encodeCalibration(new DataView(bytes.buffer), 0, calibration());
  return bytes;
}

function describeDevice(source: ReturnType<typeof packetSource>): UsbDevice {
  const endpoint = { address: PACKET_ENDPOINT, type: 'bulk', maxPacketSize: 512 } as const;
  const configuration = { value: 1, interfaces: [{ number: 0, endpoints: [endpoint] }] };
  return {
    vendor: 0x0957,
    product: 0x179a,
    speed: 'high',
    manufacturerName: 'Example',
    productName: 'Simulated oscilloscope',
    serialNumber: 'SCOPE-0001',
    configurations: [configuration],
    in: { [PACKET_ENDPOINT]: source },
    control: answerControl,
  };
}

function report(message: DeviceReport): void {
  process.send?.(message);
}

async function run(rate: number): Promise<void> {
  const simulator = await connectSimulator();
  const source = packetSource({ packetSize: PACKET_BYTES, rate, fill: createPacketWriter() });
  const plugged: PluggedDevice = await simulator.plug(describeDevice(source));
  const commands: Readonly<Record<DeviceCommand, () => void | Promise<void>>> = {
    start: () => source.start(),
    stop: () => {
      source.stop();
      report({ event: 'stopped', sent: plugged.delivered(PACKET_ENDPOINT) / PACKET_BYTES });
    },
    unplug: async () => {
      await plugged.unplug();
      report({ event: 'unplugged' });
      simulator.close();
      process.disconnect();
    },
  };
  process.on('message', (command: DeviceCommand) => void commands[command]());
  process.once('disconnect', () => process.exit());
  report({ event: 'plugged' });
}

await run(Number(process.argv[2]));
