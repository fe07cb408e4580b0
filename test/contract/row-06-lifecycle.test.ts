// Contract §13 row 6: how connections, services and dexts end, in which order who hears of it, and what calls get then.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  CODE,
  fakeDevice,
  onInterface,
  openStage,
  personality,
  type Stage,
  startApp,
  until,
  userClient,
  writeKept,
  writeRule,
} from './rule.js';

const row = suite('§13.6 lifecycle');
const GONE = [CODE.serverDied, CODE.notReady, CODE.offline, CODE.invalidDest];

const quiet = (stage: Stage): Promise<void> =>
  until('no user client', async () => (await stage.simulator.counts()).userClients === 0);

row('an application closes: Stop is called, and waited for (§4.5)', async () => {
  const later = userClient({ StopAfterMs: 1000 });
  await using stage = await openStage([writeRule({ Rule: personality({ Client0: later }) })]);
  await using app = startApp();
  const service = await app.service();
  const { connection } = await app.open(service);
  await stage.simulator.time.hold();
  assert.is(await app.close(connection), CODE.success);
  await until('Stop', () => stage.said().includes('Stop client'));
  // Until super Stop the user client is in the registry, and the driver serves others.
  assert.is((await stage.simulator.counts()).userClients, 1);
  assert.is((await app.open(service)).status, CODE.success);
  const tree = JSON.stringify(await stage.simulator.registry());
  assert.is(tree.match(/"class":"IOUserUserClient"/g)?.length, 2);
  await stage.simulator.time.step('1s');
  await until('super Stop', () => stage.said().includes('super Stop client'));
  await until('it is gone', async () => (await stage.simulator.counts()).userClients === 1);
  assert.is((await app.call(connection, 'nothing')).status, CODE.invalidDest);
  assert.is(await app.close(connection), CODE.invalidDest, 'its name went with the first close');
  await stage.simulator.time.resume();
});

row('a second close is noted and ignored; the first one has closed it (§4.5 1)', async () => {
  await using stage = await openStage();
  await using app = startApp();
  const { connection } = await app.open(await app.service());
  assert.equal(await app.tell(`ref ${connection}`), ['0x0']);
  const ignored = (): number =>
    stage.log.filter((line) => /ignored IOServiceClose/.test(line)).length;
  assert.is(await app.close(connection), CODE.success);
  assert.is(ignored(), 0);
  assert.is((await app.call(connection, 'nothing')).status, CODE.invalidDest);
  assert.is(await app.close(connection), CODE.success);
  await until('the note', () => ignored() === 1);
  assert.is(await app.close(connection), CODE.invalidDest, 'no reference is left of the name');
  await quiet(stage);
  assert.is(stage.said().filter((line) => line.startsWith('Stop')).length, 1);
});

row('a Stop that returns an error counts as one that has reached super (§4.5 3)', async () => {
  const failing = userClient({ StopStatus: CODE.noResources });
  await using stage = await openStage([writeRule({ Rule: personality({ Client0: failing }) })]);
  await using app = startApp();
  const service = await app.service();
  const { connection } = await app.open(service);
  await stage.simulator.time.hold(); // so it is not a time limit that ends it
  assert.is(await app.close(connection), CODE.success);
  await quiet(stage);
  assert.ok(stage.log.some((line) => line.endsWith(': Stop returned 0xe00002be')));
  assert.is((await app.open(service)).status, CODE.success, 'the driver serves others');
  await stage.simulator.time.resume();
});

row('RegisterService before Start has returned comes true when it has (§4.4)', async () => {
  await using stage = await openStage([]);
  await stage.simulator.time.hold();
  await stage.simulator.load(writeRule({ Rule: personality({ StartLateMs: 1000 }) }));
  await until('RegisterService', () => stage.said().includes('registered early'));
  await using app = startApp();
  assert.equal(await app.find('IONameMatch=RuleDriver'), []);
  await stage.simulator.time.step('1s');
  await app.service();
  await stage.simulator.time.resume();
});

row('an application that is killed: the same, without its help (§4.5)', async () => {
  await using stage = await openStage();
  const app = startApp();
  const { connection } = await app.open(await app.service());
  assert.is(await app.hold(connection), CODE.success);
  await app.tell(`map ${connection} 1`);
  app.kill();
  await until('Stop', () => stage.said().includes('Stop client'));
  await quiet(stage);
  const { connections, actions } = await stage.simulator.counts();
  assert.equal([connections, actions], [0, 0]);
  await until('no memory', async () => (await stage.simulator.counts()).memory === 0);
});

