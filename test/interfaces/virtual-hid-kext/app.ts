// The counts of the interface, each of its five reports by its own selector, and reports of other lengths or other ids.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { factsOf, rejection, startInterface } from '../../js/test/interfaces/bench.js';
import { VirtualHidRoot } from './generated/virtual_hid_root/client/virtual_hid_root.js';

const hid = suite('virtual-hid-kext');
const root = process.getuid?.() === 0;
const properties = { vendorId: 0x16c0, productId: 0x27db, countryCode: 0 };

hid('twelve methods, five reports of fixed size', () => {
  const { selectors, sizes, offsets } = factsOf('virtual-hid-kext');
  assert.equal(
    Object.values(selectors).toSorted((a, b) => a - b),
    Array.from({ length: 12 }, (_, i) => i),
  );
  assert.is(sizes.KeyboardInput, 67);
  for (const name of ['ConsumerInput', 'TopCaseInput', 'VendorKeyboardInput'])
    assert.is(sizes[name], 65);
  assert.is(sizes.PointingInput, 8);
  assert.is(offsets['KeyboardInput.keys'], 3);
});

if (!root)
  hid('only an administrator gets anywhere', async () => {
    await using _bench = await startInterface('virtual-hid-kext');
    await using client = await VirtualHidRoot.open({ timeout: 60_000 });
    assert.match((await rejection(client.initializeKeyboard({ properties }))).message, /0xe00002/);
  });

if (root) {
  hid('each report has its selector', async () => {
    await using _bench = await startInterface('virtual-hid-kext');
    await using client = await VirtualHidRoot.open({ timeout: 60_000 });
    await client.initializeKeyboard({ properties });
    await client.initializePointing({ properties });
    const keys = Uint16Array.from({ length: 32 }, (_, i) => (i === 0 ? 4 : 0));
    await client.postKeyboardReport({ report: { modifiers: 2, keys } });
    await client.dispatchKeyboardEvent({ event: { usage: 5, down: true } });
    await client.dispatchKeyboardEvent({ event: { usage: 4, down: false } });
    await client.postConsumerReport({ report: { keys } });
    await client.postTopCaseReport({ report: { keys } });
    await client.postVendorKeyboardReport({ report: { keys } });
    await client.postPointingReport({
      report: { buttons: 3, x: -1, y: 1, verticalWheel: 0, horizontalWheel: 0 },
    });
    const { state } = await client.resetKeyboard();
    assert.equal([...state.reports], [3, 1, 1, 1, 1]);
    assert.is(state.vendorId, 0x16c0);
    assert.equal([...state.keys.subarray(0, 3)], [0, 5, 0]);
    const after = await client.resetPointing();
    assert.is(after.state.buttons, 3);
    assert.equal([...after.state.keys.subarray(0, 3)], [0, 0, 0]);
    await client.terminateKeyboard();
    await client.terminatePointing();
    assert.match((await rejection(client.terminateKeyboard())).message, /notReady/i);
  });

  hid('a report of another length or id, or none, never reaches the driver', async () => {
    await using _bench = await startInterface('virtual-hid-kext');
    await using client = await VirtualHidRoot.open({ timeout: 60_000 });
    const sizes = { 3: 67, 4: 65, 5: 65, 6: 65, 10: 8 };
    for (const [selector, size] of Object.entries(sizes)) {
      const call = (struct: Uint8Array) => rejection(client.raw.call(Number(selector), { struct }));
      for (const wrong of [0, size - 1, size + 1, 5000])
        assert.match((await call(new Uint8Array(wrong))).message, /0xe00002c2/, `${wrong} bytes`);
      const right = new Uint8Array(size);
      if (size > 8) assert.match((await call(right)).message, /0xe00002c2/, 'id 0');
      if (size > 8) right[0] = Number(selector) - 2;
      // The hook was reached: it has no device yet.
      assert.match((await call(right)).message, /0xe00002d8|notReady/i, `selector ${selector}`);
    }
  });
}

hid.run();
