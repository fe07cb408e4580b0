// Several drivers and user clients in the model: who has what, what is matched, what has to be signed.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { entitlementsOf } from '../../generator/emit/guard-text.js';
import { personalities } from '../../generator/emit/plist/personalities.js';
import type { PlistValue } from '../../generator/model/model.js';
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

function entryOf(value: PlistValue | undefined, key: string): PlistValue | undefined {
  const entries = value?.kind === 'dictionary' ? value.entries : [];
  return entries.find((entry) => entry.key === key)?.value;
}

function plain(value: PlistValue | undefined): unknown {
  if (value?.kind === 'array') return value.items.map(plain);
  return value?.kind === 'string' ? value.value : undefined;
}

drivers('what opening asks for goes into the dictionary of the user client and to its apps', () => {
  const opening = (text: string) =>
    modelOfText(two.replace('type: 0,', `type: 0, entitlement: ${text},`));
  const asked = (text: string): unknown => {
    const [personality] = personalities(opening(text));
    const dictionary = entryOf(personality?.value, 'UserClientProperties');
    return plain(entryOf(dictionary, 'IOServiceDEXTEntitlements'));
  };
  assert.equal(asked('a.x'), 'a.x');
  assert.equal(asked('[a.x, a.y]'), ['a.x', 'a.y']);
  assert.equal(asked('[[a.x, a.y], a.z]'), [['a.x', 'a.y'], 'a.z']);
  assert.equal(asked('[[a.x, a.y]]'), [['a.x', 'a.y']]);
  const { entitlements } = opening('[[a.x, a.y], a.z]');
  assert.equal(
    entitlements.filter(({ side, key }) => side === 'macos' && key.startsWith('a.')),
    ['a.x', 'a.y'].map((key) => ({
      ...{ side: 'macos', key, value: { kind: 'boolean', value: true }, approval: false },
      reason: 'opening ExampleUserClient asks for it',
    })),
  );
  for (const wrong of ['nothing', '[a.x, [a b]]', 'com.apple.developer.driverkit.administrator']) {
    const { diagnostics } = resolveText(two.replace('type: 0,', `type: 0, entitlement: ${wrong},`));
    assert.equal(
      diagnostics.map(({ code }) => code),
      ['DK528'],
      wrong,
    );
  }
});

drivers('a subscription may ask for an entitlement as a method does', () => {
  const model = modelOfText(`${two}events:
  task:
    payload: { id: u64 }
    delivery: standing
    subscribe: { selector: 1, entitlement: com.example.task, unsubscribe: none }
    unacknowledged: allowed
`);
  assert.is(model.subscriptions[0]?.call.guards.entitlement, 'com.example.task');
  assert.equal(
    model.entitlements.flatMap(({ side, key }) => (key === 'com.example.task' ? [side] : [])),
    ['macos', 'ipados'],
  );
  assert.equal(entitlementsOf(model), ['com.example.task']);
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
