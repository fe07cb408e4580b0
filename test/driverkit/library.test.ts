// The dext side's library without a kernel, as a program of its own; `npm test` also runs it with the sanitizers.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildTestProgram } from '../native-builds.js';

const library = suite('driverkit library');

function checksOf(source: string): number {
  const program = buildTestProgram(resolve('test/driverkit/native', source), 'driverkit');
  const { status, stdout, stderr } = spawnSync(program, { encoding: 'utf8' });
  assert.is(status, 0, stdout + stderr);
  return Number(/^(\d+) checks\n$/.exec(stdout)?.[1]);
}

library('containers, IOLib, logs and USB descriptors do what the contract says', () => {
  assert.ok(checksOf('library_test.cpp') >= 100);
});

library('USB: capabilities, bursts, intervals and names of constants', () => {
  assert.ok(checksOf('usb_test.cpp') >= 300);
});

library('queues: a crowd is no deadlock, every circle is one (§9.6)', () => {
  assert.ok(checksOf('queues_test.cpp') >= 14);
});

library('bundles: resources beside the program, and no way out of the bundle', () => {
  assert.ok(checksOf('bundle_test.cpp') >= 17);
});

library.run();
