// The generator as one script: read from build/generator/ when it is current, else bundled with esbuild, the
// templates and the validator of the schema's shape compiled into it. A comment says what the script was made from; the rest is one function expression.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { evaluate, parameters } from './evaluate.mjs';
import {
  bundleFolder,
  bundlePath,
  entryPath,
  packageRoot,
  quietly,
  replaceFile,
} from './paths.mjs';

/** Besides the sources: what decides which dependencies, and which bundler, made the script. */
const versionFiles = [
  'package.json',
  'package-lock.json',
  'node_modules/.package-lock.json',
  'generator/launcher/bundle.mjs',
];

const buildOptions = {
  absWorkingDir: packageRoot,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20.19',
  minify: true,
  charset: 'ascii',
  define: { 'import.meta.url': 'importMetaUrl' },
  legalComments: 'none',
  logLevel: 'silent',
  write: false,
};

/** `{ header: { id, fingerprint, inputs }, script }` */
export async function loadBundle() {
  const stored = readStored();
  if (stored !== null && isCurrent(stored.header.inputs, entryPath)) return stored;
  const { header, script } = await makeBundle();
  quietly(prepareFolder);
  replaceFile(bundlePath, script);
  return { header, script };
}

function readStored() {
  try {
    // esbuild writes ASCII, and latin1 is the fastest way to a string of it.
    const script = readFileSync(bundlePath, 'latin1');
    return { header: JSON.parse(script.slice(2, script.indexOf('*/'))), script };
  } catch {
    return null;
  }
}

/** A published package has no sources, and its bundle is right as it is. */
export function isCurrent(inputs, entry) {
  return !existsSync(entry) || inputs.every(([path, stamp]) => stampOf(path) === stamp);
}

/** Of these sources and of what else decides what a bundle of them is. */
export function stampsOf(sources) {
  return [...sources, ...versionFiles].map((path) => [path, stampOf(path)]);
}

/** Size and time together notice an older file put back as well as a newer one. */
function stampOf(path) {
  const status = statSync(join(packageRoot, path), { throwIfNoEntry: false });
  return status === undefined ? 'none' : `${status.size}@${status.mtimeMs}`;
}

async function makeBundle() {
  const { build } = await import('esbuild');
  const program = await build({ ...buildOptions, entryPoints: [entryPath], metafile: true });
  const { exports } = evaluate(new Script(functionOf(textOf(program)), { filename: bundlePath }));
  const { templates, validator, files } = exports.precompile(packageRoot);
  const stdin = { contents: validator, resolveDir: packageRoot };
  const validateShape = textOf(await build({ ...buildOptions, stdin }));
  const code = functionOf(
    `${textOf(program)};module.templates=${templates};` +
      `module.validateShape=(function(module){${validateShape};return module.exports})({exports:{}});`,
  );
  const sources = Object.keys(program.metafile.inputs)
    .filter((path) => /^(generator|schema)\//.test(path))
    .sort();
  const header = {
    id: createHash('sha256').update(code).digest('hex'),
    fingerprint: fingerprint(sources.filter(decides)),
    inputs: stampsOf([...sources, ...files]),
  };
  return { header, script: `/*${JSON.stringify(header)}*/${code}` };
}

function textOf(built) {
  return built.outputFiles[0].text;
}

/** What prints, explains, lints and formats is no reason to call a generated file stale. */
function decides(path) {
  return !/^generator\/(cli|explain|fmt|lint)\//.test(path);
}

function functionOf(code) {
  return `(function(${parameters}){${code}\n})`;
}

/** Digest of the generator's sources: the same on every machine, whatever its line endings. */
function fingerprint(sources) {
  const hash = createHash('sha256');
  for (const path of sources) {
    const text = readFileSync(join(packageRoot, path), 'utf8').replaceAll('\r\n', '\n');
    hash.update(`${path}\0${text}\0`);
  }
  return hash.digest('hex');
}

/** Also clears what a killed launcher left here. */
export function prepareFolder() {
  mkdirSync(bundleFolder, { recursive: true });
  const old = Date.now() - 600_000;
  for (const name of readdirSync(bundleFolder).filter((name) => name.endsWith('.tmp'))) {
    const path = join(bundleFolder, name);
    if (statSync(path).mtimeMs < old) rmSync(path, { force: true });
  }
}
