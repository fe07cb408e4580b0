// Sleep and wake as a dext lives through them: told in order, acknowledged, and USB without power in between.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openSession } from '../../simulator/devices/session.js';
import { BodyWriter, MESSAGE, ROLE } from '../../simulator/devices/wire.js';
import { until } from '../simulator/support.js';
import { within } from '../waiting.js';
import { buildLab, CODE, type Lab, type LabBuild, startLab } from './lab.js';

const power = suite<{ build: LabBuild }>('power');

power.before((context) => {
  context.build = buildLab();
});

/** Resolves with the number of services that were told. */
async function changeSystem(lab: Lab, asleep: boolean): Promise<number> {
  const session = await openSession(lab.simulator.socket, ROLE.control, 'power');
  const body = new BodyWriter().u8(asleep ? 1 : 0);
  const told = (await session.request(MESSAGE.systemPower, body)).u32();
  session.close();
  return told;
}

/** The states that the driver was told, which the log says a little later. */
async function told(lab: Lab, ...expected: string[]): Promise<void> {
  await until(`${expected}`, () => states(lab).length >= expected.length);
  assert.equal(states(lab), expected);
}

const states = (lab: Lab): string[] =>
  lab.log.flatMap((line) => /lab: power (0x\w+)/.exec(line)?.[1] ?? []);

power(
  'sleep and wake reach a matched service, in turn, and are acknowledged',
  async ({ build }) => {
    await using lab = await startLab(build);
    assert.is(await changeSystem(lab, true), 1);
    await told(lab, '0x0');
    assert.is(await changeSystem(lab, true), 0, 'it sleeps already');
    assert.is(await changeSystem(lab, false), 1);
    await told(lab, '0x0', '0x2');
  },
);

power('a driver that does not acknowledge holds nothing up when it says so', async ({ build }) => {
  await using lab = await startLab(build);
  await lab.call('refusePower', 1);
  // While time stands still, the 20 s for an acknowledgement do not pass.
  await lab.simulator.time.hold();
  assert.is(await within('the change', changeSystem(lab, true)), 1);
  await lab.simulator.time.resume();
  await told(lab, '0x0');
});

power('a driver lowers its own power, and wakes to what it asked for', async ({ build }) => {
  await using lab = await startLab(build);
  assert.is((await lab.call('changePower', 7)).status, CODE.badArgument);
  assert.is((await lab.call('changePower', 0x10000)).status, CODE.success);
  await told(lab, '0x10000');
  await changeSystem(lab, true);
  await changeSystem(lab, false);
  await told(lab, '0x10000', '0x0', '0x10000');
});

power('an acknowledgement of nothing is refused', async ({ build }) => {
  await using lab = await startLab(build);
  assert.is((await lab.call('acknowledgePower')).status, CODE.notReady);
});

power(
  'a service that is stopped while the system sleeps is not waited for (contract §4.6)',
  async ({ build }) => {
    await using lab = await startLab(build);
    await changeSystem(lab, true);
    await lab.cable.unplug();
    await until('gone', async () => (await lab.simulator.counts()).services === 0);
    assert.is(await changeSystem(lab, false), 0);
  },
);

power.run();
