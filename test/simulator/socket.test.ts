// The kernel's socket serves its owner alone: by the folder's mode, and, even when somebody opened that up, by the
// peer's credentials.
import { spawnSync } from 'node:child_process';
import { chmodSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { startSimulator } from 'dextgen/simulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from './support.js';

const socket = suite('socket');
const NOBODY = 65534;

/** What a process of another user gets from the socket: an error's code, or "closed" when it is cut off. */
function tryAs(user: number, path: string): string {
  const script = `
    const socket = require('node:net').connect(${JSON.stringify(path)});
    socket.once('error', ({ code }) => console.log(code));
    socket.once('connect', () => socket.on('data', () => {}));
    socket.once('end', () => console.log('closed'));`;
  const run = spawnSync(process.execPath, ['-e', script], {
    encoding: 'utf8',
    uid: user,
    gid: user,
    timeout: 60_000,
  });
  return run.stdout.trim();
}

socket('it lies in a folder of its owner', async () => {
  await using simulator = await startSimulator();
  assert.is(statSync(dirname(simulator.socket)).mode & 0o777, 0o700);
  assert.is(statSync(simulator.socket).mode & 0o777, 0o600);
});

// Becoming somebody else takes root.
if (process.getuid?.() === 0) {
  socket('another user does not get through the folder, and not past the kernel', async () => {
    const log: string[] = [];
    await using simulator = await startSimulator({ log: (line) => void log.push(line) });
    assert.is(tryAs(NOBODY, simulator.socket), 'EACCES');
    chmodSync(dirname(simulator.socket), 0o777);
    chmodSync(simulator.socket, 0o777);
    assert.is(tryAs(NOBODY, simulator.socket), 'closed');
    await until('the log line', () =>
      log.some((line) => line === 'kernel: refused a connection of another user'),
    );
    assert.is((await simulator.counts()).sessions, 2);
  });
}

socket.run();
