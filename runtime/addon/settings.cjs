// Build settings of every generated addon, read by its binding.gyp through node: where the headers are and
// what to link, on macOS (the system's frameworks) and elsewhere (the simulator's library).
'use strict';
const path = require('node:path');

const root = path.resolve(__dirname, '..', '..');
const mac = process.platform === 'darwin';
const simulator = path.join(root, 'simulator');

// For tests only: the addon and the library under the sanitizers that the rest of the simulator was built with.
const sanitize = process.env.ADDON_SANITIZE ?? '';
const build = sanitize === '' ? 'build' : `build/g++-${sanitize.replaceAll(',', '-')}`;
const sanitizer = sanitize === '' ? '' : `-fsanitize=${sanitize} -fno-sanitize-recover=all`;

/** For gyp's `<!@( … )`, which splits as a shell does. */
const quote = (text) => `"${text}"`;

const system = [path.dirname(require.resolve('node-addon-api'))].concat(
  mac ? [] : [path.join(simulator, 'iokit', 'include')],
);

module.exports = {
  includeDirs: [path.join(root, 'runtime'), path.join(root, 'runtime', 'wire')].map(quote).join(' '),
  // Headers that are not ours to keep free of warnings.
  cflags: `${system.map((directory) => quote(`-isystem${directory}`)).join(' ')} ${sanitizer}`.trim(),
  libraries: mac
    ? '-Wl,-framework,IOKit -Wl,-framework,CoreFoundation'
    : `${quote(path.join(simulator, build, 'libiokit.a'))} -lpthread ${sanitizer}`.trim(),
};
