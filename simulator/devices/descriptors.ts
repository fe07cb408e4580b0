// USB descriptors from plain data: device, configuration with its interfaces and endpoints, strings
// (USB 2.0 §9.6). A device may give its own bytes instead.

export type UsbSpeed = 'low' | 'full' | 'high' | 'super' | 'super-plus';

export type EndpointData = {
  /** Number and direction bit: 0x81 is IN 1. */
  readonly address: number;
  readonly type: 'control' | 'isochronous' | 'bulk' | 'interrupt';
  readonly maxPacketSize: number;
  /** bInterval; 0 where it means nothing. */
  readonly interval?: number;
};

export type InterfaceData = {
  readonly number: number;
  readonly alternate?: number;
  readonly class?: number;
  readonly subclass?: number;
  readonly protocol?: number;
  /** What its class puts behind the interface descriptor, before the endpoints: a HID descriptor, CDC functions. */
  readonly classDescriptors?: Uint8Array;
  readonly endpoints: readonly EndpointData[];
};

export type ConfigurationData = {
  readonly value: number;
  readonly interfaces: readonly InterfaceData[];
};

export type DeviceData = {
  readonly vendor: number;
  readonly product: number;
  /** bcdDevice. */
  readonly release?: number;
  readonly class?: number;
  readonly subclass?: number;
  readonly protocol?: number;
  readonly configurations: readonly ConfigurationData[];
  readonly manufacturerName?: string;
  readonly productName?: string;
  readonly serialNumber?: string;
};

const SPEEDS: Readonly<Record<UsbSpeed, number>> = {
  low: 1,
  full: 2,
  high: 3,
  super: 4,
  'super-plus': 5,
};
const BCD_USB: Readonly<Record<UsbSpeed, number>> = {
  low: 0x0110,
  full: 0x0200,
  high: 0x0200,
  super: 0x0300,
  'super-plus': 0x0310,
};
const TRANSFER_TYPES = { control: 0, isochronous: 1, bulk: 2, interrupt: 3 } as const;

export const speedNumber = (speed: UsbSpeed): number => SPEEDS[speed];

const u16 = (value: number): number[] => [value & 0xff, (value >> 8) & 0xff];

/** Indices of the string descriptors: 1 manufacturer, 2 product, 3 serial number; 0 where there is none. */
function stringIndices(data: DeviceData): [number, number, number] {
  return [
    data.manufacturerName === undefined ? 0 : 1,
    data.productName === undefined ? 0 : 2,
    data.serialNumber === undefined ? 0 : 3,
  ];
}

/** The 18-byte device descriptor. */
export function deviceDescriptor(data: DeviceData, speed: UsbSpeed): Uint8Array {
  const maxPacket0 = speed === 'super' || speed === 'super-plus' ? 9 : 64;
  return Uint8Array.from([
    18,
    1,
    ...u16(BCD_USB[speed]),
    data.class ?? 0,
    data.subclass ?? 0,
    data.protocol ?? 0,
    maxPacket0,
    ...u16(data.vendor),
    ...u16(data.product),
    ...u16(data.release ?? 0x0100),
    ...stringIndices(data),
    data.configurations.length,
  ]);
}

function endpointDescriptor(endpoint: EndpointData): number[] {
  const size = u16(endpoint.maxPacketSize);
  const type = TRANSFER_TYPES[endpoint.type];
  return [7, 5, endpoint.address, type, ...size, endpoint.interval ?? 0];
}

function interfaceDescriptors(data: InterfaceData): number[] {
  const head = [9, 4, data.number, data.alternate ?? 0, data.endpoints.length];
  const kind = [data.class ?? 0xff, data.subclass ?? 0, data.protocol ?? 0, 0];
  const ofClass = data.classDescriptors ?? [];
  return [...head, ...kind, ...ofClass, ...data.endpoints.flatMap(endpointDescriptor)];
}

/** A configuration descriptor with everything behind it. Bus powered, 100 mA. */
export function configurationDescriptor(data: ConfigurationData): Uint8Array {
  const body = data.interfaces.flatMap(interfaceDescriptors);
  const numbers = new Set(data.interfaces.map((each) => each.number));
  return Uint8Array.from([
    9,
    2,
    ...u16(9 + body.length),
    numbers.size,
    data.value,
    0,
    0x80,
    50,
    ...body,
  ]);
}

/** String descriptors by index; 0 lists the languages (US English). */
export function stringDescriptors(data: DeviceData): [number, Uint8Array][] {
  const texts = [data.manufacturerName, data.productName, data.serialNumber];
  const strings = texts.flatMap((text, i): [number, Uint8Array][] => {
    if (text === undefined) return [];
    const encoded = Buffer.from(text, 'utf16le').subarray(0, 252);
    return [[i + 1, Uint8Array.from([encoded.length + 2, 3, ...encoded])]];
  });
  return [[0, Uint8Array.from([4, 3, 0x09, 0x04])], ...strings];
}
