// HIDDriverKit on USB: IOUserUSBHostHIDDevice as it is and subclassed, on a device that answers as HID devices do.
import { HID_REPORT, type Setup, type UsbDevice } from 'dextgen/simulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildProject, openStage, until } from './support.js';

const IDENTIFIER = 'com.example.UsbHid';

/** A pad with two bytes of input, one of output and one feature, all with id 1. */
const REPORTS = Uint8Array.from(
  [
    [0x05, 1, 0x09, 5, 0xa1, 1, 0x85, 1, 0x15, 0, 0x26, 0xff, 0, 0x75, 8],
    [0x95, 2, 0x09, 0x30, 0x09, 0x31, 0x81, 2],
    [0x95, 1, 0x09, 0x32, 0x91, 2, 0x09, 0x33, 0xb1, 2, 0xc0],
  ].flat(),
);
const HID_DESCRIPTOR = Uint8Array.from([9, 0x21, 0x11, 1, 33, 1, 0x22, REPORTS.length, 0]);

type Pad = {
  readonly device: UsbDevice;
  readonly setups: Setup[];
  readonly sent: string[];
  press(report: Uint8Array | 'stall'): void;
};

function pad(options: { readonly outEndpoint: boolean }): Pad {
  const setups: Setup[] = [];
  const sent: string[] = [];
  const waiting: ((report: Uint8Array | 'stall') => void)[] = [];
  const ready: (Uint8Array | 'stall')[] = [];
  const keep = (data: Uint8Array): undefined => {
    sent.push(Buffer.from(data).toString('hex'));
  };
  const out = { address: 2, type: 'interrupt', maxPacketSize: 8, interval: 4 } as const;
  const device: UsbDevice = {
    vendor: 0x1209,
    product: 7,
    release: 0x0123,
    manufacturerName: 'Ada & Co',
    productName: 'Pad',
    serialNumber: '42',
    configurations: [
      {
        value: 1,
        interfaces: [
          {
            number: 0,
            class: 3,
            subclass: 1,
            protocol: 1,
            classDescriptors: HID_DESCRIPTOR,
            endpoints: [
              { address: 0x81, type: 'interrupt', maxPacketSize: 8, interval: 4 },
              ...(options.outEndpoint ? [out] : []),
            ],
          },
        ],
      },
    ],
    in: {
      129: {
        take: () =>
          new Promise((done) => {
            const report = ready.shift();
            if (report === undefined) waiting.push(done);
            else done(report);
          }),
      },
    },
    out: options.outEndpoint ? { 2: keep } : {},
    control: (setup, data) => {
      setups.push(setup);
      if (setup.request === 6 && setup.value === 0x2200) return REPORTS;
      if (setup.requestType === 0xa1 && setup.request === 1) return Uint8Array.from([1, 0x77]);
      if (setup.request === 9) keep(data);
      return new Uint8Array();
    },
  };
  const press = (report: Uint8Array | 'stall'): void => {
    const next = waiting.shift();
    if (next === undefined) ready.push(report);
    else next(report);
  };
  return { device, setups, sent, press };
}

const build = (userClass: string): string =>
  buildProject({
    name: 'usb-hid',
    identifier: IDENTIFIER,
    personalities: {
      Pad: {
        CFBundleIdentifier: IDENTIFIER,
        IOUserServerName: IDENTIFIER,
        IOClass: 'AppleUserHIDDevice',
        IOProviderClass: 'IOUSBHostInterface',
        IOUserClass: userClass,
        idVendor: 0x1209,
        idProduct: 7,
        bConfigurationValue: 1,
        bInterfaceNumber: 0,
      },
    },
    entitlements: {
      'com.apple.developer.driverkit.transport.usb': [{ idVendor: 0x1209 }],
      'com.apple.developer.driverkit.transport.hid': true,
      'com.apple.developer.driverkit.family.hid.device': true,
    },
  });

const hid = suite('HID on USB');

for (const outEndpoint of [true, false]) {
  const way = outEndpoint ? 'the OUT endpoint' : 'SET_REPORT';
  hid(`a driver on top of IOUserUSBHostHIDDevice; output by ${way}`, async () => {
    await using stage = await openStage([build('UsbPad')]);
    const { device, setups, sent, press } = pad({ outEndpoint });
    const cable = await stage.simulator.plug(device);
    await until('the start', () => stage.log.some((line) => line.includes('UsbPad started')));
    const system = await stage.simulator.followHid({ name: 'UsbPad' });

    const { properties } = system;
    assert.is(properties.VendorID, 0x1209);
    assert.is(properties.ProductID, 7);
    assert.is(properties.VersionNumber, 0x0123);
    assert.is(properties.CountryCode, 33);
    assert.is(properties.Transport, 'USB');
    assert.is(properties.Manufacturer, 'Ada & Co');
    assert.is(properties.Product, 'Pad');
    assert.is(properties.SerialNumber, '42');
    assert.is(properties.Swapped, 1, 'what the subclass added');
    await until('SET_IDLE and SET_PROTOCOL', () => setups.some(({ request }) => request === 11));
    const requests = setups.map(({ requestType, request, value }) => [requestType, request, value]);
    assert.equal(requests, [
      [0x81, 6, 0x2200],
      [0x21, 10, 6 << 8],
      [0x21, 11, 1],
    ]);

    press(Uint8Array.from([1, 2, 3]));
    press('stall');
    press(Uint8Array.from([1, 4, 5]));
    await until('both reports', () => system.reports.length === 2);
    const seen = system.reports.map(({ bytes }) => Buffer.from(bytes).toString('hex'));
    assert.equal(seen, ['010302', '010504'], 'swapped by the driver, and again after a stall');

    await system.setReport(HID_REPORT.output, 1, Uint8Array.from([1, 9]));
    assert.equal(sent, ['0109']);
    await system.setReport(HID_REPORT.feature, 1, Uint8Array.from([1, 8]));
    assert.equal(sent, ['0109', '0108']);
    const feature = await system.getReport(HID_REPORT.feature, 1, 2);
    assert.equal([...feature], [1, 0x77]);
    const asked = setups.slice(3).filter(({ requestType }) => (requestType & 0x60) === 0x20);
    assert.equal(
      asked.map(({ request, value }) => [request, value]),
      [...(outEndpoint ? [] : [[9, 0x0201]]), [9, 0x0301], [1, 0x0301]],
    );
    await cable.unplug();
    await until('its end', () => system.gone);
  });
}

hid('IOUserUSBHostHIDDevice itself, without a line of code', async () => {
  await using stage = await openStage([build('IOUserUSBHostHIDDevice')]);
  const { device, press } = pad({ outEndpoint: false });
  const cable = await stage.simulator.plug(device);
  await until('the start', () =>
    stage.log.some((line) => line.includes('IOUserUSBHostHIDDevice started')),
  );
  const system = await stage.simulator.followHid({ name: 'IOUserUSBHostHIDDevice' });
  press(Uint8Array.from([1, 2, 3]));
  await until('the report', () => system.reports.length === 1);
  assert.equal([...(system.reports[0]?.bytes ?? [])], [1, 2, 3]);
  await cable.unplug();
});

hid.run();
