// Two drivers, three kinds of connections and two child services, from their app.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PciDevice, Simulator } from 'dextgen/simulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rejection, startInterface, until } from '../../js/test/interfaces/bench.js';
import {
  Rack,
  RackDevice,
  RackPower,
  RackProbe,
  RackStream,
} from './generated/rack/client/rack.js';

// The backplane matches by what the supply publishes; a kernel that goes by its source does not see that.
const options = { assume: { matchedProperties: 'published' } } as const;
const rack = suite('drivers and user clients');

type Node = { name?: string; properties?: Record<string, unknown>; children?: Node[] };

async function find(simulator: Simulator, name: string): Promise<Node[]> {
  const walk = (node: Node): Node[] => [node, ...(node.children ?? []).flatMap(walk)];
  const tree = (await simulator.registry()) as unknown as Node | Node[];
  return [tree]
    .flat()
    .flatMap(walk)
    .filter((node) => node.name === name);
}

async function powered() {
  const bench = await startInterface('driver', options);
  await using power = await RackPower.open({ timeout: 60_000 });
  assert.equal(await power.switchOn(), { started: true });
  return bench;
}

rack('the second driver lets the first one match', async () => {
  await using _bench = await startInterface('driver', options);
  assert.equal(await Rack.devices(), []);
  await using power = await RackPower.open({ timeout: 60_000 });
  assert.equal(await power.switchOn(), { started: true });
  await using control = await Rack.open({ timeout: 60_000 });
  assert.equal(await control.selectSlot({ slot: 1 }), { selected: 1 });
  const [device] = await Rack.devices();
  assert.ok(device instanceof RackDevice);
  assert.is(await device.rackSlots(), 3);
});

rack('one process holds both', async () => {
  await using bench = await powered();
  await using _control = await Rack.open({ timeout: 60_000 });
  assert.is(Object.keys(await bench.simulator.processes()).length, 1);
});

rack('each kind of connection has selectors, events and memory of its own', async () => {
  await using _bench = await powered();
  await using control = await Rack.open({ timeout: 60_000 });
  const [device] = await Rack.devices();
  await using stream = (await device?.openStream()) as RackStream;
  const chosen = control.selecteds()[Symbol.asyncIterator]();
  const measured = stream.samples()[Symbol.asyncIterator]();
  const [first, second] = [chosen.next(), measured.next()];
  await until(
    async () => (await stream.readSlot({ slot: 0 })).connections === 1,
    'the driver knows the subscription',
  );
  await control.selectSlot({ slot: 2 });
  assert.equal([...((await first).value ?? [])], [{ slot: 2 }]);
  assert.equal([...((await second).value ?? [])], [{ slot: 2, value: 1 }]);
  await Promise.all([chosen.return?.(), measured.return?.()]);

  await using slots = await control.mapSlots();
  assert.equal([...slots.values(0, 3)], [0, 0, 1]);
  await using samples = await stream.mapSamples();
  samples.write(Uint8Array.of(9), 5);
  assert.is((await stream.readSlot({ slot: 5 })).value, 9);
  assert.is(slots.size, 16384);
  assert.is(samples.size, 32768);
});

rack('what belongs to another kind is refused', async () => {
  await using _bench = await powered();
  await using control = await Rack.open({ timeout: 60_000 });
  await using stream = await RackStream.open({ timeout: 60_000 });
  // Selector 1 is another method on each, selector 2 exists on one of them.
  const slot = await rejection(control.raw.call(1, { scalars: [3], scalarOutputs: 1 }));
  assert.match(slot.message, /slot/);
  assert.equal((await stream.raw.call(1, { scalars: [3], scalarOutputs: 2 })).scalars.length, 2);
  const unknown = await rejection(stream.raw.call(2));
  assert.is(unknown.name, 'RejectedError');
  assert.is((unknown as { rule?: string }).rule, 'unknownSelector');
  const power = await RackPower.open({ timeout: 60_000 });
  await power.close();
});

type Addon = {
  services(name: string): Promise<object[]>;
  open(service: object, type: number, ended: () => void): Promise<object>;
  close(connection: object): Promise<void>;
};

rack(
  'an open type that nobody has is refused, and every type opens a client without one',
  async () => {
    await using _bench = await powered();
    await using _control = await Rack.open({ timeout: 60_000 });
    const require = createRequire(import.meta.url);
    const native: Addon = require('./generated/rack/addon/build/Release/rack.node');
    const [backplane] = await native.services('RackBackplane');
    const [supply] = await native.services('RackSupply');
    assert.ok(backplane && supply);
    const refused = await rejection(native.open(backplane, 9, () => {}));
    assert.is((refused as { code?: number }).code, 0xe00002c2);
    const connection = await native.open(supply, 9, () => {});
    await native.close(connection);
  },
);

