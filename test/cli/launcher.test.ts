// The launcher: bundles when something changed, survives a broken cache or an unwritable folder, and needs no sources.
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { copyPackage, makeFolder, makeProject, removeFolders, run, succeed } from './project.js';

const launcher = suite('launcher');
launcher.after(removeFolders);

const copy = copyPackage();
const bin = join(copy, 'generator/bin.mjs');
const built = join(copy, 'build/generator');
const bundle = join(built, 'dextgen.cjs');
const cache = join(built, 'dextgen.cache');
const project = makeProject();

const gen = (): void => {
  succeed(project, ['gen'], { bin });
};

launcher('the first run bundles, a full run leaves a code cache', () => {
  succeed(project, ['--version'], { bin });
  assert.ok(existsSync(bundle));
  assert.not.ok(existsSync(cache), 'a cache of a run that compiled nothing would help nobody');
  gen();
  assert.ok(statSync(cache).size > 100_000);
  assert.equal(readdirSync(built).sort(), ['dextgen.cache', 'dextgen.cjs']);
});

launcher('nothing is written again while nothing changed', () => {
  const before = [statSync(bundle).mtimeMs, statSync(cache).mtimeMs];
  gen();
  assert.equal([statSync(bundle).mtimeMs, statSync(cache).mtimeMs], before);
});

launcher('an edited source is bundled again, and its cache made again', () => {
  const source = join(copy, 'generator/emit/banner.ts');
  const text = readFileSync(source, 'utf8');
  // The same length: V8 alone would take the old cache for the new script's.
  writeFileSync(source, text.replace('Do not edit.', 'Do not edot.'));
  gen();
  assert.match(readFileSync(join(project, 'generated/scope/wire/scope.h'), 'utf8'), 'Do not edot.');
  const id = /"id":"(\w+)"/.exec(readFileSync(bundle, 'latin1'))?.[1] ?? '';
  assert.is(readFileSync(cache).toString('latin1', 0, id.length), id);
  writeFileSync(source, text);
  gen();
  assert.match(readFileSync(join(project, 'generated/scope/wire/scope.h'), 'utf8'), 'Do not edit.');
});

launcher('a broken cache or bundle costs time, nothing else', () => {
  truncateSync(cache, 1000);
  gen();
  assert.ok(statSync(cache).size > 100_000);
  appendFileSync(cache, 'more');
  gen();
  const damaged = readFileSync(cache);
  damaged.fill(0, 64, 96);
  writeFileSync(cache, damaged);
  gen();
  writeFileSync(bundle, 'half a bun');
  gen();
  assert.ok(statSync(bundle).size > 100_000);
});

launcher('two first runs at once', async () => {
  rmSync(built, { recursive: true });
  const runs = [0, 1, 2].map(
    () =>
      new Promise<number | null>((done) => {
        const child = spawn(process.execPath, [bin, 'gen', '--check'], { cwd: project });
        child.on('exit', done);
      }),
  );
  assert.equal(await Promise.all(runs), [0, 0, 0]);
  assert.equal(readdirSync(built).sort(), ['dextgen.cache', 'dextgen.cjs']);
});

launcher('a folder that cannot be written only costs time', () => {
  rmSync(join(copy, 'build'), { recursive: true });
  writeFileSync(join(copy, 'build'), 'not a folder');
  const { stderr } = succeed(project, ['gen', '--check'], { bin });
  assert.is(stderr, '');
  rmSync(join(copy, 'build'));
});

launcher('a published package has the bundle and no sources', () => {
  gen();
  const published = makeFolder();
  for (const part of ['generator/launcher', 'build/generator']) {
    mkdirSync(join(published, part), { recursive: true });
    for (const name of readdirSync(join(copy, part))) {
      writeFileSync(join(published, part, name), readFileSync(join(copy, part, name)));
    }
  }
  for (const file of ['package.json', 'generator/bin.mjs']) {
    writeFileSync(join(published, file), readFileSync(join(copy, file)));
  }
  for (const path of readdirSync(join(copy, 'templates'), { recursive: true, encoding: 'utf8' })) {
    const from = join(copy, 'templates', path);
    if (!statSync(from).isFile()) continue;
    mkdirSync(join(published, 'templates', path, '..'), { recursive: true });
    writeFileSync(join(published, 'templates', path), readFileSync(from));
  }
  succeed(project, ['gen', '--check'], { bin: join(published, 'generator/bin.mjs') });
});

launcher('a source that does not compile is named', () => {
  const source = join(copy, 'generator/emit/banner.ts');
  const text = readFileSync(source, 'utf8');
  appendFileSync(source, '\nconst = ;\n');
  const { status, stderr } = run(project, ['gen'], { bin });
  assert.is(status, 70);
  assert.match(stderr, /generator\/emit\/banner\.ts:\d+/);
  writeFileSync(source, text);
});

launcher('a fault of dextgen is a short message, not the bundle', () => {
  const template = join(copy, 'templates/docs/reference.md.hbs');
  appendFileSync(template, '{{nonsense}}');
  const { status, stderr } = run(project, ['gen'], { bin });
  assert.is(status, 70);
  assert.match(stderr, 'internal error: TemplateError');
  assert.match(stderr, 'templates/docs/reference.md.hbs: "nonsense" not defined');
  assert.ok(stderr.length < 5000);
});

launcher.run();
