// AudioDriverKit: the audio system runs a driver's device: its clock, its IO, its rates, its properties.
import { AUDIO_OPERATION, type AudioDevice, type AudioSystem } from 'dextgen/simulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { available } from '../compilers.js';
import { buildProject, openStage, type Stage, until } from './support.js';

const IDENTIFIER = 'com.example.Tone';
const build = (compiler: string): string =>
  buildProject({
    name: 'audio',
    identifier: IDENTIFIER,
    compiler,
    personalities: {
      Tone: {
        CFBundleIdentifier: IDENTIFIER,
        // As drivers have it: the dictionary, not IOClass, tells the audio system.
        IOClass: 'IOUserService',
        IOProviderClass: 'IOUserResources',
        IOResourceMatch: 'IOKit',
        IOUserAudioDriverUserClientProperties: {
          IOClass: 'IOUserUserClient',
          IOUserClass: 'IOUserAudioDriverUserClient',
        },
        IOUserClass: 'ToneDriver',
        IOUserServerName: IDENTIFIER,
      },
    },
    entitlements: { 'com.apple.developer.driverkit.family.audio': true },
  });

const BAD_ARGUMENT = 0xe00002c2;
const NOT_PERMITTED = 0xe00002e2;
const NOT_READY = 0xe00002d8;
const UNSUPPORTED = 0xe00002c7;
const FRAME = 4;
const MILLISECOND = 1_000_000n;

async function statusOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 0,
    (error) => error.status,
  );
}

const says = (stage: Stage): string[] =>
  stage.log.flatMap((line) => /tone: (.*)/.exec(line)?.[1] ?? []);

async function only(audio: AudioSystem): Promise<AudioDevice> {
  const devices = await audio.devices();
  assert.is(devices.length, 1);
  return devices[0] as AudioDevice;
}

const audio = suite('audio');

// IO handlers are blocks, which g++ has not.
for (const compiler of available(['g++', 'clang++'], (name) => name)) {
  audio(
    `${compiler}: what is played is heard, and a clock that is held ticks by steps`,
    async () => {
      await using stage = await openStage([build(compiler)]);
      const system = await stage.simulator.openAudio({ name: 'ToneDriver' });
      const device = await only(system);
      assert.equal(
        [device.uid, device.name, device.period, device.rates],
        ['ToneUID', 'Tone', 480, [44_100, 48_000, 96_000]],
      );
      const [output, input] = device.streams;
      if (output === undefined || input === undefined) throw new Error('two streams');
      assert.equal(
        [output.input, input.input, output.rate, output.bytes],
        [false, true, 48_000, 3840],
      );

      const operation = { operation: AUDIO_OPERATION.writeEnd, frames: 4, sampleTime: 958 };
      assert.is(await statusOf(system.operate(device.id, operation)), NOT_READY);
      const { time } = stage.simulator;
      await time.hold();
      await system.start(device.id);
      const begin = await system.state(device.id);
      assert.equal([begin.rate, begin.isRunning, begin.sampleTime], [48_000, true, 0]);
      for (const [step, sampleTime] of [
        ['9ms', 0],
        ['1ms', 480],
        ['25ms', 1440],
      ] as const) {
        await time.step(step);
        const now = await system.state(device.id);
        assert.is(now.sampleTime, sampleTime, step);
        assert.is(now.hostTime - begin.hostTime, (BigInt(sampleTime) * MILLISECOND) / 48n);
      }

      const [mute, level] = device.controls;
      if (mute === undefined || level === undefined) throw new Error('two controls');
      // Frames 958 to 961: the last two of the ring and the first two.
      await system.writeBuffer(output.id, 958 * FRAME, Buffer.from('the last'));
      await system.writeBuffer(output.id, 0, Buffer.from('thefirst'));
      assert.is(await statusOf(system.readBuffer(input.id, 3839, 2)), BAD_ARGUMENT);
      if (compiler === 'g++') {
        assert.is(await statusOf(system.operate(device.id, operation)), UNSUPPORTED);
      } else {
        await system.operate(device.id, operation);
        assert.is(`${await system.readBuffer(input.id, 958 * FRAME, 8)}`, 'the last');
        assert.is(`${await system.readBuffer(input.id, 0, 8)}`, 'thefirst');
        await system.setSwitch(mute.id, true);
        await system.operate(device.id, operation);
        assert.equal(await system.readBuffer(input.id, 0, 8), Buffer.alloc(8));
      }
      await system.setSwitch(mute.id, true);
      await system.setLevel(level.id, -12.5);
      const { controls } = await only(system);
      assert.equal([controls[0]?.on, Number(controls[1]?.decibels)], [true, -12.5]);
      const [slider, pan] = controls.slice(2);
      if (slider === undefined || pan === undefined) throw new Error('four controls');
      assert.equal([slider.value, Number(pan.value)], ['3', 0.5]);
      await system.setLevel(slider.id, 12);
      await system.setLevel(pan.id, 0.25);
      const moved = (await only(system)).controls.slice(2);
      assert.equal([moved[0]?.value, Number(moved[1]?.value)], ['10', 0.25], 'of at most ten');
      const [box] = await system.boxes();
      if (box === undefined) throw new Error('a box');
      assert.equal([box.uid, box.acquired, box.devices], ['Tone', false, [device.id]]);
      await system.setSwitch(box.id, true);
      assert.is((await system.boxes())[0]?.acquired, true);
      await time.resume();
      await system.stop(device.id);
      assert.is((await system.state(device.id)).isRunning, false);
    },
  );

  audio(`${compiler}: rates, a configuration that changes, and properties of its own`, async () => {
    await using stage = await openStage([build(compiler)]);
    const system = await stage.simulator.openAudio();
    const device = await only(system);
    assert.is(await statusOf(system.setRate(device.id, 22_050)), UNSUPPORTED);
    await system.start(device.id);
    await system.setRate(device.id, 44_100);
    const [stream] = (await only(system)).streams;
    assert.equal([(await system.state(device.id)).rate, stream?.rate], [44_100, 44_100]);
    assert.equal(says(stage), ['start', 'stop', 'start'], 'stopped meanwhile');

    await system.setRate(device.id, 96_000);
    await until('the new rate', async () => {
      const { rate, isRunning } = await system.state(device.id);
      return rate === 96_000 && isRunning;
    });
    await until('the configuration', () => says(stage).includes('configured for 96000, running 0'));

    assert.is(await system.getProperty(device.id, 'colr', 'front'), 'red');
    await system.setProperty(device.id, 'colr', 'blue', 'front');
    await system.setProperty(device.id, 'colr', 'green', 'back');
    assert.is(await system.getProperty(device.id, 'colr', 'front'), 'blue');
    assert.is(await system.getProperty(device.id, 'colr', 'back'), 'green');
    assert.is(await statusOf(system.setProperty(device.id, 'colr', 7, 'front')), BAD_ARGUMENT);
    assert.is(await statusOf(system.setProperty(device.id, 'cols', 'x', 'front')), NOT_PERMITTED);
    assert.is(await system.getProperty(device.id, 'cols', 'front'), 'red');
  });
}

audio.run();
