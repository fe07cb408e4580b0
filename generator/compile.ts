// One schema's text to the files generated from it. Pure: reads no file, knows no folder.
import { type Diagnostic, hasErrors, sortDiagnostics } from './diagnostics/index.js';
import { emitWith } from './emit/all-emitters.js';
import type { OutputFile } from './emit/emitter.js';
import type { Model } from './model/model.js';
import { resolveInterface } from './model/resolve-interface.js';
import type { Render } from './render/render.js';

/** `path` is relative to the project, with forward slashes: it is printed in every generated file. */
export type SchemaFile = { readonly path: string; readonly text: string };

export type Resolution = {
  /** Null when the schema has errors. */
  readonly model: Model | null;
  readonly diagnostics: readonly Diagnostic[];
};

export type Compilation = Resolution & {
  /** By path; empty when the schema has errors. */
  readonly files: readonly OutputFile[];
};

export function resolveSchema(schema: SchemaFile): Resolution {
  const text = unixText(schema.text);
  const { model, diagnostics } = resolveInterface({ path: schema.path, text });
  const sorted = sortDiagnostics(diagnostics);
  return { model: hasErrors(sorted) ? null : model, diagnostics: sorted };
}

export function compile(schema: SchemaFile, render: Render): Compilation {
  const { model, diagnostics } = resolveSchema(schema);
  if (model === null) return { model, diagnostics, files: [] };
  return { model, diagnostics, files: emitWith(model, render) };
}

/** Line feeds only and no byte order mark, so that a schema means the same however it was checked out. */
export function unixText(text: string): string {
  return text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n');
}
