// `gen` leaves the old output or the new one: when it is killed, when it fails, and when two run at once.
import { spawn } from 'node:child_process';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { replaceFolders } from '../../generator/io/stage.js';
import { readTree } from '../../generator/io/tree.js';
import {
  copyPackage,
  findings,
  makeFolder,
  makeProject,
  type Run,
  readFiles,
  readTimes,
  removeFolders,
  run,
  scopeText,
  succeed,
} from './project.js';

const atomic = suite('atomic gen');
atomic.after(removeFolders);

// A copy, so that nothing about the package changes while runs are compared.
const bin = join(copyPackage(), 'generator/bin.mjs');
const gen = (project: string): Run => succeed(project, ['gen'], { bin });
const check = (project: string): string[] => findings(project, ['gen', '--check'], { bin });

const otherText = scopeText.replace('max: 2000000', 'max: 2000001');

/** A folder of its own for each state, so that equal means equal to what a whole run writes. */
function outputOf(text: string): Record<string, string> {
  const project = makeProject(text);
  gen(project);
  return readFiles(join(project, 'generated/scope'));
}

function startGen(project: string): { killed: Promise<boolean>; kill: () => void } {
  const child = spawn(process.execPath, [bin, 'gen'], { cwd: project, stdio: 'ignore' });
  const killed = new Promise<boolean>((done) => {
    child.on('exit', (_code, signal) => done(signal === 'SIGKILL'));
  });
  return { killed, kill: () => child.kill('SIGKILL') };
}

/** After a kill: the old folder, the new folder, or, between the two renames, the old one waiting in the stage. */
function stateOf(project: string, states: readonly Record<string, string>[]): number {
  const out = join(project, 'generated');
  const folder = existsSync(join(out, 'scope'))
    ? join(out, 'scope')
    : join(out, readdirSync(out).find((name) => name.startsWith('.dextgen-')) ?? '', 'old/scope');
  const files = JSON.stringify(readFiles(folder));
  return states.findIndex((state) => JSON.stringify(state) === files);
}

/** Until `wanted` runs were killed; a run that was faster than the kill does not count. */
async function killLoop(
  wanted: number,
  wait: (project: string, started: number) => Promise<void>,
): Promise<void> {
  const states = [outputOf(scopeText), outputOf(otherText)];
  assert.not.equal(states[0], states[1]);
  const project = makeProject();
  gen(project);
  let kills = 0;
  for (let round = 1; kills < wanted; round++) {
    assert.ok(round < 10 * wanted, `only ${kills} runs were caught`);
    const text = round % 2 === 0 ? scopeText : otherText;
    writeFileSync(join(project, 'schema/scope.yaml'), text);
    const { killed, kill } = startGen(project);
    await wait(project, performance.now());
    kill();
    if (await killed) kills++;
    assert.not.equal(stateOf(project, states), -1, `round ${round}: a mixture`);
    const found = check(project);
    const current =
      stateOf(project, states) === round % 2 && existsSync(join(project, 'generated/scope'));
    if (!current) assert.ok(found.length > 0, `round ${round}: the check saw nothing`);
    gen(project);
    assert.equal(readdirSync(join(project, 'generated')), ['scope']);
    assert.is(stateOf(project, states), round % 2);
  }
}

atomic('killed at any time of a run', async () => {
  const project = makeProject();
  gen(project); // fills caches, which the runs that are killed find full
  writeFileSync(join(project, 'schema/scope.yaml'), otherText);
  const started = performance.now();
  gen(project);
  const usual = performance.now() - started;
  await killLoop(3, () => sleep(Math.random() * usual));
});

atomic('killed while it writes', async () => {
  await killLoop(5, async (project, started) => {
    const out = join(project, 'generated');
    const writing = () => readdirSync(out).some((name) => name.startsWith('.dextgen-'));
    while (!writing() && performance.now() - started < 5000) {
      // Waits without a pause: the whole write takes a few milliseconds.
    }
    const until = performance.now() + Math.random() * 2;
    while (performance.now() < until) {
      // As above.
    }
  });
});

