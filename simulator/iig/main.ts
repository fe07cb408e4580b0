// The translator's command: iig --header OUT.h --impl OUT.iig.cpp [--depend OUT.d] [-I dir]… [-D name[=value]]… FILE.iig
// Exit codes: 0 done, 1 the file has errors (nothing is written), 2 wrong usage.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { emitHeader } from './emit-header.js';
import { emitImplementation } from './emit-impl.js';
import { type Macros, valueMacro } from './macros.js';
import { predefinedMacros } from './preprocess.js';
import { loadProgram } from './program.js';
import { resolveClass } from './resolve.js';
import { formatError } from './source.js';

export const version = 'dextgen simulator 1';

export type Translation =
  | { readonly header: string; readonly implementation: string; readonly files: readonly string[] }
  | { readonly errors: readonly string[] };

export type TranslationRequest = {
  readonly path: string;
  readonly searchPath: readonly string[];
  readonly macros?: Macros;
  /** The header is written beside the implementation, whatever folder the .iig file lies in. */
  readonly beside?: boolean;
};

/** Pure but for reading the file and what it includes. */
export function translate({
  path,
  searchPath,
  macros = predefinedMacros(),
  beside = false,
}: TranslationRequest): Translation {
  const { program, main } = loadProgram(path, searchPath, macros);
  const models = main.parsed.classes.map((declaration) => resolveClass(declaration, program));
  const errors = program.lineErrors.length > 0 ? program.lineErrors : program.errors;
  if (errors.length > 0) {
    const sorted = [...errors].sort(
      (a, b) => a.at.file.path.localeCompare(b.at.file.path) || a.at.offset - b.at.offset,
    );
    return { errors: sorted.map(formatError) };
  }
  return {
    header: emitHeader(main, models, version),
    implementation: emitImplementation({
      source: main.source,
      models,
      header: includeName(path, beside ? [] : searchPath),
      version,
    }),
    files: [...program.files],
  };
}

/** Relative to the -I folder that the file is below; else as it stands next to the .cpp. */
function includeName(path: string, searchPath: readonly string[]): string {
  const names = searchPath
    .map((folder) => relative(folder, path))
    .filter((name) => !name.startsWith('..') && name.includes('/'));
  const shortest = names.sort((a, b) => a.length - b.length)[0];
  return shortest === undefined
    ? `"${basename(path).replace(/\.iig$/, '.h')}"`
    : `<${shortest.replace(/\.iig$/, '.h')}>`;
}

export function main(argv: readonly string[]): number {
  const usage =
    'usage: iig --header OUT.h --impl OUT.iig.cpp [--depend OUT.d] [-I dir]... [-D name[=value]]... FILE.iig';
  let parsed: ReturnType<typeof parseCommand>;
  try {
    parsed = parseCommand(argv);
  } catch (error) {
    process.stderr.write(`iig: ${error instanceof Error ? error.message : error}\n${usage}\n`);
    return 2;
  }
  const [path, second] = parsed.positionals;
  const { header, impl } = parsed.values;
  if (path === undefined || second !== undefined || header === undefined || impl === undefined) {
    process.stderr.write(`${usage}\n`);
    return 2;
  }
  return run({
    path,
    header,
    impl,
    depend: parsed.values.depend,
    searchPath: parsed.values.include ?? [],
    defines: parsed.values.define ?? [],
  });
}

function parseCommand(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      header: { type: 'string' },
      impl: { type: 'string' },
      depend: { type: 'string' },
      include: { type: 'string', short: 'I', multiple: true },
      define: { type: 'string', short: 'D', multiple: true },
    },
  });
}

type Run = {
  readonly path: string;
  readonly header: string;
  readonly impl: string;
  readonly depend: string | undefined;
  readonly searchPath: readonly string[];
  readonly defines: readonly string[];
};

function run({ path, header, impl, depend, searchPath, defines }: Run): number {
  const macros = predefinedMacros();
  for (const define of defines) {
    const [name = '', value = '1'] = define.split(/=(.*)/s);
    macros.set(name, valueMacro(value));
  }
  try {
    readFileSync(path);
  } catch {
    process.stderr.write(`iig: cannot read ${path}\n`);
    return 1;
  }
  const result = translate({ path, searchPath, macros, beside: dirname(header) === dirname(impl) });
  if ('errors' in result) {
    process.stderr.write(`${result.errors.join('\n')}\n`);
    return 1;
  }
  if (depend !== undefined) replaceFile(depend, dependencies([header, impl], result.files));
  replaceFile(header, result.header);
  replaceFile(impl, result.implementation);
  return 0;
}

/** For make; a file that is gone later is no error, but a reason to translate again. */
function dependencies(outputs: readonly string[], files: readonly string[]): string {
  const escaped = files.map((file) => file.replace(/[ #]/g, '\\$&').replaceAll('$', '$$$$'));
  return `${outputs.join(' ')}: ${escaped.join(' ')}\n${escaped.map((file) => `${file}:\n`).join('')}`;
}

/** In one step, so that a make that runs at the same time never sees half a file. */
function replaceFile(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}
