// Loads a .iig file with everything it includes, and collects the classes they declare.
// Plain headers are looked through for typedefs and class names only; one that is not there is the compiler's affair.
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { lex, lexDirective, type Token } from './lexer.js';
import type { Macros } from './macros.js';
import { type Names, parseFile } from './parse-file.js';
import {
  type IncludeRequest,
  type Preprocessing,
  predefinedMacros,
  preprocess,
} from './preprocess.js';
import { IigError, makeSourceFile, type SourceFile } from './source.js';
import type { ClassDeclaration, ParsedFile } from './syntax.js';

export type Program = {
  readonly names: Names;
  readonly classes: Map<
    string,
    { readonly declaration: ClassDeclaration; readonly file: SourceFile }
  >;
  /** Of preprocessor lines and of text that is none of C++: what they leave behind has no faults of its own. */
  readonly lineErrors: IigError[];
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
    lineErrors: [],
    errors: [],
    files: loaded,
  };
  const loading: Loading = { program, macros, searchPath, loaded };
  return { program, main: loadIig(path, loading) };
}

function loadIig(path: string, loading: Loading): LoadedFile {
  const { program } = loading;
  const source = makeSourceFile(path, readFileSync(path, 'utf8'));
  const empty = { source, parsed: { classes: [], extensions: [], blockTypedefs: [] } };
  const report = (error: IigError): void => {
    program.errors.push(error);
  };
  const reportLine = (error: IigError): void => {
    program.lineErrors.push(error);
  };
  try {
    const text = lex(source);
    const tokens = preprocess(text, workOf(source, loading, reportLine));
    const found = parseFile(tokens, program.names, report);
    for (const each of [...found.classes, ...found.extensions]) refuseSplit(each, text, report);
    const parsed = { ...found, classes: extendClasses(found, report) };
    for (const declaration of parsed.classes) declare(declaration, source, program);
    return { source, parsed };
  } catch (error) {
    if (!(error instanceof IigError)) throw error;
    reportLine(error);
    return empty;
  }
}

function workOf(
  source: SourceFile,
  loading: Loading,
  report: Preprocessing['report'],
): Preprocessing {
  return {
    macros: loading.macros,
    include: (request) => include(request, source, loading),
    exists: (request) => locate(request, source, loading) !== undefined,
    report,
  };
}

/** The header replaces a class as a whole; an #if has to be around it or inside it. */
function refuseSplit(
  { name, at, start, end }: ClassDeclaration,
  text: readonly Token[],
  report: Preprocessing['report'],
): void {
  let depth = 0;
  for (const token of text) {
    if (token.kind !== 'directive' || token.offset < start || token.offset >= end) continue;
    const keyword = lexDirective(token)[0]?.text ?? '';
    if (keyword.startsWith('if')) depth += 1;
    else if (keyword === 'endif') depth -= 1;
    else if (keyword.startsWith('el') && depth === 0) depth = -1;
    if (depth < 0) break;
  }
  if (depth !== 0)
    report(
      new IigError(
        at,
        `an #if begins or ends in the middle of class ${name}; put it around the class, or inside`,
      ),
    );
}

/** The methods of `class EXTENDS(X) …` are methods of X, ahead of its own. */
function extendClasses(
  { classes, extensions }: ParsedFile,
  report: Preprocessing['report'],
): readonly ClassDeclaration[] {
  const named = (extension: ClassDeclaration): string | undefined =>
    extension.annotations.get('EXTENDS');
  for (const extension of extensions) {
    const name = named(extension);
    const what =
      extension.base !== undefined
        ? 'has EXTENDS and cannot have a base class; leave out one of them'
        : classes.some((declaration) => declaration.name === name)
          ? undefined
          : `extends ${name}, which is not declared in this file; add the methods to ${name} where it stands`;
    if (what !== undefined) report(new IigError(extension.at, `class ${extension.name} ${what}`));
  }
  return classes.map((declaration) => {
    const added = extensions.filter((extension) => named(extension) === declaration.name);
    return { ...declaration, methods: [...added, declaration].flatMap(({ methods }) => methods) };
  });
}

function declare(declaration: ClassDeclaration, file: SourceFile, program: Program): void {
  const earlier = program.classes.get(declaration.name);
  if (earlier !== undefined) {
    const message = `class ${declaration.name} is already declared in ${earlier.file.path}; give one of them another name`;
    program.errors.push(new IigError(declaration.at, message));
    return;
  }
  program.classes.set(declaration.name, { declaration, file });
}

function include(request: IncludeRequest, from: SourceFile, loading: Loading): void {
  const found = locate(request, from, loading);
  if (found === undefined) {
    if (request.name.endsWith('.iig'))
      throw new IigError(
        request.at,
        `cannot find ${request.name} (searched ${searched(request, from, loading)}); correct the name, or add its folder with -I`,
      );
    return;
  }
  const identity = realpathSync(found);
  if (loading.loaded.has(identity)) return;
  loading.loaded.add(identity);
  if (found.endsWith('.iig')) loadIig(found, loading);
  else scanHeader(found, loading);
}

/** The header of a .iig file may not be written yet, and its source says more than it would. */
function locate(request: IncludeRequest, from: SourceFile, loading: Loading): string | undefined {
  return (
    find(request.name.replace(/\.h$/, '.iig'), request, from, loading) ??
    find(request.name, request, from, loading)
  );
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
  const nobody = (): void => undefined;
  try {
    const tokens = preprocess(lex(source), workOf(source, loading, nobody));
    parseFile(tokens, loading.program.names, nobody);
  } catch (error) {
    if (!(error instanceof IigError)) throw error;
  }
}
