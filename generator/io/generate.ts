// The two things `dextgen gen` does with a plan: say how the folders differ from it, or make them equal to it.
import { join } from 'node:path';
import { type Diagnostic, hasErrors } from '../diagnostics/index.js';
import { compareInterface, isCurrent } from './compare.js';
import { findForeign, findLeftovers, findOrphans, type Orphan } from './folders.js';
import { shownPath } from './paths.js';
import { type Plan, type PlannedInterface, shownOut } from './plan.js';
import { unreadable } from './problems.js';
import { type Replacement, recover, replaceFolders } from './stage.js';
import { readTree, type Tree } from './tree.js';

export type FolderResult = {
  readonly id: string;
  readonly folder: string;
  readonly schema: string | null;
  readonly written: readonly string[];
  readonly removed: readonly string[];
  readonly unchanged: number;
};

export type Outcome = {
  readonly folders: readonly FolderResult[];
  readonly diagnostics: readonly Diagnostic[];
};

/** Changes nothing. Any difference is an error. */
export function checkPlan(plan: Plan): Outcome {
  return guarded(plan, () => {
    const compared = plan.interfaces.map((planned) => {
      const tree = readTree(join(plan.out, planned.id));
      const show = (path: string) => shownOut(plan, planned.id, path);
      const drift = compareInterface(planned, tree, show);
      return { drift, result: unchangedFolder(plan, planned, planned.files.size - drift.length) };
    });
    const diagnostics = [
      ...plan.diagnostics,
      ...findLeftovers(plan),
      ...compared.flatMap(({ drift }) => drift),
      ...findOrphans(plan).map(({ diagnostic }) => diagnostic),
    ];
    return { folders: compared.map(({ result }) => result), diagnostics };
  });
}

export type WriteOptions = {
  /** Leave folders without a schema: it may be about to come back, as while an editor saves. */
  readonly keepOrphans?: boolean;
};

/** All or nothing; a folder that already is right is not touched. */
export function writePlan(plan: Plan, { keepOrphans = false }: WriteOptions = {}): Outcome {
  return guarded(plan, () => {
    recover(plan.out);
    const trees = plan.interfaces.map((planned) => readTree(join(plan.out, planned.id)));
    const foreign = plan.interfaces.flatMap(
      (planned, index) => findForeign(plan, planned, trees[index] ?? new Map()) ?? [],
    );
    if (foreign.length > 0) return { folders: [], diagnostics: [...plan.diagnostics, ...foreign] };
    const orphans = findOrphans(plan).map((orphan) => ({
      ...orphan,
      removable: orphan.removable && !keepOrphans,
    }));
    const steps = [
      ...plan.interfaces.map((planned, i) => interfaceStep(plan, planned, trees[i] ?? new Map())),
      ...orphans.filter(({ removable }) => removable).map((orphan) => orphanStep(plan, orphan)),
    ];
    const replacements = steps.flatMap(({ replacement }) => replacement ?? []);
    if (replacements.length > 0) replaceFolders(plan.out, replacements);
    const kept = orphans.filter(({ removable }) => !removable);
    return {
      folders: steps.map(({ result }) => result),
      diagnostics: [...plan.diagnostics, ...kept.map(({ diagnostic }) => asWarning(diagnostic))],
    };
  });
}

type Step = { readonly replacement: Replacement | null; readonly result: FolderResult };

function interfaceStep(plan: Plan, planned: PlannedInterface, tree: Tree): Step {
  if (isCurrent(planned, tree)) {
    return { replacement: null, result: unchangedFolder(plan, planned, planned.files.size) };
  }
  const { id, files } = planned;
  const written = [...files].filter(([path, content]) => !tree.get(path)?.equals(content));
  const result = {
    ...unchangedFolder(plan, planned, files.size - written.length),
    written: written.map(([path]) => path).sort(),
    removed: [...tree.keys()].filter((path) => !files.has(path)).sort(),
  };
  return { replacement: { id, files, tree }, result };
}

function orphanStep(plan: Plan, { name }: Orphan): Step {
  const tree = readTree(join(plan.out, name));
  const folder = shownOut(plan, name);
  const removed = [...tree.keys()].sort();
  return {
    replacement: { id: name, files: null, tree },
    result: { id: name, folder, schema: null, written: [], removed, unchanged: 0 },
  };
}

function unchangedFolder(plan: Plan, planned: PlannedInterface, unchanged: number): FolderResult {
  const { id, schema } = planned;
  const folder = shownOut(plan, id);
  return { id, folder, schema: schema.shown, written: [], removed: [], unchanged };
}

function asWarning(diagnostic: Diagnostic): Diagnostic {
  return { ...diagnostic, severity: 'warning' };
}

/** Errors of the plan end the matter, and what the system refuses becomes a diagnostic. */
function guarded(plan: Plan, act: () => Outcome): Outcome {
  if (hasErrors(plan.diagnostics)) return { folders: [], diagnostics: plan.diagnostics };
  try {
    return act();
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if (code === undefined || path === undefined) throw error;
    const diagnostic = unreadable(shownPath(path, plan.cwd), error);
    return { folders: [], diagnostics: [...plan.diagnostics, diagnostic] };
  }
}
