// IOUserHIDEventDriver: events of keyboards, pointers and wheels without a line of the driver's own.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildProject, openStage, until } from './support.js';

const IDENTIFIER = 'com.example.EventPad';
const build = (more = {}): string =>
  buildProject({
    name: 'event-driver',
    identifier: IDENTIFIER,
    personalities: {
      EventPad: {
        CFBundleIdentifier: IDENTIFIER,
        IOUserServerName: IDENTIFIER,
        IOClass: 'AppleUserHIDEventDriver',
        IOProviderClass: 'IOHIDInterface',
        IOUserClass: 'EventPad',
        VendorID: 0x1209,
        ...more,
      },
    },
    entitlements: {
      'com.apple.developer.driverkit.transport.hid': true,
      'com.apple.developer.driverkit.family.hid.eventservice': true,
    },
  });

// Report 1: three keys (modifiers left control, left shift; A) as bits. Report 2: a mouse with three
// buttons, relative X and Y, a wheel and AC Pan. Report 3: absolute X and Y from 0 to 200.
const descriptor = Uint8Array.from(
  [
    [
      0x05, 0x01, 0x09, 0x06, 0xa1, 0x01, 0x85, 0x01, 0x05, 0x07, 0x15, 0x00, 0x25, 0x01, 0x75,
      0x01,
    ],
    [0x95, 0x02, 0x19, 0xe0, 0x29, 0xe1, 0x81, 0x02, 0x95, 0x01, 0x09, 0x04, 0x81, 0x02],
    [0x95, 0x05, 0x81, 0x03, 0xc0],
    [
      0x05, 0x01, 0x09, 0x02, 0xa1, 0x01, 0x85, 0x02, 0x05, 0x09, 0x19, 0x01, 0x29, 0x03, 0x95,
      0x03,
    ],
    [
      0x75, 0x01, 0x81, 0x02, 0x95, 0x01, 0x75, 0x05, 0x81, 0x03, 0x05, 0x01, 0x15, 0x81, 0x25,
      0x7f,
    ],
    [0x75, 0x08, 0x09, 0x30, 0x81, 0x06, 0x09, 0x31, 0x81, 0x06, 0x09, 0x38, 0x81, 0x06],
    [0x05, 0x0c, 0x0a, 0x38, 0x02, 0x81, 0x06, 0xc0],
    [0x05, 0x01, 0x09, 0x01, 0xa1, 0x01, 0x85, 0x03, 0x15, 0x00, 0x26, 0xc8, 0x00, 0x75, 0x08],
    [0x95, 0x01, 0x09, 0x30, 0x81, 0x02, 0x09, 0x31, 0x81, 0x02, 0xc0],
  ].flat(),
);

const FIXED = 65_536;
const signed = (value: unknown): number => Number(BigInt.asIntN(64, BigInt(`${value}`)));

const drivers = suite('event driver');

drivers('the events of each report', async () => {
  await using stage = await openStage([build()]);
  const device = await stage.simulator.plugHid({
    name: 'Pad',
    reportDescriptor: descriptor,
    properties: { VendorID: 0x1209, ProductID: 3, Transport: 'USB' },
  });
  const service = await stage.simulator.followHid({ name: 'EventPad' });
  for (const report of [
    [1, 0b101],
    [1, 0b100],
    [2, 0b010, 0xfe, 3, 0, 0],
    [2, 0b010, 0, 0, 0xff, 2],
    [3, 50, 200],
  ]) {
    await device.send(Uint8Array.from(report));
  }
  await until('the events', () => service.events.length >= 7);
  const seen = service.events.map(({ kind, fields }) => {
    if (kind === 'keyboard') return [kind, fields.usagePage, fields.usage, fields.value];
    if (kind === 'scrollWheel' || kind === 'relativeScrollWheel')
      return ['scroll', signed(fields.dx) / FIXED, signed(fields.dy) / FIXED];
    const at = kind === 'absolutePointer' ? [fields.x, fields.y] : [fields.dx, fields.dy];
    const buttons = fields.buttonState ?? fields.buttons;
    return [kind, ...at.map((value) => signed(value) / FIXED), buttons];
  });
  assert.equal(seen, [
    ['keyboard', 7, 0xe0, 1],
    ['keyboard', 7, 4, 1],
    ['keyboard', 7, 0xe0, 0],
    ['relativePointer', -2, 3, 2],
    ['relativePointer', 0, 0, 2],
    ['scroll', -1, -2],
    ['absolutePointer', 0.25, 1, 0],
  ]);
});

