// Runs a bundled script as the function it is: a CommonJS module that also knows its URL.
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { bundleFolder, bundlePath } from './paths.mjs';

export const parameters = 'exports,require,module,__filename,__dirname,importMetaUrl';

/** Returns the module: `exports`, and `templates` and `validateShape` once the bundle has them. */
export function evaluate(script) {
  const module = { exports: {} };
  const url = pathToFileURL(bundlePath).href;
  const run = script.runInThisContext({ displayErrors: false });
  run(module.exports, createRequire(url), module, bundlePath, bundleFolder, url);
  return module;
}
