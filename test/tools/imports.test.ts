// Types from other files: what an interface gets of them, where diagnostics point, and what io/ does with the files.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { checkPlan, writePlan } from '../../generator/io/generate.js';
import { makePlan, type Plan } from '../../generator/io/plan.js';
import { findSchemas } from '../../generator/io/schemas.js';
import { readTemplates } from '../../generator/io/templates.js';
import { joinPath, type Model, resolveInterface } from '../../generator/model/index.js';
import { importsOf } from '../../generator/source/index.js';
import { makeProject, removeProjects, root, schemaOf } from './support.js';

const imports = suite('imports');
imports.after(removeProjects);

const common = `dextgen: 1
types:
  Mode: { enum: u8, values: { off: 0, on: 1 } }
  Level: { enum: u8, values: { low: 0, high: 1 } }
`;
const shapes = `dextgen: 1
import: [./common.yaml]
types:
  Setting: { struct: { mode: Mode, level: Level } }
  Unused: { struct: { modes: "Mode[4]" } }
`;
const body = `import: [./types/shapes.yaml]
methods: { apply: { selector: 1, in: { setting: Setting } } }
`;
const project = {
  'schema/meter.yaml': schemaOf(body),
  'schema/types/common.yaml': common,
  'schema/types/shapes.yaml': shapes,
};

type Files = Readonly<Record<string, string>>;

function resolve(files: Files, path = 'schema/meter.yaml') {
  const imported = Object.entries(files)
    .filter(([other]) => other !== path)
    .map(([other, text]) => ({ path: other, text, reason: '' }));
  return resolveInterface({ path, text: files[path] ?? '' }, imported);
}

const faultsOf = (files: Files): string[] =>
  resolve(files).diagnostics.map(({ code, at }) => `${code} ${at?.file}:${at?.line}:${at?.column}`);

imports('constants come with the types that they are for', () => {
  const files = {
    'schema/meter.yaml': schemaOf(body),
    'schema/types/shapes.yaml': `dextgen: 1
constants: { rows: 3 }
types:
  Setting: { struct: { cells: "u16[rows]", last: { type: u8, max: rows } } }
`,
  };
  const { model } = resolve(files);
  assert.equal(
    model?.constants.map(({ name, value }) => [name, value]),
    [['rows', 3]],
  );
  assert.is(model?.types[0]?.kind === 'struct' && model.types[0].size, 8);
  const twice = schemaOf(`constants: { rows: 4 }\n${body}`);
  assert.equal(faultsOf({ ...files, 'schema/meter.yaml': twice }), [
    'DK803 schema/meter.yaml:6:14',
  ]);
});

imports('an interface has the imported types that it uses, and is the same as with its own', () => {
  const { model } = resolve(project);
  assert.equal(
    model?.types.map(({ name }) => name),
    ['Mode', 'Level', 'Setting'],
  );
  const types = shapes.replace(/^[\s\S]*types:\n/, '').replace(/ {2}Unused.*\n/, '');
  const whole = schemaOf(
    body.replace(/^import.*\n/, `${common.replace(/^dextgen.*\n/, '')}${types}`),
  );
  const alone = resolveInterface({ path: 'schema/meter.yaml', text: whole }).model as Model;
  assert.equal(model?.contractHash, alone.contractHash);
});

imports('faults stand in the file that has them, with lines of that file', () => {
  const faulty = { ...project, 'schema/types/common.yaml': common.replace('off: 0', 'off: 256') };
  assert.equal(faultsOf(faulty), ['DK405 schema/types/common.yaml:3:36']);
  const broken = { ...project, 'schema/types/shapes.yaml': shapes.replace('Level }', 'Levle }') };
  assert.equal(faultsOf(broken), ['DK401 schema/types/shapes.yaml:4:43']);
  const syntax = { ...project, 'schema/types/common.yaml': `${common}  X: {` };
  assert.equal(faultsOf(syntax).length, 1);
  assert.match(faultsOf(syntax)[0] ?? '', /^DK101 schema\/types\/common.yaml:5:/);
  const shape = {
    ...project,
    'schema/types/shapes.yaml': shapes.replace('modes:', 'm: { t: u8 }, x:'),
  };
  assert.match(faultsOf(shape)[0] ?? '', /^DK20\d schema\/types\/shapes.yaml:5:/);
  const empty = { ...project, 'schema/types/common.yaml': '' };
  assert.equal(faultsOf(empty), ['DK102 schema/types/common.yaml:1:1']);
});

