// NetworkingDriverKit: an interface comes up, and frames go through its four queues.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildProject, openStage, until } from './support.js';

const IDENTIFIER = 'com.example.NetCard';

const network = suite('network');

network('the system sets the interface up, sends a frame and takes one', async () => {
  const bundle = buildProject({
    name: 'network',
    identifier: IDENTIFIER,
    personalities: {
      Card: {
        CFBundleIdentifier: IDENTIFIER,
        IOUserServerName: IDENTIFIER,
        IOClass: 'IOUserNetworkEthernet',
        IOProviderClass: 'IOUserResources',
        IOResourceMatch: 'IOKit',
        IOUserClass: 'NetCard',
      },
    },
    entitlements: { 'com.apple.developer.driverkit.family.networking': true },
  });
  await using stage = await openStage([bundle]);
  const tree = async (): Promise<string> =>
    JSON.stringify(await stage.simulator.registry(), (_, value) =>
      typeof value === 'bigint' ? Number(value) : value,
    );
  await until('the frame back', async () => (await tree()).includes('"BytesIn":60'));
  const text = await tree();
  for (const property of [
    '"PacketsIn":1',
    '"PacketsOut":1',
    '"LinkStatus":3',
    '"ActiveMediaType":48',
  ]) {
    assert.ok(text.includes(property), property);
  }
  const said = stage.log.flatMap((line) => /net: (.*)/.exec(line)?.[1] ?? []);
  assert.equal(said, [
    'three queues 0xe00002c2',
    'mtu 1400',
    '60 bytes at 16, type 0806',
    'too long 0xe00002c2',
  ]);
});

network.run();