atomic('killed between the two renames: the next run puts the old folder back first', () => {
  const project = makeProject();
  gen(project);
  const scope = join(project, 'generated/scope');
  const before = [readFiles(scope), readTimes(scope)];
  const stage = join(project, 'generated/.dextgen-4194999');
  mkdirSync(join(stage, 'old'), { recursive: true });
  renameSync(scope, join(stage, 'old/scope'));
  assert.ok(check(project).includes('DK911 generated/.dextgen-4194999'));
  gen(project);
  assert.equal([readFiles(scope), readTimes(scope)], before);
  assert.equal(readdirSync(join(project, 'generated')), ['scope']);
});

atomic('a stage of a run that is still running is left alone', () => {
  const project = makeProject();
  const stage = join(project, `generated/.dextgen-${process.pid}`);
  mkdirSync(stage, { recursive: true });
  gen(project);
  assert.equal(check(project), []);
  assert.ok(existsSync(stage));
});

atomic('two runs at once', async () => {
  for (let round = 0; round < 2; round++) {
    const project = makeProject();
    const both = [startGen(project), startGen(project)];
    assert.equal(await Promise.all(both.map(({ killed }) => killed)), [false, false]);
    assert.equal(check(project), []);
    assert.equal(readdirSync(join(project, 'generated')), ['scope']);
  }
});

atomic('unchanged files are not rewritten', () => {
  const project = makeProject();
  gen(project);
  const scope = join(project, 'generated/scope');
  const before = readTimes(scope);
  assert.match(gen(project).stdout, /^generated\/scope: \d+ files, unchanged\n$/);
  assert.equal(readTimes(scope), before);
  rmSync(join(scope, 'docs/scope.md'));
  assert.match(gen(project).stdout, '  wrote docs/scope.md');
  const after = readTimes(scope);
  assert.equal({ ...after, 'docs/scope.md': '' }, { ...before, 'docs/scope.md': '' });
  assert.is(statSync(join(scope, 'model.json')).nlink, 1);
});

/** An old folder `a`, and the new files it is to get. */
function oldFolder(): { out: string; files: Map<string, Buffer> } {
  const out = makeFolder();
  mkdirSync(join(out, 'a'));
  writeFileSync(join(out, 'a/one.txt'), 'old');
  return { out, files: new Map([['one.txt', Buffer.from('new')]]) };
}

atomic('a failure while staging leaves everything as it was', () => {
  const { out, files } = oldFolder();
  const tooLong = new Map([['x'.repeat(300), Buffer.from('')]]);
  const tree = readTree(join(out, 'a'));
  const replacements = [
    { id: 'a', files, tree },
    { id: 'b', files: tooLong, tree: new Map() },
  ];
  assert.throws(() => replaceFolders(out, replacements), /ENAMETOOLONG/);
  assert.equal(readFiles(out), { 'a/one.txt': 'old' });
  assert.equal(readdirSync(out), ['a']);
});

atomic('a failure while swapping undoes what was swapped', () => {
  const { out, files } = oldFolder();
  const tree = readTree(join(out, 'a'));
  const replacements = [
    { id: 'a', files, tree },
    // Staged well, but its place is in a folder that is not there.
    { id: 'nowhere/b', files, tree: new Map() },
  ];
  assert.throws(() => replaceFolders(out, replacements), /ENOENT/);
  assert.equal(readFiles(out), { 'a/one.txt': 'old' });
  assert.equal(readdirSync(out), ['a']);
});

atomic('a new file never shares its bytes with the old folder', () => {
  const { out, files } = oldFolder();
  linkSync(join(out, 'a/one.txt'), join(out, 'kept-by-somebody.txt'));
  replaceFolders(out, [{ id: 'a', files, tree: readTree(join(out, 'a')) }]);
  assert.is(readFileSync(join(out, 'a/one.txt'), 'utf8'), 'new');
  assert.is(readFileSync(join(out, 'kept-by-somebody.txt'), 'utf8'), 'old');
});

atomic('a failing run says why and exits 1', () => {
  const project = makeProject();
  writeFileSync(join(project, 'generated'), 'a file');
  const { status, stderr } = run(project, ['gen'], { bin });
  assert.is(status, 1);
  assert.match(stderr, /error\[DK915\]: part of the path is not a folder/);
});

function sleep(ms: number): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, ms);
  });
}

atomic.run();
