// How dexts are built and how they end.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { newFolder, plist } from '../simulator/support.js';
import { buildLab, labDevice, startLab } from './lab.js';

const build = suite('dext builds');

build('sources of a dext may have the same name, in folders of their own', () => {
  const folder = newFolder();
  const sources = ['driver', 'runtime'].map((part) => {
    mkdirSync(join(folder, part));
    const file = join(folder, part, 'ring.cpp');
    writeFileSync(file, `int ${part}Ring();\nint ${part}Ring() { return 1; }\n`);
    return file;
  });
  const info = join(folder, 'Info.plist');
  writeFileSync(info, plist({ CFBundleIdentifier: 'a.b.Ring', CFBundleExecutable: 'Ring' }));
  const settings = { NAME: 'ring', SOURCES: sources.join(' '), PLIST: info, ENTITLEMENTS: info };
  const words = Object.entries({ ...settings, OUT: folder }).map(
    ([key, value]) => `${key}=${value}`,
  );
  const make = spawnSync('make', ['-s', '-C', 'simulator', 'dext', ...words], { encoding: 'utf8' });
  assert.is(make.status, 0, make.stderr);
  const symbols = spawnSync('nm', ['-C', join(folder, 'a.b.Ring.dext', 'Ring')], {
    encoding: 'utf8',
  });
  assert.match(symbols.stdout, 'driverRing()');
  assert.match(symbols.stdout, 'runtimeRing()');
});

build('a dext that runs at shutdown ends by itself', async () => {
  const log = join(newFolder(), 'log');
  {
    await using lab = await startLab(buildLab(), labDevice(), { arguments: ['--log', log] });
    assert.is((await lab.simulator.processes()).length, 1);
  }
  assert.match(readFileSync(log, 'utf8'), /dext com\.example\.Lab ended$/m);
});

build.run();
