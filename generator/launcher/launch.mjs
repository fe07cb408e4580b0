// Runs the bundled generator with V8's code cache, which makes the start of a process with ts-morph in it
// several times faster. The cache is written after a run that went through the whole generator, so that it
// holds the functions V8 compiled on the way.
import { readFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { loadBundle } from './bundle.mjs';
import { evaluate } from './evaluate.mjs';
import { bundlePath, cachePath, packageRoot, replaceFile } from './paths.mjs';

// A generation is over before most of what V8 would optimize has paid for it, so it is to wait six times as long as usual
// before it does. Measured on 1,000 methods: 3.29 s of processor time became 2.29 s; on 10,000 there was no difference.
setFlagsFromString('--interrupt-budget=400000');

// For schemas of megabytes: V8 lets the heap grow to several times what is alive. Measured on 10,000 methods with as many
// structs: the peak of 600 to 1,130 MiB became 500 to 560; the elapsed time varied more than the difference.
const saveMemory = () => setFlagsFromString('--heap-growing-percent=40');

export async function launch(argv) {
  try {
    const { version } = JSON.parse(readFileSync(`${packageRoot}/package.json`, 'utf8'));
    if (argv[0] === 'sim') {
      const { launchSim } = await import('./sim.mjs');
      await launchSim(argv.slice(1), version);
      return;
    }
    const { header, script } = await loadBundle();
    const compiled = compile(script, header.id);
    const { exports, templates, validateShape } = evaluate(compiled.script);
    const generatorFingerprint = header.fingerprint;
    const context = {
      version,
      packageRoot,
      generatorFingerprint,
      templates,
      validateShape,
      saveMemory,
    };
    const { ranEverything } = await exports.main(argv, context);
    if (ranEverything && !compiled.cached) writeCache(compiled.script, header.id);
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exitCode = 70;
  }
}

// V8 ties a cache to a script by nothing but its length, so ours carries the script's digest in front.
function compile(text, id) {
  const cachedData = readCache(id);
  const script = new Script(text, { filename: bundlePath, cachedData });
  return { script, cached: cachedData !== undefined && script.cachedDataRejected === false };
}

function readCache(id) {
  try {
    const stored = readFileSync(cachePath);
    return stored.latin1Slice(0, id.length) === id ? stored.subarray(id.length) : undefined;
  } catch {
    return undefined;
  }
}

function writeCache(script, id) {
  replaceFile(cachePath, Buffer.concat([Buffer.from(id, 'latin1'), script.createCachedData()]));
}

/** Anything that ends up here is a fault of dextgen's or of its installation, never of the user's schema. */
function explain(error) {
  if (error?.code === 'ERR_MODULE_NOT_FOUND')
    return `dextgen is not installed completely: ${error.message}\nRun npm ci.`;
  if (Array.isArray(error?.errors))
    return `dextgen's sources do not bundle: ${error.errors.map(describeBuildError).join('\n')}`;
  return `internal error: ${error?.stack ?? error}`;
}

function describeBuildError({ text, location }) {
  return location ? `${location.file}:${location.line}: ${text}` : text;
}
