// The output folder as a whole: interface folders without a schema, folders that are somebody else's, and what
// an interrupted run left behind.
import { join } from 'node:path';
import type { Diagnostic } from '../diagnostics/index.js';
import { MANIFEST_FILE, type Manifest, parseManifest } from './manifest.js';
import { type Plan, type PlannedInterface, shownOut } from './plan.js';
import { problem } from './problems.js';
import { leftovers } from './stage.js';
import { entriesOf, readTree, type Tree } from './tree.js';

export type Orphan = {
  readonly name: string;
  /** It is known to come from a schema of this project that is gone, and holds nothing else. */
  readonly removable: boolean;
  readonly diagnostic: Diagnostic;
};

/** None unless whole folders of schemas were compiled: a single schema says nothing about the others. */
export function findOrphans(plan: Plan): readonly Orphan[] {
  const { folders, interfaces, out } = plan;
  if (folders === null) return [];
  const known = new Set(interfaces.map(({ id }) => id));
  return entriesOf(out)
    .filter((entry) => entry.isDirectory() && !known.has(entry.name) && !entry.name.startsWith('.'))
    .flatMap(({ name }) => {
      const tree = readTree(join(out, name));
      const manifest = tree.get(MANIFEST_FILE);
      if (tree.size === 0 || !(plan.ownsOut || manifest)) return [];
      const recorded = manifest ? parseManifest(manifest.toString('utf8')) : null;
      const removable = isRemovable(tree, recorded, folders);
      return [{ name, removable, diagnostic: orphanProblem(plan, name, recorded) }];
    });
}

function isRemovable(tree: Tree, recorded: Manifest | null, folders: readonly string[]): boolean {
  if (recorded === null) return false;
  const fromHere = folders.some((path) => path !== '' && recorded.schemaPath.startsWith(path));
  const files = [...tree.keys()].filter((path) => path !== MANIFEST_FILE);
  return fromHere && files.every((path) => recorded.files.has(path));
}

function orphanProblem(plan: Plan, name: string, recorded: Manifest | null): Diagnostic {
  const file = shownOut(plan, name);
  const message =
    recorded === null
      ? 'no schema generates this folder'
      : `no schema generates this folder; it came from ${recorded.schemaPath}`;
  return problem({ code: 'DK907', file, message, hint: 'delete it, or put its schema back' });
}

/** A folder with files that are not ours and no manifest was not written by dextgen, and is not ours to clear. */
export function findForeign(plan: Plan, planned: PlannedInterface, tree: Tree): Diagnostic | null {
  const foreign = [...tree.keys()].filter((path) => !planned.files.has(path));
  if (tree.has(MANIFEST_FILE) || foreign.length === 0) return null;
  const file = shownOut(plan, planned.id);
  const message = `not a folder of dextgen: it has ${foreign[0]} and no ${MANIFEST_FILE}`;
  return problem({ code: 'DK912', file, message, hint: 'choose another folder with --out' });
}

export function findLeftovers(plan: Plan): readonly Diagnostic[] {
  return leftovers(plan.out).map((name) =>
    problem({
      code: 'DK911',
      file: shownOut(plan, name),
      message: 'an interrupted dextgen gen left this behind',
      hint: 'run: dextgen gen',
    }),
  );
}
