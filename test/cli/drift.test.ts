// Every way in which generated files can be out of step, each with its own code and cause.
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  copyPackage,
  findings,
  makeFolder,
  makeGenerated,
  makeProject,
  readFiles,
  readTimes,
  removeFolders,
  run,
  scopeText,
  succeed,
} from './project.js';

const drift = suite('drift');
drift.after(removeFolders);

const check = ['gen', '--check'];
const model = 'generated/scope/model.json';
const manifest = 'generated/scope/dextgen.manifest.json';

function replaceIn(file: string, from: string, to: string): void {
  const text = readFileSync(file, 'utf8');
  assert.ok(text.includes(from), `${file} has no ${from}`);
  writeFileSync(file, text.replace(from, to));
}

drift('nothing is reported right after gen', () => {
  const project = makeGenerated();
  const { status, stdout, stderr } = run(project, check);
  assert.is(status, 0);
  assert.match(stdout, /^generated\/scope: \d+ files match schema\/scope\.yaml\n$/);
  assert.is(stderr, '');
});

/** Each does one thing to a generated project; what it is called is what a check has to find. */
const damages: Record<string, (project: string) => void> = {
  // In the order in which a check reports them.
  'DK911 generated/.dextgen-4194999': (project) => {
    mkdirSync(join(project, 'generated/.dextgen-4194999/new/scope'), { recursive: true });
    writeFileSync(join(project, 'generated/.dextgen-4194999/new/scope/model.json'), 'half');
  },
  'DK905 generated/scope/addon/binding.gyp, DK906 generated/scope/addon/binding.gyp/x': (
    project,
  ) => {
    rmSync(join(project, 'generated/scope/addon/binding.gyp'));
    mkdirSync(join(project, 'generated/scope/addon/binding.gyp'));
    writeFileSync(join(project, 'generated/scope/addon/binding.gyp/x'), 'a file became a folder');
  },
  'DK906 generated/scope/docs/old.md': (project) => {
    writeFileSync(join(project, 'generated/scope/docs/old.md'), 'extra');
  },
  'DK905 generated/scope/docs/scope.md': (project) => {
    rmSync(join(project, 'generated/scope/docs/scope.md'));
  },
  'DK904 generated/scope/model.json': (project) => {
    appendFileSync(join(project, model), ' ');
  },
  'DK913 generated/scope/plist/Info.plist': (project) => {
    const file = join(project, 'generated/scope/plist/Info.plist');
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll('\n', '\r\n'));
  },
  'DK904 generated/scope/wire/scope.h': (project) => {
    const file = join(project, 'generated/scope/wire/scope.h');
    renameSync(file, join(project, 'scope.h'));
    symlinkSync('../../../scope.h', file);
  },
  'DK907 generated/notes': (project) => {
    mkdirSync(join(project, 'generated/notes'));
    writeFileSync(join(project, 'generated/notes/a.txt'), 'mine');
  },
};

drift('each kind of damage is found, none is touched by a check, all are mended by gen', () => {
  const project = makeGenerated();
  for (const damage of Object.values(damages)) damage(project);
  const before = [readFiles(project), readTimes(project)];
  const { status, stderr } = run(project, check);
  assert.is(status, 1);
  const found = [...stderr.matchAll(/^(\S+): error\[(\w+)\]/gm)].map(
    ([, at, code]) => `${code} ${at}`,
  );
  assert.is(found.join(', '), Object.keys(damages).join(', '));
  assert.equal([readFiles(project), readTimes(project)], before);

  const done = succeed(project, ['gen']);
  assert.match(done.stdout, '  wrote model.json');
  assert.match(done.stdout, '  removed docs/old.md');
  assert.match(done.stderr, 'generated/notes: warning[DK907]');
  // A folder that nobody knows is not dextgen's to remove.
  assert.is(readFileSync(join(project, 'generated/notes/a.txt'), 'utf8'), 'mine');
  assert.equal(findings(project, check), ['DK907 generated/notes']);
});

drift('schema edited', () => {
  const project = makeGenerated();
  replaceIn(join(project, 'schema/scope.yaml'), 'max: 2000000', 'max: 2000001');
  const { status, stderr } = run(project, check);
  assert.is(status, 1);
  assert.match(stderr, `${model}: error[DK901]: stale: schema/scope.yaml changed since`);
  assert.match(stderr, 'hint: run: dextgen gen');
  assert.ok([...stderr.matchAll(/error\[(\w+)\]/g)].every(([, code]) => code === 'DK901'));
});

