// Events as interfaces that exist send them, in real processes: each of their deliveries, what refuses them, and how
// each of their completions ends exactly once.
import * as assert from 'uvu/assert';
import { rejection, startInterface, until, within } from '../../js/test/interfaces/bench.js';
import { Ticker } from './generated/ticker/client/ticker.js';
import './streams.js';
import './completions.js';
import './memory.js';
import { events } from './support.js';

events('what the dispatch refuses', async () => {
  await using _bench = await startInterface('events');
  await using client = await Ticker.open({ timeout: 60_000 });
  const refusals = [
    client.raw.call(9), // needs a completion
    client.raw.callAsync(10), // takes none
    client.raw.callAsync(11, { scalars: [256n] }), // above its maximum
    client.raw.callAsync(11), // scalars missing
    client.raw.callAsync(4, { structOutput: 16 }), // struct missing
    client.raw.callAsync(0, { scalars: [1n] }), // one too many
    client.raw.callAsync(31, { scalars: [1001n], scalarOutputs: 1, structOutput: 16 }),
    client.raw.callAsync(31, { scalars: [1n], scalarOutputs: 1 }), // no room for the struct
    client.raw.call(31, { scalars: [1n], scalarOutputs: 1, structOutput: 16 }), // no completion
    client.raw.call(43, { struct: new Uint8Array(4096), scalarOutputs: 1 }), // inline
    client.raw.call(44, { scalars: [1n], scalarOutputs: 1, structOutput: 4096 }),
    client.raw.call(40, { scalars: [1n, 0n, 16n], scalarOutputs: 1 }), // no address
    client.raw.call(40, { scalars: [1n, 4096n, 0n], scalarOutputs: 1 }), // nothing
    client.raw.call(40, { scalars: [1n, 4096n, 1048577n], scalarOutputs: 1 }), // too much
    client.raw.call(40, { scalars: [1n, 2n ** 64n - 8n, 16n], scalarOutputs: 1 }), // wraps round
    client.raw.call(14), // no such selector
  ];
  for (const refused of refusals)
    assert.match((await rejection(refused)).message, /kIOReturn(BadArgument|Unsupported)/);
  // Nothing is there, which shows when the driver looks.
  await rejection(client.raw.call(40, { scalars: [1n, 4096n, 16n], scalarOutputs: 1 }));
  // A completion that is never used may come or not.
  await client.raw.call(5, { struct: new Uint8Array(16) });
});

events('each completion ends once: replaced, left, stopped', async () => {
  await using bench = await startInterface('events');
  const actions = async () => (await bench.simulator.counts()).actions;
  const client = await Ticker.open({ timeout: 60_000 });
  const before = await actions();
  const options = { completion: { words: 1, raw: true } };
  const first = rejection(client.raw.callAsync(0, options));
  const second = rejection(client.raw.callAsync(0, options));
  assert.match((await within('the first end', first)).message, /Aborted/);
  await client.raw.call(0);
  assert.match((await within('the second end', second)).message, /Aborted/);
  await client.raw.call(0); // again, which changes nothing
  await until(async () => (await actions()) === before, 'both are released');
  const third = rejection(client.raw.callAsync(0, options));
  const fourth = rejection(client.raw.callAsync(12, { completion: { words: 0, raw: true } }));
  await client.followers();
  assert.is(await actions(), (before ?? 0) + 2);
  await client.close();
  await within('the third end', third);
  await within('the fourth end', fourth);
  await until(async () => (await actions()) === before, 'what was kept is released');
});

events('the end of the driver ends every stream', async () => {
  await using bench = await startInterface('events');
  await using client = await Ticker.open({ timeout: 60_000 });
  const streams = [client.tasks(), client.jobs({ mask: 0 }), client.frames(), client.lines()];
  for (const stream of streams) await stream.open();
  const ends = streams.map((stream) => rejection(stream.next()));
  await bench.simulator.killDext();
  for (const end of ends)
    assert.is((await within('the end of a stream', end)).name, 'DeviceGoneError');
});

events.run();
