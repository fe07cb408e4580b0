// HIDDriverKit: devices that a dext makes from named dictionaries, and HID devices as the provider of a dext.

import { join } from 'node:path';
import { HID_REPORT } from 'dextgen/simulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { newFolder, type PlistDict } from '../simulator/support.js';
import { traffic } from '../simulator/traffic.js';
import { buildCaller, buildProject, openStage, startCaller, until } from './support.js';

const IDENTIFIER = 'com.example.Hid';
const common: PlistDict = {
  CFBundleIdentifier: IDENTIFIER,
  IOUserServerName: IDENTIFIER,
  IOUserServerOneProcess: true,
};
const pad = (more: PlistDict): PlistDict => ({
  IOClass: 'AppleUserHIDDevice',
  IOUserClass: 'HidPad',
  Settings: { Color: 0x17, Names: ['a', 'b'] },
  ...more,
});
const root = (more: PlistDict = {}): PlistDict => ({
  ...common,
  IOClass: 'IOUserService',
  IOProviderClass: 'IOUserResources',
  IOResourceMatch: 'IOKit',
  IOUserClass: 'HidRoot',
  UserClientProperties: {
    IOClass: 'IOUserUserClient',
    IOUserClass: 'HidRootClient',
    PadProperties: pad(more),
  },
});
const listener = (match: PlistDict): PlistDict => ({
  ...common,
  IOClass: 'AppleUserHIDEventService',
  IOProviderClass: 'IOHIDInterface',
  IOUserClass: 'HidListener',
  ...match,
});
const entitlements: PlistDict = {
  'com.apple.developer.driverkit.transport.hid': true,
  'com.apple.developer.driverkit.family.hid.device': true,
  'com.apple.developer.driverkit.family.hid.eventservice': true,
};
const build = (
  personalities: { readonly [name: string]: PlistDict },
  rights: PlistDict = entitlements,
): string =>
  buildProject({ name: 'hid', identifier: IDENTIFIER, personalities, entitlements: rights });

type Context = { caller: string };
const hid = suite<Context>('HID');
hid.before((context) => {
  context.caller = buildCaller();
});

hid('a child service made from a dictionary in the user client properties', async (context) => {
  await using stage = await openStage([build({ Root: root() })]);
  await using app = startCaller(context.caller);
  assert.is(await app.open('HidRoot'), 0);
  assert.is((await app.call(2)).status, 0xe00002c2, '§4.2: no such dictionary');
  assert.is((await app.call(0)).status, 0);

  const device = await stage.simulator.followHid({ name: 'HidPad' });
  const { properties } = device;
  assert.is(properties.VendorID, 0x1209);
  assert.is(properties.ProductID, 0x17, 'from the nested dictionary of the personality');
  assert.equal(properties.Settings, { Color: 0x17, Names: ['a', 'b'] });
  assert.equal(
    [properties.PrimaryUsagePage, properties.PrimaryUsage, properties.MaxInputReportSize],
    [1, 5, 2],
  );
  assert.equal([properties.MaxOutputReportSize, properties.MaxFeatureReportSize], [2, 3]);

  for (let count = 0; count < 100; count++) {
    assert.is((await app.call(1, { bytes: new Uint8Array([1, count]) })).status, 0);
  }
  await until('the reports', () => device.reports.length === 100);
  assert.equal(
    device.reports.map(({ bytes }) => bytes[1]),
    Array.from({ length: 100 }, (_, i) => i),
  );
  assert.ok(device.reports.every(({ type, timestamp }) => type === 0 && timestamp > 0n));

  await device.setReport(HID_REPORT.output, 1, new Uint8Array([1, 0x5a]));
  assert.equal(await device.getReport(HID_REPORT.feature, 1, 3), Buffer.from([1, 0x5a, 0x17]));
  assert.equal(await device.getReport(HID_REPORT.feature, 1, 2), Buffer.from([1, 0x5a]));
  await device.getReport(HID_REPORT.input, 1, 2).then(
    () => assert.unreachable(),
    (error) => assert.is(error.status, 0xe00002c7),
  );

  assert.is((await app.call(3)).status, 0);
  await until('the end of the device', () => device.gone);
});

