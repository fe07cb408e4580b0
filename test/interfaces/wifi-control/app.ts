// An adapter whose selectors read, and with bit 23 write; results of a scan are asked for until an error says that was all.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  factsOf,
  type InterfaceBench,
  rejection,
  startInterface,
  within,
} from '../../js/test/interfaces/bench.js';
import { WifiControl } from './generated/wifi_control/client/wifi_control.js';

type State = { bench: InterfaceBench; client: WifiControl };

const wifi = suite<State>('wifi-control');

wifi.before(async (state) => {
  state.bench = await startInterface('wifi-control');
  state.client = await WifiControl.open({ timeout: 60_000 });
});

wifi.after(async (state) => {
  await state.client.close();
  await state.bench[Symbol.asyncDispose]();
});

wifi('selectors, sizes and offsets are those of the facts', () => {
  const { selectors, sizes, offsets } = factsOf('wifi-control');
  assert.equal(selectors, {
    ...{ driverInfo: 0, station: 1, power: 2, state: 3, scanResult: 10, setPower: 0x800002 },
    ...{ associate: 0x800006, disassociate: 0x800007, join: 0x800008, scan: 0x800009 },
  });
  assert.equal([sizes.DriverInfo, sizes.Station, sizes.Power, sizes.State], [100, 72, 12, 8]);
  assert.equal([sizes.NetworkId, sizes.Key, sizes.Associate, sizes.Network], [40, 136, 180, 88]);
  assert.equal([offsets['Station.ssid'], offsets['Network.channel']], [32, 44]);
  assert.equal([offsets['Associate.key'], offsets['Network.cipher']], [44, 80]);
});

wifi('one number reads, the other writes', async ({ client }) => {
  const power = { version: 1, enabled: true, maxSleep: 0 } as const;
  await client.setPower({ power });
  assert.equal((await client.power()).power, power);
  assert.is((await client.state()).state.state, 'run');
  const { info } = await client.driverInfo();
  assert.equal([info.firmware, info.bsdName], ['f'.repeat(32), 'en1']);
  const id = new Uint8Array(32).fill(0x41);
  const network = { version: 1, length: 32, id };
  const key = { version: 1, length: 0, key: new Uint8Array(128) };
  await client.associate({ request: { network, key } });
  const station = await client.station();
  assert.equal([station.info.ssid, station.info.mode, station.info.rssi], [id, 'ax', -40]);
});

wifi('results of a scan as a stream', async ({ client }) => {
  await client.scan({ request: {} });
  const networks = client.networks();
  const found: number[] = [];
  while (found.length < 2) {
    const { value } = await within('a network', networks.next());
    for (const { network } of value ?? []) found.push(network.channel);
  }
  await networks.return();
  assert.equal(found, [1, 6]);
  const end = await rejection(client.scanResult());
  assert.match(end.message, /noScanResult/);
});

wifi('what the hand-written driver took unchecked is refused', async ({ client }) => {
  const send = (selector: number, struct: Uint8Array) =>
    rejection(client.raw.call(selector, { struct }));
  const power = new Uint8Array(12);
  power[0] = 1;
  power[4] = 2;
  assert.match((await send(0x800002, power)).message, /0xe00002c2/, 'neither on nor off');
  const request = new Uint8Array(180);
  request[0] = 1;
  request[8] = 33;
  assert.match((await send(0x800006, request)).message, /0xe00002c2/, 'a name of 33 bytes');
  for (const size of [0, 179, 181])
    assert.match(
      (await send(0x800006, new Uint8Array(size))).message,
      /0xe00002c2/,
      `${size} bytes`,
    );
  // Reading by the number that writes, and the other way round.
  assert.match((await send(2, power)).message, /0xe00002c[27]/);
});

wifi.run();
