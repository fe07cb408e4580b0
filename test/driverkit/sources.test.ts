// Queues that sleep, data queues, interrupts, serialization, and memory options that a driver forgot
// (contract §2.4, §3.1, §9.5, §9.6, §14.3).
import { spawn, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import type { PciDevice } from 'dextgen/simulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildTestProgram } from '../native-builds.js';
import { startClient, until } from '../simulator/support.js';
import { buildLab, CODE, forPci, type LabBuild, labDevice, startLab, startWith } from './lab.js';

const REENTRANT = 1;

const sources = suite<{ build: LabBuild }>('sources');

sources.before((context) => {
  context.build = buildLab();
});

sources('a reentrant queue does other work while its thread sleeps (§9.6)', async ({ build }) => {
  await using lab = await startLab(build);
  const woken = await lab.call('sleepQueue', REENTRANT, 0, 1);
  assert.equal([woken.status, ...woken.out.slice(0, 3)], [0, CODE.success, 1, CODE.notPermitted]);
  const late = await lab.call('sleepQueue', REENTRANT, 20_000_000, 0);
  assert.equal(late.out.slice(0, 2), [CODE.timeout, 1]);
  const other = await lab.call('sleepQueue', 0, 0, 1);
  assert.equal([other.status, ...other.out.slice(0, 2)], [0, CODE.unsupported, 0]);
});

sources('a serialization is the same after its way through bytes', async ({ build }) => {
  await using lab = await startLab(build);
  assert.equal((await lab.call('serialize')).out.slice(0, 3), [1, 1, 1]);
});

sources('a data queue tells both sides, and overwrites nothing (§3.1)', async ({ build }) => {
  await using lab = await startLab(build);
  const step = async (...words: number[]) => (await lab.call('dataQueue', ...words)).out[0];
  const calls = async () => (await lab.call('dataQueue', 2)).out.slice(0, 3);
  for (const size of [0, 6, 0xffffff84]) assert.is(await step(0, size), CODE.badArgument);
  assert.is(await step(0, 64), CODE.success);
  assert.equal(await calls(), [CODE.underrun, 0, 0]);
  assert.is(await step(1, 20), CODE.success);
  assert.is(await step(1, 20), CODE.success);
  assert.is(await step(1, 20), CODE.overrun);
  // Empty to not empty, and the one that found no room; then the consumer made some.
  await until('told', async () => (await calls())[1] === 2);
  await until('served', async () => (await calls())[2] === 1);
  assert.is((await calls())[0], CODE.underrun);
});

sources('a busy service makes its provider busy by one', async ({ build }) => {
  await using lab = await startLab(build);
  assert.equal((await lab.call('busy', 2)).out.slice(0, 3), [2, 1, 1]);
  assert.equal((await lab.call('busy', -1)).out.slice(0, 2), [1, 1]);
  assert.equal((await lab.call('busy', -1)).out.slice(0, 2), [0, 0]);
});

sources('an app waits until a busy service is quiet, or so long', async ({ build }) => {
  await using lab = await startLab(build);
  await lab.call('busy', 2);
  const program = buildTestProgram(resolve('test/families/native/registry.c'));
  const app = spawn(program, ['watch', 'LabDriver'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  app.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  const ended = new Promise<void>((done) => app.once('close', () => done()));
  await until('the time is over', () => text === 'busy 2\ntimeout 0xe00002d6\n');
  await lab.call('busy', -1);
  await lab.call('busy', -1);
  await ended;
  assert.is(text, 'busy 2\ntimeout 0xe00002d6\nquiet 0x0\nbusy 0\n');
});

// ── interrupts ──

const MSI = { id: 0x05, bytes: Uint8Array.of(0x04, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) }; // four messages
const pci = (more: Partial<PciDevice> = {}): PciDevice => ({
  vendor: 0x1209,
  device: 1,
  capabilities: [MSI],
  ...more,
});

sources('messages of a PCI device reach the handler, with what was missed', async ({ build }) => {
  await using lab = await startWith(forPci(build), (simulator) => simulator.plugPci(pci()));
  const device = lab.cable;
  assert.equal((await lab.call('interruptType', 3)).out[0], 0x10000);
  assert.is((await lab.call('interruptType', 4)).status, CODE.noInterrupt);
  assert.is((await lab.call('watchInterrupt', 4)).status, CODE.noInterrupt);
  await device.interrupt(1).then(
    () => assert.unreachable('Bus Master is off'),
    (error: Error) => assert.match(error.message, 'Bus Master'),
  );
  assert.is((await lab.call('watchInterrupt', 1)).status, CODE.success);
  const calls = async () => (await lab.call('completions', 0)).out[0];
  await device.interrupt(1);
  await device.interrupt(1);
  await device.interrupt(2);
  assert.is(await calls(), 0, 'disabled at first');
  await lab.call('enableInterrupt', 1);
  await until('delivered', async () => (await calls()) === 1);
  assert.is((await lab.call('completions', 0)).out[2], 2, 'both at once');
  await device.interrupt(1);
  await until('the next', async () => (await calls()) === 2);
  assert.is((await lab.call('completions', 1)).out[2], 1);
  assert.is((await lab.call('enableInterrupt', 2)).status, CODE.success);
  await device.interrupt(1);
  assert.is((await lab.call('enableInterrupt', 1)).status, CODE.notReady, 'cancelled');
  assert.is(await calls(), 2);
});

sources('a USB interface has no interrupts', async ({ build }) => {
  await using lab = await startLab(build);
  assert.is((await lab.call('interruptType', 0)).status, CODE.noInterrupt);
});

// ── file descriptors ──

sources(
  'a dext without file descriptors says so and ends; its successor serves',
  async ({ build }) => {
    await using lab = await startLab(build);
    const [before] = await lab.simulator.processes();
    const pid = before?.pid ?? 0;
    // What is open stays open, and nothing more can be: not the socket of another connection.
    spawnSync('prlimit', ['--pid', `${pid}`, '--nofile=4']);
    const other = startClient(build.client, [], lab.simulator.env);
    await other.line(); // it may find the successor
    const said = 'no file descriptor is left for what the kernel passes to this dext: it ends';
    await until('the sentence', () => lab.log.some((line) => line.endsWith(said)));
    await until('the status', () => lab.log.some((line) => /Lab exited with status 1$/.test(line)));
    await until('its successor', async () => {
      const [next] = await lab.simulator.processes();
      return next !== undefined && next.pid !== pid;
    });
    other.child.stdin?.end();
    await other.ended.catch(() => undefined);
  },
);

// ── memory options ──

sources(
  'options that the driver did not write are read-only, and said (§2.4, §14.3)',
  async ({ build }) => {
    await using lab = await startLab(build);
    assert.equal(await lab.tell('map 1'), [CODE.success, 1]);
    assert.equal(await lab.tell('map 2'), [CODE.success, 0]);
    assert.equal(await lab.tell('map 0'), [CODE.success, 0]);
    await until('said', () => lab.log.some((line) => /left \*options unset.*ReadOnly/.test(line)));
  },
);

sources('… or 0, on request', async ({ build }) => {
  const lenient = { assume: { unsetOptions: 'zero' } } as const;
  await using lab = await startLab(build, labDevice(), lenient);
  assert.equal(await lab.tell('map 0'), [CODE.success, 1]);
  await until('said', () => lab.log.some((line) => /left \*options unset.*for 0/.test(line)));
});

sources.run();