drift('an edited comment makes the manifest stale, and only that', () => {
  const project = makeGenerated();
  appendFileSync(join(project, 'schema/scope.yaml'), '# a comment\n');
  assert.equal(findings(project, check), [`DK901 ${manifest}`]);
});

drift('edited by hand, and stale besides', () => {
  const project = makeGenerated();
  appendFileSync(join(project, model), ' ');
  replaceIn(join(project, 'schema/scope.yaml'), 'max: 2000000', 'max: 2000001');
  const { stderr } = run(project, check);
  assert.match(
    stderr,
    `${model}: error[DK904]: edited by hand; besides, schema/scope.yaml changed`,
  );
});

drift('missing', () => {
  const project = makeGenerated();
  rmSync(join(project, model));
  const deleted = `${model}: error[DK905]: missing: deleted since it was generated`;
  assert.match(run(project, check).stderr, deleted);
  rmSync(join(project, 'generated'), { recursive: true });
  const { stderr } = run(project, check);
  assert.ok(
    [...stderr.matchAll(/error\[DK905\]: missing: (deleted|not generated yet)/g)].length > 10,
  );
});

drift('what node-gyp and Xcode build in place is neither reported nor lost', () => {
  const project = makeGenerated();
  const places = ['addon/build/Release/scope.node', 'plist/Scope.xcodeproj/project.pbxproj'];
  for (const place of places) {
    mkdirSync(join(project, 'generated/scope', place, '..'), { recursive: true });
    writeFileSync(join(project, 'generated/scope', place), place);
  }
  assert.equal(findings(project, check), []);
  replaceIn(join(project, 'schema/scope.yaml'), 'max: 2000000', 'max: 2000001');
  succeed(project, ['gen']);
  for (const place of places) {
    assert.is(readFileSync(join(project, 'generated/scope', place), 'utf8'), place);
  }
});

drift('interface folder without a schema', () => {
  const project = makeGenerated();
  const other = scopeText.replace('interface: Scope', 'interface: Meter');
  writeFileSync(join(project, 'schema/meter.yaml'), other);
  succeed(project, ['gen']);
  rmSync(join(project, 'schema/meter.yaml'));
  assert.equal(findings(project, check), ['DK907 generated/meter']);
  assert.match(succeed(project, ['gen']).stdout, 'generated/meter: removed, its schema is gone');
  assert.equal(findings(project, check), []);
});

drift('naming one schema says nothing about the folders of others', () => {
  const project = makeGenerated();
  cpSync(join(project, 'generated/scope'), join(project, 'generated/other'), { recursive: true });
  assert.equal(findings(project, [...check, 'schema/scope.yaml']), []);
  assert.equal(findings(project, check), ['DK907 generated/other']);
});

drift('wrong and empty schema folder', () => {
  const nowhere = makeFolder();
  for (const command of [['gen'], check, ['model']]) {
    const { status, stderr } = run(nowhere, command);
    assert.is(status, 1, command.join(' '));
    assert.match(stderr, 'schema: error[DK908]: there is no such file or folder');
  }
  mkdirSync(join(nowhere, 'schema'));
  writeFileSync(join(nowhere, 'schema/README.md'), '');
  writeFileSync(join(nowhere, 'schema/interface.schema.json'), '{}');
  assert.equal(findings(nowhere, check), ['DK908 schema']);
  assert.equal(findings(nowhere, ['gen', 'nope.yaml']), ['DK908 nope.yaml']);
  assert.equal(Object.keys(readFiles(nowhere)).length, 2);
});

drift('without a manifest nothing tells why a file differs', () => {
  const project = makeGenerated();
  rmSync(join(project, manifest));
  appendFileSync(join(project, model), ' ');
  assert.equal(findings(project, check), [`DK905 ${manifest}`, `DK910 ${model}`]);
  writeFileSync(join(project, manifest), 'no manifest');
  assert.equal(findings(project, check), [`DK904 ${manifest}`, `DK910 ${model}`]);
  succeed(project, ['gen']);
  assert.equal(findings(project, check), []);
});

