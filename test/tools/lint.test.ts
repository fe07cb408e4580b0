// The linter: every rule finds its example and nothing in the fixed one, suppressions need reasons, fixes leave the
// contract as it is.
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { lintTool } from '../../generator/cli/lint.js';
import { formatDiagnostics, lintCodes } from '../../generator/diagnostics/index.js';
import { lintSchema } from '../../generator/lint/lint.js';
import { resolveInterface } from '../../generator/model/index.js';
import { entries, makeProject, removeProjects, runTool, schemaOf, scope } from './support.js';

const lint = suite('lint');
lint.after(removeProjects);

const codesOf = (text: string): readonly string[] =>
  lintSchema({ path: 'a.yaml', text }).diagnostics.map(({ code }) => code);

lint('docs/diagnostics.md explains every rule under its title, in order', () => {
  const explained = entries.filter(({ code }) => code.startsWith('LINT'));
  assert.equal(
    explained.map(({ code, title }) => ({ code, title })),
    lintCodes.map(({ code, title }) => ({ code, title })),
  );
});

for (const { code } of lintCodes) {
  lint(`${code} finds its example, and nothing when it is fixed`, () => {
    const entry = entries.find((one) => one.code === code);
    assert.ok(entry && entry.fails !== '' && entry.fixed !== '');
    const found = lintSchema({ path: 'a.yaml', text: schemaOf(entry.fails) }).diagnostics;
    assert.ok(
      found.some((one) => one.code === code),
      formatDiagnostics(found, 'human'),
    );
    for (const { at, hint, severity } of found) {
      assert.is(severity, 'warning');
      assert.ok(at !== null && at.line > 0 && at.excerpt !== '' && hint !== null);
    }
    const left = lintSchema({ path: 'a.yaml', text: schemaOf(entry.fixed) }).diagnostics;
    assert.is(formatDiagnostics(left, 'human'), '');
  });
}

const wait = 'wait: { selector: 1, in: { ms: u32 } }\n';

lint('a suppression covers its entry, and only its rules', () => {
  assert.equal(codesOf(schemaOf(`methods:\n  ${wait}`)), ['LINT001', 'LINT002', 'LINT003']);
  const above = `methods:\n  # dextgen-ignore LINT001, LINT003: legacy\n\n  # and more\n  ${wait}`;
  assert.equal(codesOf(schemaOf(above)), ['LINT002']);
  const behind = `methods:\n  ${wait.trim()} # dextgen-ignore LINT001: legacy\n`;
  assert.equal(codesOf(schemaOf(behind)), ['LINT002', 'LINT003']);
  const section = `methods: # dextgen-ignore LINT001 LINT002 LINT003: legacy\n  ${wait}`;
  assert.equal(codesOf(schemaOf(section)), []);
  const next = `methods:\n  # dextgen-ignore LINT001: legacy\n  a: { selector: 0 }\n  ${wait}`;
  assert.equal(codesOf(schemaOf(next)), ['LINT001', 'LINT002', 'LINT003']);
});

lint('a finding stands where the thing is named, in a list and below a property too', () => {
  const text = schemaOf(`roles: [owner, other]
states: { power: [off, on] }
handles: { Slot: {} }
constants: { most: 3 }
properties: { Gain: { doc: x, type: u32, setter: { selector: 9 } } }
methods: { go: { selector: 1, doc: Goes., requires: owner } }
`);
  const lines = text.split('\n');
  const found = lintSchema({ path: 'a.yaml', text }).diagnostics.flatMap(({ code, at }) =>
    at === null ? [] : [`${code} ${lines[at.line - 1]?.slice(at.column - 1, at.endColumn - 1)}`],
  );
  for (const one of [
    'LINT041 other',
    'LINT043 owner',
    'LINT041 power',
    'LINT001 power',
    'LINT041 Slot',
    'LINT001 Slot',
    'LINT001 most',
  ])
    assert.ok(found.includes(one), `${one} in ${found.join(', ')}`);
  assert.ok(!found.some((one) => / $/.test(one)), found.join(', '));
});

lint('a suppression in text is none', () => {
  const text = schemaOf(
    'methods:\n  a:\n    selector: 1\n    doc: |\n      # dextgen-ignore LINT05\n',
  );
  assert.equal(codesOf(text), []);
  assert.equal(codesOf(schemaOf('methods: { a: { selector: 1, doc: "# dextgen-ignore" } }\n')), []);
});

lint('errors of the schema come instead of findings', () => {
  assert.equal(codesOf(schemaOf('methods:\n  a: { selector: x }\n')), ['DK201']);
  assert.equal(codesOf('a: ['), ['DK101']);
});

lint('findings in an imported file have their place there, and suppressions hold there', () => {
  const text = schemaOf(
    'import: [./t.yaml]\nmethods: { a: { selector: 1, doc: A., in: { m: { type: Mode, doc: B. } } } }\n',
  );
  const types = 'dextgen: 1\ntypes:\n  Mode: { enum: u8, values: { on: 1 } }\n';
  const ignored = types.replace('  Mode', '  # dextgen-ignore LINT001, LINT009: as it is\n  Mode');
  const found = (imported: string) =>
    lintSchema({
      path: 'a.yaml',
      text,
      imported: [{ path: 't.yaml', text: imported, reason: '' }],
    }).diagnostics.map(({ code, at }) => `${code} ${at?.file}:${at?.line}`);
  assert.equal(found(types), ['LINT001 t.yaml:3', 'LINT009 t.yaml:3']);
  assert.equal(found(ignored), []);
});

