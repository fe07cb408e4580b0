// Contract §13 row 7: which process an instance of a driver lands in, and providers that a dext may not have.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  CODE,
  fakeDevice,
  onInterface,
  openStage,
  type PlistDict,
  personality,
  startApp,
  until,
  writeRule,
} from './rule.js';

const row = suite('§13.7 processes');

/** How many processes serve two devices of drivers with these keys. */
async function processesOf(keys: { [key: string]: unknown }): Promise<number> {
  await using stage = await openStage([writeRule({ Rule: onInterface(keys) })]);
  await stage.simulator.plug(fakeDevice());
  await stage.simulator.plug(fakeDevice());
  await until('both', async () => (await stage.simulator.counts()).services === 2);
  return (await stage.simulator.processes()).length;
}

row('every instance has a process of its own (§5.3)', async () => {
  assert.is(await processesOf({}), 2);
});

row('IOUserServerOneProcess: all in one, and <false/> counts as well (§5.3)', async () => {
  assert.is(await processesOf({ IOUserServerOneProcess: true }), 1);
  assert.is(await processesOf({ IOUserServerOneProcess: false }), 1);
});

row(
  '… if the server name begins with the first two parts of the bundle identifier (§5.3)',
  async () => {
    const one = { IOUserServerOneProcess: true };
    assert.is(await processesOf({ ...one, IOUserServerName: 'com.example.Else' }), 1);
    assert.is(await processesOf({ ...one, IOUserServerName: 'org.other.Rule' }), 2);
    assert.is(
      await processesOf({ ...one, IOUserServerName: 'com.exampleRule' }),
      2,
      'with the dot',
    );
  },
);

row('personalities of several bundles share a process by its name (§5.3)', async () => {
  const one = { IOUserServerOneProcess: true, IOUserServerName: 'com.example.Shared' };
  const first = writeRule({ One: personality({ ...one, Label: 1 }) });
  const second = writeRule(
    { Two: personality({ ...one, Label: 2, IOMatchCategory: 'Two' }) },
    { identifier: 'com.example.Second' },
  );
  await using stage = await openStage([first, second]);
  await until('both', async () => (await stage.simulator.counts()).services === 2);
  const processes = await stage.simulator.processes();
  assert.equal(
    processes.map(({ name, services }) => [name, services.length]),
    [['com.example.Shared', 2]],
  );
});

row(
  'who shares joins a process of that name, also one that was launched alone (§5.3)',
  async () => {
    const name = { IOUserServerName: 'com.example.Joined' };
    const alone = writeRule({ One: personality({ ...name, Label: 1 }) });
    const sharing = writeRule(
      {
        Two: personality({
          ...name,
          Label: 2,
          IOMatchCategory: 'Two',
          IOUserServerOneProcess: true,
        }),
      },
      { identifier: 'com.example.Second' },
    );
    const third = writeRule(
      { Three: personality({ ...name, Label: 3, IOMatchCategory: 'Three' }) },
      { identifier: 'com.example.Third' },
    );
    await using stage = await openStage([alone]);
    const servicesOf = async () =>
      (await stage.simulator.processes()).map(({ services }) => services.length);
    const started = (label: number) => async () => stage.said().includes(`Start driver ${label}`);
    await until('the first', started(1));
    await stage.simulator.load(sharing);
    await until('the second', started(2));
    assert.equal(await servicesOf(), [2]);
    await stage.simulator.load(third);
    await until('the third', started(3));
    assert.equal(await servicesOf(), [2, 1], 'but it asked for one of its own');
    const another = personality({
      IOUserServerName: 'com.example.Another',
      IOUserServerOneProcess: true,
      Label: 4,
      IOMatchCategory: 'Four',
    });
    await stage.simulator.load(writeRule({ Four: another }, { identifier: 'com.example.Fourth' }));
    await until('the fourth', started(4));
    assert.equal(await servicesOf(), [2, 1, 1], 'of another name');
  },
);

row('a bundle identifier of two parts has no prefix (§5.3)', async () => {
  const one = { IOUserServerOneProcess: true, IOUserServerName: 'com.example.Rule' };
  const bundle = writeRule({ Rule: onInterface(one) }, { identifier: 'com.example' });
  await using stage = await openStage([bundle]);
  await stage.simulator.plug(fakeDevice());
  await stage.simulator.plug(fakeDevice());
  await until('both', async () => (await stage.simulator.counts()).services === 2);
  assert.is((await stage.simulator.processes()).length, 2);
  assert.ok(stage.log.some((line) => /com\.example has less than three parts/.test(line)));
});

row('a process that is about to end takes nobody in (§5.3)', async () => {
  const one = onInterface({ IOUserServerOneProcess: true });
  await using stage = await openStage([writeRule({ Rule: one })]);
  const starts = (): number => stage.said().filter((line) => line === 'Start driver 0').length;
  for (let i = 1; i <= 8; i++) {
    const cable = await stage.simulator.plug(fakeDevice());
    await until('Start', () => starts() === i);
    await cable.unplug(); // the next one is plugged in while its process goes
  }
});

row('what Create makes lives in its maker’s process (§5.3)', async () => {
  await using stage = await openStage();
  await using app = startApp();
  await app.open(await app.service());
  const processes = await stage.simulator.processes();
  assert.is(processes.length, 1);
  assert.is((await stage.simulator.counts()).userClients, 1);
});

