// What the runner shows of a test file that fails: the reason of a hook that threw, of a test, of neither.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { buildFolder } from '../native-builds.js';
import { reasonsOf } from './reasons.js';

const harness = suite('harness');
const register = new URL('./register.js', import.meta.url).href;

/** Standard output and error of a test file, and the tests that it told on the third pipe. */
function run(body: string): { readonly output: string; readonly told: readonly string[] } {
  const file = join(buildFolder('harness'), 'some.test.mjs');
  writeFileSync(
    file,
    `import { suite, test } from 'uvu';\nimport * as assert from 'uvu/assert';\n${body}`,
  );
  const child = spawnSync(process.execPath, ['--import', register, file], {
    encoding: 'utf8',
    env: { ...process.env, FORCE_COLOR: '0' },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const told = (child.output[3] ?? '').trimEnd().split('\n');
  return { output: child.stdout + child.stderr, told };
}

for (const kind of ['before', 'after', 'before.each', 'after.each']) {
  harness(`a throw in ${kind} is shown with its reason`, () => {
    const { output } = run(
      `const s = suite('some'); s.${kind}(() => { throw new Error('no device'); }); s('t', () => {}); s.run();`,
    );
    assert.match(
      reasonsOf(output).join('\n'),
      `HOOK "some: ${kind.replace('.', ' ')}": Error: no device`,
    );
  });
}

harness('the runner hears which hook and which test is running', () => {
  const { told, output } = run(
    `const s = suite('some'); s.before((c) => { c.x = 1; }); s('one', (c) => assert.is(c.x, 1)); s.skip('two'); s.run();
     test('of no suite', () => {}); test.run();`,
  );
  assert.equal(told, ['some: before', 'some: one', 'of no suite']);
  assert.match(output, /Passed: +2\n +Skipped: +1/);
});

harness('a failed assertion is its test and its message', () => {
  const { output } = run(`test('sums', () => assert.is(1 + 1, 3, 'wrong sum')); test.run();`);
  assert.equal(reasonsOf(output), ['FAIL  "sums": wrong sum  (is)']);
});

harness('a throw at the end of `await using` does not hide the one before it', () => {
  const { output } = run(
    `test('two', () => {
       throw Object.assign(new Error('hidden'), { suppressed: new Error('no device'), error: new Error('not closed') });
     });
     test.run();`,
  );
  assert.equal(reasonsOf(output), ['FAIL  "two": no device; and at the end: not closed']);
});

harness('of a file that says nothing of the kind, the end is shown', () => {
  assert.equal(reasonsOf('1\n2\n3\n4\n'), ['2', '3', '4']);
  assert.equal(reasonsOf('x\nHANGS in "some: one": no other test'), [
    'HANGS in "some: one": no other test',
  ]);
});

harness.run();