drivers('a driver that handles reports itself, and a device without anything for it', async () => {
  await using stage = await openStage([build({ HandlesReports: true })]);
  const plug = (reportDescriptor: Uint8Array, ProductID: number) =>
    stage.simulator.plugHid({
      name: `Pad ${ProductID}`,
      reportDescriptor,
      properties: { VendorID: 0x1209, ProductID, Transport: 'USB' },
    });
  const device = await plug(descriptor, 3);
  const service = await stage.simulator.followHid({ name: 'EventPad' });
  // Nobody has taken the first report apart; the driver does so with those of keys that are down.
  await device.send(Uint8Array.of(2, 0, 5, 5, 0, 0));
  await device.send(Uint8Array.of(1, 0b100));
  await until('the event', () => service.events.length > 0);
  assert.equal(
    service.events.map(({ kind, fields }) => [kind, fields.usage]),
    [['keyboard', 4]],
  );
  await device.send(Uint8Array.of(3, 50, 200));
  await until('pads', () => service.events.length >= 4);
  const [standard, extended, optional] = service.events.slice(1);
  const { timestamp, ...fields } = standard?.fields ?? {};
  assert.type(timestamp, 'number');
  assert.is(standard?.kind, 'standardGameController');
  assert.equal(Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== 0)), {
    dpadUp: FIXED,
    faceA: FIXED,
    joystickX: fields.joystickX,
    shoulderL2: FIXED / 2,
    thumbstickButtonLeft: true,
    thumbstickButtonRight: false,
  });
  assert.is(signed(fields.joystickX), -FIXED);
  assert.is(Object.keys(fields).length, 19);
  assert.is(extended?.kind, 'extendedGameController');
  assert.equal(
    ['joystickRz', 'buttonL4', 'buttonR4', 'buttonL5', 'buttonR5'].map(
      (name) => extended?.fields[name],
    ),
    [FIXED, 1, 2, 3, 4],
  );
  assert.equal(
    ['shoulderL4', 'shoulderR4', 'bottomM1', 'bottomM2', 'bottomM3', 'bottomM4', 'options'].map(
      (name) => optional?.fields[name],
    ),
    [1, 2, 3, 4, 5, 6, 0x100],
  );
  const lamps = (): string[] => stage.log.flatMap((line) => /pad: (.*)/.exec(line)?.[1] ?? []);
  await until('lamps', () => lamps().length === 2);
  assert.equal(lamps(), ['lamp 2 is 1', 'lamps 0x0, 0xe00002c7; no report 0xe00002c2']);
  await plug(
    Uint8Array.of(0x06, 0, 0xff, 0x09, 1, 0xa1, 1, 0x09, 2, 0x75, 8, 0x95, 1, 0x81, 2, 0xc0),
    4,
  );
  await until('the refusal', () =>
    stage.log.some((line) => line.includes('EventPad did not start')),
  );
});

drivers('a driver that is not registered is none that the system knows', async () => {
  await using stage = await openStage([build({ Unlisted: true })]);
  const device = await stage.simulator.plugHid({
    name: 'Pad',
    reportDescriptor: descriptor,
    properties: { VendorID: 0x1209, ProductID: 3, Transport: 'USB' },
  });
  await until('the driver takes reports', () => device.send(Uint8Array.of(1, 0b100)));
  try {
    await stage.simulator.followHid({ name: 'EventPad', timeout: 100 });
    assert.unreachable();
  } catch (error) {
    assert.match(`${error}`, 'no HID device appeared');
  }
});

// Report 4: a touch screen with two fingers, each with a tip switch, a contact identifier, X and Y from 0 to
// 200. Report 5: a pen with tip, range, pressure from 0 to 100 and X and Y.
const [COLLECTION, END] = [0xa1, 0xc0];
const finger = [
  [0x05, 0x0d, 0x09, 0x22, COLLECTION, 0x02, 0x15, 0x00, 0x25, 0x01, 0x75, 0x01, 0x95, 0x01],
  [0x09, 0x42, 0x81, 0x02, 0x95, 0x07, 0x81, 0x03],
  [0x75, 0x08, 0x95, 0x01, 0x26, 0xff, 0x00, 0x09, 0x51, 0x81, 0x02],
  [0x05, 0x01, 0x26, 0xc8, 0x00, 0x09, 0x30, 0x81, 0x02, 0x09, 0x31, 0x81, 0x02, END],
].flat();
const touchScreen = Uint8Array.from(
  [
    [0x05, 0x0d, 0x09, 0x04, COLLECTION, 0x01, 0x85, 0x04, ...finger, ...finger, END],
    [0x05, 0x0d, 0x09, 0x02, COLLECTION, 0x01, 0x85, 0x05, 0x09, 0x20, COLLECTION, 0x00],
    [0x15, 0x00, 0x25, 0x01, 0x75, 0x01, 0x95, 0x01, 0x09, 0x42, 0x81, 0x02, 0x09, 0x32],
    [0x81, 0x02, 0x95, 0x06, 0x81, 0x03, 0x75, 0x08, 0x95, 0x01, 0x25, 0x64, 0x09, 0x30],
    [0x81, 0x02, 0x05, 0x01, 0x26, 0xc8, 0x00, 0x09, 0x30, 0x81, 0x02, 0x09, 0x31, 0x81, 0x02],
    [END, END],
  ].flat(),
);

