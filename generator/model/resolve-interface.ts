// Text → model, phase by phase: parse, shape, imports, meaning, generated names. A phase reports all it can; the next
// runs only after a clean one.
import { type Diagnostic, gatherDiagnostics, sortDiagnostics } from '../diagnostics/index.js';
import {
  createReport,
  openSource,
  parseSource,
  type Report,
  type Source,
  type SourceFile,
  type SourceNode,
} from '../source/index.js';
import { checkGeneratedNames } from '../validate/generated-names.js';
import { checkInheritedNames } from '../validate/inherited-names.js';
import { checkShape } from '../validate/shape.js';
import { checkTypesShape } from '../validate/types-file.js';
import { type ImportedFile, importTypes, isTypesFile, type Merged } from './imports.js';
import type { Model } from './model.js';
import { checkTypes, resolve } from './resolve.js';

export type Resolution = {
  /** Null when there is an error among the diagnostics, and for a file that holds types only. */
  readonly model: Model | null;
  /** It declares no interface: other files import it. */
  readonly typesOnly: boolean;
  /** By place. */
  readonly diagnostics: readonly Diagnostic[];
};

/** A resolution with the text it came from, for what looks at places again. */
export type Opened = Resolution & {
  /** Null when the text is no YAML. Imported types stand below `types`, with places in their own files. */
  readonly root: SourceNode | null;
  /** The schema first. */
  readonly sources: readonly Source[];
};

function merge(
  root: SourceNode,
  files: readonly ImportedFile[],
  { sources, report, sound }: { sources: Source[]; report: Report; sound: () => boolean },
): Merged {
  const merged: Merged = { root, imported: new Set() };
  return sound() ? importTypes({ root, files, sources, report }) : merged;
}

/** `file.path` is relative to the project; it is what diagnostics and the model name. */
export function openInterface(file: SourceFile, imported: readonly ImportedFile[] = []): Opened {
  const source = openSource(file);
  const sources = [source];
  const { report, diagnostics } = createReport(sources);
  const sound = (): boolean => diagnostics.length === 0;
  const finish = (root: SourceNode | null, model: Model | null, typesOnly: boolean): Opened => {
    const kept = sound() ? model : null;
    const told = gatherDiagnostics(sortDiagnostics(diagnostics));
    return { root, sources, model: kept, typesOnly, diagnostics: told };
  };
  const parsed = parseSource(source, report);
  if (parsed === null) return finish(null, null, false);
  const typesOnly = isTypesFile(parsed);
  if (typesOnly) checkTypesShape(parsed, report);
  else checkShape(parsed, report);
  const { root, imported: names } = merge(parsed, imported, { sources, report, sound });
  if (!sound()) return finish(root, null, typesOnly);
  if (typesOnly) {
    checkTypes(root, report);
    return finish(root, null, true);
  }
  const model = resolve(root, { source, imported: names }, report);
  if (sound()) {
    checkGeneratedNames(model, root, report);
    checkInheritedNames(model, root, report);
  }
  return finish(root, model, false);
}

export function resolveInterface(
  file: SourceFile,
  imported: readonly ImportedFile[] = [],
): Resolution {
  const { model, typesOnly, diagnostics } = openInterface(file, imported);
  return { model, typesOnly, diagnostics };
}
