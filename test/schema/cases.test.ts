// Every diagnostic code has a failing and a fixed schema in test/cases/ and an entry in docs/diagnostics.md that shows
// both. UPDATE=1 rewrites what the failing ones print.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  codes,
  type Diagnostic,
  driftCodes,
  formatDiagnostics,
  lintCodes,
} from '../../generator/diagnostics/index.js';
import { type ImportedFile, resolveInterface } from '../../generator/model/index.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..');
const folder = join(root, 'test', 'cases');
const update = process.env.UPDATE === '1';

const cases = suite('cases');
const folders = readdirSync(folder).sort();
/** Folders of this test, among those of others. */
const faulty = folders.filter((name) => existsSync(join(folder, name, 'fixed.yaml')));

const codeOf = (name: string): string => name.slice(0, name.indexOf('-')).toUpperCase();
const read = (name: string, file: string): string => readFileSync(join(folder, name, file), 'utf8');

/** What the schemas of a case import. */
const typesOf = (name: string): readonly ImportedFile[] =>
  existsSync(join(folder, name, 'types'))
    ? readdirSync(join(folder, name, 'types')).map((file) => {
        const path = `types/${file}`;
        return { path, text: read(name, path), reason: '' };
      })
    : [];

function diagnose(name: string, file: string): readonly Diagnostic[] {
  const schema = { path: file, text: read(name, file) };
  const { model, diagnostics } = resolveInterface(schema, typesOf(name));
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
        .filter((file) => file !== 'types')
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
