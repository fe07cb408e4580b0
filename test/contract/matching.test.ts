// Which driver gets a provider (contract §5.2): categories and scores, what a personality may compare, the resources,
// providers that register again, sleep, and a driver that dies.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  fakeDevice,
  onInterface,
  openStage,
  type PlistDict,
  personality,
  type Stage,
  startApp,
  until,
  writeRule,
} from './rule.js';

const matching = suite('matching');

/** The labels of the drivers that started, in order. */
const started = (stage: Stage): string[] =>
  stage.said().flatMap((line) => /^Start driver (\d+)/.exec(line)?.[1] ?? []);

/** Whether every process that was launched has started its driver. */
function settled(stage: Stage): boolean {
  const launched = stage.log.filter((line) => line.includes('launched')).length;
  return launched === started(stage).length;
}

matching('one driver for a category, the highest IOProbeScore first (§5.2)', async () => {
  const one = (Label: number, more: { [key: string]: unknown }): PlistDict =>
    personality({ Label, ...more });
  await using stage = await openStage([
    writeRule({
      Low: one(1, { IOProbeScore: 10 }),
      High: one(2, { IOProbeScore: 2000 }),
      Middle: one(3, { IOProbeScore: 100 }),
      Other: one(4, { IOMatchCategory: 'Other' }),
      OtherToo: one(5, { IOMatchCategory: 'Other', IOProbeScore: 1 }),
    }),
  ]);
  await until('two', () => started(stage).length >= 2);
  await until('no more', () => settled(stage));
  assert.equal(started(stage).sort(), ['2', '5']);
});

matching('a category is taken from the moment that a driver is being started (§5.2)', async () => {
  await using stage = await openStage([]);
  await stage.simulator.time.hold();
  const one = writeRule({ One: personality({ Label: 1, StartLateMs: 1000 }) });
  const two = (Label: number, identifier: string): string =>
    writeRule({ Two: personality({ Label }) }, { identifier });
  const [second, third] = [two(2, 'com.example.Two'), two(3, 'com.example.Three')];
  await stage.simulator.load(one);
  await stage.simulator.load(second); // its process is being launched
  await until('its Start', () => stage.said().includes('registered early'));
  await stage.simulator.load(third); // it is being started
  await stage.simulator.time.step('1s');
  await until('the one', () => stage.log.some((line) => /RuleDriver started/.test(line)));
  assert.is((await stage.simulator.processes()).length, 1);
  assert.equal(started(stage), ['1']);
  await stage.simulator.time.resume();
});

matching('a category is free as soon as its driver is being terminated (§5.2)', async () => {
  await using stage = await openStage([
    writeRule({ One: personality({ Label: 1, StopLateMs: 1000 }) }),
  ]);
  await using app = startApp();
  const { connection } = await app.open(await app.service());
  await stage.simulator.time.hold();
  await app.call(connection, 'end', 0, 0);
  await until('Stop', () => stage.said().includes('Stop driver 1'));
  assert.equal(await app.find('IONameMatch=RuleDriver'), [], 'it is not found any more (§7.2)');
  const late = await app.notify('IOServiceMatched', 'IONameMatch=RuleDriver');
  assert.equal(await app.drain(late), [], 'nor in a first drain (§7.3)');
  const better = personality({ Label: 2, IOProbeScore: 5 });
  await stage.simulator.load(writeRule({ Two: better }, { identifier: 'com.example.Two' }));
  await until('the other', () => started(stage).includes('2'));
  await stage.simulator.time.resume();
});

matching('the next one gets it when the best does not start (§4.4, §5.2)', async () => {
  await using stage = await openStage([
    writeRule({
      Best: personality({ Label: 1, IOProbeScore: 2, StartStatus: 0xe00002be }),
      Next: personality({ Label: 2, IOProbeScore: 1 }),
      Never: personality({ Label: 3 }),
    }),
  ]);
  await until('the next', () => started(stage).includes('2'));
  assert.equal(started(stage), ['1', '2']);
});

matching(
  'two dexts for one device: the more specific one, and the other when that is gone (§5.2)',
  async () => {
    const general = writeRule(
      {
        General: personality({
          Label: 1,
          IOProviderClass: 'IOUSBHostInterface',
          IOResourceMatch: undefined,
          bInterfaceClass: 0xff,
          bInterfaceSubClass: 0,
          idVendor: 0x1209,
        }),
      },
      { identifier: 'com.example.General' },
    );
    const specific = writeRule({ Specific: onInterface({ Label: 2 }) });
    await using stage = await openStage([general, specific]);
    await stage.simulator.plug(fakeDevice());
    await until('a driver', () => started(stage).length > 0);
    assert.equal(started(stage), ['2']);
    // A driver of the device itself keeps the system from making interfaces.
    await stage.simulator.plug(fakeDevice({ product: 2 }));
    await until('the other', () => started(stage).length > 1);
    assert.equal(started(stage), ['2', '1']);
  },
);