hid('the device goes with the user client that made it', async (context) => {
  await using stage = await openStage([build({ Root: root() })]);
  const app = startCaller(context.caller);
  assert.is(await app.open('HidRoot'), 0);
  assert.is((await app.call(0)).status, 0);
  const device = await stage.simulator.followHid({ properties: { VendorID: 0x1209 } });
  await app[Symbol.asyncDispose]();
  await until('the end of the device', () => device.gone);
  const tree = JSON.stringify(await stage.simulator.registry());
  assert.not.match(tree, /"name":"HidPad"/);
  assert.match(tree, /"name":"HidRoot"/);
});

hid('a device that refuses to start, and one without the entitlement', async (context) => {
  await using stage = await openStage([build({ Root: root({ Refuse: true }) })]);
  await using app = startCaller(context.caller);
  assert.is(await app.open('HidRoot'), 0);
  assert.is((await app.call(0)).status, 0xe00002bc);
  assert.not.match(JSON.stringify(await stage.simulator.registry()), /"name":"HidPad"/);

  await using other = await openStage([build({ Root: root() }, {})]);
  await using second = startCaller(context.caller);
  assert.is(await second.open('HidRoot'), 0);
  assert.is((await second.call(0)).status, 0xe00002e2);
  await until('the reason', () =>
    other.log.some((line) =>
      line.includes('lacks com.apple.developer.driverkit.family.hid.device'),
    ),
  );
});

/** A keypad of four bytes, report 7. */
const keypad = new Uint8Array([
  0x05, 0x01, 0x09, 0x07, 0xa1, 0x01, 0x85, 0x07, 0x75, 0x08, 0x95, 0x02, 0x09, 0x01, 0x81, 0x02,
  0x95, 0x01, 0x09, 0x02, 0x91, 0x02, 0x09, 0x03, 0xb1, 0x02, 0xc0,
]);

hid('an event driver on the interface of a plugged device', async () => {
  const usage = { DeviceUsagePairs: [{ DeviceUsagePage: 1, DeviceUsage: 7 }] };
  const bundle = build({ Listener: listener({ VendorID: 0x1209, ...usage }) });
  await using stage = await openStage([bundle]);
  const sent: number[][] = [];
  const device = await stage.simulator.plugHid({
    name: 'Keypad',
    reportDescriptor: keypad,
    properties: { VendorID: 0x1209, ProductID: 2, Transport: 'USB' },
    getReport: ({ id }) => new Uint8Array([id, 41]),
    setReport: ({ type, id }, report) => void sent.push([type, id, ...report]),
  });
  const service = await stage.simulator.followHid({ name: 'HidListener' });
  assert.ok(stage.log.some((line) => line.includes('listener: keypad 1, mouse 0')));
  await device.send(new Uint8Array([7, 0x04, 0xfe]));
  await device.send(new Uint8Array([7, 0xff, 3]));
  await until('the events', () => service.events.length === 4);
  const [key, move, asked] = service.events;
  assert.equal(
    [key?.kind, key?.fields.usage, key?.fields.value, move?.kind],
    ['keyboard', 4, 7, 'relativePointer'],
  );
  assert.is(BigInt.asIntN(64, BigInt(`${move?.fields.dx}`)), -2n << 16n);
  assert.is(asked?.fields.value, 41, 'from the feature report');
  assert.equal(sent, [[HID_REPORT.output, 7, 7, 42]]);
  await device.unplug();
  await until('the end of the service', () => service.gone);
});

