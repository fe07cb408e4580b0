// What npm would publish, unpacked into a project outside this tree: the command runs without the sources, the generated
// client compiles against the packed runtime, and the translator of .iig is complete.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { makeProject, removeProjects, root, schemaOf } from './support.js';

const packed = suite('package');
packed.after(removeProjects);

const program = `import { Example } from './generated/example/client/example.js';
export async function run(): Promise<number> {
  await using example = await Example.open();
  return (await example.setLevel({ level: 3 })).previous;
}
`;
const config = {
  compilerOptions: {
    target: 'es2023',
    lib: ['es2023', 'esnext.disposable'],
    module: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    types: ['node'],
  },
  include: ['main.ts'],
};
const app = makeProject({
  'package.json': '{ "name": "app", "private": true, "type": "module" }',
  'schema/example.yaml': schemaOf(
    'methods:\n  setLevel: { selector: 1, in: { level: { type: u8, max: 100 } }, out: { previous: u8 } }\n',
  ),
  'main.ts': program,
  'tsconfig.json': JSON.stringify(config),
});
const home = join(app, 'node_modules/dextgen');

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  assert.is(status, 0, `${command} ${args.join(' ')}\n${stdout}\n${stderr}`);
  return stdout;
}

const node = (args: readonly string[]): string => run(process.execPath, args, app);
const dextgen = (...args: readonly string[]): string =>
  node([join(home, 'generator/bin.mjs'), ...args]);

packed.before(() => {
  // The scripts of `prepack` build what is there already, but for the bundles.
  for (const args of [['--version'], ['sim', '--version']])
    run(process.execPath, ['generator/bin.mjs', ...args], root);
  run('npm', ['pack', '--silent', '--ignore-scripts', '--pack-destination', app], root);
  const file = readdirSync(app).find((name) => name.endsWith('.tgz')) ?? '';
  mkdirSync(home, { recursive: true });
  run('tar', ['xzf', join(app, file), '--strip-components=1', '-C', home], app);
  // What npm would install beside it is here already.
  for (const name of readdirSync(join(root, 'node_modules')))
    if (!name.startsWith('.') && name !== 'dextgen')
      symlinkSync(join(root, 'node_modules', name), join(app, 'node_modules', name));
});

packed('it has what it exports, and neither tests nor sources of the generator', () => {
  const { exports } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  for (const entry of Object.values(exports))
    for (const path of Object.values(typeof entry === 'string' ? { entry } : (entry as object)))
      assert.ok(existsSync(join(home, path)), path);
  for (const path of ['test', 'build/js/test', 'generator/cli.ts', 'simulator/build', 'dext'])
    assert.not.ok(existsSync(join(home, path)), path);
});

packed('its command generates, checks, explains and formats', () => {
  assert.match(dextgen('gen'), /generated\/example: \d+ written/);
  assert.match(dextgen('gen', '--check'), 'match schema/example.yaml');
  assert.match(dextgen('explain', 'DK501'), 'duplicate selector');
  assert.match(dextgen('explain', 'setLevel'), 'selector');
  dextgen('fmt');
  assert.match(dextgen('sim', '--version'), /^\d+\.\d+\.\d+/);
});

packed('the generated client compiles against the packed runtime, which loads', () => {
  node([join(root, 'node_modules/typescript/bin/tsc'), '-p', app]);
  const load =
    "for (const name of ['dextgen', 'dextgen/client', 'dextgen/simulator']) console.log(Object.keys(await import(name)).length > 3)";
  assert.is(node(['--input-type=module', '-e', load]), 'true\ntrue\ntrue\n');
});

packed('its translator takes the generated .iig, and its headers the wire header', () => {
  const folder = join(app, 'generated/example');
  const target = join(app, 'translated');
  mkdirSync(target);
  node([
    join(home, 'simulator/iig/iig.mjs'),
    '--header',
    join(target, 'ExampleUserClient.h'),
    '--impl',
    join(target, 'ExampleUserClient.iig.cpp'),
    `-I${join(home, 'simulator/driverkit/include')}`,
    `-I${join(folder, 'wire')}`,
    `-I${join(home, 'runtime/wire')}`,
    join(folder, 'iig/ExampleUserClient.iig'),
  ]);
  assert.ok(existsSync(join(target, 'ExampleUserClient.h')));
  const wire = [`-I${join(home, 'runtime/wire')}`, join(folder, 'wire/example.h')];
  run('g++', ['-std=gnu++20', '-fsyntax-only', '-x', 'c++', ...wire], app);
});

packed.run();
