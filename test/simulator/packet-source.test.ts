// The device's side of a stream: what is counted as sent is what the host got.
import { setTimeout as sleep } from 'node:timers/promises';
import { packetSource } from 'dextgen/simulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const source = suite<{ session: NodeJS.Timeout }>('packet source');
const SIZE = 8;

// In a device it is the session that keeps the process alive.
source.before((context) => {
  context.session = setInterval(() => undefined, 1000);
});
source.after(({ session }) => clearInterval(session));

function numbered(rate: number, fifo?: number) {
  return packetSource({
    packetSize: SIZE,
    rate,
    ...(fifo !== undefined && { fifo }),
    fill: (target, first, count) => {
      for (let i = 0; i < count; i++) target.writeBigUInt64LE(BigInt(first + i), i * SIZE);
    },
  });
}

const numbers = (data: Uint8Array): number[] =>
  Array.from({ length: data.length / SIZE }, (_, i) =>
    Number(Buffer.from(data).readBigUInt64LE(i * SIZE)),
  );

const request = (length: number, signal = new AbortController().signal) => ({ length, signal });

source('as fast as possible: every transfer is filled with whole packets', async () => {
  const packets = numbered(0);
  packets.start();
  assert.equal(numbers((await packets.take(request(3 * SIZE + 5))) as Uint8Array), [0, 1, 2]);
  assert.equal(numbers((await packets.take(request(SIZE))) as Uint8Array), [3]);
  assert.is(packets.sent, 4);
});

source('by a clock: nothing is missing and nothing comes twice', async () => {
  const packets = numbered(1000);
  packets.start();
  const got: number[] = [];
  while (got.length < 50) got.push(...numbers((await packets.take(request(4096))) as Uint8Array));
  packets.stop();
  assert.equal(
    got,
    Array.from(got, (_, i) => i),
  );
  assert.is(packets.sent, got.length);
});

source('a transfer before the start waits for it', async () => {
  const packets = numbered(0);
  const taking = packets.take(request(SIZE));
  assert.instance(taking, Promise);
  packets.start();
  assert.equal(numbers((await taking) as Uint8Array), [0]);
});

source('after the stop nothing more is sent, not even what was waiting', async () => {
  const packets = numbered(1000);
  packets.start();
  await sleep(30);
  packets.stop();
  const sent = packets.sent;
  const abort = new AbortController();
  const taking = packets.take(request(4096, abort.signal)) as Promise<Uint8Array>;
  await sleep(10);
  abort.abort();
  assert.match(await taking.then(String, String), /aborted/);
  assert.is(packets.sent, sent);
});

source('what the host handed back was not sent', async () => {
  const packets = numbered(0);
  packets.start();
  await packets.take(request(2 * SIZE));
  packets.returned?.(2 * SIZE);
  assert.is(packets.sent, 0);
});

source('a device whose memory is full overwrites its oldest packets, and counts them', async () => {
  const packets = numbered(2000, 4);
  packets.start();
  await sleep(30);
  const got = numbers((await packets.take(request(4096))) as Uint8Array);
  packets.stop();
  assert.is(got.length, 4);
  assert.is(packets.overrun, got[0]);
});

source.run();
