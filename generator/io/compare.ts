// Compares one interface's folder with what it has to hold, and gives every difference its cause.
import type { Diagnostic } from '../diagnostics/index.js';
import { digest, MANIFEST_FILE, type Manifest, parseManifest } from './manifest.js';
import type { PlannedInterface } from './plan.js';
import { problem } from './problems.js';
import type { Tree } from './tree.js';

type Cause = { readonly code: 'DK901' | 'DK902' | 'DK903' | 'DK910'; readonly text: string };

type Comparison = {
  readonly planned: PlannedInterface;
  readonly tree: Tree;
  /** The manifest on disk; null when it is missing or is none. */
  readonly recorded: Manifest | null;
  readonly cause: Cause;
  readonly show: (path: string) => string;
};

/** Sorted by path. `show` makes a path in the folder one that the user can open. */
export function compareInterface(
  planned: PlannedInterface,
  tree: Tree,
  show: (path: string) => string,
): readonly Diagnostic[] {
  const manifest = tree.get(MANIFEST_FILE);
  const recorded = manifest ? parseManifest(manifest.toString('utf8')) : null;
  const comparison = { planned, tree, recorded, cause: findCause(planned, recorded), show };
  const paths = [...new Set([...planned.files.keys(), ...tree.keys()])].sort();
  return paths.flatMap((path) => comparePath(comparison, path) ?? []);
}

/** Whether the folder already is what it has to be. */
export function isCurrent(planned: PlannedInterface, tree: Tree): boolean {
  if (tree.size !== planned.files.size) return false;
  return [...planned.files].every(([path, content]) => tree.get(path)?.equals(content));
}

function comparePath(comparison: Comparison, path: string): Diagnostic | null {
  const expected = comparison.planned.files.get(path);
  const actual = comparison.tree.get(path);
  if (expected === undefined) return extra(comparison, path);
  if (actual === undefined) return missing(comparison, path);
  if (actual?.equals(expected)) return null;
  return different(comparison, path, actual);
}

function extra({ recorded, cause, show }: Comparison, path: string): Diagnostic {
  const known = recorded?.files.has(path) ?? false;
  return problem({
    code: 'DK906',
    file: show(path),
    message: known ? `no longer generated: ${cause.text}` : 'dextgen does not generate this file',
    hint: known ? 'run: dextgen gen' : 'move it elsewhere; dextgen gen removes it',
  });
}

function missing({ recorded, cause, show }: Comparison, path: string): Diagnostic {
  const before = path === MANIFEST_FILE ? true : recorded?.files.has(path);
  const message = {
    true: 'missing: deleted since it was generated',
    false: `missing: it is new, ${cause.text}`,
    undefined: 'missing: not generated yet',
  }[`${before}`];
  return problem({ code: 'DK905', file: show(path), message, hint: 'run: dextgen gen' });
}

function different(comparison: Comparison, path: string, actual: Buffer | null): Diagnostic {
  const { planned, recorded, cause, show } = comparison;
  const file = show(path);
  const sameText = actual?.toString('latin1').replaceAll('\r\n', '\n');
  if (sameText === planned.files.get(path)?.toString('latin1')) {
    const hint = 'tell git to keep line feeds: generated/** text eol=lf in .gitattributes';
    return problem({ code: 'DK913', file, message: 'its line endings were converted', hint });
  }
  if (wasEdited(path, actual, recorded)) {
    const hint =
      'move the change into the schema or a hand-written file; dextgen gen overwrites it';
    const also = cause.code === 'DK910' ? '' : `; besides, ${cause.text}`;
    return problem({ code: 'DK904', file, message: `edited by hand${also}`, hint });
  }
  return problem({
    code: cause.code,
    file,
    message: `stale: ${cause.text}`,
    hint: 'run: dextgen gen',
  });
}

/** The manifest has no digest of its own: it was edited when none of its sources says otherwise. */
function wasEdited(path: string, actual: Buffer | null, recorded: Manifest | null): boolean {
  if (actual === null) return true;
  if (path === MANIFEST_FILE) return recorded === null;
  const generated = recorded?.files.get(path);
  return generated !== undefined && digest(actual) !== generated;
}

/** Every source that changed is named; the code is that of the first, in the order in which people change them. */
function findCause({ origins, schema }: PlannedInterface, recorded: Manifest | null): Cause {
  if (recorded === null) {
    return { code: 'DK910', text: `without ${MANIFEST_FILE} nothing tells what changed` };
  }
  const { path } = schema;
  const before = recorded.origins;
  const moved = recorded.schemaPath !== path ? ` (was ${recorded.schemaPath})` : '';
  const changed: Cause[] = [];
  if (before.schema !== origins.schema || moved !== '')
    changed.push({ code: 'DK901', text: `${path}${moved} changed since` });
  for (const imported of changedImports(before.imports, origins.imports))
    changed.push({ code: 'DK901', text: `${imported} changed since` });
  if (before.generator !== origins.generator)
    changed.push({ code: 'DK902', text: 'the generator changed since' });
  if (before.templates !== origins.templates)
    changed.push({ code: 'DK903', text: 'a template changed since' });
  const [first] = changed;
  if (first === undefined) {
    const text =
      'neither the schema, the generator nor a template changed, so a dependency of dextgen did';
    return { code: 'DK910', text };
  }
  return { code: first.code, text: changed.map(({ text }) => text).join(', ') };
}

/** Files that were, or are, imported; without the schema itself having changed, their content has. */
function changedImports(
  before: ReadonlyMap<string, string>,
  now: ReadonlyMap<string, string>,
): readonly string[] {
  const paths = [...new Set([...before.keys(), ...now.keys()])].sort();
  return paths.filter((path) => before.get(path) !== now.get(path));
}
