// A driver built from an older schema: open fails with one sentence that says which side is older.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildDext } from 'dextgen/simulator';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Scope } from '../../generated/scope/client/scope.js';
import { rejection, SCOPE_BUNDLE, startBench, until } from './support.js';

const versions = suite<{ folder: string; bundle: string }>('versions');

/** The Scope of last year: another version, another limit. */
function olderSchema(): string {
  const schema = readFileSync(join('schema', 'scope.yaml'), 'utf8');
  const older = schema
    .replace('version: 1.0', 'version: 0.9')
    .replace('max: 2000000', 'max: 1000000');
  assert.is.not(older, schema);
  return older;
}

versions.before(async (context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'dextgen-older-'));
  const project = context.folder;
  mkdirSync(join(project, 'schema'));
  writeFileSync(join(project, 'schema', 'scope.yaml'), olderSchema());
  const generated = spawnSync(process.execPath, [resolve('generator/bin.mjs'), 'gen'], {
    cwd: project,
    encoding: 'utf8',
  });
  assert.is(generated.status, 0, generated.stderr);
  const dext = resolve('dext/scope');
  context.bundle = await buildDext({ interface: 'scope', project, dext });
});

versions.after(({ folder }) => {
  rmSync(folder, { recursive: true, force: true });
});

versions('the driver is older: open says so, and by which versions', async ({ bundle }) => {
  const bench = await startBench({ bundles: [bundle] });
  try {
    await bench.plug();
    const error = await rejection(Scope.open({ timeout: 60_000 }));
    assert.is(error.name, 'ContractMismatchError', error.message);
    assert.is((error as Error & { older?: string }).older, 'driver');
    assert.match(error.message, /version 0\.9, older than this app's 1\.0/);
    assert.is(error.message.trim().split('\n').length, 1);
  } finally {
    await bench.simulator.shutdown();
  }
});

versions('the new driver is installed, but the old one is still loaded', async ({ bundle }) => {
  const bench = await startBench({ bundles: [bundle] });
  try {
    await bench.plug();
    await rejection(Scope.open({ timeout: 60_000 }));
    await bench.simulator.replace(SCOPE_BUNDLE);
    const error = await rejection(Scope.open({ timeout: 60_000 }));
    assert.is((error as Error & { older?: string }).older, 'driver', error.message);
    assert.match(error.message, 'version 0.9');
    const [old] = await bench.simulator.processes();
    await bench.simulator.killDext();
    await until(async () => {
      const [now] = await bench.simulator.processes();
      return now !== undefined && now.pid !== old?.pid;
    }, 'the new driver');
    await (await bench.open()).close();
  } finally {
    await bench.simulator.shutdown();
  }
});

versions.run();
