// The device side: transfers, exact counts, aborts. How fast data flows is measured in bench/.

import { packetSource, startSimulator } from 'dextgen/simulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildProgram, fakeDevice, until, writeBundle } from './support.js';

const usb = suite<{ bundle: string }>('usb devices');

usb.before((context) => {
  context.bundle = writeBundle(buildProgram('fake_dext.cpp', 'kernel'));
});

usb('of much data every byte is counted', async ({ bundle }) => {
  await using simulator = await startSimulator({ bundles: [bundle] });
  let made = 0;
  const block = Buffer.alloc(65536, 7);
  const cable = await simulator.plug(
    fakeDevice({
      in: {
        129: {
          take: ({ length }) => {
            made += length;
            return block.subarray(0, length);
          },
          returned: (bytes) => {
            made -= bytes;
          },
        },
      },
    }),
  );
  await until('60 MB', () => cable.delivered(0x81) > 60e6);
  await cable.unplug();
  assert.is(cable.delivered(0x81), made);
});

usb(
  'answers keep the order of the transfers although the first takes longer',
  async ({ bundle }) => {
    await using simulator = await startSimulator({ bundles: [bundle] });
    const running: number[] = [];
    let calls = 0;
    const cable = await simulator.plug(
      fakeDevice({
        in: {
          129: {
            take: async () => {
              const call = calls++;
              running.push(call);
              await new Promise((done) => setTimeout(done, call === 0 ? 50 : 1));
              assert.is(running.shift(), call);
              return Buffer.of(call);
            },
          },
        },
      }),
    );
    await until('eight', () => cable.delivered(0x81) >= 8);
    await cable.unplug();
  },
);

usb(
  'a transfer the dext gives up is aborted at the device, and its bytes do not count',
  async ({ bundle }) => {
    await using simulator = await startSimulator({ bundles: [bundle] });
    let aborted = 0;
    let returned = 0;
    let asked = 0;
    const cable = await simulator.plug(
      fakeDevice({
        in: {
          129: {
            take: ({ signal }) => {
              asked += 1;
              return new Promise((done) => {
                signal.addEventListener('abort', () => {
                  aborted += 1;
                  done(Buffer.alloc(512)); // too late
                });
              });
            },
            returned: (bytes) => {
              returned += bytes;
            },
          },
        },
      }),
    );
    await until('asked', async () => asked > 0 && (await simulator.counts()).transfers === 4);
    await simulator.killDext();
    await until('aborted', () => aborted > 0);
    assert.is(cable.delivered(0x81), 0);
    assert.is(returned, 512 * aborted);
    await until('the next dext reads', async () => (await simulator.counts()).transfers === 4);
  },
);

usb('a source by the clock sends what it says', async ({ bundle }) => {
  await using simulator = await startSimulator({ bundles: [bundle] });
  const packets = packetSource({
    packetSize: 64,
    rate: 1000,
    fill: (target, first, count) => {
      for (let i = 0; i < count; i++) target.writeUInt32LE(first + i, i * 64);
    },
  });
  const cable = await simulator.plug(fakeDevice({ in: { 129: packets } }));
  packets.start();
  await until('100 packets', () => packets.sent >= 100);
  packets.stop();
  await cable.unplug();
  assert.is(cable.delivered(0x81), packets.sent * 64);
});

usb('a device with bad descriptors is refused with a sentence', async () => {
  await using simulator = await startSimulator();
  const device = fakeDevice({ configurations: [] });
  const error = await simulator.plug(device).then(
    () => undefined,
    (reason: Error) => reason,
  );
  assert.is(error?.message, 'a device needs at least one configuration');
});

usb.run();
