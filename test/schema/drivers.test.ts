// Several drivers and user clients in the model: who has what, what is matched, what has to be signed.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { modelOfText, resolveText } from './resolved.js';

const drivers = suite('drivers');

const two = `dextgen: 1
interface: Example
version: 1.0
bundle: { identifier: com.example.Example.driver }
driver:
  provider: IOUserResources
  match: { IOResourceMatch: IOKit }
  userClients: { control: { type: 0, retired: [7] }, stream: { type: 3, retired: ["2-4"] } }
`;

drivers('each user client has selectors, retired ones and memory types of its own', () => {
  const model = modelOfText(`${two}retired: [9]
methods: { a: { selector: 2 }, b: { selector: 9, on: stream }, c: { selector: 2000000, on: stream } }
buffers:
  x: { memoryType: 1, size: 16 KiB, access: read-only }
  y: { memoryType: 1, size: 16 KiB, access: read-only, on: stream }
`);
  assert.equal(
    model.methods.map(({ name, client, selector }) => [name, client, selector]),
    [
      ['a', 'control', 2],
      ['b', 'stream', 9],
      ['c', 'stream', 2000000],
    ],
  );
  assert.equal(
    model.retired.map(({ client, first, last }) => [client, first, last]),
    [
      ['control', 7, 7],
      ['control', 9, 9],
      ['stream', 2, 4],
    ],
  );
  assert.equal(
    model.userClients.map(({ className, dictionary, type }) => [className, dictionary, type]),
    [
      ['ExampleUserClient', 'UserClientProperties', 0],
      ['ExampleStreamUserClient', 'StreamClientProperties', 3],
    ],
  );
  const { diagnostics } = resolveText(`${two}methods: { a: { selector: 3, on: stream } }\n`);
  assert.equal(
    diagnostics.map(({ code }) => code),
    ['DK502'],
  );
});

drivers('the contract hash knows who serves what, but not what matches', () => {
  const hash = (text: string): string => modelOfText(text).contractHash.low;
  const body = 'methods: { a: { selector: 1, on: stream } }\n';
  const one = hash(two + body);
  assert.is(hash(two.replace('IOResourceMatch: IOKit', 'IONameMatch: x') + body), one);
  assert.is.not(hash(two.replace('type: 3', 'type: 4') + body), one);
  assert.is.not(hash(two + body.replace('stream', 'control')), one);
});

drivers('PCI matches are texts that the kernel reads, however they are spelt', () => {
  const match = (value: string): unknown => {
    const text = two.replace(
      /provider:.*\n.*\n/,
      `provider: IOPCIDevice\n  match: { IOPCIMatch: ${value} }\n`,
    );
    return modelOfText(`${text}methods: { a: { selector: 1 } }\n`).drivers[0]?.personalities[0]
      ?.match[0]?.value;
  };
  const string = (value: string) => ({ kind: 'string', value });
  assert.equal(match('{ vendor: 0x10ee, device: 0x7024 }'), string('0x702410ee'));
  assert.equal(match('{ vendor: 0x1af4 }'), string('0x00001af4&0x0000ffff'));
  assert.equal(match('0x702410ee'), string('0x702410ee'));
  assert.equal(
    match('[{ value: 0x10ee, mask: 0xffff }, { vendor: 1, device: 2 }]'),
    string('0x000010ee&0x0000ffff 0x00020001'),
  );
  assert.equal(match('"0x702410ee&0xFFFFFFFF 0x1"'), string('0x702410ee&0xFFFFFFFF 0x1'));
});

drivers('entitlements follow from what is matched, extended and created', () => {
  const keys = (driver: string): readonly string[] =>
    modelOfText(
      two.replace(/driver:[\s\S]*/, `driver: { ${driver} }\nmethods: { a: { selector: 1 } }\n`),
    )
      .entitlements.filter(({ side }) => side === 'dext')
      .map(({ key }) => key.replace('com.apple.developer.driverkit', ''));
  const none = ['', 'com.apple.security.app-sandbox'];
  assert.equal(keys('provider: IOUserResources, match: { IOResourceMatch: IOKit }'), none);
  assert.equal(keys('provider: IOPCIDevice, match: { IOPCIMatch: 1 }')[1], '.transport.pci');
  assert.equal(keys('provider: IOHIDInterface, match: { VendorID: 1 }')[1], '.transport.hid');
  assert.equal(
    keys('extends: IOUserHIDDevice, provider: IOUserResources, match: { a: b }')[1],
    '.family.hid.device',
  );
  assert.equal(
    keys(
      'provider: IOUserResources, match: { a: b }, services: { k: { class: K, kernelClass: AppleUserHIDDevice } }',
    )[1],
    '.family.hid.device',
  );
  assert.equal(
    keys(
      'extends: IOUserSCSIParallelInterfaceController, provider: IOPCIDevice, match: { IOPCIMatch: 1 }',
    ).slice(1, 3),
    ['.transport.pci', '.family.scsicontroller'],
  );
});

drivers.run();
