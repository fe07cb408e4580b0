// The dext side's library without a kernel, as a program of its own; `npm test` also runs it with the sanitizers.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildTestProgram } from '../simulator/support.js';

const library = suite('driverkit library');

library('containers, IOLib, logs and USB descriptors do what the contract says', () => {
  const program = buildTestProgram(resolve('test/driverkit/native/library_test.cpp'), 'driverkit');
  const { status, stdout, stderr } = spawnSync(program, { encoding: 'utf8' });
  assert.is(status, 0, stdout + stderr);
  assert.match(stdout, /^\d{3,} checks\n$/);
});

library.run();
