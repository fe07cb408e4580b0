// What the contract calls UNVERIFIED: the stricter reading by default, the other by `assume`, one test of both for each.
// Those of memory (§14.3) are in test/driverkit/sources.test.ts. docs/simulator.md has the table.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { ASSUMPTIONS, type Assumptions, assumptionName, kernelProgram } from 'dextgen/simulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  ACCESS,
  CODE,
  fakeDevice,
  onInterface,
  openStage,
  personality,
  RULE,
  type Stage,
  startApp,
  until,
  userClient,
  writeKept,
  writeRule,
} from './rule.js';

const unverified = suite('§14 what is not known for certain');

/** What `look` sees under the stricter reading and under the other. */
async function both<T>(
  assume: Assumptions,
  bundle: string,
  look: (stage: Stage) => Promise<T>,
): Promise<[T, T]> {
  const seen: T[] = [];
  for (const options of [{}, { assume }]) {
    await using stage = await openStage([bundle], options);
    seen.push(await look(stage));
  }
  return seen as [T, T];
}

const opened = async (type = 0, name = 'RuleDriver', rights = {}): Promise<number> => {
  await using app = startApp({ [ACCESS]: [RULE], ...rights });
  return (await app.open(await app.service(name), type)).status;
};

unverified('an ExternalMethod that reaches IOUserClient without a row (§1.4, §14.1)', async () => {
  const seen = await both({ nullDispatch: 'bad-argument' }, writeRule(), async () => {
    await using app = startApp();
    const { connection } = await app.open(await app.service());
    return (await app.call(connection, 'toBase')).status;
  });
  assert.equal(seen, [CODE.unsupported, CODE.badArgument]);
});

unverified('when a user client is started (§4.3 5, §14.2)', async () => {
  const seen = await both({ userClientStart: 'in-create' }, writeRule(), async (stage) => {
    await using app = startApp();
    const { connection } = await app.open(await app.service());
    const { words } = await app.call(connection, 'describe');
    assert.equal(words[3], 1n, 'it has its entitlements in either case');
    await app.close(connection);
    await until('Stop', () => stage.said().includes('Stop client'));
    assert.is(stage.said().filter((line) => line === 'Start client').length, 1, 'once');
    return words[2];
  });
  assert.equal(seen, [0n, 1n]);
});

unverified('a user client of a class that the process does not have (§4.2 6, §14.2)', async () => {
  const ghost = writeRule({
    Rule: personality({ Client2: { IOClass: 'IOUserUserClient', IOUserClass: 'GhostClient' } }),
  });
  const seen = await both({ missingClass: 'offline' }, ghost, () => opened(2));
  assert.equal(seen, [CODE.unsupportedMode, CODE.offline]);
});

unverified('a driver without a NewUserClient of its own (§4.1)', async () => {
  const plain = writeRule({ Plain: personality({ IOUserClass: 'PlainRule' }) });
  const seen = await both({ noNewUserClient: 'unsupported' }, plain, () => opened(0, 'PlainRule'));
  assert.equal(seen, [CODE.error, CODE.unsupported]);
});

unverified(
  'IOUserClientDefaultLocking false: close does not wait for a call (§1.8, §14.10)',
  async () => {
    const unlocked = writeRule({
      Rule: personality({ Client0: userClient({ IOUserClientDefaultLocking: false }) }),
    });
    const order: string[] = [];
    for (const lockingKeys of ['ignored', 'honoured'] as const) {
      await using stage = await openStage([unlocked], { assume: { lockingKeys } });
      await using app = startApp();
      const { connection } = await app.open(await app.service());
      await stage.simulator.time.hold();
      await app.start(connection, 'takeTime', 1000);
      await until('the call', () => stage.said().includes('in a call'));
      const closing = app.close(connection);
      // While time stands still the call does not end: only an unlocked close comes back.
      if (lockingKeys === 'honoured') await closing;
      await stage.simulator.time.resume();
      await closing;
      order.push(
        app.events.some((event) => event.startsWith('call')) ? 'after the call' : 'at once',
      );
    }
    assert.equal(order, ['after the call', 'at once']);
  },
);

unverified('a sandboxed client (§4.3 2, §14.9)', async () => {
  const sandboxed = { 'com.apple.security.app-sandbox': true };
  const seen = await both({ sandbox: 'open' }, writeRule(), (stage) => {
    const before = stage.said().length;
    return opened(0, 'RuleDriver', sandboxed).then((status) => {
      const heard = stage.said().slice(before).includes('Start client');
      return status === CODE.success || !heard ? status : -1; // refused before the dext hears
    });
  });
  assert.equal(seen, [CODE.notPermitted, CODE.success]);
  await using _stage = await openStage();
  const usb = { ...sandboxed, 'com.apple.security.device.usb': true };
  assert.is(await opened(0, 'RuleDriver', usb), CODE.success);
});

unverified('IOPropertyMatch on what a dext has published (§5.2, §6.2)', async () => {
  const seen = await both({ matchedProperties: 'published' }, writeRule(), async () => {
    await using app = startApp();
    const service = await app.service();
    const { connection } = await app.open(service);
    await app.call(connection, 'publish', 0, 7);
    assert.is(await app.get(service, 'Gain'), '7', 'it is there to be read');
    const byIts = 'IOProviderClass=IOUserService,IOPropertyMatch';
    assert.equal(await app.find(`${byIts}.IOUserClass=RuleDriver`), [service]);
    return (await app.find(`${byIts}.Gain=#7`)).length;
  });
  assert.equal(seen, [0, 1]);
  // A driver that waits for it is told why.
  const above = personality({
    IOProviderClass: 'IOUserService',
    IOResourceMatch: undefined,
    IOPropertyMatch: { Gain: 7 },
    Label: 2,
  });
  await using stage = await openStage([writeRule({ Below: personality(), Above: above })]);
  await using app = startApp();
  const { connection } = await app.open(await app.service());
  await app.call(connection, 'publish', 0, 7);
  await app.call(connection, 'registerAgain');
  const why = /personality Above .*: Gain is published with SetProperties/;
  await until('why', () => stage.log.some((line) => why.test(line)));
});

