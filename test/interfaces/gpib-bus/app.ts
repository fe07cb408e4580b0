// An instrument bus: outcomes inside answers that succeed, counted payloads behind headers, truth values of four bytes.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  factsOf,
  type InterfaceBench,
  rejection,
  startInterface,
} from '../../js/test/interfaces/bench.js';
import { GpibBus } from './generated/gpib_bus/client/gpib_bus.js';

type State = { bench: InterfaceBench; client: GpibBus };

const bus = suite<State>('gpib-bus');

bus.before(async (state) => {
  state.bench = await startInterface('gpib-bus');
  state.client = await GpibBus.open({ timeout: 60_000 });
});

bus.after(async (state) => {
  await state.client.close();
  await state.bench[Symbol.asyncDispose]();
});

bus('selectors, sizes and offsets are those of the facts', () => {
  const { selectors, sizes, offsets } = factsOf('gpib-bus');
  assert.equal(
    Object.values(selectors),
    Array.from({ length: 18 }, (_, i) => i),
  );
  assert.equal([sizes.Open, sizes.Opened, sizes.Status, sizes.Handle], [32, 16, 16, 8]);
  assert.equal([sizes.Configure, sizes.Wait, sizes.Address, sizes.Poll], [16, 16, 16, 16]);
  assert.equal([sizes.WriteHead, sizes.ReadReplyHead, sizes.SendCommandHead], [16, 16, 8]);
  assert.equal([offsets['Poll.state'], offsets['Open.eot']], [4, 24]);
});

const address = { pad: 5, sad: 0, isBoard: false, timeout: 11 };
const open = { ...address, eosChar: 0, eosFlags: 0, eot: true, reserved: 0 };

bus('there and back over the bus', async ({ client }) => {
  const { status } = await client.boardOnline({ request: { online: true, reserved: 0 } });
  assert.is(status.state, 0x100);
  const { opened } = await client.openDescriptor({ request: open });
  const data = new TextEncoder().encode('*IDN?');
  const request = { handle: opened.handle, sendEoi: true, reserved: 0, data };
  assert.is((await client.write({ request })).status.count, 5);
  const { reply } = await client.read({ request: { handle: opened.handle, count: 64 } });
  assert.equal(reply, { state: 0x100, error: 0, end: 1, data });
  const part = await client.read({ request: { handle: opened.handle, count: 2 } });
  assert.equal([part.reply.end, [...part.reply.data]], [0, [0x2a, 0x49]]);
});

bus('an outcome of the bus is no error of the call', async ({ client }) => {
  const { opened } = await client.openDescriptor({ request: { ...open, pad: 9 } });
  assert.equal([opened.handle, opened.state], [-1, 0x8000]);
  const { status } = await client.trigger({ request: { handle: -1, reserved: 0 } });
  assert.equal([status.state, status.error], [0x8000, 4]);
  const enabled = await client.remoteEnable({ request: { handle: 7, enable: true } });
  assert.is(enabled.status.count, 1);
});

bus(
  'bytes behind a counted payload are ignored, as the hand-written driver did',
  async ({ client }) => {
    const struct = new Uint8Array(16 + 3 + 50).fill(0xcc);
    const view = new DataView(struct.buffer);
    [7, 1, 3, 0].forEach((word, i) => {
      view.setInt32(4 * i, word, true);
    });
    const answer = await client.raw.call(4, { struct, structOutput: 16 });
    assert.is(new DataView(answer.struct?.buffer ?? new ArrayBuffer(16)).getUint32(8, true), 3);
  },
);

bus('what the hand-written driver took as it came is refused', async ({ client }) => {
  const call = (selector: number, ...words: number[]) => {
    const struct = new Uint8Array(words.length * 4);
    words.forEach((word, i) => {
      new DataView(struct.buffer).setInt32(4 * i, word, true);
    });
    return rejection(client.raw.call(selector, { struct, structOutput: 16 }));
  };
  const cases: readonly (readonly [string, Promise<Error>])[] = [
    ['online 2', call(0, 2, 0)],
    ['address 31', call(1, 31, 0, 0, 11, 0, 0, 1, 0)],
    ['a key that there is not', call(3, 7, 9, 0, 0)],
    ['a length beyond the bytes', call(4, 7, 1, 100, 0)],
    ['no header', call(4, 7, 1)],
    ['more than fits inline', call(5, 7, 4081)],
    ['half a struct', call(6, 7)],
  ];
  for (const [what, refused] of cases) assert.match((await refused).message, /0xe00002c2/, what);
});

bus.run();
