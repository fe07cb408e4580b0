// Contract §13 row 5: who may open what, in the order of the kernel, and what the dext has seen of it by then.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ACCESS,
  CODE,
  entryOf,
  OPEN,
  openStage,
  type PlistDict,
  personality,
  RULE,
  type Stage,
  startApp,
  until,
  userClient,
  writeRule,
} from './rule.js';

const row = suite<{ stage: Stage }>('§13.5 open');

const ANY = 'com.apple.developer.driverkit.allow-any-userclient-access';
const PRIVATE = 'com.apple.private.driverkit.driver-access';
const COMMUNICATES = 'com.apple.developer.driverkit.communicates-with-drivers';
const THIRD_PARTY = 'com.apple.developer.driverkit.allow-third-party-userclients';
const TEAM = 'com.apple.developer.team-identifier';
const DRIVERKIT = 'com.apple.developer.driverkit';

/** Dictionaries by the type of an open. */
const CLIENTS = {
  Client1: userClient({ IOClass: 'IOUserService' }),
  // 2: no dictionary
  Client3: 'no dictionary',
  Client4: { IOUserClass: 'RuleClient' },
  Client5: { IOClass: 'IOUserUserClient' },
  Client6: userClient({ IOClass: 'IONoSuchClass' }),
  Client7: userClient({ IOServiceDEXTEntitlements: 'app.one' }),
  Client8: userClient({ IOServiceDEXTEntitlements: ['app.one', ['app.two', 'app.three']] }),
  Client9: userClient({ IOUserClientEntitlements: 'app.privilege' }),
  Client10: userClient({ IOUserClientEntitlements: false }),
  Client11: userClient({ IOUserClientEntitlements: true }),
};

row.before(async (context) => {
  context.stage = await openStage([writeRule({ Rule: personality(CLIENTS) })]);
});

row.after(({ stage }) => stage.simulator.shutdown());

/** What IOServiceOpen returns to an application with these rights. */
async function openWith(rights: PlistDict, type = 0): Promise<number> {
  await using app = startApp(rights);
  return (await app.open(await app.service(), type)).status;
}

/** Until what the clients of earlier tests opened has stopped. */
const quiet = (stage: Stage): Promise<void> =>
  until('no user client', async () => (await stage.simulator.counts()).userClients === 0);

const MAY = { [ACCESS]: [RULE] };

row(
  'a client is let in by the bundle identifier among its userclient-access (§4.3 7d)',
  async () => {
    assert.is(await openWith(MAY), CODE.success);
    assert.is(await openWith({ [ACCESS]: RULE }), CODE.success, 'a string');
    assert.is(await openWith({ [ACCESS]: ['com.example.Other', RULE] }), CODE.success);
    assert.is(await openWith({ [ACCESS]: ['com.example.Other'] }), CODE.notPermitted);
    assert.is(await openWith({}), CODE.notPermitted);
  },
);

row(
  'a denied client has had its user client made, started and stopped (§4.3 5–8)',
  async ({ stage }) => {
    await quiet(stage);
    const before = stage.said().length;
    assert.is(await openWith({}), CODE.notPermitted);
    await until('Stop', () => stage.said().slice(before).includes('Stop client'));
    assert.equal(stage.said().slice(before), ['Start client', 'Stop client']);
    assert.ok(stage.log.some((line) => line.includes(`needed bundle ID ${RULE}`)));
    await until('nothing is left', async () => (await stage.simulator.counts()).userClients === 0);
  },
);

row('allow-any-userclient-access of the dext counts by its presence (§4.3 7c)', async () => {
  const entitlements = { [DRIVERKIT]: true, [ANY]: false };
  await using _stage = await openStage([writeRule(undefined, { entitlements })]);
  assert.is(await openWith({}), CODE.success);
});