imports('a type that nothing uses must be sound all the same', () => {
  const faulty = { ...project, 'schema/types/shapes.yaml': shapes.replace('Mode[4]', 'Mode[0]') };
  assert.equal(faultsOf(faulty), ['DK403 schema/types/shapes.yaml:5:30']);
});

imports('names that clash across files are told with both places', () => {
  const clashing = {
    ...project,
    'schema/types/shapes.yaml': `${shapes}  MODE: { struct: { x: u8 } }\n  Mode_: { struct: { x: u8 } }\n`,
  };
  const own = {
    ...project,
    'schema/meter.yaml': `${schemaOf(body)}types: { Mode: { struct: { x: u8 } } }\n`,
  };
  assert.ok(faultsOf(clashing).length > 0);
  const [clash] = resolve(own).diagnostics;
  assert.equal(
    [clash?.code, clash?.at?.file, clash?.notes[0]?.at.file, clash?.notes[0]?.at.line],
    ['DK803', 'schema/meter.yaml', 'schema/types/common.yaml', 3],
  );
});

imports('a diamond is no cycle', () => {
  const diamond = {
    ...project,
    'schema/meter.yaml': schemaOf(
      body.replace('[./types/shapes.yaml]', '[./types/common.yaml, types/../types/shapes.yaml]'),
    ),
  };
  assert.equal(faultsOf(diamond), []);
});

imports('a file that imports itself, or the schema, is a cycle', () => {
  const self = { ...project, 'schema/types/common.yaml': `import: [common.yaml]\n${common}` };
  assert.equal(faultsOf(self), ['DK802 schema/types/common.yaml:1:10']);
  const back = { ...project, 'schema/types/common.yaml': `import: [../meter.yaml]\n${common}` };
  assert.equal(faultsOf(back), ['DK802 schema/types/common.yaml:1:10']);
});

imports('paths', () => {
  assert.is(joinPath('schema/a.yaml', './b.yaml'), 'schema/b.yaml');
  assert.is(joinPath('schema/x/a.yaml', '../b.yaml'), 'schema/b.yaml');
  assert.is(joinPath('a.yaml', '../../b.yaml'), '../../b.yaml');
  assert.is(joinPath('../a.yaml', '../b.yaml'), '../../b.yaml');
  assert.is(joinPath('/x/a.yaml', './b.yaml'), '/x/b.yaml');
  for (const path of [
    'C:/x.yaml',
    'https://example.com/x.yaml',
    '~/x.yaml',
    '.\\\\x.yaml',
    './x.txt',
    '.',
  ])
    assert.match(
      faultsOf({ 'schema/meter.yaml': schemaOf(`import: ["${path}"]\n`) })[0] ?? '',
      'DK805',
      path,
    );
});

imports('which files a text imports, in every spelling', () => {
  assert.equal(importsOf('import: [a.yaml, ./b.yaml]\n'), ['a.yaml', './b.yaml']);
  assert.equal(importsOf('dextgen: 1\nimport:\n  - a.yaml # one\n'), ['a.yaml']);
  assert.equal(importsOf('{ "dextgen": 1, "import": ["a.json"] }'), ['a.json']);
  assert.equal(importsOf('"import" : [a.yaml]'), ['a.yaml']);
  assert.equal(importsOf('doc: "import: [a.yaml]"\n'), []);
  assert.equal(importsOf('methods: { import: { selector: 1 } }\n'), []);
  assert.equal(importsOf('import: ['), []);
});

