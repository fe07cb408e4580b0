// Where the package and its bundle are, and how a file gets replaced in one step.
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const packageRoot = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const bundleFolder = join(packageRoot, 'build', 'generator');
export const bundlePath = join(bundleFolder, 'dextgen.cjs');
/** `dextgen sim`. */
export const simBundlePath = join(bundleFolder, 'dextgen-sim.mjs');
export const simEntryPath = join(packageRoot, 'generator', 'cli', 'sim', 'main.ts');
export const cachePath = join(bundleFolder, 'dextgen.cache');
/** The entry of the sources; a published package has only the bundle. */
export const entryPath = join(packageRoot, 'generator', 'cli.ts');

/** Two processes may do this at once: each renames a complete file of its own. Not being able to write is no error. */
export function replaceFile(path, content) {
  const temporary = `${path}.${process.pid}.tmp`;
  quietly(() => {
    writeFileSync(temporary, content);
    renameSync(temporary, path);
  }) || quietly(() => rmSync(temporary, { force: true }));
}

/** Whether it went well. What the launcher keeps only saves time. */
export function quietly(act) {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}