row(
  'driver-access names an entitlement of the dext, or the next rule decides (§4.3 7a)',
  async () => {
    const entitlements = { [DRIVERKIT]: true, 'dext.special': true };
    await using _stage = await openStage([writeRule(undefined, { entitlements })]);
    assert.is(await openWith({ [PRIVATE]: ['dext.special'] }), CODE.success);
    assert.is(await openWith({ [PRIVATE]: ['dext.other'] }), CODE.notPermitted);
    assert.is(await openWith({ [PRIVATE]: ['dext.other'], ...MAY }), CODE.success);
  },
);

row(
  'iPadOS asks for communicates-with-drivers and the team, and nothing else (§4.3 7b)',
  async () => {
    const outcome = async (dext: PlistDict, client: PlistDict, type = 0): Promise<number> => {
      const entitlements = { [DRIVERKIT]: true, 'get-task-allow': true, ...dext };
      const bundle = writeRule({ Rule: personality(CLIENTS) }, { entitlements });
      await using _stage = await openStage([bundle], { arguments: ['--platform', 'ipados'] });
      return await openWith(client, type); // the stage goes after it
    };
    assert.is(await outcome({ [ANY]: true }, MAY), CODE.notPermitted);
    assert.is(await outcome({}, { [COMMUNICATES]: true, ...MAY }), CODE.notPermitted);
    assert.is(await outcome({ [THIRD_PARTY]: true }, { [COMMUNICATES]: true }), CODE.success);
    assert.is(await outcome({ [THIRD_PARTY]: true }, { [COMMUNICATES]: false }), CODE.notPermitted);
    // Rule a stands before it, and what the user client asks for is on top of it.
    const special = { 'dext.special': true };
    assert.is(await outcome(special, { [PRIVATE]: ['dext.special'] }), CODE.success);
    assert.is(await outcome(special, { [PRIVATE]: ['dext.special'] }, 7), CODE.notPermitted);
    const team = { [TEAM]: 'AB12' };
    assert.is(await outcome(team, { [COMMUNICATES]: true, ...team }), CODE.success);
    assert.is(await outcome(team, { [COMMUNICATES]: true, ...team }, 7), CODE.notPermitted);
    assert.is(await outcome(team, { [COMMUNICATES]: true, [TEAM]: 'CD34' }), CODE.notPermitted);
  },
);

row(
  'IOServiceDEXTEntitlements of the user client ask the client: any of them, or all of one list (§4.3 7)',
  async () => {
    assert.is(await openWith(MAY, 7), CODE.notPermitted);
    assert.is(await openWith({ ...MAY, 'app.one': false }, 7), CODE.success, 'presence counts');
    assert.is(await openWith({ ...MAY, 'app.two': true }, 8), CODE.notPermitted);
    assert.is(await openWith({ ...MAY, 'app.two': true, 'app.three': true }, 8), CODE.success);
    assert.is(await openWith({ ...MAY, 'app.one': true }, 8), CODE.success);
    assert.is(await openWith({ 'app.one': true }, 8), CODE.notPermitted, 'on top of rule d');
    // It is the client that must have them, also one that rule c lets in.
    const entitlements = { [DRIVERKIT]: true, [ANY]: true, 'app.one': true };
    await using _stage = await openStage([
      writeRule({ Rule: personality(CLIENTS) }, { entitlements }),
    ]);
    assert.is(await openWith({}, 7), CODE.notPermitted);
    assert.is(await openWith({}), CODE.success);
  },
);

row('IOUserClientEntitlements of the user client: not privileged (§4.3 9)', async ({ stage }) => {
  await quiet(stage);
  const before = stage.said().length;
  assert.is(await openWith(MAY, 9), CODE.notPrivileged);
  assert.is(await openWith({ ...MAY, 'app.privilege': false }, 9), CODE.notPrivileged);
  assert.is(await openWith({ ...MAY, 'app.privilege': true }, 9), CODE.success);
  assert.is(await openWith(MAY, 10), CODE.success, 'false asks for nothing');
  assert.is(await openWith(MAY, 11), CODE.notPrivileged, 'neither false nor a name');
  assert.is(await openWith({}, 9), CODE.notPermitted, 'rules a to d come first');
  await quiet(stage);
  const stops = stage
    .said()
    .slice(before)
    .filter((line) => line === 'Stop client');
  assert.is(stops.length, 6, 'made and started, then closed, every one');
});