drift('a folder that belongs to somebody else is not taken over', () => {
  const project = makeProject();
  mkdirSync(join(project, 'dext/scope'), { recursive: true });
  writeFileSync(join(project, 'dext/scope/ScopeDriver.cpp'), 'by hand');
  const before = readFiles(project);
  assert.equal(findings(project, ['gen', '--out', 'dext']), ['DK912 dext/scope']);
  assert.equal(readFiles(project), before);
});

drift('two schemas for one interface', () => {
  const project = makeGenerated();
  const before = readFiles(join(project, 'generated'));
  writeFileSync(join(project, 'schema/twin.yaml'), scopeText);
  assert.equal(findings(project, ['gen']), ['DK914 schema/twin.yaml']);
  assert.equal(readFiles(join(project, 'generated')), before);
});

drift('a schema that is no text, and an output folder that is a file', () => {
  const project = makeProject();
  writeFileSync(join(project, 'schema/broken.yaml'), Buffer.from([0x64, 0xff, 0xfe]));
  assert.equal(findings(project, ['gen']), ['DK915 schema/broken.yaml']);
  rmSync(join(project, 'schema/broken.yaml'));
  writeFileSync(join(project, 'generated'), '');
  const { status, stderr } = run(project, ['gen']);
  assert.is(status, 1);
  assert.match(stderr, 'DK915');
});

drift('a schema with errors: nothing is written, not even of its neighbours', () => {
  const project = makeGenerated();
  const before = [readFiles(join(project, 'generated')), readTimes(join(project, 'generated'))];
  replaceIn(join(project, 'schema/scope.yaml'), 'max: 2000000', 'max: 2000001');
  const second = scopeText.replace('interface: Scope', 'interface: Meter');
  writeFileSync(join(project, 'schema/z.yaml'), second.replace('u32', 'u33'));
  const { status, stderr } = run(project, ['gen']);
  assert.is(status, 1);
  assert.match(stderr, /^schema\/z\.yaml:\d+:\d+: error\[DK\d+\]/);
  assert.is(run(project, check).status, 1);
  assert.equal(
    [readFiles(join(project, 'generated')), readTimes(join(project, 'generated'))],
    before,
  );
});

drift('template changed, generator changed, nothing generated', () => {
  const project = makeProject();
  const copy = copyPackage();
  const options = { bin: join(copy, 'generator/bin.mjs') };
  succeed(project, ['gen'], options);
  assert.equal(findings(project, check, options), []);

  appendFileSync(join(copy, 'templates/docs/reference.md.hbs'), '\nMore.\n');
  const docs = 'generated/scope/docs/scope.md';
  assert.equal(findings(project, check, options), [`DK903 ${manifest}`, `DK903 ${docs}`]);
  assert.match(run(project, check, options).stderr, 'stale: a template changed since');
  succeed(project, ['gen'], options);

  const banner = join(copy, 'generator/emit/banner.ts');
  replaceIn(banner, 'Do not edit.', 'Please do not edit.');
  const stale = findings(project, check, options);
  assert.ok(stale.includes(`DK902 ${docs}`) && stale.every((one) => one.startsWith('DK902 ')));
  replaceIn(join(project, 'schema/scope.yaml'), 'max: 2000000', 'max: 2000001');
  const both = 'schema/scope.yaml changed since, the generator changed since';
  assert.match(run(project, check, options).stderr, `${docs}: error[DK901]: stale: ${both}`);
  succeed(project, ['gen'], options);

  const list = join(copy, 'generator/emit/all-emitters.ts');
  writeFileSync(
    list,
    readFileSync(list, 'utf8').replace(/(readonly Emitter\[\] = )\[[^\]]*\]/, '$1[]'),
  );
  assert.equal(findings(project, check, options), ['DK909 schema/scope.yaml']);
  assert.equal(findings(project, ['gen'], options), ['DK909 schema/scope.yaml']);
});

drift('a schema that moved', () => {
  const project = makeGenerated();
  renameSync(join(project, 'schema/scope.yaml'), join(project, 'schema/scope2.yaml'));
  const { stderr } = run(project, check);
  assert.match(stderr, 'stale: schema/scope2.yaml (was schema/scope.yaml) changed since');
});

drift.run();
