// All C++ is as .clang-format has it, what is generated for the example too. Other releases of clang-format break lines
// in other places, so only the one the files were formatted with is asked.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const format = suite('clang-format');

const RELEASE = 14;

const found = spawnSync('clang-format', ['--version'], { encoding: 'utf8' });
const release = Number(/version (\d+)/.exec(found.stdout ?? '')?.[1] ?? 0);

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(?:cpp|h)$/.test(path) && !/(?:^|\/)build\//.test(path))
    .map((path) => `${folder}/${path}`);
}

if (release !== RELEASE) {
  console.log(`clang-format ${RELEASE} is not here: C++ not checked`);
} else {
  format('every file', () => {
    const files = ['bench', 'dext', 'generated', 'runtime', 'simulator', 'test'].flatMap(sources);
    assert.ok(files.length > 400, `${files.length} files`);
    const run = spawnSync('clang-format', ['--dry-run', '-Werror', ...files], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
    });
    const wrong = new Set(
      [...run.stderr.matchAll(/^([^\s:]+):\d+:\d+: error/gm)].map(([, file]) => file),
    );
    assert.equal([...wrong], [], 'run: clang-format -i <files>');
    assert.is(run.status, 0, run.stderr);
  });
}

format.run();