row('without entitlement checks everybody may, as far as DriverKit asks (§4.3 7, 9)', async () => {
  const bundle = writeRule({ Rule: personality(CLIENTS) }, { entitlements: {} });
  await using _stage = await openStage([bundle], { arguments: ['--no-entitlement-checks'] });
  assert.is(await openWith({}), CODE.success);
  assert.is(await openWith({}, 7), CODE.success);
  assert.is(await openWith({}, 9), CODE.notPrivileged, 'IOUserClientEntitlements is not of it');
});

row('an entitlement that is denied from now on', async () => {
  await using stage = await openStage();
  assert.is(await openWith(MAY), CODE.success);
  await stage.simulator.deny(ACCESS);
  assert.is(await openWith(MAY), CODE.notPermitted);
  await stage.simulator.allow(ACCESS);
  assert.is(await openWith(MAY), CODE.success);
});

row(
  'a wrong IOClass: the object goes, the open is unsupported (§4.2, §4.3 6)',
  async ({ stage }) => {
    await quiet(stage);
    const before = stage.said().length;
    assert.is(await openWith(MAY, 1), CODE.unsupported);
    await until('it goes', async () => (await stage.simulator.counts()).services === 1);
    assert.equal(stage.said().slice(before), ['Start client', 'Stop client']);
  },
);

row('Create: what is missing in the personality (§4.2)', async ({ stage }) => {
  assert.is(await openWith(MAY, 2), CODE.badArgument, 'the dictionary');
  assert.is(await openWith(MAY, 3), CODE.badArgument, 'it is no dictionary');
  assert.is(await openWith(MAY, 4), CODE.badArgument, 'IOClass');
  assert.is(await openWith(MAY, 5), CODE.error, 'IOUserClass');
  await quiet(stage);
  const before = stage.said().length;
  assert.is(await openWith(MAY, 6), CODE.unsupported, 'a class that the kernel has not');
  assert.equal(stage.said().slice(before), [], 'nothing was made');
  assert.is(
    await openWith(MAY, OPEN.foreign),
    CODE.unsupported,
    'for another provider than itself',
  );
});

row(
  'success without a user client is an error; an error of the dext comes through (§4.1)',
  async () => {
    assert.is(await openWith(MAY, OPEN.nothing), CODE.error);
    assert.is(await openWith(MAY, OPEN.ownError), CODE.noResources);
  },
);

row('a second open succeeds, unless the driver refuses it (§4.3)', async () => {
  await using one = startApp();
  await using other = startApp();
  const service = await one.service();
  await other.service();
  assert.is((await one.open(service)).status, CODE.success);
  assert.is((await one.open(service)).status, CODE.success, 'the same application');
  assert.is((await other.open(service)).status, CODE.success);
  assert.is((await other.open(service, OPEN.onlyOne)).status, CODE.exclusiveAccess);
});

row('a user client belongs to one open (§4.3)', async () => {
  await using stage = await openStage();
  await using app = startApp();
  const service = await app.service();
  assert.is((await app.open(service, OPEN.sameAgain)).status, CODE.success);
  assert.is((await app.open(service, OPEN.sameAgain)).status, CODE.error);
  assert.is((await stage.simulator.counts()).connections, 1);
  await stage.simulator.killDext();
  await until('it is reaped', () => stage.log.some((line) => line.includes('ended by signal 9')));
});