hid('a keypad is recorded and replayed: its reports, and what it is asked and told', async () => {
  const usage = { DeviceUsagePairs: [{ DeviceUsagePage: 1, DeviceUsage: 7 }] };
  const bundle = build({ Listener: listener({ VendorID: 0x1209, ...usage }) });
  const folder = newFolder();
  const files = [join(folder, 'first.jsonl'), join(folder, 'second.jsonl')] as const;
  {
    await using stage = await openStage([bundle]);
    await stage.simulator.record(files[0]);
    let told = 0;
    const device = await stage.simulator.plugHid({
      name: 'Keypad',
      reportDescriptor: keypad,
      properties: {
        ...{ VendorID: 0x1209, ProductID: 2, Transport: 'USB' },
        ...{ Bytes: Uint8Array.of(1, 2), Wide: 2n ** 60n, List: [true, 'a'] },
      },
      getReport: ({ id }) => new Uint8Array([id, 41]),
      setReport: () => {
        told += 1;
        return undefined;
      },
    });
    await stage.simulator.followHid({ name: 'HidListener' }); // there once it listens
    assert.ok(await device.send(new Uint8Array([7, 0x04, 0xfe])), 'taken');
    assert.ok(await device.send(new Uint8Array([7, 0xff, 3])), 'taken');
    await until('what it is told', () => told === 1);
    await stage.simulator.stopRecording();
  }
  await using stage = await openStage([bundle]);
  await stage.simulator.record(files[1]);
  const replay = stage.simulator.replay(files[0], { speed: 'fast' });
  await replay.finished;
  await stage.simulator.stopRecording();
  assert.equal(await replay.stop(), []);
  const recorded = traffic(files[0]);
  assert.is(recorded['hid-plug']?.length, 1);
  assert.is(recorded['hid-report']?.length, 2);
  assert.is(recorded['hid-get']?.length, 1);
  assert.is(recorded['hid-set']?.length, 1);
  const again = traffic(files[1]);
  // What nobody took was tried too early.
  const taken = again['hid-report']?.filter((line) => JSON.parse(line).taken === 1);
  assert.equal({ ...again, 'hid-report': taken }, recorded);
});

const MATCHES: readonly (readonly [PlistDict, boolean])[] = [
  [{ ProductID: 2 }, true],
  [{ ProductID: 3 }, false],
  [{ ProductID: 3, ProductIDMask: 0xfe }, true],
  [{ ProductIDArray: [1, 2] }, true],
  [{ PrimaryUsagePage: 1, PrimaryUsage: 7 }, true],
  [{ DeviceUsagePage: 1, DeviceUsage: 6 }, false],
  [{ Transport: 'Bluetooth' }, false],
];
for (const [match, expected] of MATCHES) {
  hid(`matches: ${JSON.stringify(match)}`, async () => {
    await using stage = await openStage([build({ Listener: listener(match) })]);
    await stage.simulator.plugHid({
      reportDescriptor: keypad,
      properties: { VendorID: 0x1209, ProductID: 2, Transport: 'USB' },
    });
    const said = (): string | undefined =>
      stage.log.find((line) => /HidListener started|Listener does not match/.test(line));
    await until('a decision', () => said() !== undefined);
    assert.is(said()?.includes('started'), expected, said());
  });
}

hid('a report descriptor that is wrong is refused with a sentence', async () => {
  await using stage = await openStage([build({ Root: root() })]);
  for (const [bytes, complaint] of [
    [[0x05, 0x01, 0x09], /the last item is cut off/],
    [[0x05, 0x01, 0x09, 0x06, 0xa1, 0x01], /a Collection does not end/],
    [[], /it has no Collection/],
    [[0xc0], /an End Collection without its Collection/],
    [[0x05, 1, 0x09, 6, 0xa1, 1, 0x85, 0, 0xc0], /Report ID 0 is reserved/],
  ] as const) {
    await stage.simulator.plugHid({ reportDescriptor: new Uint8Array(bytes) }).then(
      () => assert.unreachable(),
      (error) => assert.match(`${error}`, complaint),
    );
  }
});

hid.run();
