// The front half of the compiler as the rest uses it: `resolveInterface({ path, text })` → model and diagnostics.
export * from './model.js';
export { type Resolution, resolveInterface } from './resolve-interface.js';