row('a service that ends while it is opened: nothing attaches to it (§4.2 4)', async () => {
  await using stage = await openStage();
  assert.is(await openWith(MAY, OPEN.whileEnding), CODE.unsupported);
  await until('nothing is left', async () => (await stage.simulator.counts()).processes === 0);
});

row('an open for another task, and a service that has ended (§4.3 1, §11.2)', async () => {
  await using _stage = await openStage();
  await using app = startApp();
  const service = await app.service();
  assert.equal(await app.tell(`openother ${service} 0`), ['0xe00002c2', '0']);
  const { connection } = await app.open(service);
  await app.call(connection, 'end', 0, 0);
  await until('its end', async () => (await app.find('IONameMatch=RuleDriver')).length === 0);
  assert.is((await app.open(service)).status, CODE.invalidDest);
});

row('a dext that dies while it is opened (§4.7, §4.8)', async () => {
  await using stage = await openStage();
  await using app = startApp();
  const service = await app.service();
  await stage.simulator.time.hold();
  const opening = app.open(service, OPEN.whileEnding); // NewUserClient sleeps
  await until('NewUserClient', () => stage.said().includes('NewUserClient while ending'));
  await stage.simulator.killDext();
  assert.is((await opening).status, CODE.serverDied);
  await stage.simulator.time.resume();
  await until('it is reaped', () => stage.log.some((line) => line.includes('ended by signal 9')));
});

row(
  'a user client’s properties: its dictionary, the driver’s bundle and server, its creator (§4.2 3, §4.3 4)',
  async () => {
    const IOUserServerName = 'com.example.Other';
    const Client0 = userClient({ Extra: 7, CFBundleIdentifier: 'x', IOUserServerName: 'y' });
    await using stage = await openStage([
      writeRule({ Rule: personality({ IOUserServerName, Client0 }) }),
    ]);
    await using app = startApp();
    await app.open(await app.service());
    const { name, properties } = await entryOf(stage, 'IOUserUserClient');
    assert.is(name, 'RuleClient');
    assert.is(properties.Extra, 7);
    assert.is(properties.CFBundleIdentifier, RULE);
    assert.is(properties.IOUserServerName, IOUserServerName);
    assert.match(String(properties.IOUserClientCreator), new RegExp(`^pid ${app.pid}, app$`));
  },
);

row(
  'Create looks among the keys of the personality, not at what was published (§4.2 2)',
  async () => {
    await using stage = await openStage();
    await using app = startApp();
    const service = await app.service();
    const { connection } = await app.open(service);
    assert.is((await app.call(connection, 'publishNest', 0, 2)).status, CODE.success);
    assert.is(
      await app.get(service, 'Client20'),
      '{IOClass:IOUserUserClient,IOUserClass:RuleClient}',
    );
    assert.is((await app.open(service, 20)).status, CODE.badArgument);
    const why = /has no dictionary "Client20"/;
    await until('why', () => stage.log.some((line) => why.test(line)));
  },
);

row(
  'what the dext knows of its client: administrator and IOUserClientCreator (§4.3 4)',
  async () => {
    await using app = startApp();
    const { connection } = await app.open(await app.service());
    const { words } = await app.call(connection, 'describe');
    const isRoot = process.getuid?.() === 0;
    assert.equal([words[0], words[1]], [isRoot ? 1n : 0n, BigInt(app.pid)]);
    assert.is(words[3], 1n, 'and its own entitlements');
  },
);

row(
  'a driver that leaves NewUserClient to IOService; services that are not of a dext (§4.1, §4.3)',
  async () => {
    const plain = personality({ IOUserClass: 'PlainRule', IOMatchCategory: 'Plain' });
    await using _stage = await openStage([writeRule({ Plain: plain })]);
    await using app = startApp();
    assert.is((await app.open(await app.service('PlainRule'))).status, CODE.error);
    assert.is((await app.open(await app.service('IOUserResources'))).status, CODE.unsupported);
  },
);

row.run();
