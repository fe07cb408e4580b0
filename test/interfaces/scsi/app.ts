// A controller of the SCSI family serves its app: the family's members beside those of the interface.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { rejection, startInterface } from '../../js/test/interfaces/bench.js';
import { Box } from './generated/box/client/box.js';

const scsi = suite('SCSI controller');

scsi('a controller with its own .iig starts, and its methods are called', async () => {
  await using bench = await startInterface('scsi');
  await using box = await Box.open({ timeout: 60_000 });
  const bus = await bench.simulator.openScsi({ name: 'BoxController' });
  assert.is(bus.properties['SCSI Initiator Identifier'], 2);
  assert.equal(await box.publish({ id: 1 }), { targets: 1 });
  assert.is((await rejection(box.publish({ id: 1 }))).name, 'DriverError');
  const refused = await rejection(box.raw.call(0, { scalars: [2], scalarOutputs: 1 }));
  assert.is((refused as { rule?: string }).rule, 'max');
  await box.unpublish({ id: 1 });
});

scsi.run();
