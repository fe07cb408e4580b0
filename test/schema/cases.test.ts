// Every diagnostic code has a failing and a fixed schema in test/cases/ and an entry in docs/diagnostics.md that shows
// both. UPDATE=1 rewrites what the failing ones print.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { compile } from '../../generator/compile.js';
import {
  codes,
  type Diagnostic,
  driftCodes,
  formatDiagnostics,
  lintCodes,
} from '../../generator/diagnostics/index.js';
import { readTemplates } from '../../generator/io/templates.js';
import type { ImportedFile } from '../../generator/model/index.js';
import { resolveInterface } from '../../generator/model/index.js';
import { createRender } from '../../generator/render/render.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..');
const folder = join(root, 'test', 'cases');
const update = process.env.UPDATE === '1';

const cases = suite('cases');
const folders = readdirSync(folder).sort();
/** Folders of this test, among those of others. */
const faulty = folders.filter((name) => existsSync(join(folder, name, 'fixed.yaml')));

const codeOf = (name: string): string => name.slice(0, name.indexOf('-')).toUpperCase();
const read = (name: string, file: string): string => readFileSync(join(folder, name, file), 'utf8');

const render = createRender(readTemplates(root).templates);

const filesIn = (name: string, inner: string): readonly ImportedFile[] =>
  existsSync(join(folder, name, inner))
    ? readdirSync(join(folder, name, inner)).map((file) => {
        const path = `${inner}/${file}`;
        return { path, text: read(name, path), reason: '' };
      })
    : [];

/** What the schemas of a case import, and the .iig files that its driver keeps. */
const besides = (name: string): readonly ImportedFile[] => [
  ...filesIn(name, 'types'),
  ...filesIn(name, 'dext'),
];

function diagnose(name: string, file: string): readonly Diagnostic[] {
  const schema = { path: file, text: read(name, file) };
  const imported = besides(name);
  const resolved = resolveInterface(schema, imported);
  // A kept .iig is compared with what would be generated.
  const kept = existsSync(join(folder, name, 'dext'));
  const { model, diagnostics } = kept ? compile({ ...schema, imported }, render) : resolved;
  assert.is(model === null, diagnostics.length > 0, `${name}/${file}: a model or a diagnostic`);
  return diagnostics;
}

cases('each code has one folder, and each folder a code', () => {
  assert.equal(
    faulty.map(codeOf),
    codes.map(({ code }) => code),
  );
});

for (const name of faulty) {
  cases(`${name} fails as it says`, () => {
    const diagnostics = diagnose(name, 'schema.yaml');
    assert.ok(diagnostics.length > 0);
    for (const diagnostic of diagnostics) {
      assert.is(diagnostic.code, codeOf(name));
      assert.ok(diagnostic.at !== null && diagnostic.at.line > 0);
      assert.ok(diagnostic.hint, `${diagnostic.code} has no hint`);
    }
    const text = formatDiagnostics(diagnostics, 'human');
    if (update) writeFileSync(join(folder, name, 'stderr.txt'), text);
    assert.is(text, read(name, 'stderr.txt'));
  });

  cases(`${name} is fixed`, () => {
    assert.is(formatDiagnostics(diagnose(name, 'fixed.yaml'), 'human'), '');
  });

  cases(`${name} holds nothing else`, () => {
    assert.equal(
      readdirSync(join(folder, name))
        .filter((file) => file !== 'types' && file !== 'dext')
        .sort(),
      ['fixed.yaml', 'schema.yaml', 'stderr.txt'],
    );
  });
}

/** The entries of docs/diagnostics.md: code, title, and the code blocks. */
function entries(): { code: string; title: string; blocks: string[] }[] {
  const text = readFileSync(join(root, 'docs', 'diagnostics.md'), 'utf8');
  return text
    .split(/^### /m)
    .slice(1)
    .map((entry) => ({
      code: /^\w+/.exec(entry)?.[0] ?? '',
      title: /^\w+: (.*)$/m.exec(entry)?.[1] ?? '',
      blocks: [...entry.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? ''),
    }));
}

cases('docs/diagnostics.md explains every code under its title', () => {
  const expected = [...codes, ...driftCodes, ...lintCodes].map(({ code, title }) => ({
    code,
    title,
  }));
  assert.equal(
    entries().map(({ code, title }) => ({ code, title })),
    expected,
  );
});

cases('the examples of docs/diagnostics.md are the cases', () => {
  const byCode = new Map(entries().map((entry) => [entry.code, entry.blocks]));
  for (const name of faulty) {
    const [failing, fixed] = byCode.get(codeOf(name)) ?? [];
    assert.ok(failing && fixed, `${codeOf(name)} shows a failing and a fixed example`);
    assert.ok(read(name, 'schema.yaml').includes(failing), `${name}/schema.yaml`);
    assert.ok(read(name, 'fixed.yaml').includes(fixed), `${name}/fixed.yaml`);
  }
});

cases.run();
