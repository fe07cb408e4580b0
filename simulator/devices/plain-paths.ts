// Make splits its words at spaces and takes some characters for its own, which the folders of Xcode projects have in
// their names: such a project is built through links whose names are plain.
import { mkdirSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';

const ODD = /[^\w./+@-]/g;

/** Whether make and the shell take the path as it is. */
export const isPlain = (path: string): boolean => path.search(ODD) < 0;

export const isHeader = (path: string): boolean => /\.(h|hpp|iig)$/.test(path);

/** Every file below a folder, links to files included. */
export const filesBelow = (folder: string): readonly string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)
    .sort();

const plainName = (name: string): string => name.replace(ODD, '-');

/** Links a file below `copy` under a plain name; a header under its own as well, for #include. */
function link(folder: string, path: string, copy: string): void {
  const inside = relative(folder, path);
  const plain = join(copy, inside.split(sep).map(plainName).join(sep));
  const names = isHeader(path) ? new Set([basename(plain), basename(path)]) : [basename(plain)];
  mkdirSync(dirname(plain), { recursive: true });
  for (const name of names) symlinkSync(path, join(dirname(plain), name));
}

/** The files, or, when not all of their paths are plain, links to them in `copy`, which is made anew. */
export function plainFiles(
  folder: string,
  files: readonly string[],
  copy: string,
): { readonly folder: string; readonly files: readonly string[] } {
  if (files.every(isPlain)) return { folder, files };
  rmSync(copy, { recursive: true, force: true });
  for (const file of files) link(folder, file, copy);
  return { folder: copy, files: filesBelow(copy).filter(isPlain) };
}
