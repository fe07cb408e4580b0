// Contract §13 row 8: what applications and drivers read of properties, and which of them can be written, by whom.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type App,
  CODE,
  entryOf,
  fakeDevice,
  onInterface,
  openStage,
  personality,
  type Stage,
  startApp,
  until,
  writeRule,
} from './rule.js';

const row = suite<{
  app: App;
  stage: Stage;
  service: bigint;
  connection: string;
  end: () => Promise<void>;
}>('§13.8 properties');

row.before.each(async (context) => {
  const Nest = { a: 0, c: 0 };
  const stage = await openStage([writeRule({ Rule: personality({ Label: 1, Nest }) })]);
  context.stage = stage;
  context.app = startApp();
  context.service = await context.app.service();
  context.connection = (await context.app.open(context.service)).connection;
  context.end = async () => {
    await context.app[Symbol.asyncDispose]();
    await stage.simulator.shutdown();
  };
});

row.after.each(({ end }) => end());

row(
  'the keys of the personality are properties of the service (§5.2)',
  async ({ app, service }) => {
    assert.is(await app.get(service, 'Label'), '1');
    assert.is(await app.get(service, 'IOUserClass'), 'RuleDriver');
    assert.is(await app.get(service, 'Nest'), '{a:0,c:0}');
    assert.is(await app.get(service, 'Nothing'), 'none');
    assert.is(await app.get(service, 'IOMatchCategory'), 'IODefaultMatchCategory');
  },
);

row(
  'a published property with the name of a key: one call sees the key, the other what was published (§6.1)',
  async ({ app, service, connection }) => {
    assert.is((await app.call(connection, 'publishLabel', 0, 5)).status, CODE.success);
    assert.is(await app.get(service, 'Label'), '1', 'CreateCFProperty: the object’s own');
    assert.is(await app.all(service, 'Label'), '5', 'CreateCFProperties: the published one');
    // CopyProperties of the driver has the same merge (§6.1).
    const { words } = await app.call(connection, 'readLabel', 0);
    assert.is(words[0], 5n);
  },
);

row(
  'SetProperties merges by key, and replaces nested dictionaries whole (§6.2)',
  async ({ app, service, connection }) => {
    await app.call(connection, 'publish', 0, 3);
    assert.is(await app.get(service, 'Gain'), '3');
    await app.call(connection, 'publish', 0, 4);
    assert.is(await app.get(service, 'Gain'), '4');
    await app.call(connection, 'publishNest', 0, 0);
    assert.is(await app.all(service, 'Nest'), '{a:1}', 'without the c of the personality');
    await app.call(connection, 'publishNest', 0, 1);
    assert.is(await app.all(service, 'Nest'), '{b:1}');
    assert.is(await app.all(service, 'Gain'), '4', 'others stay');
  },
);

row(
  'RemoveProperty: what was published, and nothing else (§6.2)',
  async ({ app, service, connection }) => {
    assert.is((await app.call(connection, 'unpublish', 0, 0)).status, CODE.notFound);
    assert.is((await app.call(connection, 'unpublish', 0, 1)).status, CODE.unsupported, 'no name');
    await app.call(connection, 'publish', 0, 3);
    assert.is((await app.call(connection, 'unpublish', 0, 0)).status, CODE.success);
    assert.is(await app.get(service, 'Gain'), 'none');
    // There is something set since then, if only an empty dictionary.
    assert.is((await app.call(connection, 'unpublish', 0, 0)).status, CODE.success);
  },
);

row('a user client publishes as a service does (§6.2)', async ({ app, connection, stage }) => {
  assert.is((await app.call(connection, 'publish', 1, 3)).status, CODE.success);
  assert.is((await entryOf(stage, 'IOUserUserClient')).properties.Gain, 3);
});

