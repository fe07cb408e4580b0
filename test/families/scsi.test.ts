// SCSIControllerDriverKit: a controller starts, its targets are found, tasks and task management go both ways.

import { SCSI_FUNCTION, SCSI_SERVICE, type ScsiBus } from 'dextgen/simulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { PlistDict } from '../simulator/support.js';
import { scsiBox } from './projects.js';
import { buildCaller, buildProject, openStage, startCaller, until } from './support.js';

const build = (more: PlistDict = {}): string => buildProject(scsiBox(more));

const READ = 0x28;
const WRITE = 0x2a;
const BLOCK = 64;
const transfer = (operation: number, block: number, blocks: number): Uint8Array =>
  new Uint8Array([operation, 0, 0, 0, 0, block, 0, 0, blocks, 0]);

async function targetsOf(bus: ScsiBus, count: number): Promise<readonly unknown[]> {
  await until('the targets', async () => (await bus.targets()).length === count);
  return (await bus.targets()).map((target) => [
    Number(target['SCSI Target Identifier']),
    target['Vendor Identification'],
    target['Product Identification'],
    target['Product Revision Level'],
  ]);
}

const scsi = suite('SCSI');

scsi('the system finds the targets and sends them tasks', async () => {
  await using stage = await openStage([build()]);
  const bus = await stage.simulator.openScsi({ name: 'ScsiBox' });
  assert.is(bus.properties['SCSI Initiator Identifier'], 2);
  assert.is(bus.properties.IOMaximumSegmentByteCountRead, 4096, 'a constraint');
  assert.equal(await targetsOf(bus, 2), [
    [0, 'EXAMPLE', 'Box', '0000'],
    [1, 'EXAMPLE', 'Box', '0001'],
  ]);

  const out = Buffer.alloc(2 * BLOCK, 'dextgen ');
  const written = await bus.send({ target: 1, command: transfer(WRITE, 5, 2), out });
  assert.equal(
    [written.immediate, written.status, written.service, written.transferred, written.data.length],
    [SCSI_SERVICE.inProcess, 0, SCSI_SERVICE.taskComplete, 2 * BLOCK, 0],
  );
  const read = await bus.send({ target: 1, command: transfer(READ, 6, 1), inLength: 4096 });
  assert.equal(read.data, out.subarray(BLOCK));
  const other = await bus.send({ target: 0, command: transfer(READ, 6, 1), inLength: BLOCK });
  assert.equal(other.data, Buffer.alloc(BLOCK));

  const refused = await bus.send({ target: 0, command: new Uint8Array([0xee, 0, 0, 0, 0, 0]) });
  assert.equal([refused.status, refused.sense.length, refused.sense[12]], [2, 18, 0x20]);
  const atOnce = await bus.send({ target: 0, command: new Uint8Array([0xc0, 0, 0, 0, 0, 0]) });
  assert.is(atOnce.immediate, SCSI_SERVICE.functionRejected);
  await bus.send({ target: 7, command: transfer(READ, 0, 1) }).then(
    () => assert.unreachable(),
    (error) => assert.match(`${error}`, /there is no SCSI target 7/),
  );

  assert.is(await bus.manage(SCSI_FUNCTION.targetReset, 1), SCSI_SERVICE.functionComplete);
  const empty = await bus.send({ target: 1, command: transfer(READ, 6, 1), inLength: BLOCK });
  assert.equal(empty.data, Buffer.alloc(BLOCK));
});

scsi('a task that waits, one too many, one that is forgotten, one that is aborted', async () => {
  await using stage = await openStage([build()]);
  const bus = await stage.simulator.openScsi();
  await targetsOf(bus, 2);
  const before = await stage.simulator.counts();
  const parked = bus.send({ target: 0, command: new Uint8Array([0xc1]), inLength: BLOCK });
  parked.catch(() => undefined); // it may end before somebody waits for it
  await bus.send({ target: 0, command: new Uint8Array([0xc2]), inLength: BLOCK }).then(
    () => assert.unreachable(),
    (error) => assert.is(error.status, 0xe00002eb, 'the action went without a completion'),
  );
  assert.is((await bus.send({ target: 0, command: transfer(READ, 0, 1), inLength: 64 })).status, 0);
  const second = bus.send({ target: 0, command: new Uint8Array([0xc1]) }).catch((error) => error);
  await bus.send({ target: 0, command: transfer(READ, 0, 1), inLength: BLOCK }).then(
    () => assert.unreachable(),
    (error) => assert.is(error.status, 0xe00002d5, 'UserReportMaximumTaskCount said two'),
  );
  // The second took the first one's place, whose action nobody holds from then on.
  assert.is(await bus.manage(SCSI_FUNCTION.abortTask, 0), SCSI_SERVICE.functionComplete);
  assert.is((await second).service, SCSI_SERVICE.deliveryFailure);
  assert.is(await bus.manage(SCSI_FUNCTION.abortTask, 0), SCSI_SERVICE.functionRejected);
  await stage.simulator.killDext();
  await parked.then(
    () => assert.unreachable(),
    (error) => assert.is(error.status, 0xe00002d7, 'the dext is gone'),
  );
  await until('the memory to be freed', async () => {
    const { memory } = await stage.simulator.counts();
    return memory === before.memory;
  });
});

scsi('a driver that manages its targets itself', async () => {
  await using stage = await openStage([build({ ManagesDevices: true })]);
  await using app = startCaller(buildCaller());
  const bus = await stage.simulator.openScsi();
  assert.equal(await bus.targets(), []);
  assert.is(await app.open('ScsiBox'), 0);
  assert.is((await app.call(0, { scalars: [1] })).status, 0);
  assert.equal(await targetsOf(bus, 1), [[1, 'EXAMPLE', 'Box', '0001']]);
  assert.is((await bus.targets())[0]?.Color, true);
  assert.is((await app.call(0, { scalars: [1] })).status, 0xe00002bc, 'it is there already');
  assert.is((await app.call(0, { scalars: [9] })).status, 0xe00002c2, 'UserInitializeTargetForID');
  assert.equal((await app.call(2, { scalars: [1], outScalars: 1 })).scalars, [1n]);
  assert.is((await app.call(1, { scalars: [1] })).status, 0);
  assert.equal((await app.call(2, { scalars: [1], outScalars: 1 })).scalars, [0n]);
  await targetsOf(bus, 0);
});

scsi('a target of which the driver says that it is not there', async () => {
  await using stage = await openStage([build({ FirstIsAbsent: true })]);
  await using app = startCaller(buildCaller());
  const bus = await stage.simulator.openScsi();
  assert.equal(await targetsOf(bus, 1), [[1, 'EXAMPLE', 'Box', '0001']]);
  assert.is(await app.open('ScsiBox'), 0);
  assert.equal((await app.call(2, { scalars: [0], outScalars: 1 })).scalars, [0n]);
  assert.equal((await app.call(2, { scalars: [1], outScalars: 1 })).scalars, [1n]);
  // Who creates a target knows that it is there.
  assert.is((await app.call(0, { scalars: [0] })).status, 0);
  await targetsOf(bus, 2);
});

scsi('a constraint that is missing', async () => {
  await using stage = await openStage([build({ OmitsConstraint: true })]);
  await until('the complaint', () =>
    stage.log.some((line) => line.includes('IOMinimumHBADataAlignmentMask is missing')),
  );
  await until('the refusal', () =>
    stage.log.some((line) => line.includes('ScsiBox did not start')),
  );
});

scsi.run();
