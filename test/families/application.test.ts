// Applications that other people wrote for their drivers, in C: what they include and use beyond calls.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildTestProgram } from '../native-builds.js';
import { pciCard } from './projects.js';
import { buildProject, openStage, runProgram } from './support.js';

const application = suite('an application for a Mac');

application('its headers, names, codes and clocks are here', () => {
  const run = spawnSync(buildTestProgram(resolve('test/families/native/application.c')), {
    encoding: 'utf8',
  });
  assert.is(run.status, 0, run.stderr);
  assert.match(run.stdout, /^ok \d\d$/m);
});

application('its timers, main queue, formats and identifiers work', () => {
  const run = spawnSync(buildTestProgram(resolve('test/families/native/run_loop.c')), {
    encoding: 'utf8',
  });
  assert.is(run.status, 0, run.stderr);
  assert.match(run.stdout, /^ok \d\d$/m);
  assert.equal(run.stderr.trim().split('\n'), ['the end of 2', 'shown']);
});

application('it walks the registry, all of it or level by level', async () => {
  await using stage = await openStage([]);
  await stage.simulator.plugPci({ vendor: 0x1af4, device: 0x1110 });
  const program = buildTestProgram(resolve('test/families/native/registry.c'));
  const lines = (await runProgram(program, ['walk', 'IOPCIDevice'])).trim().split('\n');
  const named = (what: string): string[] =>
    lines.filter((line) => line.startsWith(`${what} `)).map((line) => line.split(' ')[2] ?? '');
  assert.equal(named('all'), ['Root', 'IOResources', 'IOUserResources', 'pci1af4,1110']);
  assert.equal(named('again'), named('all'));
  assert.equal(
    lines.filter((line) => line.startsWith('level')),
    ['level 0 Root', 'level 1 IOResources', 'level 1 IOUserResources', 'level 1 pci1af4,1110'],
  );
  assert.equal(named('up'), ['Root']);
  assert.ok(lines.includes('outside 0xe00002c0'));
  assert.equal(lines.slice(-3), ['plane 0xe00002c2', 'location 0xe00002f0', 'in 1 0']);
});

application('it waits until the drivers of a device have started', async () => {
  await using stage = await openStage([buildProject(pciCard({ IOPCIPrimaryMatch: '0x11101AF4' }))]);
  const program = buildTestProgram(resolve('test/families/native/registry.c'));
  await stage.simulator.plugPci({ vendor: 0x1af4, device: 0x1110 });
  const lines = (await runProgram(program, ['wait', 'IOPCIDevice', 'PciCard'])).trim().split('\n');
  assert.equal(lines, ['quiet 0x0', 'busy 0x0 0', 'found 1', 'trap 0xe00002c2', 'gone 0x10000003']);
});

application.run();
