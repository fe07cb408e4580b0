// A device as a file describes it, YAML or JSON: descriptors, what feeds its endpoints, what answers its requests.
// Everything wrong is one sentence that names the file and the key.
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseDocument } from 'yaml';
import type {
  ConfigurationData,
  ControlRule,
  DeviceData,
  EndpointData,
  InterfaceData,
  RawUsbDevice,
  UsbDevice,
  UsbSpeed,
} from '../../../simulator/devices/index.js';
import { readFeed } from './device-feeds.js';
import { DeviceFileError, Field } from './device-field.js';

const SPEEDS = ['low', 'full', 'high', 'super', 'super-plus'] as const;
const TYPES = ['control', 'isochronous', 'bulk', 'interrupt'] as const;

function without<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T;
}

function readEndpoint(field: Field): EndpointData {
  field.only('address', 'type', 'maxPacketSize', 'interval');
  return without({
    address: field.get('address').integer(1, 255),
    type: field.get('type').oneOf(TYPES),
    maxPacketSize: field.get('maxPacketSize').integer(1, 65_535),
    interval: field.find('interval')?.integer(0, 255),
  }) as EndpointData;
}

function readInterface(field: Field): InterfaceData {
  field.only(
    ...['number', 'alternate', 'class', 'subclass', 'protocol', 'classDescriptors', 'endpoints'],
  );
  const byte = (key: string): number | undefined => field.find(key)?.integer(0, 255);
  return without({
    number: field.get('number').integer(0, 255),
    alternate: byte('alternate'),
    class: byte('class'),
    subclass: byte('subclass'),
    protocol: byte('protocol'),
    classDescriptors: field.find('classDescriptors')?.bytes(),
    endpoints: field.get('endpoints').list().map(readEndpoint),
  }) as InterfaceData;
}

function readConfiguration(field: Field): ConfigurationData {
  field.only('value', 'interfaces');
  return {
    value: field.get('value').integer(1, 255),
    interfaces: field.get('interfaces').list(1).map(readInterface),
  };
}

function readDevice(field: Field): DeviceData {
  const byte = (key: string): number | undefined => field.find(key)?.integer(0, 255);
  const text = (key: string): string | undefined => field.find(key)?.text();
  return without({
    vendor: field.get('vendor').integer(0, 65_535),
    product: field.get('product').integer(0, 65_535),
    release: field.find('release')?.integer(0, 65_535),
    class: byte('class'),
    subclass: byte('subclass'),
    protocol: byte('protocol'),
    manufacturerName: text('manufacturerName'),
    productName: text('productName'),
    serialNumber: text('serialNumber'),
    configurations: field.get('configurations').list(1).map(readConfiguration),
  }) as DeviceData;
}

function readDescriptors(field: Field): RawUsbDevice['descriptors'] {
  field.only('device', 'configurations', 'strings');
  const strings = field.find('strings')?.members() ?? [];
  return {
    device: field.get('device').bytes(),
    configurations: field
      .get('configurations')
      .list(1)
      .map((each) => each.bytes()),
    strings: Object.fromEntries(strings.map(([key, each]) => [key, each.bytes()])),
  };
}

function readRule(field: Field): ControlRule {
  field.only('requestType', 'request', 'value', 'index', 'answer');
  const answer = field.find('answer');
  return without({
    requestType: field.get('requestType').integer(0, 255),
    request: field.get('request').integer(0, 255),
    value: field.find('value')?.integer(0, 65_535),
    index: field.find('index')?.integer(0, 65_535),
    answer: answer?.value === 'stall' ? 'stall' : answer?.bytes(),
  }) as ControlRule;
}

const DATA_KEYS = [
  ...['vendor', 'product', 'release', 'class', 'subclass', 'protocol', 'configurations'],
  ...['manufacturerName', 'productName', 'serialNumber'],
];

function toDevice(field: Field, folder: string): UsbDevice | RawUsbDevice {
  const raw = field.find('descriptors');
  field.only('speed', 'feeds', 'control', ...(raw === undefined ? DATA_KEYS : ['descriptors']));
  const feeds = (field.find('feeds')?.members() ?? []).map(([key, each]) => {
    const address = Number(key);
    if (!Number.isInteger(address) || address < 0x81 || address > 0x8f) {
      each.fail('a feed belongs to the address of an IN endpoint, like 0x81');
    }
    return [address, readFeed(each, (path) => resolve(folder, path))];
  });
  const behaviour = without({
    speed: field.find('speed')?.oneOf<UsbSpeed>(SPEEDS),
    in: Object.fromEntries(feeds),
    control: field.find('control')?.list().map(readRule),
  });
  const device = raw === undefined ? readDevice(field) : { descriptors: readDescriptors(raw) };
  return { ...device, ...behaviour } as UsbDevice | RawUsbDevice;
}

/** Throws DeviceFileError. */
export function readDeviceFile(file: string): UsbDevice | RawUsbDevice {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new DeviceFileError(
      `${file}: ${code === 'ENOENT' ? 'no such file' : (error as Error).message}`,
    );
  }
  const document = parseDocument(text);
  const [problem] = document.errors;
  if (problem !== undefined) {
    const [position] = problem.linePos ?? [];
    const at = position === undefined ? '' : `:${position.line}:${position.col}`;
    throw new DeviceFileError(
      `${file}${at}: ${problem.message.split('\n')[0]?.replace(/ at line.*$/, '')}`,
    );
  }
  return toDevice(new Field(file, '', document.toJS()), dirname(resolve(file)));
}
