// Module resolution of a test process: uvu, watched; everything else as usual.
import type { ResolveHook } from 'node:module';

const watched = new URL('./watched-uvu.js', import.meta.url).href;

export const resolve: ResolveHook = (specifier, context, next) =>
  specifier === 'uvu' && context.parentURL !== watched
    ? next(watched, context)
    : next(specifier, context);
