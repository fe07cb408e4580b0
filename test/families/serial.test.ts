// SerialDriverKit and USBSerialDriverKit: a terminal opens a port, programs it, and bytes go both ways.
import { SERIAL_FLOW, type SerialPort, transfers } from 'dextgen/simulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PlistDict } from '../simulator/support.js';
import { buildProject, openStage, type Stage, until } from './support.js';

const IDENTIFIER = 'com.example.SerialLoop';
const build = (more: PlistDict = {}): string =>
  buildProject({
    name: 'serial',
    identifier: IDENTIFIER,
    personalities: {
      SerialLoop: {
        CFBundleIdentifier: IDENTIFIER,
        IOClass: 'IOUserSerial',
        IOProviderClass: 'IOUserResources',
        IOResourceMatch: 'IOKit',
        IOUserClass: 'SerialLoop',
        IOUserServerName: IDENTIFIER,
        ...more,
      },
    },
    entitlements: { 'com.apple.developer.driverkit.family.serial': true },
  });

const pattern = (length: number): Buffer =>
  Buffer.from(Uint8Array.from({ length }, (_, at) => (at * 7 + (at >> 8)) & 0xff));
const says = (stage: Stage): string[] =>
  stage.log.flatMap((line) => /serial: (.*)/.exec(line)?.[1] ?? []);

// The registry may still show the port of the dext that died.
async function reopened(stage: Stage): Promise<SerialPort> {
  const found: SerialPort[] = [];
  await until('the port of the next dext', async () => {
    await stage.simulator
      .openSerial()
      .then((port) => found.push(port))
      .catch(() => undefined);
    return found.length > 0;
  });
  return found[0] as SerialPort;
}

const serial = suite('serial');

serial('a terminal opens a port, programs it, and closes it', async () => {
  await using stage = await openStage([build({ IOTTYBaseName: 'loop', IOTTYSuffix: '1' })]);
  const port = await stage.simulator.openSerial({ name: 'loop1', baudRate: 115_200 });
  await port.configure({
    dataBits: 7,
    stopBits: 2,
    parity: 'even',
    flow: SERIAL_FLOW.rts | SERIAL_FLOW.cts,
  });
  await port.setSpeed(250_000);
  await port.setSpeed(1).then(
    () => assert.unreachable(),
    (error) => assert.is(error.status, 0xe00002c2),
  );
  await port.flush({ rx: true });
  await stage.simulator.openSerial({ name: 'loop1' }).then(
    () => assert.unreachable(),
    (error) => assert.is(error.status, 0xe00002c5, 'a port has one terminal'),
  );
  await port.close();
  await until('the last word', () => says(stage).includes('no queues'));
  assert.equal(says(stage), [
    'queues of 2^14 and 2^14 at 0',
    'active',
    'uart 115200 8 2 1',
    'flow 0x0 17 19',
    'uart 9600 7 4 3',
    'flow 0x24 17 19',
    'reset 0 1',
    'inactive',
    'no queues',
  ]);
});

serial('bytes go both ways, whatever their number', async () => {
  for (const more of [{}, { MasksIndices: true }]) {
    await using stage = await openStage([build(more)]);
    await using port = await stage.simulator.openSerial();
    const sent = pattern(100_000); // more than both queues and the terminal hold
    const [count, received] = await Promise.all([port.write(sent), port.read(sent.length)]);
    assert.is(count, sent.length);
    assert.ok(received.equals(sent));
    await port.drain();
  }
});

serial('queues of the driver itself, full of bytes that nobody reads', async () => {
  for (const more of [{ OwnQueues: true }, { OwnQueues: true, MasksIndices: true }]) {
    await using stage = await openStage([build(more)]);
    await using port = await stage.simulator.openSerial();
    const sent = pattern(20_000);
    const writing = port.write(sent);
    const received = await port.read(12_345);
    assert.ok(received.equals(sent.subarray(0, 12_345)));
    const rest = port.read(sent.length - 12_345);
    assert.ok((await rest).equals(sent.subarray(12_345)));
    assert.is(await writing, sent.length);
    assert.equal(says(stage).slice(0, 3), [
      'too long 0xe00002c2',
      'queues of 2^6 and 2^6 at 32',
      'active',
    ]);
  }
});

