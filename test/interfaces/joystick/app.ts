// The facts of the interface, a joystick from its setters to its end, and the calls that come too early, too late or too long.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { factsOf, rejection, startInterface, until } from '../../js/test/interfaces/bench.js';
import { Joystick } from './generated/joystick/client/joystick.js';

const joystick = suite('joystick');

/** Two axes of a byte each and eight buttons; reports have no id. */
const descriptor = Uint8Array.of(
  ...[0x05, 0x01, 0x09, 0x04, 0xa1, 0x01, 0x15, 0x81, 0x25, 0x7f, 0x75, 0x08, 0x95, 0x02],
  ...[0x09, 0x30, 0x09, 0x31, 0x81, 0x02, 0x05, 0x09, 0x19, 0x01, 0x29, 0x08, 0x15, 0x00],
  ...[0x25, 0x01, 0x75, 0x01, 0x95, 0x08, 0x81, 0x02, 0xc0],
);

joystick('selectors and sizes are those of the facts', () => {
  const { selectors, sizes, offsets } = factsOf('joystick');
  assert.equal(selectors, {
    enableDevice: 0,
    disableDevice: 1,
    updateState: 2,
    setProductString: 3,
    setSerialNumberString: 4,
    setVendorAndProduct: 5,
  });
  assert.is(sizes.Ids, 8);
  assert.is(offsets['Ids.productId'], 4);
});

joystick('the device is what was said, sends what it is told, and ends', async () => {
  await using bench = await startInterface('joystick');
  await using client = await Joystick.open({ timeout: 60_000 });
  await client.setProductString({ name: 'Stick' });
  await client.setSerialNumberString({ serial: '№ 7' });
  await client.setVendorAndProduct({ ids: { vendorId: 0x057e, productId: 0x0306 } });
  await client.enableDevice({ descriptor });
  const device = await bench.simulator.followHid({ name: 'JoystickDevice' });
  const { VendorID, ProductID, Product, SerialNumber, PrimaryUsage } = device.properties;
  assert.equal(
    { VendorID, ProductID, Product, SerialNumber, PrimaryUsage },
    { VendorID: 0x057e, ProductID: 0x0306, Product: 'Stick', SerialNumber: '№ 7', PrimaryUsage: 4 },
  );
  await client.updateState({ report: Uint8Array.of(0x81, 0x7f, 3) });
  await until(() => device.reports.length === 1, 'the report');
  assert.equal([...(device.reports[0]?.bytes ?? [])], [0x81, 0x7f, 3]);
  await client.disableDevice();
  await until(() => device.gone, 'the end of the device');
});

joystick('each connection has a joystick, which goes with it', async () => {
  await using bench = await startInterface('joystick');
  const first = await Joystick.open({ timeout: 60_000 });
  await using second = await Joystick.open({ timeout: 60_000 });
  await first.setVendorAndProduct({ ids: { vendorId: 1, productId: 1 } });
  await first.enableDevice({ descriptor });
  await second.enableDevice({ descriptor });
  const one = await bench.simulator.followHid({ properties: { VendorID: 1 } });
  const other = await bench.simulator.followHid({ properties: { VendorID: 0x1209 } });
  await first.close();
  await until(() => one.gone, 'the end of the first');
  await second.updateState({ report: Uint8Array.of(1, 2, 3) });
  await until(() => other.reports.length === 1, 'the report of the second');
  assert.not(other.gone);
});

joystick('setters count while the device is disabled, reports while it is enabled', async () => {
  await using _bench = await startInterface('joystick');
  await using client = await Joystick.open({ timeout: 60_000 });
  const report = Uint8Array.of(0, 0, 0);
  for (const early of [client.updateState({ report }), client.disableDevice()])
    assert.match((await rejection(early)).message, /notOpen/i);
  await client.enableDevice({ descriptor });
  for (const late of [
    client.enableDevice({ descriptor }),
    client.setProductString({ name: 'Late' }),
    client.setSerialNumberString({ serial: 'late' }),
    client.setVendorAndProduct({ ids: { vendorId: 1, productId: 2 } }),
  ])
    assert.match((await rejection(late)).message, /busy/i);
  await client.disableDevice();
  await client.setProductString({ name: 'In time' });
});

joystick('texts without an end and numbers of other lengths never reach the driver', async () => {
  await using _bench = await startInterface('joystick');
  await using client = await Joystick.open({ timeout: 60_000 });
  const bad: readonly [number, Uint8Array][] = [
    [0, new Uint8Array()],
    [0, new Uint8Array(4097)],
    [3, Uint8Array.of(0x41, 0x42)],
    [4, new Uint8Array()],
    [5, new Uint8Array(4)],
    [5, new Uint8Array(12)],
  ];
  for (const [selector, struct] of bad) {
    const refused = await rejection(client.raw.call(selector, { struct }));
    assert.match(refused.message, /0xe00002c2/, `selector ${selector}, ${struct.length} bytes`);
  }
});

joystick.run();
