// Peers that send nonsense, on each socket there is: a client, a device and a controller at the kernel's, an app at a
// dext's, a dext at the kernel's. Each is refused or cut off; whoever behaves is served as before, and nothing is left.
// A seed repeats a failure: SEED=7 npm test -- simulator/hostile.
import { spawn } from 'node:child_process';
import { type Simulator, startSimulator } from 'dextgen/simulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openStage, startApp } from '../contract/rule.js';
import { buildProgram, fakeDevice, until, writeBundle } from './support.js';

const SEED = Number(process.env.SEED ?? 1);
const ROUNDS = 600;
const hostile = suite('hostile');

/** Runs a program to its end; resolves with what it printed, rejects with its complaint. */
function finish(program: string, args: readonly string[]): Promise<string> {
  return new Promise((done, fail) => {
    const child = spawn(program, args);
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('close', (code, signal) =>
      code === 0 ? done(output) : fail(new Error(`SEED=${SEED}: ${code ?? signal}\n${output}`)),
    );
  });
}

/** Counts of the kernel once they are back to what they were, or as they are. */
async function settled(simulator: Simulator, before: Readonly<Record<string, number>>) {
  const same = async (): Promise<boolean> =>
    JSON.stringify(await simulator.counts()) === JSON.stringify(before);
  await until('as before', same).catch(() => undefined);
  return simulator.counts();
}

hostile('at the kernel’s socket and at a dext’s', async () => {
  const peer = buildProgram('hostile_peer.cpp', 'kernel');
  await using stage = await openStage();
  await using app = startApp();
  const service = await app.service();
  const { connection } = await app.open(service);
  assert.is((await app.call(connection, 'nothing')).status, 0);
  const [dext] = await stage.simulator.processes();
  const before = await stage.simulator.counts();

  const said = await finish(peer, [`${SEED}`, `${ROUNDS}`, `${service}`]);
  assert.ok(Number(/^ok (\d+)$/m.exec(said)?.[1]) > 3 * ROUNDS, said);

  assert.equal(await settled(stage.simulator, before), before);
  assert.is((await app.call(connection, 'nothing')).status, 0);
  assert.equal(await stage.simulator.processes(), [dext], 'the same process');
  assert.not.ok(stage.log.some((line) => /ended by signal|exited with/.test(line)));
});

for (const [number, seed] of [SEED, SEED + 1, SEED + 2].entries()) {
  hostile(`a dext, ${number + 1}`, async () => {
    const dext = writeBundle(buildProgram('hostile_dext.cpp', 'kernel'));
    process.env.HOSTILE_SEED = `${seed}`;
    process.env.HOSTILE_ROUNDS = `${ROUNDS}`;
    const log: string[] = [];
    await using simulator = await startSimulator({
      log: (line) => void log.push(line),
      arguments: ['--max-relaunches', '0'],
    });
    const before = await simulator.counts();
    await simulator.load(dext);
    const cable = await simulator.plug(fakeDevice());
    const ended = async (): Promise<boolean> => (await simulator.counts()).processes === 0;
    await until('its start', () => log.some((line) => line.includes('started')));
    await until('its end', ended);
    await cable.unplug();
    assert.equal(await settled(simulator, before), before, `SEED=${seed}`);
  });
}

hostile.run();
