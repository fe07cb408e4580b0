// Loads a .iig file with everything it includes, and collects the classes they declare.
// Plain headers are looked through for typedefs and class names only; one that is not there is the compiler's affair.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { lex } from './lexer.js';
import { type Names, parseFile } from './parse-file.js';
import { type IncludeRequest, type Macros, predefinedMacros, preprocess } from './preprocess.js';
import { IigError, makeSourceFile, type SourceFile } from './source.js';
import type { ClassDeclaration, ParsedFile } from './syntax.js';

export type Program = {
  readonly names: Names;
  readonly classes: Map<
    string,
    { readonly declaration: ClassDeclaration; readonly file: SourceFile }
  >;
  readonly errors: IigError[];
  /** Every file that was read, by its real path. */
  readonly files: ReadonlySet<string>;
};

export type LoadedFile = { readonly source: SourceFile; readonly parsed: ParsedFile };

type Loading = {
  readonly program: Program;
  readonly macros: Macros;
  readonly searchPath: readonly string[];
  readonly loaded: Set<string>;
};

export function loadProgram(
  path: string,
  searchPath: readonly string[],
  macros: Macros = predefinedMacros(),
): { program: Program; main: LoadedFile } {
  const loaded = new Set([realpathSync(path)]);
  const program: Program = {
    names: { classes: new Set(), typedefs: new Map() },
    classes: new Map(),
    errors: [],
    files: loaded,
  };
  const loading: Loading = { program, macros, searchPath, loaded };
  return { program, main: loadIig(path, loading) };
}

function loadIig(path: string, loading: Loading): LoadedFile {
  const { program } = loading;
  const source = makeSourceFile(path, readFileSync(path, 'utf8'));
  const empty = { source, parsed: { classes: [], blockTypedefs: [] } };
  try {
    const tokens = preprocess(lex(source), {
      macros: loading.macros,
      include: (request) => include(request, source, loading),
    });
    const parsed = parseFile(tokens, program.names, (error) => program.errors.push(error));
    for (const declaration of parsed.classes) declare(declaration, source, program);
    return { source, parsed };
  } catch (error) {
    if (!(error instanceof IigError)) throw error;
    program.errors.push(error);
    return empty;
  }
}

function declare(declaration: ClassDeclaration, file: SourceFile, program: Program): void {
  const earlier = program.classes.get(declaration.name);
  if (earlier !== undefined) {
    const message = `class ${declaration.name} is already declared in ${earlier.file.path}`;
    program.errors.push(new IigError(declaration.at, message));
    return;
  }
  program.classes.set(declaration.name, { declaration, file });
}

function include(request: IncludeRequest, from: SourceFile, loading: Loading): void {
  const isIig = request.name.endsWith('.iig');
  // The header of a .iig file may not be written yet, and its source says more than it would.
  const found =
    find(request.name.replace(/\.h$/, '.iig'), request, from, loading) ??
    (isIig ? undefined : find(request.name, request, from, loading));
  if (found === undefined) {
    if (isIig)
      throw new IigError(
        request.at,
        `cannot find ${request.name} (searched ${searched(request, from, loading)})`,
      );
    return;
  }
  const identity = realpathSync(found);
  if (loading.loaded.has(identity)) return;
  loading.loaded.add(identity);
  if (found.endsWith('.iig')) loadIig(found, loading);
  else scanHeader(found, loading);
}

function find(
  name: string,
  { quoted }: IncludeRequest,
  from: SourceFile,
  { searchPath }: Loading,
): string | undefined {
  const folders = quoted ? [dirname(from.path), ...searchPath] : searchPath;
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

function searched({ quoted }: IncludeRequest, from: SourceFile, { searchPath }: Loading): string {
  return (
    [...(quoted ? [dirname(from.path)] : []), ...searchPath].join(', ') ||
    'nowhere: no -I was given'
  );
}

/** C++ at large: whatever does not parse here is left alone. */
function scanHeader(path: string, loading: Loading): void {
  const source = makeSourceFile(path, readFileSync(path, 'utf8'));
  const { macros, program } = loading;
  try {
    const tokens = preprocess(lex(source), {
      macros,
      include: (request) => include(request, source, loading),
    });
    parseFile(tokens, program.names, () => undefined);
  } catch (error) {
    if (!(error instanceof IigError)) throw error;
  }
}
