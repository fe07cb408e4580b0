// The facts of the interface, both devices from their making to their end, and the report lengths that the hand-written
// driver did not check.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { factsOf, rejection, startInterface, until } from '../../js/test/interfaces/bench.js';
import {
  Buttons,
  type KeyboardReportInput,
  Modifiers,
  VirtualHid,
} from './generated/virtual_hid/client/virtual_hid.js';

const hid = suite('virtual-hid');

const NO_KEYS = new Uint16Array(32);
const NOT_READY = /notReady/i;

hid('selectors, sizes and offsets are those of the facts', () => {
  const { selectors, sizes, offsets } = factsOf('virtual-hid');
  assert.equal(selectors, {
    version: 0,
    keyboardInitialize: 1,
    keyboardReady: 2,
    keyboardPostReport: 3,
    keyboardReset: 4,
    pointingInitialize: 5,
    pointingReady: 6,
    pointingPostReport: 7,
    pointingReset: 8,
  });
  assert.is(sizes.KeyboardInput, 67);
  assert.is(sizes.Keys, 65);
  assert.is(sizes.PointingInput, 8);
  assert.is(offsets['KeyboardInput.keys'], 3);
  assert.is(offsets['Keys.keys'], 1);
  assert.is(offsets['PointingInput.horizontalWheel'], 7);
});

hid('the four reports of one selector arrive with their own lengths', async () => {
  await using bench = await startInterface('virtual-hid');
  await using client = await VirtualHid.open({ timeout: 60_000 });
  assert.equal(await client.version(), { version: 10800n });
  assert.equal(await client.keyboardReady(), { ready: false });
  await client.keyboardInitialize();
  assert.equal(await client.keyboardReady(), { ready: true });
  const device = await bench.simulator.followHid({ properties: { Product: 'Virtual Keyboard' } });
  const { VendorID, ProductID, MaxInputReportSize } = device.properties;
  assert.equal([VendorID, ProductID, MaxInputReportSize], [0x16c0, 0x27db, 67]);

  const keys = Uint16Array.from({ length: 32 }, (_, i) => (i < 2 ? 0x104 + i : 0));
  const modifiers = Modifiers.leftShift | Modifiers.rightCommand;
  const reports: readonly KeyboardReportInput[] = [
    { kind: 'keyboard', value: { modifiers, keys } },
    { kind: 'consumer', value: { keys } },
    { kind: 'topCase', value: { keys } },
    { kind: 'vendorKeyboard', value: { keys } },
  ];
  for (const report of reports) await client.keyboardPostReport({ report });
  await client.keyboardReset();
  await until(() => device.reports.length === 8, 'the reports');
  const sent = device.reports.map(({ bytes }) => bytes);
  assert.equal(
    sent.map((bytes) => [bytes[0], bytes.length]),
    [1, 2, 3, 4, 1, 2, 3, 4].map((id) => [id, id === 1 ? 67 : 65]),
  );
  assert.equal([...(sent[0]?.subarray(0, 8) ?? [])], [1, 0x82, 0, 4, 1, 5, 1, 0]);
  assert.equal([...(sent[2]?.subarray(0, 6) ?? [])], [3, 4, 1, 5, 1, 0]);
  assert.ok(sent[4]?.subarray(1).every((byte) => byte === 0));
});

hid('the numbers of the keyboard come all or not at all', async () => {
  await using bench = await startInterface('virtual-hid');
  await using client = await VirtualHid.open({ timeout: 60_000 });
  for (const scalars of [[1], [1, 2]])
    assert.match((await rejection(client.raw.call(1, { scalars }))).message, /0xe00002c2/);
  await client.raw.call(1, { scalars: [0x1209, 5, 33, 99] });
  const device = await bench.simulator.followHid({ properties: { VendorID: 0x1209 } });
  assert.equal([device.properties.ProductID, device.properties.CountryCode], [5, 33]);
});

hid('each connection has devices of its own', async () => {
  await using bench = await startInterface('virtual-hid');
  const first = await VirtualHid.open({ timeout: 60_000 });
  await using second = await VirtualHid.open({ timeout: 60_000 });
  await first.keyboardInitialize({ vendorId: 1, productId: 1, countryCode: 0 });
  await first.pointingInitialize();
  const report = { buttons: Buttons.secondary | 0x80000000, x: -1, y: 127, verticalWheel: 0 };
  const movement = { report: { ...report, buttons: report.buttons >>> 0, horizontalWheel: -128 } };
  assert.match((await rejection(second.pointingPostReport(movement))).message, NOT_READY);
  assert.equal(await second.pointingReady(), { ready: false });
  assert.equal(await first.pointingReady(), { ready: true });
  const mouse = await bench.simulator.followHid({ properties: { Product: 'Virtual Pointing' } });
  await first.pointingPostReport(movement);
  await first.pointingReset();
  await until(() => mouse.reports.length === 2, 'the reports');
  assert.equal([...(mouse.reports[0]?.bytes ?? [])], [2, 0, 0, 0x80, 0xff, 0x7f, 0, 0x80]);
  assert.equal([...(mouse.reports[1]?.bytes ?? [])], [0, 0, 0, 0, 0, 0, 0, 0]);
  await first.close();
  await until(() => mouse.gone, 'the end of the pointing device');
  await second.pointingInitialize();
  assert.equal(await second.pointingReady(), { ready: true });
});

hid('a report of another length than its type, or none, never reaches the driver', async () => {
  await using bench = await startInterface('virtual-hid');
  await using client = await VirtualHid.open({ timeout: 60_000 });
  const report: KeyboardReportInput = { kind: 'consumer', value: { keys: NO_KEYS } };
  // Without a keyboard the hook says "not ready", so another answer shows that it was not asked.
  assert.match((await rejection(client.keyboardPostReport({ report }))).message, NOT_READY);
  const lengths = { 0: [1, 67], 1: [1, 65, 66, 68, 5000], 2: [1, 64, 66, 67], 5: [65], 255: [65] };
  for (const [id, sizes] of Object.entries(lengths))
    for (const size of sizes) {
      const struct = new Uint8Array(size);
      struct[0] = Number(id);
      const refused = await rejection(client.raw.call(3, { struct }));
      assert.match(refused.message, /0xe00002c2/, `report ${id}, ${size} bytes`);
    }
  for (const selector of [3, 7])
    assert.match((await rejection(client.raw.call(selector))).message, /0xe00002c2/);
  for (const size of [7, 9])
    assert.match(
      (await rejection(client.raw.call(7, { struct: new Uint8Array(size) }))).message,
      /0xe00002c2/,
    );
  const nodes = JSON.stringify(await bench.simulator.registry());
  assert.not.match(nodes, /"name":"VirtualHidPeripheral"/);
});

hid.run();
