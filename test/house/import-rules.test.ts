// The import rules of docs/architecture.md, read off the import lines of the sources.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..');
const rules = suite('import rules');

type Import = { readonly from: string; readonly to: string };

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join(folder, path).split('\\').join('/'));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const found = text.matchAll(/(?<!')\b(?:from|import)\s*\(?\s*'([\w@./:-]+)'/g);
  return [...found].map((match) => {
    const name = match[1] ?? '';
    const own = name.startsWith('.')
      ? relative(root, join(root, dirname(file), name)).replace(/\.js$/, '.ts')
      : name;
    return { from: file, to: own };
  });
}

/** Imports of `files` that no pattern allows. */
function violations(files: readonly string[], allowed: readonly RegExp[]): string[] {
  return files
    .flatMap(importsOf)
    .filter(({ to }) => !allowed.some((pattern) => pattern.test(to)))
    .map(({ from, to }) => `${from} imports ${to}`);
}

const MODEL_TYPES = /^generator\/model\/model\.ts$/;
const DIAGNOSTICS = /^generator\/diagnostics\//;
const SOURCE = /^generator\/source\//;

rules('the model and its facts import nothing else', () => {
  const files = ['generator/model/model.ts', ...sources('generator/model/facts')];
  assert.ok(files.length > 5);
  assert.equal(violations(files, [/^generator\/model\/facts\//]), []);
});

rules('diagnostics/ imports nothing else of ours', () => {
  const files = sources('generator/diagnostics');
  assert.ok(files.length > 0);
  assert.equal(violations(files, [DIAGNOSTICS]), []);
});

rules('source/ imports diagnostics only', () => {
  const files = sources('generator/source');
  assert.ok(files.length > 0);
  assert.equal(violations(files, [SOURCE, DIAGNOSTICS, /^yaml$/]), []);
});

rules('validate/ and model/ import source, diagnostics and model types', () => {
  const files = [...sources('generator/validate'), ...sources('generator/model')];
  const allowed = [
    SOURCE,
    DIAGNOSTICS,
    /^generator\/(validate|model)\//,
    /^schema\//,
    /^ajv/,
    /^node:crypto$/,
  ];
  assert.equal(violations(files, allowed), []);
});

rules('an emitter imports model types, shared emit files, render and itself', () => {
  const emitters = readdirSync(join(root, 'generator/emit'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name);
  assert.ok(emitters.length >= 8, `only ${emitters.join(', ')}`);
  for (const emitter of emitters) {
    const own = new RegExp(`^generator/emit/${emitter}/`);
    const shared = /^generator\/emit\/[^/]+\.ts$/;
    const allowed = [MODEL_TYPES, own, shared, /^generator\/render\//];
    if (emitter === 'client') allowed.push(/^ts-morph$/);
    assert.equal(violations(sources(`generator/emit/${emitter}`), allowed), []);
  }
});

rules('compile.ts is pure', () => {
  const touching = importsOf('generator/compile.ts').filter(({ to }) => /^node:|\/io\//.test(to));
  assert.equal(touching, []);
});

rules('only io/ and the command line touch files', () => {
  const files = sources('generator').filter((f) => !/^generator\/(io\/|cli)/.test(f));
  const touching = files.flatMap(importsOf).filter(({ to }) => /^(node:)?fs/.test(to));
  assert.equal(touching, []);
});

rules('only cli prints and exits', () => {
  const printing = sources('generator')
    .filter((file) => !file.startsWith('generator/cli'))
    .filter((file) =>
      /console\.|process\.(exit|stdout|stderr)/.test(readFileSync(join(root, file), 'utf8')),
    );
  assert.equal(printing, []);
});

/** Files that import each other in a loop, the loop written out; types count, since a reader follows them too. */
function circles(files: readonly string[]): string[] {
  const edges = new Map(files.map((file) => [file, importsOf(file).map(({ to }) => to)]));
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file].join(' -> '));
    if (path.includes(file) || done.has(file)) return;
    for (const to of edges.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of files) visit(file, []);
  return found;
}

rules('no file imports itself by way of others', () => {
  const files = ['generator', 'runtime', 'simulator', 'bench'].flatMap(sources);
  assert.ok(files.length > 200);
  assert.equal(circles(files), []);
});

/** Every #include of the C and C++ files below a folder. */
function includesOf(folder: string): Import[] {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.(h|cpp|iig)$/.test(path) && !path.split(/[\\/]/).includes('build'))
    .flatMap((path) => {
      const text = readFileSync(join(root, folder, path), 'utf8');
      return [...text.matchAll(/^\s*#include\s*[<"]([^>"]+)/gm)].map((m) => ({
        from: `${folder}/${path}`,
        to: m[1] ?? '',
      }));
    });
}

const interfaces = readdirSync(join(root, 'generated'));

rules('wire headers include fixed-width types only', () => {
  const all = ['runtime/wire', ...interfaces.map((name) => `generated/${name}/wire`)].flatMap(
    includesOf,
  );
  assert.ok(all.length > 0);
  assert.equal(
    all.filter(({ to }) => !/^(stdint|stddef|stdbool|assert)\.h$/.test(to)),
    [],
  );
});

rules('the addon includes no DriverKit header, the dext no Node-API header', () => {
  const addon = ['runtime/addon', ...interfaces.map((name) => `generated/${name}/addon`)];
  assert.equal(
    addon.flatMap(includesOf).filter(({ to }) => /DriverKit/.test(to)),
    [],
  );
  const dext = ['runtime/dext', 'dext', ...interfaces.map((name) => `generated/${name}/dispatch`)];
  assert.ok(dext.flatMap(includesOf).length > 0);
  assert.equal(
    dext.flatMap(includesOf).filter(({ to }) => /napi|node_api|IOKitLib/.test(to)),
    [],
  );
});

rules('nothing generated knows the simulator', () => {
  const knowing = interfaces
    .flatMap((name) =>
      ['wire', 'iig', 'dispatch', 'addon'].map((part) => `generated/${name}/${part}`),
    )
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
        .filter((path) => /\.(h|cpp|iig)$/.test(path))
        .map((path) => join(folder, path)),
    )
    .filter((path) =>
      /simulat|#\s*if(n?def)?\s.*(SIM|linux|APPLE)/i.test(readFileSync(join(root, path), 'utf8')),
    );
  assert.equal(knowing, []);
});

rules.run();