rack('services come from the dictionaries of the connection and of the personality', async () => {
  await using bench = await powered();
  const { simulator } = bench;
  await using control = await Rack.open({ timeout: 60_000 });
  await control.addIndicator();
  await control.addFan();
  const [indicator] = await find(simulator, 'RackIndicator');
  const [fan] = await find(simulator, 'RackFan');
  assert.is(indicator?.properties?.RackColour, 'green');
  assert.is(fan?.properties?.RackSpeed, 1200);
});

rack('nested keys reach the registry as they are', async () => {
  await using bench = await powered();
  await using _control = await Rack.open({ timeout: 60_000 });
  await using _stream = await RackStream.open({ timeout: 60_000 });
  const [backplane] = await find(bench.simulator, 'RackBackplane');
  const [client] = await find(bench.simulator, 'RackStreamClient');
  assert.is(client?.properties?.RackChannel, 7);
  assert.equal(client?.properties?.RackNested, {
    Key: Uint8Array.of(10, 11, 255),
    List: [1, 'two', true],
  });
  assert.equal(backplane?.properties?.RackLayout, {
    Slots: [1, 2, 3],
    Vendor: 'Example',
    Wide: 0x123456789ab,
  });
});

const probe = (device: number): PciDevice => ({
  vendor: 0x1af4,
  device,
  capabilities: [{ id: 5, bytes: new Uint8Array([0x80, 0, 0, 0, 0, 0]) }],
});

rack('the driver reads which of its personalities matched, with keys of every type', async () => {
  await using bench = await startInterface('driver', options);
  const left = await bench.simulator.plugPci(probe(0x2001));
  await using first = await RackProbe.open({ timeout: 60_000 });
  const described = { right: false, range: 10n, inverted: false, points: 3, raw: 0 };
  assert.equal(await first.describe(), described);
  await bench.simulator.plugPci(probe(0x2002)); // nobody's
  // Bits outside the mask do not count.
  const right = await bench.simulator.plugPci(probe(0x300f));
  await until(async () => (await RackProbe.devices()).length === 2, 'both are there');
  const devices = await RackProbe.devices();
  const answers = [];
  for (const device of devices) {
    await using client = await device.open();
    answers.push(await client.describe());
  }
  answers.sort((a, b) => Number(a.right) - Number(b.right));
  const other = { right: true, range: 0x1_0000_0000n, inverted: true, points: 1, raw: 2 };
  assert.equal(answers, [described, other]);
  await left.unplug();
  await right.unplug();
});

rack('an interrupt reaches the action of the driver, and its event the app', async () => {
  await using bench = await startInterface('driver', options);
  const device = await bench.simulator.plugPci(probe(0x2001));
  await using client = await RackProbe.open({ timeout: 60_000 });
  const alarms = client.alarms();
  await alarms.open();
  for (let i = 0; i < 3; i++) await device.interrupt();
  let counted = 0;
  for await (const batch of alarms) {
    for (const { count } of batch) counted += count;
    if (counted === 3) break;
  }
  assert.is(counted, 3);
});

/** The app's entitlements, some of them exchanged for others. */
function entitled(name: string, change: (text: string) => string): string {
  const text = readFileSync(
    'build/interfaces/driver/generated/rack/plist/RackApp-macOS.entitlements',
    'utf8',
  );
  const changed = change(text);
  assert.is.not(changed, text);
  const file = join(tmpdir(), `rack-${process.pid}-${name}.entitlements`);
  writeFileSync(file, changed);
  return file;
}

rack('what opening asks for, the kernel checks: all of one list', async () => {
  const key = (name: string) => `<key>com.example.Rack.${name}</key>`;
  const half = entitled('half', (text) => text.replace(key('calibrate'), key('unknown')));
  {
    await using bench = await startInterface('driver', { ...options, entitlements: half });
    await bench.simulator.plugPci(probe(0x2001));
    const error = await rejection(RackProbe.open({ timeout: 60_000 }));
    assert.is(error.name, 'AccessDeniedError');
    assert.is((error as { code?: number }).code, 0xe00002e2);
    assert.match(
      error.message,
      /com\.example\.Rack\.measure and com\.example\.Rack\.calibrate, or com\.example\.Rack\.service/,
    );
    // The other user clients ask for nothing.
    await using power = await RackPower.open({ timeout: 60_000 });
    assert.equal(await power.switchOn(), { started: true });
  }
  const other = entitled('other', (text) =>
    text.replace(key('calibrate'), key('service')).replace(key('measure'), key('unknown')),
  );
  await using bench = await startInterface('driver', { ...options, entitlements: other });
  await bench.simulator.plugPci(probe(0x2001));
  await using client = await RackProbe.open({ timeout: 60_000 });
  assert.is((await client.describe()).right, false);
});

rack.run();
