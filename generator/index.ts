// The generator as a library: schema text in, model, files and diagnostics out. Nothing here touches a file.
export {
  type Compilation,
  compile,
  type Resolution,
  resolveSchema,
} from './compile.js';
export * from './diagnostics/index.js';
export type { Emitter, OutputFile } from './emit/emitter.js';
export type { ImportedFile } from './model/imports.js';
export type * from './model/model.js';
export { createRender, type Render, type Templates } from './render/render.js';
export type { SchemaFile } from './schema-file.js';
