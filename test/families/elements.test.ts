// Elements of HID devices: what a report descriptor becomes, their values, and events of digitizers.
import { HID_REPORT } from 'dextgen/simulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildProject, openStage, until } from './support.js';

const IDENTIFIER = 'com.example.HidReader';

/** Report 1: modifiers, an array of two keys, five lights. Report 2: a pen with x, tilt and tip. */
const descriptor = new Uint8Array([
  ...[0x05, 0x01, 0x09, 0x06, 0xa1, 0x01, 0x85, 0x01],
  ...[
    0x05, 0x07, 0x19, 0xe0, 0x29, 0xe7, 0x15, 0x00, 0x25, 0x01, 0x75, 0x01, 0x95, 0x08, 0x81, 0x02,
  ],
  ...[0x19, 0x04, 0x29, 0x3a, 0x15, 0x04, 0x25, 0x3a, 0x75, 0x08, 0x95, 0x02, 0x81, 0x00],
  ...[0x05, 0x08, 0x09, 0x02, 0x15, 0x00, 0x25, 0x01, 0x75, 0x01, 0x95, 0x01, 0x91, 0x02],
  ...[0x95, 0x07, 0x91, 0x01, 0xc0],
  ...[0x05, 0x0d, 0x09, 0x02, 0xa1, 0x01, 0x85, 0x02, 0x09, 0x20, 0xa1, 0x00, 0xa4],
  ...[0x05, 0x01, 0x09, 0x30, 0x15, 0x00, 0x26, 0xff, 0x0f, 0x35, 0x00, 0x45, 0x01],
  ...[0x75, 0x0c, 0x95, 0x01, 0x81, 0x02, 0xb4, 0x75, 0x04, 0x95, 0x01, 0x81, 0x03],
  ...[
    0x09, 0x3d, 0x15, 0x80, 0x25, 0x7f, 0x35, 0xa6, 0x45, 0x5a, 0x75, 0x08, 0x95, 0x01, 0x81, 0x02,
  ],
  ...[
    0x09, 0x42, 0x15, 0x00, 0x25, 0x01, 0x75, 0x01, 0x81, 0x02, 0x75, 0x07, 0x81, 0x03, 0xc0, 0xc0,
  ],
]);

const build = (): string =>
  buildProject({
    name: 'elements',
    identifier: IDENTIFIER,
    personalities: {
      Reader: {
        CFBundleIdentifier: IDENTIFIER,
        IOUserServerName: IDENTIFIER,
        IOClass: 'AppleUserHIDEventService',
        IOProviderClass: 'IOHIDInterface',
        IOUserClass: 'HidReader',
        VendorID: 0x1209,
      },
    },
    entitlements: {
      'com.apple.developer.driverkit.transport.hid': true,
      'com.apple.developer.driverkit.family.hid.eventservice': true,
    },
  });

const signed = (value: unknown): bigint => BigInt.asIntN(64, BigInt(`${value}`));

const elements = suite('HID elements');

elements('elements of a descriptor, their values, commit, and the events of a pen', async () => {
  await using stage = await openStage([build()]);
  const sent: number[][] = [];
  const device = await stage.simulator.plugHid({
    name: 'Desk',
    reportDescriptor: descriptor,
    properties: { VendorID: 0x1209, ProductID: 5 },
    setReport: ({ type, id }, report) => void sent.push([type, id, ...report]),
  });
  const service = await stage.simulator.followHid({ name: 'HidReader' });
  const said = (text: RegExp): string[] => stage.log.flatMap((line) => text.exec(line)?.[1] ?? []);
  // 3 collections, 8 modifiers, 55 selectors of the array, a light, and x, tilt and tip
  assert.equal(said(/reader: (.*)/), ['70 elements, 63 keys']);
  const fields = said(/element \d+: (.*)/);
  assert.is(fields[0], 'type 2, usage 7:224, report 1, 1 x 1 bits, 0..1, flags 2, in 1');
  assert.is(fields[8], 'type 2, usage 7:4, report 1, 1 x 8 bits, 4..58, flags 0, in 1');
  assert.equal(fields.slice(63), [
    'type 129, usage 8:2, report 1, 1 x 1 bits, 0..1, flags 2, in 1',
    'type 3, usage 1:48, report 2, 1 x 12 bits, 0..4095, flags 2, in 3',
    'type 1, usage 13:61, report 2, 1 x 8 bits, -128..127, flags 2, in 3',
    'type 2, usage 13:66, report 2, 1 x 1 bits, 0..1, flags 2, in 3',
  ]);

  await device.send(new Uint8Array([1, 0b10, 0x04, 0x3a]));
  await device.send(new Uint8Array([1, 0b00, 0x3a, 0x00]));
  await until('the keys', () => service.events.length === 5);
  assert.equal(
    service.events.map(({ kind, fields: { usage, value } }) => [kind, usage, value]),
    [
      ['keyboard', 0xe1, 1],
      ['keyboard', 0x04, 1],
      ['keyboard', 0x3a, 1],
      ['keyboard', 0xe1, 0],
      ['keyboard', 0x04, 0],
    ],
  );
  assert.equal(sent, [[HID_REPORT.output, 1, 1, 1]]);

  await device.send(new Uint8Array([2, 0xff, 0x07, 0x80, 1]));
  await until('the pen', () => service.events.length === 7);
  const [pen, touch] = service.events.slice(5);
  assert.is(pen?.kind, 'stylus');
  assert.equal(
    [pen?.fields.identifier, pen?.fields.tip, pen?.fields.tipChanged, pen?.fields.inRange],
    [7, true, true, false],
  );
  assert.is(signed(pen?.fields.x), (2047n << 16n) / 4095n);
  assert.is(signed(pen?.fields.tiltX), -90n << 16n);
  assert.is(touch?.kind, 'touch');
  const touches = (touch?.fields.touches ?? []) as { identifier: number; touch: boolean }[];
  assert.equal(
    touches.map((each) => [each.identifier, each.touch]),
    [
      [1, false],
      [0, true],
    ],
  );
});

elements.run();
