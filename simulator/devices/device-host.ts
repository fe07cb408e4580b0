// One session of the kernel's that plays devices: plugs them in, brings each the messages that are for it, and
// keeps the machine's clock for them.
import {
  configurationDescriptor,
  deviceDescriptor,
  speedNumber,
  stringDescriptors,
  type UsbSpeed,
} from './descriptors.js';
import { type Session, SimulatorError } from './session.js';
import { MachineClock, nanosecondsToMs } from './time.js';
import {
  DeviceConnection,
  type PluggedDevice,
  type RawUsbDevice,
  type UsbDevice,
} from './usb-device.js';
import { BodyReader, BodyWriter, MESSAGE, type Message } from './wire.js';

/** Sends a host's message to the device it is for. */
function route(devices: Map<bigint, DeviceConnection>, message: Message): void {
  const body = new BodyReader(message.body);
  if (message.type === MESSAGE.transferAborted) {
    const transfer = body.u64();
    const late = body.u8() !== 0;
    const bytes = body.u32();
    for (const device of devices.values()) device.transferAborted(transfer, late, bytes);
    return;
  }
  const device = devices.get(body.u64());
  if (device === undefined) return;
  if (message.type === MESSAGE.transferIn) device.transferIn(body);
  if (message.type === MESSAGE.transferOut) void device.transferOut(body);
  if (message.type === MESSAGE.control) void device.control(body);
  if (message.type === MESSAGE.isochTransfer) void device.isochronous(body);
  if (message.type === MESSAGE.endpointReset) device.endpointReset(body.u8());
  if (message.type === MESSAGE.configurationSelected) device.selected({ configuration: body.u8() });
  if (message.type === MESSAGE.alternateSelected)
    device.selected({ interface: body.u8(), alternate: body.u8() });
  if (message.type === MESSAGE.deviceReset) {
    devices.delete(device.id);
    device.id = body.u64();
    device.reset();
    devices.set(device.id, device);
  }
  if (message.type === MESSAGE.deviceUnplugged) device.end();
}

function descriptorsOf(device: UsbDevice | RawUsbDevice, speed: UsbSpeed) {
  if (!('descriptors' in device)) {
    return {
      device: deviceDescriptor(device, speed),
      configurations: device.configurations.map(configurationDescriptor),
      strings: stringDescriptors(device),
    };
  }
  const { descriptors } = device;
  const strings = Object.entries(descriptors.strings ?? {});
  return {
    ...descriptors,
    strings: strings.map(([index, bytes]): [number, Uint8Array] => [Number(index), bytes]),
  };
}

function plugMessage(device: UsbDevice | RawUsbDevice): BodyWriter {
  const speed = device.speed ?? 'high';
  const descriptors = descriptorsOf(device, speed);
  const body = new BodyWriter().u8(speedNumber(speed)).bytes(descriptors.device);
  body.u32(descriptors.configurations.length);
  for (const each of descriptors.configurations) body.bytes(each);
  body.u32(descriptors.strings.length);
  for (const [index, bytes] of descriptors.strings) body.u8(index).bytes(bytes);
  return body;
}

export type DeviceHost = {
  plug(device: UsbDevice | RawUsbDevice): Promise<PluggedDevice>;
  /** The machine's clock, which the devices follow. */
  readonly clock: MachineClock;
  /** Resolves when the kernel has heard what the devices said so far. */
  sync(): Promise<void>;
};

/** Plugs devices through one session; closing the session pulls every cable. */
export function deviceHost(session: Session): DeviceHost {
  const clock = new MachineClock();
  const devices = new Map<bigint, DeviceConnection>();
  const early: Message[] = [];
  let plugging = 0;
  session.onMessage((message) => {
    if (message.type === MESSAGE.deviceClock) {
      const body = new BodyReader(message.body);
      clock.change(body.u8() !== 0, nanosecondsToMs(body.u64()));
    }
    // The first transfer can arrive before the answer to Plug has told us the device's id.
    else if (plugging > 0) early.push(message);
    else route(devices, message);
  });
  session.onClose(() => {
    for (const device of devices.values()) device.end();
    devices.clear();
  });

  const sync = async (): Promise<void> => {
    const body = await session.request(MESSAGE.readClock, new BodyWriter());
    clock.change(body.u8() !== 0, nanosecondsToMs(body.u64()));
  };
  const ready = sync();
  ready.catch(() => undefined); // whoever plugs hears of it

  const unplug = async (connection: DeviceConnection): Promise<void> => {
    connection.end();
    await session.request(MESSAGE.unplug, new BodyWriter().u64(connection.id)).catch((error) => {
      // Somebody else was quicker.
      if (!(error instanceof SimulatorError) || error.status === null) throw error;
    });
    devices.delete(connection.id);
  };
  const plug = async (device: UsbDevice | RawUsbDevice): Promise<DeviceConnection> => {
    plugging += 1;
    try {
      for (const endpoint of Object.values(device.in ?? {})) endpoint.attach?.(clock);
      const id = (await session.request(MESSAGE.plug, plugMessage(device))).u64();
      const connection = new DeviceConnection(session, device, id);
      devices.set(id, connection);
      return connection;
    } finally {
      plugging -= 1;
      if (plugging === 0) for (const message of early.splice(0)) route(devices, message);
    }
  };
  return {
    clock,
    sync,
    plug: async (device) => {
      await ready;
      const connection = await plug(device);
      return {
        get id() {
          return connection.id;
        },
        delivered: (endpoint) => connection.delivered(endpoint),
        unplug: () => unplug(connection),
        unplugged: connection.unplugged,
      };
    },
  };
}