matching('a driver that dies is matched again, and no other (§4.7)', async () => {
  await using stage = await openStage([
    writeRule({
      First: personality({ Label: 1, IOProbeScore: 5 }),
      Second: personality({ Label: 2 }),
    }),
  ]);
  await until('the first', () => started(stage).length === 1);
  await using app = startApp();
  const { connection } = await app.open(await app.service());
  await app.call(connection, 'crash');
  await until('its successor', () => started(stage).length === 2);
  assert.equal(started(stage), ['1', '1']);
});

matching('a driver that dies too often leaves its place to the next (§4.7)', async () => {
  const two = writeRule({
    First: personality({ Label: 1, IOProbeScore: 5 }),
    Second: personality({ Label: 2 }),
  });
  await using stage = await openStage([two], { arguments: ['--max-relaunches', '1'] });
  await using app = startApp();
  for (let i = 1; i <= 2; i++) {
    await until('it', () => started(stage).length === i);
    const { connection } = await app.open(await app.service());
    await app.call(connection, 'crash');
  }
  await until('the second', () => started(stage).includes('2'));
  assert.equal(started(stage), ['1', '1', '2']);
});

matching(
  'typed keys: a string is no number, a mask and a list are for numbers (§5.2, §12 55)',
  async () => {
    const keyed = (Label: number, more: { [key: string]: unknown }): PlistDict =>
      onInterface({ Label, IOMatchCategory: `C${Label}`, ...more });
    await using stage = await openStage([
      writeRule({
        Masked: keyed(1, { idProduct: 0x8001, idProductMask: 0x00ff }),
        Listed: keyed(2, { idProduct: undefined, idProductArray: [7, 1] }),
        Other: keyed(3, { idProduct: 0x8001, idProductMask: 0xffff }),
        Unlisted: keyed(4, { idProduct: undefined, idProductArray: [7, 8] }),
      }),
    ]);
    await stage.simulator.plug(fakeDevice());
    await until('both', () => started(stage).length === 2);
    assert.equal(started(stage).sort(), ['1', '2']);
    const refused = await openStage([writeRule({ Text: keyed(5, { idProduct: '1' }) })]).then(
      () => '',
      (error: Error) => error.message,
    );
    assert.match(refused, 'idProduct is not an integer, and the USB family compares integers');
  },
);

matching('a class of the provider’s own or above it (§5.2)', async () => {
  const byClass = (Label: number, IOProviderClass: string): PlistDict =>
    onInterface({ Label, IOMatchCategory: `C${Label}`, IOProviderClass });
  const own = byClass(1, 'IOUSBHostInterface');
  const above = {
    ...byClass(2, 'IOService'),
    IONameMatch: 'Fake@0', // or it would match its own services, which have the same keys
    IOPropertyMatch: { idVendor: 0x1209, bInterfaceNumber: 0 },
  };
  const other = byClass(3, 'IOPCIDevice');
  await using stage = await openStage([writeRule({ Own: own, Above: above, Other: other })]);
  await stage.simulator.plug(fakeDevice());
  await until('both', () => started(stage).length === 2);
  assert.equal(started(stage).sort(), ['1', '2']);
});

matching('IOPropertyMatch, IOPropertyExistsMatch, IONameMatch, IOParentMatch (§5.2)', async () => {
  await using stage = await openStage([
    writeRule({
      Below: onInterface({ Label: 1, Colour: 'red' }),
      Equal: above(2, { IOPropertyMatch: { Colour: 'red', Label: 1 } }),
      Differs: above(3, { IOPropertyMatch: { Colour: 'red', Label: 7 } }),
      Any: above(4, { IOPropertyMatch: [{ Colour: 'blue' }, { Colour: 'red' }] }),
      Exists: above(5, { IOPropertyExistsMatch: 'Colour' }),
      Misses: above(6, { IOPropertyExistsMatch: 'Flavour' }),
      Named: above(7, { IONameMatch: ['Nobody', 'RuleDriver'], IOPropertyExistsMatch: 'Colour' }),
      Parent: above(8, {
        IOPropertyExistsMatch: 'Colour',
        // Not the provider's own provider, but the device above that.
        IOParentMatch: { IOProviderClass: 'IOUSBHostDevice', idVendor: 0x1209 },
      }),
      NoParent: above(9, {
        IOPropertyExistsMatch: 'Colour',
        IOParentMatch: { IOProviderClass: 'IOPCIDevice' },
      }),
      Place: above(10, { IOPropertyExistsMatch: 'Colour', IOLocationMatch: '1' }),
      Count: above(11, { IOPropertyExistsMatch: 'Colour', IOMatchedServiceCount: 40 }),
    }),
  ]);
  await stage.simulator.plug(fakeDevice());
  await until('all', () => started(stage).length === 6);
  assert.equal(started(stage).sort(), ['1', '2', '4', '5', '7', '8']);
});

function above(Label: number, criteria: { [key: string]: unknown }): PlistDict {
  return personality({
    Label,
    IOMatchCategory: `C${Label}`,
    IOProviderClass: 'IOUserService',
    IOResourceMatch: undefined,
    ...criteria,
  });
}