row(
  'what is published is a property of the object, which the whole dictionary hides (§6.1)',
  async ({ app, service, connection }) => {
    assert.is(await app.get(service, 'IOUserServiceProperties'), 'none');
    const container = 'IONameMatch=RuleDriver,IOPropertyExistsMatch=IOUserServiceProperties';
    assert.equal(await app.find(container), []);
    await app.call(connection, 'publish', 0, 3);
    assert.is(await app.get(service, 'IOUserServiceProperties'), '{Gain:3}');
    assert.is(await app.all(service, 'IOUserServiceProperties'), 'none');
    assert.is(await app.all(service, 'Gain'), '3');
    const exists = 'IONameMatch=RuleDriver,IOPropertyExistsMatch';
    assert.equal(await app.find(`${exists}=IOUserServiceProperties`), [service]);
    assert.equal(await app.find(`${exists}=Gain`), []);
  },
);

row(
  'SearchProperty: the object alone, or its providers, too (§6.4)',
  async ({ app, connection }) => {
    const search = async (object: number, options: number) =>
      await app.call(connection, 'readLabel', object, options);
    assert.equal((await search(0, 0)).words[1], 1n);
    assert.is((await search(1, 0)).status, CODE.notFound, 'the user client has none');
    const upwards = await search(1, 1);
    assert.equal([upwards.status, upwards.words[1]], [CODE.success, 1n], 'its driver has');
  },
);

row('an application sees how busy a service is', async ({ app, service, connection }) => {
  const busy = () => app.tell(`busy ${service}`);
  assert.equal(await busy(), ['0x0', '0']);
  assert.is((await app.call(connection, 'adjustBusy', 2)).status, CODE.success);
  assert.equal(await busy(), ['0x0', '2']);
});

row('nobody is told that properties change (§6.2)', async ({ app, service, connection }) => {
  await app.tell(`watch ${service}`);
  await app.call(connection, 'publish', 0, 3);
  await app.call(connection, 'unpublish', 0, 0);
  await app.call(connection, 'end', 0, 0);
  await until('its end', () => app.events.length > 0);
  assert.equal(app.events, ['message 0xe0000010'], 'and nothing before that');
});

row('a driver writes its own objects only (§6.2)', async () => {
  await using stage = await openStage([writeRule({ Rule: onInterface() })]);
  await stage.simulator.plug(fakeDevice());
  await using app = startApp();
  const { connection } = await app.open(await app.service());
  assert.is((await app.call(connection, 'publish', 2, 3)).status, CODE.unsupported);
  assert.is((await app.call(connection, 'unpublish', 2, 0)).status, CODE.unsupported);
});

row(
  'an application writes nothing: service, user client, provider (§6.3)',
  async ({ app, service, connection }) => {
    const status = async (line: string): Promise<number> => Number((await app.tell(line))[0]);
    assert.is(await status(`set ${service} Gain 3`), CODE.unsupported);
    assert.is(await status(`setc ${connection} Gain 3`), CODE.unsupported);
    const [, provider] = await app.tell(`parent ${service}`);
    assert.is(await status(`set ${provider} Gain 3`), CODE.unsupported);
    assert.is(await status(`setodd ${service}`), CODE.badArgument, 'what cannot be sent');
    assert.is(await app.get(service, 'Gain'), 'none');
  },
);

row(
  'more than 4 MiB of properties are too large to be refused for another reason (§6.3)',
  async ({ app, service }) => {
    const status = async (line: string): Promise<number> => Number((await app.tell(line))[0]);
    assert.is(await status(`blob ${service} ${(4 << 20) + 1}`), CODE.messageTooLarge);
    assert.is(await status(`blob ${service} 1024`), CODE.unsupported);
  },
);

row('what a dext published goes with it (§4.7)', async ({ app, service, connection }) => {
  await app.call(connection, 'publish', 0, 3);
  await app.call(connection, 'crash');
  let successor: bigint | undefined;
  await until('its successor', async () => {
    [successor] = await app.find('IONameMatch=RuleDriver');
    return successor !== undefined && successor !== service;
  });
  assert.is(await app.get(successor ?? 0n, 'Gain'), 'none');
});

row.run();
