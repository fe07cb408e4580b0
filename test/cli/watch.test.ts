// `gen --watch`: every edit is generated, mistakes and deleted files in between are survived, Ctrl-C ends it well.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { until } from '../waiting.js';
import { launcher, makeFolder, makeProject, removeFolders, run, scopeText } from './project.js';

const watching = suite('watch');

type Run = {
  readonly ok: boolean;
  readonly folders: readonly { readonly id: string; readonly written: readonly string[] }[];
  readonly diagnostics: readonly { readonly code: string }[];
};

type Watcher = {
  /** The next run that was reported; every run is returned once. */
  next(): Promise<Run>;
  /** Runs reported and not yet taken. */
  waiting(): number;
  end(signal: NodeJS.Signals): Promise<number | null>;
};

const children: ChildProcess[] = [];

function watch(cwd: string, args: readonly string[] = []): Watcher {
  const words = [launcher, 'gen', ...args, '--watch', '--format', 'json'];
  const child = spawn(process.execPath, words, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  let text = '';
  const runs: Run[] = [];
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    runs.push(...lines.map((line) => JSON.parse(line) as Run));
  });
  return {
    next: async () => {
      await until(() => runs.length > 0, 'another run');
      return runs.shift() as Run;
    },
    waiting: () => runs.length,
    end: (signal) =>
      new Promise((done) => {
        child.once('close', done);
        child.kill(signal);
      }),
  };
}

watching.after(() => {
  for (const child of children) child.kill('SIGKILL');
  removeFolders();
});

const schemaOf = (project: string): string => join(project, 'schema', 'scope.yaml');
const limit = (value: number): string => scopeText.replace('max: 2000000', `max: ${value}`);
/** Replaces a file at once: a slow machine may show it empty while it is written in place. */
function save(file: string, text: string): void {
  const whole = join(dirname(dirname(file)), 'saved');
  writeFileSync(whole, text);
  renameSync(whole, file);
}
const header = (project: string): string =>
  readFileSync(join(project, 'generated/scope/wire/scope.h'), 'utf8');

watching('generates at once, and again after every one of many edits', async () => {
  const project = makeProject();
  const watcher = watch(project);
  assert.is((await watcher.next()).ok, true);
  for (let value = 1000; value < 1020; value++) {
    save(schemaOf(project), limit(value));
    const { ok, folders } = await watcher.next();
    assert.is(ok, true);
    assert.ok(folders[0]?.written.includes('wire/scope.h'));
    assert.match(header(project), new RegExp(`HzMax ${value}u`));
  }
  assert.is(watcher.waiting(), 0, 'one run for each edit');
  writeFileSync(schemaOf(project), limit(2000)); // in place
  while (!header(project).includes('HzMax 2000u')) await watcher.next();
  assert.is(run(project, ['gen', '--check']).status, 0);
  assert.is(await watcher.end('SIGINT'), 0);
});

watching('a mistake, a deleted file and a deleted folder are waited out', async () => {
  const project = makeProject();
  const watcher = watch(project);
  await watcher.next();
  const before = header(project);

  save(schemaOf(project), `${scopeText}\nmethods: [`);
  const broken = await watcher.next();
  assert.is(broken.ok, false);
  assert.is(header(project), before, 'nothing is written');

  rmSync(schemaOf(project));
  assert.equal(
    (await watcher.next()).diagnostics.map(({ code }) => code),
    ['DK908'],
  );
  rmSync(join(project, 'schema'), { recursive: true });
  assert.is(header(project), before);

  mkdirSync(join(project, 'schema'));
  writeFileSync(schemaOf(project), limit(77));
  let last = await watcher.next();
  while (!last.ok) last = await watcher.next();
  assert.match(header(project), /HzMax 77u/);
  assert.is(await watcher.end('SIGTERM'), 0);
});

watching('an edit of an imported file counts, and one that is saved by renaming', async () => {
  const project = makeFolder();
  mkdirSync(join(project, 'schema'));
  mkdirSync(join(project, 'shared'));
  const types = join(project, 'shared', 'types.yaml');
  const text = (values: string): string =>
    `dextgen: 1\ntypes:\n  Level: { enum: u8, values: { ${values} } }\n`;
  writeFileSync(types, text('low: 0'));
  const schema = scopeText
    .replace('dextgen: 1\n', 'dextgen: 1\nimport: [../shared/types.yaml]\n')
    .replace('level: { type: f32, unit: V }', 'level: Level');
  writeFileSync(schemaOf(project), schema);
  const watcher = watch(project);
  assert.is((await watcher.next()).ok, true);

  writeFileSync(`${types}.new`, text('low: 0, high: 1'));
  renameSync(`${types}.new`, types);
  assert.is((await watcher.next()).ok, true);
  assert.match(header(project), /LevelHigh 1u/);

  rmSync(types);
  assert.is((await watcher.next()).ok, false);
  save(types, text('low: 0, high: 2'));
  assert.is((await watcher.next()).ok, true);
  assert.match(header(project), /LevelHigh 2u/);
  assert.is(await watcher.end('SIGINT'), 0);
});

watching('a schema that goes keeps its folder, and one that comes gets its own', async () => {
  const project = makeProject();
  const watcher = watch(project);
  await watcher.next();
  const other = scopeText.replace('interface: Scope', 'interface: Other');
  save(join(project, 'schema', 'other.yaml'), other);
  const both = await watcher.next();
  assert.equal(
    both.folders.map(({ id }) => id),
    ['other', 'scope'],
  );
  rmSync(schemaOf(project));
  const { ok, diagnostics } = await watcher.next();
  assert.is(ok, true);
  assert.equal(
    diagnostics.map(({ code }) => code),
    ['DK907'],
  );
  header(project);
  assert.is(await watcher.end('SIGINT'), 0);
});

watching('--check and --watch do not go together', () => {
  const { status, stderr } = run(makeProject(), ['gen', '--check', '--watch']);
  assert.is(status, 2);
  assert.match(stderr, /--check changes nothing/);
});

watching.run();
