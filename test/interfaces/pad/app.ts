// A virtual device from an app, and another device's reports, through drivers in processes of their own.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rejection, startInterface, until } from '../../js/test/interfaces/bench.js';
import { Pad, PadReports } from './generated/pad/client/pad.js';

const hid = suite('virtual HID');

hid('a connection makes a device from its dictionary and sends its reports', async () => {
  await using bench = await startInterface('pad');
  await using pad = await Pad.open({ timeout: 60_000 });
  assert.is((await rejection(pad.post({ report: Uint8Array.of(1, 1) }))).name, 'DriverError');
  await pad.enable();
  const device = await bench.simulator.followHid({ name: 'PadDevice' });
  assert.is(device.properties.VendorID, 0x1209);
  assert.is(device.properties.ProductID, 0x17, 'from the nested dictionary');
  await pad.post({ report: Uint8Array.of(1, 3) });
  await until(() => device.reports.length === 1, 'the report');
  assert.equal([...(device.reports[0]?.bytes ?? [])], [1, 3]);
  const short = await rejection(pad.raw.call(1, { struct: Uint8Array.of(1) }));
  assert.is((short as { rule?: string }).rule, 'structSize');
});

const descriptor = Uint8Array.of(
  ...[0x05, 0x01, 0x09, 0x05, 0xa1, 0x01, 0x85, 0x07, 0x75, 0x08, 0x95, 0x02, 0x81, 0x03, 0xc0],
);

hid('a driver on a HID interface reads its reports, in a process of its own', async () => {
  await using bench = await startInterface('pad');
  const { simulator } = bench;
  await using _pad = await Pad.open({ timeout: 60_000 });
  assert.equal(await PadReports.devices(), []);
  const device = await simulator.plugHid({
    reportDescriptor: descriptor,
    properties: { VendorID: 0x1209, ProductID: 0x33 },
  });
  await using reports = await PadReports.open({ timeout: 60_000 });
  await device.send(Uint8Array.of(7, 1, 2));
  await device.send(Uint8Array.of(7, 3, 4));
  await until(async () => (await reports.readCount()).reports === 2, 'both reports');
  assert.is((await reports.readCount()).lastId, 7);
  assert.is(Object.keys(await simulator.processes()).length, 2);
  await device.unplug();
  assert.is(await reports.ended, 'gone');
});

hid.run();
