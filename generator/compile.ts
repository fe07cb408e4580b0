// One schema's text to the files generated from it. Pure: reads no file, knows no folder.
import { type Diagnostic, hasErrors, sortDiagnostics } from './diagnostics/index.js';
import { emitWith } from './emit/all-emitters.js';
import type { OutputFile } from './emit/emitter.js';
import { checkKept } from './kept/check.js';
import type { Model } from './model/model.js';
import { resolveInterface } from './model/resolve-interface.js';
import type { Render } from './render/render.js';
import { type SchemaFile, unixText } from './schema-file.js';

export type Resolution = {
  /** Null when the schema has errors, and when it holds types only. */
  readonly model: Model | null;
  /** It declares no interface: other files import it. */
  readonly typesOnly: boolean;
  readonly diagnostics: readonly Diagnostic[];
};

export type Compilation = Resolution & {
  /** By path; empty when the schema has errors. */
  readonly files: readonly OutputFile[];
};

export function resolveSchema(schema: SchemaFile): Resolution {
  const text = unixText(schema.text);
  const resolved = resolveInterface({ path: schema.path, text }, schema.imported);
  const { model, typesOnly, diagnostics } = resolved;
  const sorted = sortDiagnostics(diagnostics);
  return { model: hasErrors(sorted) ? null : model, typesOnly, diagnostics: sorted };
}

export function compile(schema: SchemaFile, render: Render): Compilation {
  const resolved = resolveSchema(schema);
  const { model } = resolved;
  if (model === null) return { ...resolved, files: [] };
  const text = unixText(schema.text);
  const diagnostics = checkKept(model, { ...schema, text });
  if (hasErrors(diagnostics)) return { ...resolved, model: null, diagnostics, files: [] };
  return { ...resolved, files: emitWith(model, render) };
}
