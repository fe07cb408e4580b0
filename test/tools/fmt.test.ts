// The formatter: one canonical style, comments kept, meaning kept (the formatter itself throws otherwise), and a second
// run that changes nothing.
import { readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fmtTool } from '../../generator/cli/fmt.js';
import { formatDiagnostics } from '../../generator/diagnostics/index.js';
import { formatSchema } from '../../generator/fmt/format.js';
import { resolveInterface } from '../../generator/model/index.js';
import { commentsOf } from '../../generator/source/index.js';
import { samples } from './fmt-samples.js';
import { randomSchema } from './random-schema.js';
import { makeProject, removeProjects, root, runTool, schemaOf, scope } from './support.js';

const fmt = suite('fmt');
fmt.after(removeProjects);

const path = 'a.yaml';
const format = (text: string): string => formatSchema({ path, text }).text ?? 'not formatted';
const tidy = (text: string): string[] =>
  commentsOf(text)
    .map((comment) => comment.text)
    .sort();

/** Formats, and checks what holds for every text. */
function checked(text: string): string {
  const once = format(text);
  assert.is(format(once), once, `a second run changes it:\n${once}`);
  assert.equal(tidy(once), tidy(text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n')));
  const model = (from: string) => resolveInterface({ path, text: from }).model;
  assert.is(JSON.stringify(model(once)), JSON.stringify(model(text)));
  return once;
}

fmt('the example is what the style looks like', () => {
  assert.is(format(scope), scope);
});

fmt('every schema of the tests keeps its meaning and its comments', () => {
  const folder = join(root, 'test');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.yaml'),
  );
  let formatted = 0;
  for (const file of files) {
    const text = readFileSync(join(folder, file), 'utf8');
    const result = formatSchema({ path, text });
    if (result.text === null) {
      assert.ok(result.diagnostics.length > 0, file);
      continue;
    }
    assert.is(format(result.text), result.text, file);
    assert.equal(tidy(result.text), tidy(text), file);
    formatted += 1;
  }
  assert.ok(formatted > 120, `only ${formatted} of ${files.length}`);
});

const header = schemaOf('');
for (const [name, [given, expected]] of Object.entries(samples)) {
  fmt(name, () => {
    assert.is(checked(header + given), header + expected);
  });
}

fmt('comments at the top of the file stay there', () => {
  const [first = '', second = '', ...rest] = header.split('\n');
  const swapped = [second, first, ...rest].join('\n');
  const top = '# yaml-language-server: $schema=./interface.schema.json\n# Of the maker.\n\n';
  assert.is(checked(top + swapped), top + header);
  const line = '# yaml-language-server: $schema=./interface.schema.json\n';
  assert.is(checked(line + swapped), line + header);
  assert.is(checked(`# name\n${swapped}`), `${first}\n# name\n${[second, ...rest].join('\n')}`);
});

fmt('directives and document markers', () => {
  assert.is(checked(`%YAML 1.2\n# top\n---\n${header}`), `%YAML 1.2\n# top\n---\n${header}`);
  assert.is(checked(`---\n${header}...\n`), header);
});

fmt('text that is no YAML is reported, text that is wrong otherwise is formatted', () => {
  const broken = formatSchema({ path, text: 'a: [' });
  assert.is(broken.text, null);
  assert.match(formatDiagnostics(broken.diagnostics, 'human'), 'DK101');
  assert.is(formatSchema({ path, text: '' }).text, null);
  assert.is(formatSchema({ path, text: '- a\n' }).text, null);
  assert.is(format('metods: { b: 1 }\ndextgen: 2\n'), 'dextgen: 2\nmetods: { b: 1 }\n');
});

fmt('random schemas in random styles', () => {
  let sound = 0;
  for (let seed = 1; seed <= 80; seed++) {
    const text = randomSchema(seed * 7919);
    const { text: once, diagnostics } = formatSchema({ path, text });
    assert.ok(once !== null, `seed ${seed}: ${formatDiagnostics(diagnostics, 'human')}\n${text}`);
    try {
      checked(text);
    } catch (error) {
      assert.unreachable(`seed ${seed}: ${(error as Error).message}\n${text}`);
    }
    if (resolveInterface({ path, text }).model !== null) sound += 1;
  }
  assert.ok(sound > 60, `only ${sound} are sound`);
});

fmt('the command: --check, exit codes, line endings, byte order mark, permissions, links', () => {
  const text = schemaOf('methods: { a: { in: { x: u8 }, selector: 1 } } # here\n');
  const windows = `\ufeff${text.replaceAll('\n', '\r\n')}`;
  const json = '{ "methods": {}, "dextgen": 1 }';
  const cwd = makeProject({ 'schema/a.yaml': windows, 'schema/b.json': json });
  const file = join(cwd, 'schema/a.yaml');
  const read = (): string => readFileSync(file, 'utf8');
  const check = runTool(fmtTool, { cwd, flags: { check: true }, format: 'json' });
  assert.is(check.exitCode, 1);
  const [found] = JSON.parse(check.stdout).diagnostics;
  assert.equal([found.code, found.at.line], ['DK916', 6]);
  assert.is(read(), windows);
  const { mode } = statSync(file);
  const done = runTool(fmtTool, { cwd });
  assert.equal([done.exitCode, done.stdout], [0, 'schema/a.yaml: formatted\n']);
  assert.is(read(), `\ufeff${format(text).replaceAll('\n', '\r\n')}`);
  assert.is(statSync(file).mode, mode);
  assert.is(readFileSync(join(cwd, 'schema/b.json'), 'utf8'), json);
  assert.is(runTool(fmtTool, { cwd, flags: { check: true } }).exitCode, 0);
  assert.equal(readdirSync(join(cwd, 'schema')).sort(), ['a.yaml', 'b.json']);

  symlinkSync(makeProject({ 'x.yaml': text }), join(cwd, 'elsewhere'));
  const linked = makeProject({ 'real.yaml': text });
  symlinkSync(join(linked, 'real.yaml'), join(linked, 'link.yaml'));
  assert.is(runTool(fmtTool, { cwd: linked, named: ['link.yaml'] }).exitCode, 0);
  assert.is(readFileSync(join(linked, 'real.yaml'), 'utf8'), format(text));
});

fmt('--check names the first line that differs', () => {
  const cwd = makeProject({ 'schema/a.yaml': `${scope}\n\n` });
  const { stdout } = runTool(fmtTool, { cwd, flags: { check: true }, format: 'json' });
  assert.is(JSON.parse(stdout).diagnostics[0].at.line, scope.split('\n').length + 1);
});

fmt.run();
