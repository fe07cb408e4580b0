// Text → model, phase by phase: parse, shape, meaning. A phase reports all it can; the next runs only after a clean one.
import { type Diagnostic, sortDiagnostics } from '../diagnostics/index.js';
import { createReport, openSource, parseSource, type SourceFile } from '../source/index.js';
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
  const model = root !== null && diagnostics.length === 0 ? resolve(root, source, report) : null;
  const sound = diagnostics.length === 0;
  return { model: sound ? model : null, diagnostics: sortDiagnostics(diagnostics) };
}
