// What lies in an output folder.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Content by path with forward slashes; null for what is no regular file. */
export type Tree = ReadonlyMap<string, Buffer | null>;

/**
 * What building in place leaves among the generated files: node-gyp's output of the addon, and the Xcode project
 * of project.yml. Neither compared nor removed.
 */
const builtInPlace = /^(addon\/build|plist\/[^/]+\.xcodeproj)$/;

/** Empty when there is no such folder. */
export function readTree(folder: string): Tree {
  const tree = new Map<string, Buffer | null>();
  for (const { path, isFile } of walk(folder, '')) {
    tree.set(path, isFile ? readFileSync(join(folder, path)) : null);
  }
  return tree;
}

/** Folders that were built in place, by path. */
export function builtFolders(folder: string): readonly string[] {
  return ['addon', 'plist'].flatMap((part) =>
    entriesOf(join(folder, part))
      .map((entry) => `${part}/${entry.name}`)
      .filter((path) => builtInPlace.test(path)),
  );
}

function* walk(folder: string, prefix: string): Generator<{ path: string; isFile: boolean }> {
  for (const entry of entriesOf(join(folder, prefix))) {
    const path = `${prefix}${entry.name}`;
    if (builtInPlace.test(path)) continue;
    if (entry.isDirectory()) yield* walk(folder, `${path}/`);
    else yield { path, isFile: entry.isFile() };
  }
}

export function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
