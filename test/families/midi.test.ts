// MIDIDriverKit: the MIDI system runs a driver's devices: words both ways, properties, entities that come.
import { MIDI_PROTOCOL, type MidiDevice, type MidiSystem } from 'dextgen/simulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { available } from '../compilers.js';
import { buildCaller, buildProject, openStage, type Stage, startCaller, until } from './support.js';

const IDENTIFIER = 'com.example.Keys';
const build = (compiler: string): string =>
  buildProject({
    name: 'midi',
    identifier: IDENTIFIER,
    compiler,
    personalities: {
      Keys: {
        CFBundleIdentifier: IDENTIFIER,
        IOClass: 'IOUserService',
        IOProviderClass: 'IOUserResources',
        IOResourceMatch: 'IOKit',
        IOUserClass: 'MidiKeys',
        IOUserServerName: IDENTIFIER,
        IOUserMIDIDriverUserClientProperties: {
          IOClass: 'IOUserUserClient',
          IOUserClass: 'IOUserMIDIDriverUserClient',
        },
      },
    },
    entitlements: { 'com.apple.developer.driverkit.family.midi': true },
  });

const ABORTED = 0xe00002eb;
const BUSY = 0xe00002d5;
const NOT_FOUND = 0xe00002f0;
const NOT_OPEN = 0xe00002cd;
const NOT_READY = 0xe00002d8;
const OVERRUN = 0xe00002e8;
const UNSUPPORTED = 0xe00002c7;
const OPEN_TYPE = 1_129_149_796;

const statusOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 0,
    (error) => error.status,
  );

const says = (stage: Stage): string[] =>
  stage.log.flatMap((line) => /midi: (.*)/.exec(line)?.[1] ?? []);

async function only(system: MidiSystem): Promise<MidiDevice> {
  const devices = await system.devices();
  assert.is(devices.length, 1);
  return devices[0] as MidiDevice;
}

const midi = suite('midi');

// What a destination gets goes to a block, which g++ has not.
for (const compiler of available(['g++', 'clang++'], (name) => name)) {
  midi(`${compiler}: a device's objects, and what it sends and gets while it runs`, async () => {
    await using stage = await openStage([build(compiler)]);
    const system = await stage.simulator.openMidi({ name: 'MidiKeys' });
    const device = await only(system);
    assert.equal(
      [device.name, device.properties.model, device.isRunning],
      ['Keys', 'Keys 61', false],
    );
    const [entity] = device.entities;
    const [source] = entity?.sources ?? [];
    const [destination] = entity?.destinations ?? [];
    if (entity === undefined || source === undefined || destination === undefined) {
      throw new Error(`no endpoints: ${says(stage)}`);
    }
    assert.equal(
      [entity.name, source.name, source.protocol],
      ['Lower keys', 'Port', MIDI_PROTOCOL.midi1],
    );
    assert.is(await system.getProperty(device.id, 'moff'), 1);
    assert.is(await statusOf(system.read(source.id)), NOT_READY);
    assert.is(await statusOf(system.send(destination.id, [0x20903c7f])), NOT_READY);
    assert.is(await statusOf(system.send(source.id, [0x20903c7f])), NOT_FOUND);
    assert.is(await statusOf(system.stop()), NOT_OPEN);

    await system.start();
    assert.is(await statusOf(system.start()), BUSY);
    await until('the start', () => says(stage).length === 2);
    assert.equal(says(stage), ['start with 1', `device ${device.id} starts`], 'started once');
    assert.is(await system.getProperty(device.id, 'moff'), 0);
    if (compiler === 'g++') {
      assert.is(await statusOf(system.send(destination.id, [0x20903c7f])), UNSUPPORTED);
    } else {
      // The driver's block returns what Send does: nobody listens yet.
      assert.is(await statusOf(system.send(destination.id, [0x20903c7f])), NOT_READY);
      await system.enable(source.id);
      await system.send(destination.id, [0x20903c7f]);
      await system.send(destination.id, [0x20803c00, 0x20903d01]);
      assert.equal(await system.read(source.id), [0x2090487f]);
      assert.equal(await system.read(source.id), [0x20804800, 0x20904901]);
      const next = system.read(source.id);
      await system.send(destination.id, [0x10f80000]);
      assert.equal(await next, [0x10f80c00], 'a reader that waits');
      assert.is(await statusOf(system.send(destination.id, new Array(17).fill(0))), OVERRUN);
    }
    await system.stop();
    assert.is((await only(system)).isRunning, false);
  });

  midi(
    `${compiler}: entities that come, a listener that goes, and the system's connection`,
    async () => {
      await using stage = await openStage([build(compiler)]);
      const system = await stage.simulator.openMidi();
      await system.start();
      const [entity] = (await only(system)).entities;
      const source = entity?.sources[0]?.id ?? 0;
      const destination = entity?.destinations[0]?.id ?? 0;
      if (compiler !== 'g++') {
        await system.send(destination, [0x2090007f]);
        await until('another entity', async () => (await only(system)).entities.length === 2);
        await until('the devices run', async () => (await only(system)).isRunning);
        const { entities } = await only(system);
        assert.equal([entities[1]?.sources.length, entities[1]?.destinations.length], [2, 0]);
        assert.ok(says(stage).includes('more, running 0'), 'stopped meanwhile');
      }
      await system.enable(source);
      const read = statusOf(system.read(source));
      await system.enable(source, false);
      assert.is(await read, ABORTED);

      await system.setProperty(destination, 'mnam', 'Upper keys');
      assert.is((await only(system)).entities[0]?.destinations[0]?.name, 'Upper keys');
      assert.is(await statusOf(system.setProperty(destination, 'none', 1)), UNSUPPORTED);
      assert.is(await statusOf(system.getProperty(99, 'mnam')), NOT_FOUND);

      await using app = startCaller(buildCaller());
      assert.is(await app.open('MidiKeys', 0), UNSUPPORTED);
      assert.is(await app.open('MidiKeys', OPEN_TYPE), 0);
      assert.is((await app.call(0)).status, UNSUPPORTED, 'its calls are private');
      await app.close();
    },
  );
}

midi.run();
