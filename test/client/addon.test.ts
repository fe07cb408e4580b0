// The built addon against a program that does everything wrong: each mistake is an error, none a crash. Needs no
// driver; what the addon does with one is tested end to end.
import { execFileSync, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Native } from '../../runtime/client/native.js';

const test = suite('addon');
const file = resolve('generated/scope/addon/build/Release/scope.node');
const native: Native = createRequire(import.meta.url)(file);

const junk = [
  undefined,
  null,
  true,
  0,
  -1,
  1.5,
  NaN,
  2 ** 32,
  2 ** 53,
  1n,
  'x',
  Symbol('s'),
  {},
  [],
  () => {},
  new Uint8Array(3),
  new BigUint64Array(2000),
  new Float32Array(2),
  new ArrayBuffer(3),
  new Proxy({}, {}),
  Object.create(null),
];

/** Functions that take a handle first, so that none of these calls can succeed. */
const guarded = Object.entries(native).filter(
  ([name, value]) => typeof value === 'function' && !['services', 'watch', 'forget'].includes(name),
) as [string, (...args: unknown[]) => unknown][];

test('arguments of every wrong kind are a TypeError', () => {
  let seed = 1;
  const random = (below: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % below;
  };
  for (let turn = 0; turn < 2000; turn++)
    for (const [name, call] of guarded) {
      const args = Array.from({ length: random(9) }, () => junk[random(junk.length)]);
      assert.throws(
        () => call(...args),
        (error: unknown) => error instanceof TypeError,
        name,
      );
    }
});

test('it says what it was built from', () => {
  assert.is(native.interface.name, 'Scope');
  assert.is(native.interface.service, 'ScopeDriver');
  assert.is(typeof native.interface.hashHigh, 'bigint');
});

test('a worker may be ended while what it asked for is ready for it', () => {
  // It is ready while the worker runs on, and is handed over when the worker may run no more.
  const worker = `
    const native = require(${JSON.stringify(file)});
    const { parentPort } = require('node:worker_threads');
    setTimeout(() => {
      for (let i = 0; i < 4; i++) native.services().catch(() => {});
      parentPort.postMessage('running');
      for (;;);
    }, 0);
  `;
  const program = `
    const { Worker } = require('node:worker_threads');
    const worker = new Worker(${JSON.stringify(worker)}, { eval: true });
    worker.on('message', () => setTimeout(() => worker.terminate(), 100));
    worker.on('exit', () => console.log('ended'));
  `;
  const options = { encoding: 'utf8', timeout: 60_000 } as const;
  assert.is(execFileSync(process.execPath, ['-e', program], options), 'ended\n');
});

test('workers may load it, use it and end at any time', () => {
  const worker = `
    const native = require(${JSON.stringify(file)});
    native.services().catch(() => {});
    native.watch(() => {}).catch(() => {});
    setTimeout(() => process.exit(0), 5);
  `;
  const program = `
    const { Worker } = require('node:worker_threads');
    const ends = Array.from({ length: 8 }, (_, index) => new Promise((end) => {
      const worker = new Worker(${JSON.stringify(worker)}, { eval: true });
      worker.on('exit', end);
      if (index % 2) setTimeout(() => worker.terminate(), index);
    }));
    Promise.all(ends).then(() => console.log('ended'));
  `;
  const options = { encoding: 'utf8', timeout: 60_000 } as const;
  assert.is(execFileSync(process.execPath, ['-e', program], options), 'ended\n');
});

test('a program that is done ends, whatever it left open', () => {
  const program = `require(${JSON.stringify(file)}).services().catch(() => {});`;
  const { status, signal } = spawnSync(process.execPath, ['-e', program], { timeout: 60_000 });
  assert.equal([status, signal], [0, null]);
  execFileSync(process.execPath, ['-e', `require(${JSON.stringify(file)})`], { timeout: 60_000 });
});

test.run();
