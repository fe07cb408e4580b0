// The projects below test/interfaces: where their files lie, and how each is generated, built and compiled.
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BuildError, buildAddon, buildDext } from 'dextgen/simulator';

export type InterfaceProject = {
  /** Folder of the hand-written sources. */
  readonly sources: string;
  /** Folder of everything made from them. */
  readonly folder: string;
  readonly generated: string;
  /** The compiled test. */
  readonly app: string;
};

/** Names of the projects: folders with an app.ts. */
export function interfaceNames(root = process.cwd()): readonly string[] {
  const folder = join(root, 'test', 'interfaces');
  return readdirSync(folder).filter((name) => existsSync(join(folder, name, 'app.ts')));
}

export function interfaceProject(name: string, root = process.cwd()): InterfaceProject {
  const folder = join(root, 'build', 'interfaces', name);
  return {
    sources: join(root, 'test', 'interfaces', name),
    folder,
    generated: join(folder, 'generated'),
    app: join(folder, 'app.js'),
  };
}

function run(args: readonly string[]): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('close', (code) => {
      if (code === 0) done();
      else fail(new BuildError(`node ${args.join(' ')} failed (${code}):\n${output.trimEnd()}`));
    });
  });
}

/** Strict, as the client promises to be, and next to the sources, since they import each other. */
const compilerOptions = (files: readonly string[]) => ({
  extends: '../../../tsconfig.json',
  compilerOptions: { rootDir: '.', outDir: '.', declaration: false, sourceMap: false },
  include: [...files, 'generated/*/client/*.ts'],
  exclude: [],
});

/** app.ts, and the files beside it that it imports. */
async function compileApp(project: InterfaceProject): Promise<void> {
  const files = readdirSync(project.sources).filter((file) => file.endsWith('.ts'));
  for (const file of files) copyFileSync(join(project.sources, file), join(project.folder, file));
  writeFileSync(join(project.folder, 'tsconfig.json'), JSON.stringify(compilerOptions(files)));
  await run(['node_modules/typescript/bin/tsc', '-p', project.folder]);
}

/** Generates, builds and compiles one project. The simulator was built before. */
export async function prepareInterface(name: string): Promise<void> {
  const project = interfaceProject(name);
  mkdirSync(project.folder, { recursive: true });
  const schema = join(project.sources, 'schema.yaml');
  await run(['generator/bin.mjs', 'gen', schema, '--out', project.generated]);
  const compiled = compileApp(project);
  compiled.catch(() => undefined); // reported at the end
  for (const id of readdirSync(project.generated)) {
    await buildDext({ interface: id, project: project.folder, dext: project.sources });
    // Not optimized, which is a third of the time of building them all.
    await buildAddon({ interface: id, project: project.folder, flags: '-O0' });
  }
  await compiled;
}
