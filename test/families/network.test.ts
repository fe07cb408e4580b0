// NetworkingDriverKit: an interface comes up, and frames go through its four queues.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildProject, openStage, type Stage, until } from './support.js';

const network = suite('network');

/** A dext of dexts/<name>, which has the class. */
const project = (name: string, userClass: string): string => {
  const identifier = `com.example.${userClass}`;
  return buildProject({
    name,
    identifier,
    personalities: {
      Card: {
        CFBundleIdentifier: identifier,
        IOUserServerName: identifier,
        IOClass: 'IOUserNetworkEthernet',
        IOProviderClass: 'IOUserResources',
        IOResourceMatch: 'IOKit',
        IOUserClass: userClass,
      },
    },
    entitlements: { 'com.apple.developer.driverkit.family.networking': true },
  });
};

const treeOf = async (stage: Stage): Promise<string> =>
  JSON.stringify(await stage.simulator.registry(), (_, value) =>
    typeof value === 'bigint' ? Number(value) : value,
  );

network('the system sets the interface up, sends a frame and takes one', async () => {
  await using stage = await openStage([project('network', 'NetCard')]);
  // Each queue counts when its turn comes.
  for (const property of [
    '"BytesIn":60',
    '"PacketsIn":1',
    '"PacketsOut":1',
    '"LinkStatus":3',
    '"ActiveMediaType":48',
  ]) {
    await until(property, async () => (await treeOf(stage)).includes(property));
  }
  const said = (): string[] => stage.log.flatMap((line) => /net: (.*)/.exec(line)?.[1] ?? []);
  await until('four lines', () => said().length >= 4);
  assert.equal(said(), [
    'three queues 0xe00002c2',
    'mtu 1400',
    '60 bytes at 16, type 0806',
    'too long 0xe00002c2',
  ]);
});

network('functions of DriverKit 21 and later: queues that call the driver, two pools', async () => {
  await using stage = await openStage([project('nic', 'Nic')]);
  const back = ['"PacketsIn":1', '"PacketsOut":1', '"BytesIn":60', '"ErrorsIn":0'];
  let text = '';
  await until('the frame back', async () => {
    text = await treeOf(stage);
    return back.every((property) => text.includes(property));
  });
  assert.ok(text.includes('"AvailableMediaTypes":2'));
  assert.ok(text.includes('"ActiveMediaType":54'));
  const said = stage.log.flatMap((line) => /nic: (.*)/.exec(line)?.[1] ?? []);
  assert.equal(said, [
    'start 1',
    'not mapped 1',
    'without functions 0',
    'no name yet 1',
    'dequeue before it is enabled 0xe00002d8',
    'media wanted, 0 so far',
    'assists 0x20000000 of 0x20000000',
    'mtu 1280',
    'media 0x36',
    'enable 1: 0xe00002c7, name en0',
    'frame of 60 bytes at 8 from 02:09, broadcast 1, 1 at a time, with 7',
    'tag 0, stamp 0xe00002f0, expires 0xe00002f0',
    'tag 1 0, stamp 0x0 77',
    'cleared 0xe00002f0, checksum 0 at 0 and 0, segments 0',
    'multicast 0 1, offset 0xe00002c2 0xe00002c2 8',
  ]);
});

network.run();