unverified('USB keys that are no set of the Common Class specification (§5.2, §14.8)', async () => {
  const partial = writeRule({ Rule: onInterface({ bConfigurationValue: undefined }) });
  const refused = await openStage([partial]).then(
    () => '',
    (error: Error) => error.message,
  );
  assert.match(refused, 'never matches');
  assert.match(refused, '--assume usb-keys=any');
  await using stage = await openStage([partial], { assume: { usbKeys: 'any' } });
  await stage.simulator.plug(fakeDevice());
  await until('Start', () => stage.said().includes('Start driver 0'));
});

/** What the driver says of its first read of so many bytes. */
const readOf = (size: number, assume: Assumptions): Promise<[string, string]> =>
  both(assume, writeRule({ Rule: onInterface({ ReadSize: size }) }), async (stage) => {
    await stage.simulator.plug(fakeDevice());
    const read = (): string | undefined => stage.said().find((line) => line.startsWith('read 0x'));
    await until('the read', () => read() !== undefined);
    return read() ?? '';
  });

unverified('a bulk-IN length that is no multiple of the packet size (§10.2, §14.8)', async () => {
  assert.equal(await readOf(100, { usbLength: 'any' }), ['read 0xe00002c2', 'read 0x0']);
});

unverified('a transfer of more than 1 MiB (§10.2, §14.8)', async () => {
  const more = (1 << 20) + 512;
  assert.equal(await readOf(more, { usbSize: 'any' }), ['read 0xe00002c2', 'read 0x0']);
});

unverified('what transfers end with at an unplug (§10.2, §14.8)', async () => {
  const reading = writeKept({ ReadSize: 512 });
  const seen = await both({ usbGone: 'not-responding' }, reading, async (stage) => {
    const cable = await stage.simulator.plug(fakeDevice());
    await until('the read', () => stage.said().includes('read 0x0'));
    await cable.unplug();
    const done = (): string | undefined => stage.said().find((line) => /^read done/.test(line));
    await until('its end', () => done() !== undefined);
    return done();
  });
  assert.equal(seen, ['read done 0xe00002eb, 0 bytes', 'read done 0xe00002ed, 0 bytes']);
});

unverified('a dext process in which nothing is left (§14.11)', async () => {
  const shared = { IOUserServerOneProcess: true };
  const one = writeRule({
    Failing: personality({ ...shared, StartStatus: CODE.noResources }),
    Later: onInterface({ ...shared, Label: 2 }),
  });
  const seen = await both({ idleDext: 'stays' }, one, async (stage) => {
    await until('the failure', () => stage.log.some((line) => /did not start/.test(line)));
    await stage.simulator.plug(fakeDevice());
    await until('the other driver', () => stage.said().includes('Start driver 2'));
    return stage.log.filter((line) => line.includes('launched')).length;
  });
  assert.equal(seen, [2, 1]);
});

unverified('strings in os_log that nothing marks (§9.8, §14.7)', async () => {
  const seen = await both({ logStrings: 'public' }, writeRule(), async (stage) => {
    await using app = startApp();
    const { connection } = await app.open(await app.service());
    await app.call(connection, 'writeLog');
    await until('the line', () => stage.said().some((line) => line.startsWith('plain')));
    return stage.said().find((line) => line.startsWith('plain'));
  });
  const rest = ', public two, number 3';
  assert.equal(seen, [`plain <private>${rest}`, `plain one${rest}`]);
});

unverified(
  'a driver that dies again and again is relaunched a number of times (§4.7, §14.11)',
  async () => {
    await using stage = await openStage(undefined, { arguments: ['--max-relaunches', '2'] });
    await using app = startApp();
    const deaths = (): number => stage.log.filter((line) => line.endsWith('is gone')).length;
    for (let death = 1; death <= 3; death++) {
      const { status, connection } = await app.open(await app.service());
      assert.is(status, CODE.success);
      await app.call(connection, 'crash');
      // Only then does a look-up find its successor.
      await until('its end', () => deaths() === death);
    }
    await until('the end', () =>
      stage.log.some((line) => /relaunched 2 times: giving up/.test(line)),
    );
    assert.equal(await app.find('IONameMatch=RuleDriver'), []);
  },
);

unverified('the program, TypeScript and the documentation have the same list', () => {
  const help = spawnSync(kernelProgram(), ['--help'], { encoding: 'utf8' });
  assert.is(help.status, 0, help.stderr);
  const rows = [...help.stdout.matchAll(/^ {2}([\w-]+)=([\w-]+)\|([\w-]+) \(/gm)];
  const expected = Object.entries(ASSUMPTIONS).map(([key, [strict, other]]) => [
    assumptionName(key),
    strict,
    other,
  ]);
  assert.equal(
    rows.map(([, ...columns]) => columns),
    expected,
  );
  const docs = readFileSync('docs/simulator.md', 'utf8');
  for (const [key, [strict, other]] of Object.entries(ASSUMPTIONS)) {
    assert.match(docs, `\`${key}\` | \`${strict}\` | \`${other}\``);
  }
});

unverified.run();