imports('merge keys: what a map says itself counts more, and the first of several', () => {
  const text = schemaOf(`types:
  A: { struct: &a { x: u8, y: u16 } }
  B: { struct: &b { y: u32, z: u64 } }
  C: { struct: { <<: [*a, *b], x: u32, w: u8 } }
`);
  const { model } = resolveInterface({ path: 'a.yaml', text });
  const type = model?.types.find(({ name }) => name === 'C');
  assert.equal(type?.kind === 'struct' && type.fields.map((field) => [field.name, field.size]), [
    ['x', 4],
    ['y', 2],
    ['z', 8],
    ['w', 1],
  ]);
  const twice = resolveInterface({ path: 'a.yaml', text: text.replace('w: u8', '<<: *b') });
  assert.equal(
    twice.diagnostics.map(({ code }) => code),
    ['DK103'],
  );
});

const templates = readTemplates(root);

function planOf(cwd: string): Plan {
  return makePlan({ cwd, named: [], out: null, templates, generatorFingerprint: 'same' });
}

imports('io/ finds the closure, and files of types generate nothing by themselves', () => {
  const cwd = makeProject(project);
  const { schemas } = findSchemas([], cwd);
  const [meter] = schemas;
  assert.equal(
    meter?.imported.map(({ path, shown }) => [path, shown]),
    [
      ['schema/types/common.yaml', 'schema/types/common.yaml'],
      ['schema/types/shapes.yaml', 'schema/types/shapes.yaml'],
    ],
  );
  const plan = planOf(cwd);
  assert.equal(plan.diagnostics, []);
  assert.equal(
    plan.interfaces.map(({ id }) => id),
    ['example'],
  );
  const only = makeProject({ 'schema/types/common.yaml': common });
  assert.equal(
    planOf(only).diagnostics.map(({ code }) => code),
    ['DK909'],
  );
});

imports('a fault of a shared file is told once, as the user knows the file', () => {
  const cwd = makeProject({
    ...project,
    'schema/other.yaml': schemaOf(body).replace('interface: Example', 'interface: Other'),
    'schema/types/common.yaml': common.replace('off: 0', 'off: 256'),
  });
  const schema = join(cwd, 'schema');
  const plan = makePlan({
    cwd: schema,
    named: ['.'],
    out: null,
    templates,
    generatorFingerprint: 'same',
  });
  assert.equal(
    plan.diagnostics.map(({ code, at }) => `${code} ${at?.file}`),
    ['DK405 types/common.yaml'],
  );
});

imports('drift is put down to the imported file that changed', () => {
  const cwd = makeProject(project);
  assert.equal(writePlan(planOf(cwd)).diagnostics, []);
  assert.equal(checkPlan(planOf(cwd)).diagnostics, []);
  const manifest = join(cwd, 'generated/example/dextgen.manifest.json');
  const { imports: recorded } = JSON.parse(readFileSync(manifest, 'utf8'));
  assert.equal(Object.keys(recorded), ['schema/types/common.yaml', 'schema/types/shapes.yaml']);
  writeFileSync(join(cwd, 'schema/types/common.yaml'), common.replace('on: 1', 'on: 2'));
  const { diagnostics } = checkPlan(planOf(cwd));
  assert.ok(diagnostics.length > 3);
  for (const { code, message } of diagnostics) {
    assert.is(code, 'DK901');
    assert.is(message, 'stale: schema/types/common.yaml changed since');
  }
  writePlan(planOf(cwd));
  assert.equal(checkPlan(planOf(cwd)).diagnostics, []);
  rmSync(join(cwd, 'schema/types/common.yaml'));
  assert.equal(
    planOf(cwd).diagnostics.map(({ code, at }) => `${code} ${at?.file}:${at?.line}`),
    ['DK801 schema/types/shapes.yaml:2'],
  );
});

imports('a manifest of an interface without imports says nothing of them', () => {
  const cwd = makeProject({ 'schema/a.yaml': schemaOf('methods: { a: { selector: 1 } }\n') });
  writePlan(planOf(cwd));
  const manifest = readFileSync(join(cwd, 'generated/example/dextgen.manifest.json'), 'utf8');
  assert.not.match(manifest, 'imports');
});

imports.run();
