// The test that docs/simulator.md shows runs as it stands there.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const docs = suite('docs');

docs('the test in a few lines', () => {
  const page = readFileSync('docs/simulator.md', 'utf8');
  const blocks = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code ?? '');
  const shown = blocks.find((code) => code.includes('test.run()'));
  assert.ok(shown, 'docs/simulator.md shows a whole test');
  const folder = join('build', 'docs');
  mkdirSync(folder, { recursive: true });
  try {
    const file = join(folder, 'example.mjs');
    const code = (shown ?? '').replace('../generated/', '../js/generated/');
    // Node 20 has no `await using`.
    writeFileSync(file, transformSync(code, { target: 'node20' }).code);
    const run = spawnSync(process.execPath, [file], { encoding: 'utf8', timeout: 120_000 });
    assert.is(run.status, 0, run.stdout + run.stderr);
    assert.match(run.stdout, /Passed:\s+1/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

docs.run();
