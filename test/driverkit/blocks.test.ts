// Drivers written with blocks: clang compiles them, and every kind of block runs (contract §3.1, §9.5, §9.6).
import type { Assumptions } from 'dextgen/simulator';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { available } from '../compilers.js';
import { until } from '../simulator/support.js';
import { buildLab, CODE, startLab } from './lab.js';

for (const compiler of available(['clang++'], (name) => name)) {
  test(`${compiler}: blocks of every kind run`, async () => {
    await using lab = await startLab(buildLab(compiler));
    const { status, out } = await lab.call('blocks');
    assert.is(status, CODE.success);
    assert.is(out[0], 16, 'steps of the data queue');
    let ran = 0;
    const all = async (): Promise<boolean> => {
      ran = (await lab.call('blocks', 1)).out[0] ?? 0;
      return ran === 0xff;
    };
    await until('the others have run', all).catch(() => assert.is(ran, 0xff, 'as a mask'));
  });
}

for (const compiler of available(['clang++'], (name) => name)) {
  test(`${compiler}: which answer ends iterateObjects is assumed`, async () => {
    const asked = async (assume: Assumptions): Promise<readonly number[]> => {
      await using lab = await startLab(buildLab(compiler), undefined, { assume });
      return (await lab.call('blocks', 2)).out.slice(0, 4);
    };
    assert.equal(await asked({}), [3, 1, 1, 0]);
    assert.equal(await asked({ iteration: 'true-ends' }), [1, 1, 3, 0]);
  });
}

test('g++: a driver without blocks is built and runs all the same', async () => {
  await using lab = await startLab(buildLab());
  assert.is((await lab.call('blocks')).status, CODE.unsupported);
});

test.run();
