// The front half of the compiler as the rest uses it: `resolveInterface({ path, text })` → model and diagnostics.

export { joinPath } from './import-paths.js';
export type { ImportedFile } from './imports.js';
export * from './model.js';
export {
  type Opened,
  openInterface,
  type Resolution,
  resolveInterface,
} from './resolve-interface.js';
