// Text → model, phase by phase: parse, shape, meaning, generated names. A phase reports all it can; the next runs only after a clean one.
import { type Diagnostic, sortDiagnostics } from '../diagnostics/index.js';
import { createReport, openSource, parseSource, type SourceFile } from '../source/index.js';
import { checkGeneratedNames } from '../validate/generated-names.js';
import { checkShape } from '../validate/shape.js';
import type { Model } from './model.js';
import { resolve } from './resolve.js';

export type Resolution = {
  /** Null when there is an error among the diagnostics. */
  readonly model: Model | null;
  /** By place. */
  readonly diagnostics: readonly Diagnostic[];
};

/** `file.path` is relative to the project; it is what diagnostics and the model name. */
export function resolveInterface(file: SourceFile): Resolution {
  const source = openSource(file);
  const { report, diagnostics } = createReport(source);
  const root = parseSource(source, report);
  if (root !== null) checkShape(root, report);
  const sound = (): boolean => diagnostics.length === 0;
  const model = root !== null && sound() ? resolve(root, source, report) : null;
  if (root !== null && model !== null && sound()) checkGeneratedNames(model, root, report);
  return { model: sound() ? model : null, diagnostics: sortDiagnostics(diagnostics) };
}
