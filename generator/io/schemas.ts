// Finds and reads the schemas that a command is about.
import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Diagnostic } from '../diagnostics/index.js';
import { joinPath } from '../model/import-paths.js';
import type { ImportedFile } from '../model/imports.js';
import { importsOf, keptFilesOf } from '../source/index.js';
import { projectPath, shownPath } from './paths.js';
import { problem, unreadable } from './problems.js';
import { entriesOf } from './tree.js';

export type Schema = {
  /** As the user would write it: for messages. */
  readonly shown: string;
  /** Relative to the project: for generated files. */
  readonly path: string;
  readonly text: string;
  /** Where it is on this machine. */
  readonly file: string;
  /** Every file that it imports, and that those import, by path. */
  readonly imported: readonly Imported[];
};

/** `file`: where it is, or would be, on this machine. */
export type Imported = ImportedFile & { readonly shown: string; readonly file: string };

export type Schemas = {
  readonly schemas: readonly Schema[];
  /** Project paths of the folders searched; null when single files were named, which says nothing about the others. */
  readonly folders: readonly string[] | null;
  /** The files and folders that were looked at, whether they exist or not, on this machine. */
  readonly inputs: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
};

const interfaceFile = /\.(ya?ml|json)$/i;
/** The language itself; it lies beside the interfaces for editors. */
const languageFile = /\.schema\.json$/;

/** `named`: files and folders; none means the folder `schema`. */
export function findSchemas(named: readonly string[], cwd: string): Schemas {
  const places = (named.length > 0 ? named : ['schema']).map((place) => resolve(cwd, place));
  const found = places.map((place) => findIn(place, cwd));
  const files = [...new Set(found.flatMap((one) => one.files))];
  const read = files.map((file) => readSchema(file, cwd));
  const schemas = read.flatMap(({ schema }) => (schema === null ? [] : [schema]));
  const imported = schemas.flatMap((schema) => schema.imported.map(({ file }) => file));
  return {
    schemas,
    inputs: [...new Set([...places, ...files, ...imported])],
    folders: found.every((one) => one.folder)
      ? places.map((place) => projectPath(join(place, 'any')).replace(/any$/, ''))
      : null,
    diagnostics: [...found, ...read].flatMap(({ diagnostic }) => diagnostic ?? []),
  };
}

type Found = {
  readonly files: readonly string[];
  readonly folder: boolean;
  readonly diagnostic: Diagnostic | null;
};

function findIn(place: string, cwd: string): Found {
  const shown = shownPath(place, cwd);
  const status = statSync(place, { throwIfNoEntry: false });
  if (status?.isFile()) return { files: [place], folder: false, diagnostic: null };
  if (status === undefined) {
    const message = 'there is no such file or folder';
    const hint = 'run dextgen where the folder schema/ is, or name the schema';
    const diagnostic = problem({ code: 'DK908', file: shown, message, hint });
    return { files: [], folder: true, diagnostic };
  }
  const files = listSchemas(place);
  const message = 'no interface in this folder (*.yaml, *.yml or *.json)';
  const diagnostic = files.length > 0 ? null : problem({ code: 'DK908', file: shown, message });
  return { files, folder: true, diagnostic };
}

/** Sorted by code unit, never by locale. */
export function listSchemas(folder: string): readonly string[] {
  return schemaFolders(folder)
    .flatMap((inner) =>
      entriesOf(inner)
        .filter(({ name }) => interfaceFile.test(name) && !languageFile.test(name))
        .map(({ name }) => join(inner, name)),
    )
    .sort((a, b) => (a < b ? -1 : 1));
}

/** The folder and those in it that may hold schemas. */
export function schemaFolders(folder: string): readonly string[] {
  const inner = entriesOf(folder).filter(
    (entry) => entry.isDirectory() && !/^(\.|node_modules$)/.test(entry.name),
  );
  return [folder, ...inner.flatMap(({ name }) => schemaFolders(join(folder, name)))];
}

type Read = { readonly schema: Schema | null; readonly diagnostic: Diagnostic | null };

function readSchema(file: string, cwd: string): Read {
  const shown = shownPath(file, cwd);
  const text = readText(file);
  if (typeof text !== 'string') return { schema: null, diagnostic: text.problem(shown) };
  const schema = { shown, path: projectPath(file), text, file };
  const imported = readImports({ ...schema, cwd });
  return { schema: { ...schema, imported }, diagnostic: null };
}

/** Why a file cannot be read, as a diagnostic about the path that the user knows it by. */
type Unreadable = { readonly problem: (shown: string) => Diagnostic };

function readText(file: string): string | Unreadable {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    const encoding = (error as NodeJS.ErrnoException).code === 'ERR_ENCODING_INVALID_ENCODED_DATA';
    const message = 'not UTF-8 text';
    return {
      problem: (shown) =>
        encoding ? problem({ code: 'DK915', file: shown, message }) : unreadable(shown, error),
    };
  }
}

type Importing = {
  readonly file: string;
  readonly path: string;
  readonly text: string;
  readonly cwd: string;
};

/** The closure of a file's imports and the .iig files that it keeps, each file once. What is wrong with one is told where it is imported. */
function readImports(schema: Importing): readonly Imported[] {
  const found = new Map<string, Imported>();
  const queue: Importing[] = [schema];
  for (let from = queue.shift(); from !== undefined; from = queue.shift()) {
    const kept = from === schema ? keptFilesOf(from.text) : [];
    for (const written of [...importsOf(from.text), ...kept]) {
      const path = joinPath(from.path, written);
      if (path === schema.path || found.has(path)) continue;
      const file = resolve(dirname(from.file), written);
      const text = readText(file);
      const shown = shownPath(file, schema.cwd);
      const read = typeof text === 'string';
      const reason = read ? '' : text.problem(shown).message;
      found.set(path, { path, shown, file, text: read ? text : null, reason });
      if (read && !kept.includes(written)) queue.push({ file, path, text, cwd: schema.cwd });
    }
  }
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Generated files name a schema relative to its project, messages relative to where the user stands. */
export function relocate(
  diagnostics: readonly Diagnostic[],
  schema: Schema,
): readonly Diagnostic[] {
  const shown = new Map([schema, ...schema.imported].map((file) => [file.path, file.shown]));
  const move = <T extends { readonly file: string } | null>(at: T): T =>
    at === null ? at : { ...at, file: shown.get(at.file) ?? at.file };
  return diagnostics.map((diagnostic) => ({
    ...diagnostic,
    at: move(diagnostic.at),
    notes: diagnostic.notes.map((note) => ({ ...note, at: move(note.at) })),
  }));
}
