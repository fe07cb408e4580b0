// A missing compiler, make or python3: one sentence that names the package to install.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const tools = suite('tools');

/** What building the simulator and an addon says when only `present` are installed. */
function complaints(present: readonly string[]): { dext: string; addon: string } {
  const folder = mkdtempSync(join(tmpdir(), 'dextgen-tools-'));
  try {
    for (const name of present) symlinkSync('/bin/true', join(folder, name));
    const script = `
      import { buildAddon, buildSimulator } from 'dextgen/simulator';
      const say = (work) => work.then(() => '', (error) => error.name + ': ' + error.message);
      console.log(JSON.stringify({
        dext: await say(buildSimulator()),
        addon: await say(buildAddon({ interface: 'scope' })),
      }));`;
    const { CXX: _, ...env } = process.env;
    const result = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
      env: { ...env, PATH: folder },
      encoding: 'utf8',
    });
    return JSON.parse(result.stdout);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const cure = (names: string) =>
  process.platform === 'darwin' ? 'xcode-select --install' : `apt-get install ${names}`;

tools('without make', () => {
  const { dext } = complaints(['g++', 'python3']);
  assert.is(dext, `BuildError: make is needed to build the simulator; install it: ${cure('make')}`);
});

tools('without a compiler', () => {
  const { dext, addon } = complaints(['make', 'python3']);
  assert.match(dext, cure('g++'));
  assert.match(addon, cure('g++'));
});

tools('without python3, which node-gyp needs', () => {
  assert.match(complaints(['make', 'g++']).addon, cure('python3'));
});

tools('without any of them, all are named', () => {
  assert.match(complaints([]).addon, cure('make g++ python3'));
});

tools.run();