row(
  'a driver that ends itself: notifications, Stop, and only then the message (§4.9, §13.6)',
  async () => {
    await using stage = await openStage();
    await using app = startApp();
    const service = await app.service();
    const { connection } = await app.open(service);
    for (const type of ['IOServiceTerminate', 'IOServiceWillTerminate']) {
      const iterator = await app.notify(type, 'IONameMatch=RuleDriver');
      assert.equal(await app.drain(iterator), [], 'empty for those that end');
    }
    await app.tell(`watch ${service}`);
    assert.is((await app.call(connection, 'end', 0, 1)).status, CODE.unsupported, 'options');
    assert.is((await app.call(connection, 'end', 2, 0)).status, CODE.notPermitted, 'a foreign one');
    assert.is((await app.call(connection, 'end', 2, 1)).status, CODE.unsupported, 'options first');
    assert.is((await app.call(connection, 'end', 0, 0)).status, CODE.success);
    await until('the message', () => app.events.some((event) => event.startsWith('message')));
    assert.equal(
      app.events.map((event) => event.split(' ')[0]),
      ['IOServiceTerminate', 'IOServiceWillTerminate', 'message'],
    );
    assert.is(app.events[2], 'message 0xe0000010');
    // Both are sent one-way, and each has a queue of its own: which runs first is open.
    const stops = () => stage.said().filter((line) => line.startsWith('Stop'));
    await until('Stop', () => stops().length === 2);
    assert.equal([...stops()].sort(), ['Stop client', 'Stop driver 0']);
    assert.is((await app.call(connection, 'nothing')).status, CODE.invalidDest);
  },
);

row(
  'the message of a service waits for a Stop that its provider is alive for (§4.5 4, §13.6)',
  async () => {
    const later = userClient({ StopAfterMs: 1000 });
    await using stage = await openStage([writeRule({ Rule: personality({ Client0: later }) })]);
    await using app = startApp();
    const { connection } = await app.open(await app.service());
    await stage.simulator.time.hold();
    assert.is((await app.call(connection, 'end', 1, 0)).status, CODE.success, 'the user client');
    await until('Stop', () => stage.said().includes('Stop client'));
    assert.is((await stage.simulator.counts()).userClients, 1);
    await stage.simulator.time.step('1s');
    await quiet(stage);
    await stage.simulator.time.resume();
  },
);

row(
  'unplug: applications are cut first, the driver is not waited for, and all it had open is closed (§4.6)',
  async () => {
    const Client0 = userClient({ StopAfterMs: 1000 });
    const reading = writeKept({ ReadSize: 512, Client0 });
    await using stage = await openStage([reading]);
    const cable = await stage.simulator.plug(fakeDevice());
    await using app = startApp();
    await until('the read', () => stage.said().includes('read 0x0'));
    const service = await app.service();
    const { connection } = await app.open(service);
    const mapped = await app.open(service);
    assert.equal(await app.tell(`map ${mapped.connection} 1`), ['0x0', 'writable']);
    for (const type of ['IOServiceTerminate', 'IOServiceWillTerminate']) {
      await app.drain(await app.notify(type, 'IONameMatch=RuleDriver'));
    }
    await app.tell(`watch ${service}`);
    await stage.simulator.time.hold(); // so no user client reaches super Stop
    await cable.unplug();
    assert.is((await app.call(connection, 'nothing')).status, CODE.invalidDest);
    assert.is((await app.call(mapped.connection, 'nothing')).status, CODE.badArgument);
    assert.is((await app.open(service)).status, CODE.invalidDest);
    await until('the message', () => app.events.some((event) => event.startsWith('message')));
    assert.equal(
      app.events.map((event) => event.split(' ')[0]),
      ['IOServiceTerminate', 'IOServiceWillTerminate', 'message'],
    );
    // Closed under it: the read ends, and its own close finds nothing open or nothing at all.
    await until('Stop', () => stage.said().some((line) => line.startsWith('close')));
    await until('the read’s end', () => stage.said().includes('read done 0xe00002eb, 0 bytes'));
    assert.not.ok(stage.said().includes('close 0x0'));
    assert.not.ok(stage.said().includes('super Stop client'), 'nobody has waited for it');
    assert.is(await app.close(mapped.connection), CODE.success);
    assert.is(await app.close(connection), CODE.invalidDest);
    const left = (await stage.simulator.sessions()).flatMap(({ connections }) => connections);
    assert.equal(left, [], 'the kernel keeps nothing of them for the application');
    await stage.simulator.time.resume();
    await until('they go', async () => (await stage.simulator.counts()).services === 1);
  },
);

row('unplug: what Stop sends still arrives, and Stop has its driver (§4.6 6, 7)', async () => {
  await using stage = await openStage([writeKept({})]);
  const cable = await stage.simulator.plug(fakeDevice());
  await using app = startApp();
  const { connection } = await app.open(await app.service());
  assert.is(await app.hold(connection), CODE.success);
  await cable.unplug();
  await until('the completion', () => app.events.length > 0);
  assert.equal(app.events, ['completion 0xe00002eb']);
  assert.ok(stage.said().includes('Stop client'), stage.said().join('\n'));
  const counts = async () => await stage.simulator.counts();
  await until('nothing is left', async () => (await counts()).userClients === 0);
  assert.is((await counts()).actions, 0);
});