serial('what was written and not taken can be flushed', async () => {
  await using stage = await openStage([build({ OwnQueues: true })]);
  await using port = await stage.simulator.openSerial();
  const writing = port.write(pattern(20_000));
  // It holds when the terminal (8192) and both queues are full; the driver's last call was for naught.
  await port.read(1);
  await port.flush({ tx: true });
  const count = await writing;
  assert.ok(count < 20_000, `${count}`);
  assert.ok((await port.read(count - 1)).equals(pattern(20_000).subarray(1, count)));
});

serial('lines, breaks, and a driver that dies', async () => {
  await using stage = await openStage([build()]);
  await using port = await stage.simulator.openSerial({ dtr: false });
  const at = await port.status();
  assert.equal([at.cts, at.dsr, at.ri, at.dcd], [true, false, true, false], 'asked at the start');
  await port.setLines({ dtr: true, rts: false });
  const now = await port.waitFor(({ dsr }) => dsr);
  assert.equal([now.cts, now.dsr, now.ri, now.dcd], [false, true, false, true]);
  assert.is((await port.status(true)).ri, true);
  await port.sendBreak(true);
  assert.is((await port.waitFor(({ errors }) => errors.breaks === 1)).errors.framing, 0);

  const reading = port.read().catch((error) => error);
  await stage.simulator.killDext();
  assert.is((await reading).status, 0xe00002d7, 'the dext is gone');
  await using again = await reopened(stage);
  await again.write(Buffer.from('again'));
  assert.is(`${await again.read(5)}`, 'again');
});

const USB = 'com.example.UsbSerial';
const buildUsb = (compiler = 'g++'): string =>
  buildProject({
    name: 'usb-serial',
    identifier: USB,
    compiler,
    personalities: {
      UsbSerial: {
        CFBundleIdentifier: USB,
        IOClass: 'IOUserUSBSerial',
        IOProviderClass: 'IOUSBHostInterface',
        IOUserClass: 'UsbSerial',
        IOUserServerName: USB,
        IOTTYBaseName: 'usbserial-',
        IOTTYSuffix: '7',
        idVendor: 0x1209,
        idProduct: 0x0007,
        bConfigurationValue: 1,
        bInterfaceNumber: 0,
      },
    },
    entitlements: {
      'com.apple.developer.driverkit.family.serial': true,
      'com.apple.developer.driverkit.transport.usb': [{ idVendor: 0x1209 }],
    },
  });

serial('a port on a USB interface', async () => {
  await using stage = await openStage([buildUsb()]);
  const requests: number[][] = [];
  const written: Buffer[] = [];
  const lines = 0x30;
  const packets = [
    Buffer.concat([
      Buffer.from([lines, 0]),
      pattern(62),
      Buffer.from([lines, 8]),
      Buffer.from('!'),
    ]),
    Buffer.from([lines | 0x80, 0]),
  ];
  const cable = await stage.simulator.plug({
    vendor: 0x1209,
    product: 0x0007,
    configurations: [
      {
        value: 1,
        interfaces: [
          {
            number: 0,
            endpoints: [
              { address: 0x81, type: 'bulk', maxPacketSize: 64 },
              { address: 0x02, type: 'bulk', maxPacketSize: 64 },
              { address: 0x83, type: 'interrupt', maxPacketSize: 8, interval: 4 },
            ],
          },
        ],
      },
    ],
    speed: 'full',
    in: { 129: transfers(packets), 131: transfers([Buffer.from([0xa1, 0x20])]) },
    out: { 2: (data) => void written.push(Buffer.from(data)) },
    control: ({ requestType, request, value }) => {
      requests.push([requestType, request, value]);
      return new Uint8Array();
    },
  });
  await using port = await stage.simulator.openSerial({ name: 'usbserial-7', baudRate: 3000 });
  assert.equal(requests, [
    [0x40, 0, 0],
    [0x40, 3, 1000],
    [0x40, 1, 0x303],
  ]);
  const received = await port.read(63);
  assert.ok(received.equals(Buffer.concat([pattern(62), Buffer.from('!')])), 'packet by packet');
  const state = await port.waitFor(({ dcd }) => dcd);
  assert.equal([state.cts, state.dsr, state.errors.framing], [true, true, 1]);
  await port.write(pattern(10_000));
  await port.drain();
  assert.ok(Buffer.concat(written).equals(pattern(10_000)));
  await until('the interrupt', () => says(stage).includes('2 bytes, the first 0xa1'));

  const reading = port.read().catch((error) => error);
  await cable.unplug();
  assert.is((await reading).status, 0xe00002d7);
});

serial.run();
