// Device files: what they can say, and one sentence with the file and the key for what they cannot.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InEndpoint, RawUsbDevice, UsbDevice } from 'dextgen/simulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readDeviceFile } from '../../generator/cli/sim/device-file.js';

const files = suite<{ folder: string }>('device files');

files.before((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'dextgen-devices-'));
  writeFileSync(join(context.folder, 'data.bin'), Buffer.of(1, 2, 3, 4));
});

files.after(({ folder }) => {
  rmSync(folder, { recursive: true });
});

const BASE = `
vendor: 0x1209
product: 1
configurations:
  - { value: 1, interfaces: [{ number: 0, endpoints: [{ address: 0x81, type: bulk, maxPacketSize: 512 }] }] }
`;

function read(folder: string, text: string): UsbDevice | RawUsbDevice {
  const file = join(folder, 'device.yaml');
  writeFileSync(file, text);
  return readDeviceFile(file);
}

async function answers(endpoint: InEndpoint | undefined, count: number): Promise<string[]> {
  const found: string[] = [];
  const { signal } = new AbortController();
  for (let i = 0; i < count; i++) {
    const answer = await endpoint?.take({ length: 512, signal });
    if (typeof answer === 'string') found.push(answer);
    else {
      const data = answer instanceof Uint8Array ? answer : answer?.data;
      found.push(Buffer.from(data ?? []).toString('hex'));
    }
  }
  return found;
}

files('YAML and JSON say the same', ({ folder }) => {
  const device = read(folder, `${BASE}productName: Fake\nserialNumber: "7"\n`) as UsbDevice;
  assert.is(device.vendor, 0x1209);
  assert.is(device.productName, 'Fake');
  assert.equal(device.configurations[0]?.interfaces[0]?.endpoints, [
    { address: 0x81, type: 'bulk', maxPacketSize: 512 },
  ]);
  const { in: _in, ...plain } = device;
  assert.equal(read(folder, JSON.stringify(plain)), { ...plain, in: {} });
});

files('feeds: a file, bytes, again and with effects on top', async ({ folder }) => {
  const feed = async (text: string, count: number): Promise<string[]> =>
    answers(read(folder, `${BASE}feeds: { 0x81: ${text} }`).in?.[0x81], count);
  assert.equal(await feed('{ file: data.bin, size: 3, repeat: true }', 3), [
    '010203',
    '04',
    '010203',
  ]);
  assert.equal(await feed('{ bytes: ["0102", [3, 4]], repeat: true }', 3), [
    '0102',
    '0304',
    '0102',
  ]);
  assert.equal(
    await feed(
      '{ bytes: ["0102"], repeat: true, stall: { at: 2 }, corrupt: { from: 3 }, shorten: { bytes: 1, at: 1 } }',
      4,
    ),
    // What is stalled was not asked of what lies below.
    ['01', 'stall', '0102', '0003'],
  );
  const started = performance.now();
  const alive = setInterval(() => undefined, 1000); // a device's clock does not keep a process
  await feed('{ bytes: ["01"], repeat: true, every: 20ms }', 3);
  clearInterval(alive);
  assert.ok(performance.now() - started > 50);
});

files('requests and raw descriptors', ({ folder }) => {
  const device = read(
    folder,
    `${BASE}control: [{ requestType: 0xc0, request: 4, answer: "01 02" }, { requestType: 0xc0, request: 5, answer: stall }]`,
  );
  assert.equal(device.control, [
    { requestType: 0xc0, request: 4, answer: Uint8Array.of(1, 2) },
    { requestType: 0xc0, request: 5, answer: 'stall' },
  ]);
  const raw = read(
    folder,
    'descriptors: { device: "12010002", configurations: ["0902"], strings: { 1: [4, 3, 65, 0] } }',
  ) as RawUsbDevice;
  assert.equal(raw.descriptors, {
    device: Uint8Array.of(0x12, 1, 0, 2),
    configurations: [Uint8Array.of(9, 2)],
    strings: { 1: Uint8Array.of(4, 3, 65, 0) },
  });
});

const WRONG: readonly (readonly [string, string])[] = [
  ['product: 1', ': vendor: the key is missing'],
  [
    BASE.replace('product: 1', 'product: many'),
    ': product: an integer from 0 to 65535 is expected, not "many"',
  ],
  [
    BASE.replace('bulk', 'fast'),
    ': configurations[0].interfaces[0].endpoints[0].type: one of control, isochronous, bulk, interrupt is expected, not "fast"',
  ],
  [
    BASE.replace('maxPacketSize', 'maxPacket'),
    ': configurations[0].interfaces[0].endpoints[0].maxPacket: unknown key; known: address, type, maxPacketSize, interval',
  ],
  [
    `${BASE}colour: red`,
    ': colour: unknown key; known: speed, feeds, control, vendor, product, release',
  ],
  ['vendor: 1\nproduct: 1\nconfigurations: []', ': configurations: the list is empty'],
  ['vendor: [', ':1:10: Flow sequence in block collection must be sufficiently indented'],
  ['- 1', ': a map is expected, not [1]'],
  ['', ': a map is expected, not null'],
  [
    `${BASE}feeds: { 0x02: { bytes: ["01"] } }`,
    ': feeds.2: a feed belongs to the address of an IN endpoint, like 0x81',
  ],
  [`${BASE}feeds: { 0x81: {} }`, ': feeds.129: a feed has either `file` or `bytes`'],
  [
    `${BASE}feeds: { 0x81: { bytes: ["0x1"] } }`,
    ': feeds.129.bytes[0]: bytes in hexadecimal is expected, not "0x1"',
  ],
  [
    `${BASE}feeds: { 0x81: { bytes: ["01"], every: 5 } }`,
    ': feeds.129.every: a duration has a unit, like 10ms',
  ],
  [
    `${BASE}feeds: { 0x81: { bytes: ["01"], every: soon } }`,
    ': feeds.129.every: "soon" is no duration',
  ],
  [
    `${BASE}feeds: { 0x81: { bytes: ["01"], stall: { on: 1 } } }`,
    ': feeds.129.stall.on: unknown key; known: at, every, from',
  ],
  [`${BASE}control: [{ requestType: 0xc0 }]`, ': control[0].request: the key is missing'],
  [
    'descriptors: { device: 12, configurations: [] }',
    ': descriptors.device: bytes in hexadecimal, quoted, or a list, is expected, not 12',
  ],
];

files('what is wrong is one sentence with the file and the key', ({ folder }) => {
  const file = join(folder, 'device.yaml');
  for (const [text, message] of WRONG) {
    let said = '';
    try {
      read(folder, text);
    } catch (error) {
      said = (error as Error).message;
    }
    assert.ok(said.startsWith(`${file}${message}`), `${said}\nis not ${message}`);
    assert.not.ok(said.includes('\n'), said);
  }
  assert.throws(
    () => read(folder, `${BASE}feeds: { 0x81: { file: none.bin } }`),
    new RegExp(`feeds\\.129\\.file: ${join(folder, 'none.bin')} does not exist$`),
  );
  assert.throws(
    () => readDeviceFile('/none.yaml'),
    /^DeviceFileError: \/none\.yaml: no such file$|no such file$/,
  );
});

files.run();