row('unplug: a driver that never reaches super holds up nobody (§4.6 4)', async () => {
  const Client0 = userClient({ StopStatus: CODE.noResources });
  await using stage = await openStage([writeKept({ Client0 })]);
  const cable = await stage.simulator.plug(fakeDevice());
  await using app = startApp();
  await app.open(await app.service());
  const before = (await stage.simulator.processes()).map(({ pid }) => pid);
  await stage.simulator.time.hold();
  await cable.unplug();
  await until('Stop', () => stage.said().includes('Stop client'));
  await stage.simulator.time.step('20s');
  await quiet(stage);
  await until('the limit', () => stage.log.some((line) => /not reached within 10 s/.test(line)));
  // What else its process serves lives on, and it serves the next device.
  await stage.simulator.plug(fakeDevice());
  await app.service();
  const after = (await stage.simulator.processes()).map(({ pid }) => pid);
  assert.equal(after, before);
  await stage.simulator.time.resume();
});

row('unplug: a call that is in the dext ends well (§4.6 3)', async () => {
  await using stage = await openStage([writeRule({ Rule: onInterface() })]);
  const cable = await stage.simulator.plug(fakeDevice());
  await using app = startApp();
  const { connection } = await app.open(await app.service());
  await stage.simulator.time.hold();
  await app.start(connection, 'takeTime', 1000);
  await until('the call', () => stage.said().includes('in a call'));
  await cable.unplug();
  assert.is((await app.call(connection, 'nothing')).status, CODE.invalidDest);
  await stage.simulator.time.resume();
  await until('its end', () => app.events.length > 0);
  assert.equal(app.events, ['call 1 0x0 0 0 0 0']);
});

row('a dext that is killed: the call in it, later calls, the successor (§4.7)', async () => {
  await using stage = await openStage();
  await using app = startApp();
  const before = await app.service();
  const { connection } = await app.open(before);
  await app.drain(await app.notify('IOServiceTerminate', 'IONameMatch=RuleDriver'));
  const matched = await app.notify('IOServiceFirstMatch', 'IONameMatch=RuleDriver');
  assert.equal(await app.drain(matched), [before]);
  const [old] = await stage.simulator.processes();
  await stage.simulator.time.hold();
  await app.start(connection, 'takeTime', 1000);
  await until('the call', () => stage.said().includes('in a call'));
  assert.is(await stage.simulator.killDext(), 1);
  await until('its end', () => app.events.some((event) => event.startsWith('call')));
  assert.ok(app.events.includes('call 1 0xfffffecc'), app.events.join());
  assert.ok(GONE.includes((await app.call(connection, 'nothing')).status as never));
  await stage.simulator.time.resume();
  await until('its successor', () => app.events.some((e) => e.startsWith('IOServiceFirstMatch')));
  const [after] = await app.drain(matched);
  assert.ok(after !== undefined && after !== before, 'a new registry id');
  assert.ok(app.events.some((event) => event.startsWith('IOServiceTerminate')));
  const [now] = await stage.simulator.processes();
  assert.is.not(now?.pid, old?.pid);
  assert.is((await app.call(connection, 'nothing')).status, CODE.invalidDest);
  assert.is((await app.open(after ?? 0n)).status, CODE.success);
});

row('a dext that ends in a call is no better off (§4.7)', async () => {
  await using _stage = await openStage();
  await using app = startApp();
  const before = await app.service();
  const { connection } = await app.open(before);
  assert.is((await app.call(connection, 'crash')).status, CODE.serverDied);
  await until('its successor', async () => {
    const [now] = await app.find('IONameMatch=RuleDriver');
    return now !== undefined && now !== before;
  });
});

row(
  'while the system sleeps, what a driver has open is closed under it, too (§4.6 4)',
  async () => {
    await using stage = await openStage([writeRule({ Rule: onInterface({ ReadSize: 512 }) })]);
    await stage.simulator.plug(fakeDevice());
    await using app = startApp();
    const { connection } = await app.open(await app.service());
    await stage.simulator.sleep();
    assert.is((await app.call(connection, 'end', 0, 0)).status, CODE.success);
    const closed = (): string | undefined => stage.said().find((line) => line.startsWith('close'));
    await until('Stop', () => closed() !== undefined);
    assert.is(closed(), 'close 0xe00002cd', 'not open, although the device is there');
    await stage.simulator.wake();
  },
);

row('while the system sleeps nobody waits for Stop either (§4.6 4)', async () => {
  const later = userClient({ StopAfterMs: 1000 });
  await using stage = await openStage([writeRule({ Rule: personality({ Client0: later }) })]);
  await using app = startApp();
  const { connection } = await app.open(await app.service());
  await stage.simulator.sleep();
  await stage.simulator.time.hold();
  assert.is(await app.close(connection), CODE.success);
  await until('Stop', () => stage.said().includes('Stop client'));
  // It is out of the registry, although super Stop is still to come.
  const tree = JSON.stringify(await stage.simulator.registry());
  assert.not.match(tree, /"class":"IOUserUserClient"/);
  assert.not.ok(stage.said().includes('super Stop client'));
  await stage.simulator.time.resume();
  await stage.simulator.wake();
});

row.run();