lint('a gap is what is neither used nor retired', () => {
  const gaps = (retired: string): string[] =>
    lintSchema({
      path: 'a.yaml',
      text: schemaOf(
        `methods: { a: { selector: 0, doc: A. }, b: { selector: 9, doc: B. }, c: { selector: 5000000, doc: C. } }\n${retired}`,
      ),
    }).diagnostics.map(({ message }) => /whether (\S+),/.exec(message)?.[1] ?? message);
  assert.equal(gaps(''), ['1-8']);
  assert.equal(gaps('retired: ["2-3", 7]\n'), ['1', '4-6', '8']);
  assert.equal(gaps('retired: ["1-8"]\n'), []);
});

const fixable = schemaOf(`methods:
  a: { selector: 0, doc: A., errors: [busy] } # first
  b: { selector: 3, doc: B., errors: [idle] } # last

events:
  one:
    doc: One.
    payload: { x: u32 }
    delivery: async
  two: { payload: { x: u32 }, delivery: async, doc: Two. } # flow
`);

lint('fixes settle what they are for, and leave the contract and the comments as they are', () => {
  const before = lintSchema({ path: 'a.yaml', text: fixable });
  assert.equal(
    before.diagnostics.map(({ code }) => code),
    ['LINT014', 'LINT008', 'LINT013', 'LINT013'],
  );
  const fixed = before.fixed ?? '';
  assert.equal(codesOf(fixed), []);
  const model = (text: string) => resolveInterface({ path: 'a.yaml', text }).model;
  assert.is(model(fixed)?.contractHash.low, model(fixable)?.contractHash.low);
  for (const line of fixable.split('\n').filter((one) => one.includes('#')))
    assert.ok(fixed.includes(line.slice(line.indexOf('#'))), line);
  assert.ok(fixed.includes('retired: ["1-2"]'), fixed);
  assert.is(lintSchema({ path: 'a.yaml', text: fixed }).fixed, null);
});

lint('fixes extend a list that is there, in either style', () => {
  const methods = 'methods: { a: { selector: 0, doc: A. }, b: { selector: 4, doc: B. } }\n';
  for (const list of ['retired: [1]\n', 'retired:\n  - 1\n', 'retired:\n- 1 # old\n']) {
    const text = schemaOf(methods + list);
    const { fixed } = lintSchema({ path: 'a.yaml', text });
    assert.equal(codesOf(fixed ?? ''), [], fixed ?? 'not fixed');
    assert.equal(resolveInterface({ path: 'a.yaml', text: fixed ?? '' }).model?.retired, [
      { first: 1, last: 1, client: 'main' },
      { first: 2, last: 3, client: 'main' },
    ]);
  }
});

lint('what is suppressed is not fixed', () => {
  const comment = '  # dextgen-ignore LINT013: sent by old firmware\n';
  const text = fixable.replace('  one:\n', `${comment}  one:\n`);
  const { fixed } = lintSchema({ path: 'a.yaml', text });
  assert.match(fixed ?? '', 'two: { id: 2');
  assert.not.match(fixed ?? '', 'id: 1');
});

lint(
  'the command: exit codes, formats, and files that keep their line endings and permissions',
  () => {
    const windows = `\ufeff${fixable}`.replaceAll('\n', '\r\n');
    const cwd = makeProject({ 'schema/a.yaml': windows });
    const file = join(cwd, 'schema/a.yaml');
    const found = runTool(lintTool, { cwd, format: 'json' });
    assert.is(found.exitCode, 1);
    assert.is(JSON.parse(found.stdout).diagnostics.length, 4);
    assert.is(readFileSync(file, 'utf8'), windows, 'without --fix nothing is written');
    const { mode } = statSync(file);
    const fixed = runTool(lintTool, { cwd, flags: { fix: true } });
    assert.is(fixed.exitCode, 0, fixed.stderr);
    assert.match(fixed.stdout, 'schema/a.yaml: fixed what could be\n0 findings in 1 schema\n');
    const text = readFileSync(file, 'utf8');
    assert.not.match(text, /[^\r]\n/);
    assert.is(statSync(file).mode, mode);
    assert.is(runTool(lintTool, { cwd, named: ['nowhere.yaml'] }).exitCode, 1);
  },
);

lint('JSON is found faulty, but not rewritten', () => {
  const json = JSON.stringify({
    dextgen: 1,
    interface: 'Example',
    version: '1.0',
    bundle: { identifier: 'com.example.a' },
    driver: { provider: 'IOUserResources', match: { IOResourceMatch: 'IOKit' } },
    methods: { a: { selector: 0, doc: 'A.' }, b: { selector: 2, doc: 'B.' } },
  });
  const { diagnostics, fixed } = lintSchema({ path: 'a.json', text: json });
  assert.equal(
    diagnostics.map(({ code }) => code),
    ['LINT008'],
  );
  assert.is(fixed, null);
});

lint('the example keeps its exact text where nothing is to be fixed', () => {
  const { diagnostics } = lintSchema({ path: 'schema/scope.yaml', text: scope });
  assert.ok(diagnostics.every(({ severity }) => severity === 'warning'));
  const cwd = makeProject({ 'schema/scope.yaml': scope });
  writeFileSync(join(cwd, 'schema/other.txt'), '');
  runTool(lintTool, { cwd });
  assert.is(readFileSync(join(cwd, 'schema/scope.yaml'), 'utf8'), scope);
});

lint.run();
