// Contract §13 row 9: matching notifications are armed by draining, last in first out, at most 1,024 wait, one ping.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type App,
  CODE,
  fakeDevice,
  onInterface,
  openStage,
  personality,
  startApp,
  until,
  writeRule,
} from './rule.js';

const row = suite('§13.9 notifications');

const DRIVER = 'IONameMatch=RuleDriver';
const pings = (app: App, type: string): number =>
  app.events.filter((event) => event.startsWith(`${type} `)).length;

row('existing services are in the first drain, which arms (§7.3)', async () => {
  await using stage = await openStage([writeRule({ Rule: onInterface() })]);
  await stage.simulator.plug(fakeDevice());
  await using app = startApp();
  const first = await app.service();
  const iterator = await app.notify('IOServiceFirstMatch', DRIVER);
  const lazy = await app.notify('IOServiceMatched', DRIVER); // never drained: never armed
  assert.equal(await app.drain(iterator), [first]);
  await stage.simulator.plug(fakeDevice());
  await until('the ping', () => pings(app, 'IOServiceFirstMatch') === 1);
  const [second, ...more] = await app.drain(iterator);
  assert.equal(more, []);
  assert.is.not(second, first);
  assert.is(pings(app, 'IOServiceMatched'), 0);
  assert.equal(await app.drain(lazy), [second, first], 'both, the last first');
});

row('one ping until it is drained to its end; last in, first out (§7.3)', async () => {
  await using stage = await openStage([writeRule({ Rule: onInterface() })]);
  await using app = startApp();
  const iterator = await app.notify('IOServiceFirstMatch', DRIVER);
  assert.equal(await app.drain(iterator), []);
  for (let i = 0; i < 3; i++) {
    await stage.simulator.plug(fakeDevice());
    await until('it', async () => (await app.find(DRIVER)).length === i + 1);
  }
  await until('the ping', () => pings(app, 'IOServiceFirstMatch') > 0);
  assert.is(pings(app, 'IOServiceFirstMatch'), 1);
  const inOrder = [...(await app.find(DRIVER))].sort();
  const [, newest] = await app.tell(`next ${iterator}`);
  assert.is(BigInt(newest ?? 0), inOrder[2]);
  // Not at its end: another one waits in silence.
  await stage.simulator.plug(fakeDevice());
  await until('the fourth', async () => (await app.find(DRIVER)).length === 4);
  const [fourth] = [...(await app.find(DRIVER))].sort().reverse();
  assert.equal(await app.drain(iterator), [fourth, inOrder[1], inOrder[0]]);
  assert.is(pings(app, 'IOServiceFirstMatch'), 1);
  await stage.simulator.plug(fakeDevice());
  await until('the second ping', () => pings(app, 'IOServiceFirstMatch') === 2);
});

row('armed by nothing but a drain to its end, and disarmed by a ping (§7.3)', async () => {
  await using stage = await openStage([writeRule({ Rule: onInterface() })]);
  await using app = startApp();
  const lazy = await app.notify('IOServiceMatched', DRIVER); // empty, and not drained
  const iterator = await app.notify('IOServiceFirstMatch', DRIVER);
  assert.equal(await app.drain(iterator), []);
  const watch = await app.notify('IOServicePublish', DRIVER);
  const plug = async (count: number): Promise<void> => {
    await app.drain(watch);
    await stage.simulator.plug(fakeDevice());
    await until('published', () => pings(app, 'IOServicePublish') === count);
    await until('matched', async () => (await app.find(DRIVER)).length === count);
  };
  await plug(1);
  await until('the ping', () => pings(app, 'IOServiceFirstMatch') === 1);
  assert.is((await app.tell(`next ${iterator}`)).length, 2, 'it is taken, but not to the end');
  await plug(2);
  assert.is((await app.drain(iterator)).length, 1);
  await plug(3);
  await until('the second ping', () => pings(app, 'IOServiceFirstMatch') === 2);
  assert.is(pings(app, 'IOServiceMatched'), 0);
  assert.is((await app.drain(lazy)).length, 3);
});

row('what waits on a port for a released iterator is not delivered (§7.3)', async () => {
  await using stage = await openStage([writeRule({ Rule: onInterface() })]);
  await using app = startApp();
  for (const type of ['Matched', 'Terminate'])
    await app.drain(await app.notify(`IOService${type}`, DRIVER));
  const released = await app.notify('IOServiceFirstMatch', DRIVER);
  await app.drain(released);
  // Matched comes first, and its callback releases the other.
  await app.tell(`releasebyping ${released}`);
  const cable = await stage.simulator.plug(fakeDevice());
  await until('the first', () => pings(app, 'IOServiceMatched') === 1);
  await cable.unplug();
  await until('the last', () => pings(app, 'IOServiceTerminate') === 1);
  assert.is(pings(app, 'IOServiceFirstMatch'), 0);
});

row('1,024 services wait; what comes then is lost, and no error (§0.2, §7.3)', async () => {
  await using stage = await openStage([]);
  await using app = startApp();
  const iterator = await app.notify('IOServiceFirstPublish', 'IOProviderClass=IOUSBHostDevice');
  assert.equal(await app.drain(iterator), []);
  const more = 1030;
  for (let i = 0; i < more; i++) await stage.simulator.plug(fakeDevice());
  const there = async (): Promise<number> =>
    (await app.find('IOProviderClass=IOUSBHostDevice')).length;
  await until('all', async () => (await there()) === more);
  const waiting = await app.drain(iterator);
  assert.is(waiting.length, 1024);
  await until('the ping', () => pings(app, 'IOServiceFirstPublish') > 0);
  assert.is(pings(app, 'IOServiceFirstPublish'), 1);
  // The first ones were kept, the last ones lost.
  const all = [...(await app.find('IOProviderClass=IOUSBHostDevice'))].sort();
  assert.equal([...waiting].sort(), all.slice(0, 1024));
  // The same for those that exist when a notification is installed.
  const late = await app.notify('IOServicePublish', 'IOProviderClass=IOUSBHostDevice');
  assert.is((await app.drain(late)).length, 1024);
});

