// What has to take everything that is generated: both C++ compilers, the translator of .iig, strict TypeScript, Node's
// own parsers of property lists and YAML, and the rules of Markdown tables.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import * as assert from 'uvu/assert';
import { emitAll } from '../../generator/emit/all-emitters.js';
import { readTemplates } from '../../generator/io/templates.js';
import type { Model } from '../../generator/model/index.js';
import { available } from '../compilers.js';
import { type Compiler, compile, makeFolder, root } from '../dext/support.js';

const { templates } = readTemplates(root);

/** Every generated file, by path. */
export function filesOf(model: Model): ReadonlyMap<string, string> {
  return new Map(emitAll(model, templates).map(({ path, text }) => [path, text]));
}

/** Two files of one interface must not be the same one where case does not count. */
export function checkPaths(files: ReadonlyMap<string, string>): void {
  const folded = new Set([...files.keys()].map((path) => path.toLowerCase()));
  assert.is(folded.size, files.size, 'paths that differ in case only');
}

/** Strict TypeScript takes all clients at once. */
export function checkTypeScript(clients: ReadonlyMap<string, string>): void {
  const out = join('build', 'test', 'hostile');
  mkdirSync(out, { recursive: true });
  for (const [name, text] of clients) writeFileSync(join(out, `${name}.ts`), text);
  const config = {
    extends: '../../../tsconfig.json',
    files: [...clients.keys()].map((name) => `${name}.ts`),
    include: [],
    exclude: [],
    compilerOptions: { noEmit: true, rootDir: '../../..', types: ['node'] },
  };
  writeFileSync(join(out, 'tsconfig.json'), JSON.stringify(config));
  const tsc = resolve('node_modules/typescript/bin/tsc');
  try {
    execFileSync(process.execPath, [tsc, '-p', join(out, 'tsconfig.json')], { encoding: 'utf8' });
  } catch (error) {
    assert.unreachable((error as { stdout: string }).stdout);
  }
}

/** Where node-gyp finds Node's headers, and where an installation has them. */
function nodeHeaders(): string | null {
  const folders = [
    process.env.npm_config_nodedir ?? '',
    join(dirname(process.execPath), '..'),
    '/usr',
    '/usr/local',
  ];
  const found = folders.find((folder) => existsSync(join(folder, 'include/node/node_api.h')));
  return found === undefined ? null : join(found, 'include/node');
}

const napi = dirname(join(root, 'node_modules/node-addon-api/package.json'));
const variants: readonly (readonly [Compiler, readonly string[]])[] = [
  ['g++', []],
  ['clang++', []],
];

/** The addon's C++, with the flags that its build has. False when Node's headers are not installed. */
export function checkAddon(files: ReadonlyMap<string, string>): boolean {
  const headers = nodeHeaders();
  if (headers === null) return false;
  const folder = makeFolder();
  for (const [path, text] of files) {
    if (!/^(wire|addon)\//.test(path)) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const source = [...files.keys()].find(
    (path) => path.startsWith('addon/') && path.endsWith('.cpp'),
  );
  const system = [headers, napi, join(root, 'simulator/iokit/include')];
  const own = [join(root, 'runtime'), join(root, 'runtime/wire')];
  const flags = ['-std=gnu++20', '-fno-exceptions', '-fsyntax-only', '-DNAPI_VERSION=8'];
  for (const [compiler, extra] of available(variants, ([name]) => name))
    compile(compiler, [
      ...flags,
      ...extra,
      '-DNODE_ADDON_API_DISABLE_CPP_EXCEPTIONS',
      '-DNODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS',
      '-DBUILDING_NODE_EXTENSION',
      '-DNODE_GYP_MODULE_NAME=x',
      ...system.map((path) => `-isystem${path}`),
      ...own.map((path) => `-I${path}`),
      join(folder, source ?? ''),
    ]);
  return true;
}

/** A table's rows have as many cells as its head. */
export function checkTables(page: string): void {
  let columns = 0;
  for (const line of page.split('\n')) {
    if (!line.startsWith('| ')) {
      columns = 0;
      continue;
    }
    const cells = line.replaceAll(/\\[\\|]/g, '').split('|').length;
    if (columns === 0) columns = cells;
    assert.is(cells, columns, line);
    assert.ok(line.endsWith(' |'), line);
  }
}

export function writeFiles(files: ReadonlyMap<string, string>): string {
  const folder = makeFolder();
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}