matching(
  'IOUserResources: several drivers in categories of their own, and resources that are not there (§5.2)',
  async () => {
    const one = (Label: number, more: { [key: string]: unknown } = {}): PlistDict =>
      personality({ Label, IOMatchCategory: `C${Label}`, ...more });
    await using stage = await openStage([
      writeRule({
        One: one(1),
        Two: one(2),
        Without: one(3, { IOResourceMatch: undefined }),
        Missing: one(4, { IOResourceMatch: 'NoSuchResource' }),
      }),
    ]);
    await until('three', () => started(stage).length === 3);
    assert.equal(started(stage).sort(), ['1', '2', '3']);
    const why =
      'kernel: personality Missing does not match IOUserResources: IOResourceMatch names a resource that is not published';
    assert.ok(stage.log.includes(why), stage.log.join('\n'));
  },
);

matching('IOResourceMatch on hardware: the driver waits for the resource (§5.2)', async () => {
  await using stage = await openStage([
    writeRule({
      There: onInterface({ Label: 1, IOResourceMatch: 'IOKit' }),
      Waits: onInterface({ Label: 2, IOMatchCategory: 'W', IOResourceMatch: 'Special' }),
    }),
  ]);
  await stage.simulator.plug(fakeDevice());
  await until('the one', () => started(stage).includes('1'));
  const why = /personality Waits .*: it waits for the resource Special \(IOResourceMatch\)/;
  await until('why', () => stage.log.some((line) => why.test(line)));
  assert.equal(started(stage), ['1']);
});

matching(
  'a driver above a driver; it matches again when that registers again (§4.4, §5.2)',
  async () => {
    const below = personality({ Label: 1, Register: 0 });
    await using stage = await openStage([
      writeRule({ Below: below, Above: above(2, { IOPropertyMatch: { Label: 1 } }) }),
    ]);
    await until('the one below', () => stage.log.some((line) => /RuleDriver started/.test(line)));
    assert.equal(started(stage), ['1'], 'what is not registered has no drivers');
  },
);

matching(
  'a provider that registers again keeps its driver, and gets one for what has no driver yet (§5.2)',
  async () => {
    const bundle = writeRule({ Below: personality({ Label: 1 }) });
    await using stage = await openStage([bundle]);
    await using app = startApp();
    const service = await app.service();
    const { connection } = await app.open(service);
    const later = writeRule(
      { Above: above(2, { IOPropertyMatch: { Label: 1 } }) },
      { identifier: 'com.example.Later' },
    );
    await stage.simulator.load(later);
    await until('the driver above', () => started(stage).includes('2'));
    await app.call(connection, 'registerAgain');
    await app.call(connection, 'registerAgain');
    const { services } = await stage.simulator.counts();
    assert.equal([started(stage), services], [['1', '2'], 2]);
  },
);

matching('what is plugged in while the system sleeps is matched when it wakes (§5.3)', async () => {
  await using stage = await openStage([writeRule({ Rule: onInterface({ Label: 1 }) })]);
  await stage.simulator.sleep();
  await stage.simulator.plug(fakeDevice());
  const deferred = /are matched when the system wakes/;
  await until('it is put off', () => stage.log.some((line) => deferred.test(line)));
  assert.equal(started(stage), []);
  await stage.simulator.wake();
  await until('Start', () => started(stage).length === 1);
});

matching(
  'what a client matches by: name and kernel class, not the driver’s own class (§4.4, §7.2)',
  async () => {
    await using _stage = await openStage([writeRule({ Rule: personality({ Label: 1 }) })]);
    await using app = startApp();
    const service = await app.service();
    const finds = async (criteria: string): Promise<boolean> =>
      (await app.find(criteria)).includes(service);
    assert.ok(await finds('IOProviderClass=IOUserService'));
    assert.ok(await finds('IOProviderClass=IOService'));
    assert.not.ok(await finds('IOProviderClass=RuleDriver'));
    assert.ok(await finds('IOProviderClass=IOUserService,IOPropertyMatch.IOUserClass=RuleDriver'));
    assert.ok(await finds(`IORegistryEntryID=#${service}`));
    assert.not.ok(await finds(`IORegistryEntryID=#${service + 1n}`));
    assert.ok(await finds('IOPropertyMatch.Label=#1'));
    assert.not.ok(await finds('IOPropertyMatch.Label=1'), 'a string');
    assert.not.ok(await finds('IOPropertyMatch.Label=!true'), 'a boolean');
    assert.not.ok(await finds('IOParentMatch.IOProviderClass=IOUSBHostDevice'));
    assert.ok(await finds('IONameMatch=RuleDriver,IOParentMatch.IOProviderClass=IOUserResources'));
    assert.not.ok(
      await finds('IONameMatch=RuleDriver,IOParentMatch.IOProviderClass=IOUserService'),
      'nobody is his own parent',
    );
  },
);

matching.run();