drivers('a digitizer’s fingers are one event with the middle of those that touch', async () => {
  await using stage = await openStage([build()]);
  const device = await stage.simulator.plugHid({
    name: 'Screen',
    reportDescriptor: touchScreen,
    properties: { VendorID: 0x1209, ProductID: 5, Transport: 'USB' },
  });
  const service = await stage.simulator.followHid({ name: 'EventPad' });
  for (const report of [
    [4, 1, 7, 50, 100, 1, 8, 150, 200], // two fingers
    [4, 1, 7, 100, 100, 0, 8, 150, 200], // one has moved, the other is gone
    [4, 0, 7, 100, 100, 0, 8, 150, 200], // and that one, too
    [4, 0, 7, 100, 101, 0, 8, 150, 200], // nothing: they are away
    [5, 0b10, 0, 20, 40], // a pen comes near
    [5, 0b11, 50, 20, 40],
  ]) {
    await device.send(Uint8Array.from(report));
  }
  await until('the events', () => service.events.length >= 5);
  const parts = service.events.map(({ kind, fields }) => {
    const { type, x, y, touch, inRange, touchChanged, positionChanged, rangeChanged } = fields;
    const transducers = fields.transducers as readonly { readonly [key: string]: unknown }[];
    return [
      kind,
      type,
      signed(x) / FIXED,
      signed(y) / FIXED,
      [touch, inRange, touchChanged, positionChanged, rangeChanged].map(Number).join(''),
      transducers.map(({ identifier, touch: down }) => `${identifier}${down ? '!' : ''}`).join(' '),
    ];
  });
  const [STYLUS, FINGER, HAND] = [0, 2, 3];
  assert.equal(
    parts,
    [
      ['digitizer', HAND, 0.5, 0.75, '11111', '7! 8!'],
      ['digitizer', HAND, 0.5, 0.5, '11111', '7! 8'],
      ['digitizer', FINGER, 0, 0, '00101', '7'],
      ['digitizer', STYLUS, 0.1, 0.2, '01011', '5'],
      ['digitizer', STYLUS, 0.1, 0.2, '11100', '5!'],
    ].map(([kind, type, x, y, ...rest]) => [
      kind,
      type,
      Math.floor(Number(x) * FIXED) / FIXED,
      Math.floor(Number(y) * FIXED) / FIXED,
      ...rest,
    ]),
  );
  const pen = service.events[4]?.fields.transducers as readonly { tipPressure: unknown }[];
  assert.is(signed(pen[0]?.tipPressure), FIXED / 2);
  assert.match(JSON.stringify(await stage.simulator.registry()), '"DigitizerTipThreshold":75');
});

drivers('a lamp of the device is set by an output report', async () => {
  await using stage = await openStage([build({ HandlesReports: true })]);
  const seen: string[] = [];
  const lamps = [
    0x05,
    0x01,
    0x09,
    0x06,
    COLLECTION,
    0x01,
    0x85,
    0x06,
    0x05,
    0x08,
    0x15,
    0x00,
  ].concat(
    [0x25, 0x01, 0x75, 0x01, 0x95, 0x02, 0x19, 0x01, 0x29, 0x02, 0x91, 0x02, 0x95, 0x06, 0x91],
    [0x03, END],
  );
  const device = await stage.simulator.plugHid({
    name: 'Lamps',
    reportDescriptor: Uint8Array.from([...descriptor, ...lamps]),
    properties: { VendorID: 0x1209, ProductID: 6, Transport: 'USB' },
    setReport: ({ id }, report) => void seen.push(`${id}: ${Buffer.from(report).toString('hex')}`),
  });
  await stage.simulator.followHid({ name: 'EventPad' });
  await device.send(Uint8Array.of(3, 50, 200)); // it sets caps lock
  await until('the report', () => seen.length > 0);
  assert.equal(seen, ['6: 0602']);
});

drivers.run();
