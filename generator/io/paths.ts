// The paths that are printed: relative, with forward slashes, the same on every machine.
import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, sep } from 'node:path';

/** A path as the user would write it from `cwd`: relative, unless that is the longer way to say it. */
export function shownPath(path: string, cwd: string): string {
  const short = relative(cwd, path) || '.';
  return (short.length <= path.length ? short : path).split(sep).join('/');
}

/**
 * The schema's path relative to its project. The project is the folder that holds `schema/`; for a schema kept
 * elsewhere, the nearest folder with a package.json or a repository. It must not depend on the working directory.
 */
export function projectPath(file: string): string {
  const project = folderAbove(file, 'schema') ?? nearestProject(file) ?? dirname(file);
  return relative(project, file).split(sep).join('/');
}

/** The folder that contains the innermost folder called `name` around `file`. */
function folderAbove(file: string, name: string): string | null {
  for (const folder of foldersAround(file)) if (basename(folder) === name) return dirname(folder);
  return null;
}

function nearestProject(file: string): string | null {
  for (const folder of foldersAround(file)) {
    if (['package.json', '.git'].some((mark) => existsSync(join(folder, mark)))) return folder;
  }
  return null;
}

/** From the innermost outwards. */
function* foldersAround(file: string): Generator<string> {
  let folder = dirname(file);
  while (folder !== dirname(folder)) {
    yield folder;
    folder = dirname(folder);
  }
}
