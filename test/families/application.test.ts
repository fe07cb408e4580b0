// Applications that other people wrote for their drivers, in C: what they include and use beyond calls.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildTestProgram } from '../native-builds.js';

const application = suite('an application for a Mac');

application('its headers, names, codes and clocks are here', () => {
  const run = spawnSync(buildTestProgram(resolve('test/families/native/application.c')), {
    encoding: 'utf8',
  });
  assert.is(run.status, 0, run.stderr);
  assert.match(run.stdout, /^ok \d\d$/m);
});

application.run();
