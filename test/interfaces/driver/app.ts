// Two drivers, three kinds of connections and two child services, from their app.
import { createRequire } from 'node:module';
import type { Simulator } from 'dextgen/simulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rejection, startInterface, until } from '../../js/test/interfaces/bench.js';
import { Rack, RackDevice, RackPower, RackStream } from './generated/rack/client/rack.js';

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
  const bench = await startInterface('driver');
  await using power = await RackPower.open({ timeout: 5000 });
  assert.equal(await power.switchOn(), { started: true });
  return bench;
}

rack('the second driver lets the first one match', async () => {
  await using _bench = await startInterface('driver');
  assert.equal(await Rack.devices(), []);
  await using power = await RackPower.open({ timeout: 5000 });
  assert.equal(await power.switchOn(), { started: true });
  await using control = await Rack.open({ timeout: 5000 });
  assert.equal(await control.selectSlot({ slot: 1 }), { selected: 1 });
  const [device] = await Rack.devices();
  assert.ok(device instanceof RackDevice);
  assert.is(await device.rackSlots(), 3);
});

rack('one process holds both', async () => {
  await using bench = await powered();
  await using _control = await Rack.open({ timeout: 5000 });
  assert.is(Object.keys(await bench.simulator.processes()).length, 1);
});

rack('each kind of connection has selectors, events and memory of its own', async () => {
  await using _bench = await powered();
  await using control = await Rack.open({ timeout: 5000 });
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
  await using control = await Rack.open({ timeout: 5000 });
  await using stream = await RackStream.open({ timeout: 5000 });
  // Selector 1 is another method on each, selector 2 exists on one of them.
  const slot = await rejection(control.raw.call(1, { scalars: [3], scalarOutputs: 1 }));
  assert.match(slot.message, /slot/);
  assert.equal((await stream.raw.call(1, { scalars: [3], scalarOutputs: 2 })).scalars.length, 2);
  const unknown = await rejection(stream.raw.call(2));
  assert.is(unknown.name, 'RejectedError');
  assert.is((unknown as { rule?: string }).rule, 'unknownSelector');
  const power = await RackPower.open({ timeout: 5000 });
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
    await using _control = await Rack.open({ timeout: 5000 });
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
  await using control = await Rack.open({ timeout: 5000 });
  await control.addIndicator();
  await control.addFan();
  const [indicator] = await find(simulator, 'RackIndicator');
  const [fan] = await find(simulator, 'RackFan');
  assert.is(indicator?.properties?.RackColour, 'green');
  assert.is(fan?.properties?.RackSpeed, 1200);
});

rack('nested keys reach the registry as they are', async () => {
  await using bench = await powered();
  await using _control = await Rack.open({ timeout: 5000 });
  await using _stream = await RackStream.open({ timeout: 5000 });
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

rack.run();