row('a driver above a driver of the same shared server is in its process (§5.3)', async () => {
  const one = { IOUserServerOneProcess: true };
  const above = personality({
    ...one,
    Label: 2,
    IOProviderClass: 'IOUserService',
    IOResourceMatch: undefined,
    IOPropertyMatch: { Label: 1 },
  });
  await using stage = await openStage([
    writeRule({ Below: personality({ ...one, Label: 1 }), Above: above }),
  ]);
  await until('both', async () => (await stage.simulator.counts()).services === 2);
  assert.is((await stage.simulator.processes()).length, 1);
});

row(
  'a process in which nothing is left ends; the next instance has a new one (§5.3, §14.11)',
  async () => {
    await using stage = await openStage([
      writeRule({ Rule: onInterface({ IOUserServerOneProcess: true }) }),
    ]);
    const pids = new Set<number>();
    for (let i = 0; i < 2; i++) {
      const cable = await stage.simulator.plug(fakeDevice());
      await until('its service', async () => (await stage.simulator.counts()).services === 1);
      for (const { pid } of await stage.simulator.processes()) pids.add(pid);
      await cable.unplug();
      await until('its end', async () => (await stage.simulator.counts()).processes === 0);
    }
    assert.is(pids.size, 2);
  },
);

row('IOResources is refused, by whatever class it is asked for (§5.2)', async () => {
  const direct = personality({ IOProviderClass: 'IOResources', Label: 1 });
  const broad = personality({
    IOProviderClass: 'IOService',
    IOResourceMatch: 'IOKit',
    IONameMatch: 'IOResources',
    IOMatchCategory: 'Broad',
    Label: 2,
  });
  const proper = personality({ IOMatchCategory: 'Proper', Label: 3 });
  await using stage = await openStage([
    writeRule({ Direct: direct, Broad: broad, Proper: proper }),
  ]);
  await until('the proper one', () => stage.said().includes('Start driver 3'));
  assert.equal(stage.said(), ['Start driver 3']);
  const refused = stage.log.filter((line) => /may not match IOResources/.test(line));
  assert.ok(refused.some((line) => line.includes('personality Direct')));
  assert.ok(refused.some((line) => line.includes('personality Broad')));
});

row('iPadOS: no IOUserResources unless signed for development (§5.2)', async () => {
  const entitlements = {
    'com.apple.developer.driverkit': true,
    'com.apple.developer.driverkit.transport.usb': [{ idVendor: 0x1209 }],
  };
  const both = { Virtual: personality({ Label: 1 }), Real: onInterface({ Label: 2 }) };
  const start = async (rights: { [key: string]: boolean }, count: number): Promise<string[]> => {
    const bundle = writeRule(both, { entitlements: { ...entitlements, ...rights } });
    await using stage = await openStage([bundle], { arguments: ['--platform', 'ipados'] });
    await stage.simulator.plug(fakeDevice());
    await until('the drivers', () => stage.said().length === count);
    const refused = stage.log.some((line) => /may only match real hardware/.test(line));
    assert.is(refused, count === 1);
    return [...stage.said()].sort();
  };
  assert.equal(await start({}, 1), ['Start driver 2']);
  assert.equal(await start({ 'get-task-allow': true }, 2), ['Start driver 1', 'Start driver 2']);
});

row(
  'a process that lacks the entitlement of its provider never starts its driver (§5.4)',
  async () => {
    const [own, usb] = [
      'com.apple.developer.driverkit',
      'com.apple.developer.driverkit.transport.usb',
    ];
    const lacking: PlistDict[] = [
      { [own]: true },
      { [usb]: [{ idVendor: 0x1209 }] },
      { [own]: false, [usb]: [{ idVendor: 0x1209 }] },
      { [own]: true, [usb]: [{ idVendor: 0x1234 }] },
      { [own]: true, [usb]: [{ idVendor: 0x1209, idProduct: 9 }] },
      { [own]: true, [usb]: false },
    ];
    for (const entitlements of lacking) {
      await using stage = await openStage([writeRule({ Rule: onInterface() }, { entitlements })]);
      await stage.simulator.plug(fakeDevice());
      await until('the denial', () =>
        stage.log.some((line) => /Entitlements check failed/.test(line)),
      );
      await until('its end', async () => (await stage.simulator.counts()).processes === 0);
      assert.equal(stage.said(), []);
    }
    for (const which of [{ idVendor: '*' }, { idVendor: 0x1209, idProduct: 1 }]) {
      const entitlements = { [own]: true, [usb]: [{ idVendor: 7 }, which] };
      await using stage = await openStage([writeRule({ Rule: onInterface() }, { entitlements })]);
      await stage.simulator.plug(fakeDevice());
      await until('Start', () => stage.said().includes('Start driver 0'));
    }
  },
);

row('a Start that fails: the object goes, and the process with it (§4.4)', async () => {
  await using stage = await openStage([
    writeRule({ Rule: personality({ StartStatus: CODE.noResources }) }),
  ]);
  const line = 'kernel: RuleDriver did not start: Start returned 0xe00002be';
  await until('the failure', () => stage.log.includes(line));
  await until('its end', async () => (await stage.simulator.counts()).processes === 0);
  await using app = startApp();
  assert.equal(await app.find('IONameMatch=RuleDriver'), []);
});

row.run();
