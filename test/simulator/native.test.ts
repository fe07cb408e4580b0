// The native tests of the protocol and of the kernel's rules, and the protocol's numbers in TypeScript.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { MESSAGE, PROTOCOL_VERSION } from '../../simulator/devices/wire.js';
import { buildProgram } from './support.js';

const native = suite('native parts of the simulator');

const FEWEST = { 'ipc_test.cpp': 50, 'kernel_test.cpp': 50, 'link_test.cpp': 14 };

for (const [source, fewest] of Object.entries(FEWEST)) {
  native(source, () => {
    const run = spawnSync(buildProgram(source, 'kernel'), { encoding: 'utf8' });
    assert.is(run.status, 0, run.stderr);
    const checks = Number(/^ok (\d+)$/m.exec(run.stdout)?.[1]);
    assert.ok(checks > fewest, run.stdout);
  });
}

native('the numbers of TypeScript are those of the headers', () => {
  const header = readFileSync('simulator/ipc/messages.h', 'utf8');
  const body = /enum class MessageType[^{]*\{([\s\S]*?)\n\};/.exec(header)?.[1] ?? '';
  const numbers = new Map(
    [...body.matchAll(/^\s*(\w+) = (\d+),/gm)].map((m) => [m[1]?.toLowerCase(), Number(m[2])]),
  );
  for (const [name, number] of Object.entries(MESSAGE)) {
    assert.is(numbers.get(name.toLowerCase()), number, name);
  }
  const protocol = readFileSync('simulator/ipc/protocol.h', 'utf8');
  assert.match(protocol, `kProtocolVersion = ${PROTOCOL_VERSION};`);
});

native.run();
