// The facts of the interface, a call and an event, and the frame lengths that the hand-written one did not check.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { factsOf, rejection, startInterface, within } from '../../js/test/interfaces/bench.js';
import { Body, U2fKey } from './generated/u2f_key/client/u2f_key.js';

const u2f = suite('u2f');

u2f('selectors, sizes and words are those of the facts', () => {
  const { selectors, sizes, offsets, words } = factsOf('u2f');
  assert.equal(selectors, { sendFrame: 0, subscribeFrame: 1 });
  assert.is(sizes.Frame, 64);
  assert.is(sizes.InitFrame, 60);
  assert.is(sizes.ContinuationFrame, 60);
  assert.is(offsets['Frame.body'], 4);
  assert.equal(words, { subscribeFrame: 8 });
});

u2f('a frame comes back as eight words, whichever member of the union it is', async () => {
  await using _bench = await startInterface('u2f');
  await using client = await U2fKey.open({ timeout: 60_000 });
  const data = Uint8Array.from({ length: 57 }, (_, i) => i);
  const frames = client.frames();
  const body = Body.of({ init: { command: 0x86, byteCount: 8, data } });
  await frames.open();
  await client.sendFrame({ frame: { channel: 0xffffffff, body } });
  const { value } = await within('a frame', frames.next());
  const [frame] = value ?? [];
  assert.is(frame?.channel, 0xffffffff);
  assert.equal(frame?.body.asInit, { command: 0x86, byteCount: 8, data });
  assert.is(frame?.body.asContinuation.sequence, 0x86);
});

u2f('a frame of any other length is refused before the driver sees it', async () => {
  await using _bench = await startInterface('u2f');
  await using client = await U2fKey.open({ timeout: 60_000 });
  for (const size of [0, 63, 65, 5000]) {
    const refused = await rejection(client.raw.call(0, { struct: new Uint8Array(size) }));
    assert.match(refused.message, /0xe00002c2/, `${size} bytes`);
  }
  const unready = await rejection(client.raw.call(0, { struct: new Uint8Array(64) }));
  assert.match(unready.message, /0xe00002d8/);
});

u2f.run();
