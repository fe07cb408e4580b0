// The dimmer from its app: a call, and one that the dispatch refuses.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rejection, startInterface } from '../../js/test/interfaces/bench.js';
import { Dimmer } from './generated/dimmer/client/dimmer.js';

const dimmer = suite('dimmer');

dimmer('answers, and refuses what is out of range', async () => {
  await using _bench = await startInterface('dimmer');
  await using client = await Dimmer.open({ timeout: 60_000 });
  assert.equal(await client.setLevel({ level: 40 }), { previous: 0 });
  assert.equal(await client.setLevel({ level: 100 }), { previous: 40 });
  const refused = await rejection(client.raw.call(1, { scalars: [101n], scalarOutputs: 1 }));
  assert.is(refused.name, 'RejectedError');
  assert.match(refused.message, /level/);
});

dimmer.run();