row(
  'those that end: nothing exists at first, and what ended can still be read (§7.3)',
  async () => {
    await using stage = await openStage([writeRule({ Rule: onInterface({ Label: 6 }) })]);
    const cable = await stage.simulator.plug(fakeDevice());
    await using app = startApp();
    const service = await app.service();
    const iterator = await app.notify('IOServiceTerminate', DRIVER);
    assert.equal(await app.drain(iterator), []);
    const will = await app.notify('IOServiceWillTerminate', DRIVER);
    assert.equal(await app.drain(will), []);
    await cable.unplug();
    await until('the ping', () => pings(app, 'IOServiceTerminate') === 1);
    await until('the other', () => pings(app, 'IOServiceWillTerminate') === 1);
    assert.equal(await app.drain(iterator), [service]);
    assert.equal(await app.drain(will), [service]);
  },
);

row('an added service may be gone when it is drained (§7.3)', async () => {
  await using stage = await openStage([writeRule({ Rule: onInterface() })]);
  await using app = startApp();
  const iterator = await app.notify('IOServiceFirstMatch', DRIVER);
  await app.drain(iterator);
  const cable = await stage.simulator.plug(fakeDevice());
  await until('the ping', () => pings(app, 'IOServiceFirstMatch') === 1);
  await cable.unplug();
  await until('its end', async () => (await app.find(DRIVER)).length === 0);
  const [gone] = await app.drain(iterator);
  assert.ok(gone !== undefined);
  const { status } = await app.open(gone);
  assert.ok([CODE.offline, CODE.invalidDest].includes(status as never), status.toString(16));
});

row('registered again: published and matched again, not for the first time (§7.3)', async () => {
  await using _stage = await openStage();
  await using app = startApp();
  const service = await app.service();
  const { connection } = await app.open(service);
  const iterators = new Map<string, string>();
  for (const type of ['Publish', 'FirstPublish', 'Matched', 'FirstMatch']) {
    const iterator = await app.notify(`IOService${type}`, DRIVER);
    assert.equal(await app.drain(iterator), [service]);
    iterators.set(type, iterator);
  }
  assert.is((await app.call(connection, 'registerAgain')).status, CODE.success);
  await until('both', () => app.events.length >= 2);
  assert.equal(
    app.events.map((event) => event.split(' ')[0]),
    ['IOServicePublish', 'IOServiceMatched'],
  );
  assert.equal(await app.drain(iterators.get('Publish') ?? ''), [service]);
  // A set has it once, however often it was registered since.
  assert.is((await app.call(connection, 'registerAgain')).status, CODE.success);
  await until('published', () => pings(app, 'IOServicePublish') === 2);
  assert.equal(await app.drain(iterators.get('Matched') ?? ''), [service]);
  assert.is(pings(app, 'IOServiceMatched'), 1);
});

row('a released iterator takes its notification with it (§7.3)', async () => {
  await using stage = await openStage([writeRule({ Rule: onInterface() })]);
  await using app = startApp();
  const released = await app.notify('IOServiceFirstMatch', DRIVER);
  const kept = await app.notify('IOServiceMatched', DRIVER);
  await app.drain(released);
  await app.drain(kept);
  assert.equal(await app.tell(`release ${released}`), ['0x0']);
  await stage.simulator.plug(fakeDevice());
  await until('the other ping', () => pings(app, 'IOServiceMatched') === 1);
  assert.is(pings(app, 'IOServiceFirstMatch'), 0);
  await until('it is forgotten', async () => (await stage.simulator.counts()).notifications === 1);
});

row(
  'nothing found is success without an iterator; services that were not registered are not found (§7.2)',
  async () => {
    await using stage = await openStage([writeRule({ Rule: personality({ Register: 0 }) })]);
    await until('Start', () => stage.log.some((line) => /RuleDriver started/.test(line)));
    await using app = startApp();
    assert.equal(await app.tell(`find ${DRIVER}`), ['0x0']);
    const [status] = await app.tell('notify IOServiceNonsense IONameMatch=x');
    assert.is(Number(status), CODE.badArgument);
  },
);

row(
  'published, it is not yet matched: it is found, and in Matched, when it is both (§7.2, §7.3)',
  async () => {
    await using stage = await openStage([writeRule({ Rule: onInterface() })]);
    await using app = startApp();
    for (const type of ['FirstPublish', 'Publish', 'Matched', 'FirstMatch']) {
      assert.equal(await app.drain(await app.notify(`IOService${type}`, DRIVER)), []);
    }
    await stage.simulator.plug(fakeDevice());
    await until('all', () => app.events.length === 4);
    assert.equal(
      app.events.map((event) => event.split(' ')[0]),
      ['IOServiceFirstPublish', 'IOServicePublish', 'IOServiceMatched', 'IOServiceFirstMatch'],
    );
  },
);

row('a look-up takes its dictionary, whatever it is, and NULL is none (§7.2)', async () => {
  await using _stage = await openStage([]);
  await using app = startApp();
  const [none, ...rest] = await app.tell('odd');
  assert.is(Number(none), CODE.badArgument);
  // An array, a dictionary that matches nothing, and one that cannot be sent; each is left with the caller’s own reference.
  assert.equal(rest, ['0xe00002c2', '1', '0x0', '1', '0xe00002c7', '1']);
});

row.run();
