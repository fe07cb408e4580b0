// `dextgen sim`: a bundle of its own, so that generating never loads a line of it. Read from build/generator/ when
// it is current, else bundled with esbuild; a published package has only the bundle.
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { isCurrent, prepareFolder, stampsOf } from './bundle.mjs';
import { packageRoot, quietly, replaceFile, simBundlePath, simEntryPath } from './paths.mjs';

export async function launchSim(argv, version) {
  const { main } = await loadProgram();
  process.exitCode = await main(argv, { version, program: process.argv[1] });
}

async function loadProgram() {
  if (!isStoredCurrent()) {
    const script = await makeBundle();
    quietly(prepareFolder);
    replaceFile(simBundlePath, script);
    if (!isStoredCurrent()) throw new Error(`${simBundlePath} cannot be written`);
  }
  return import(pathToFileURL(simBundlePath).href);
}

function isStoredCurrent() {
  try {
    const script = readFileSync(simBundlePath, 'latin1');
    const { inputs } = JSON.parse(script.slice(2, script.indexOf('*/')));
    return isCurrent(inputs, simEntryPath);
  } catch {
    return false;
  }
}

async function makeBundle() {
  const { build } = await import('esbuild');
  const { outputFiles, metafile } = await build({
    absWorkingDir: packageRoot,
    entryPoints: [simEntryPath],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    minify: true,
    charset: 'ascii',
    legalComments: 'none',
    logLevel: 'silent',
    metafile: true,
    write: false,
    // CommonJS packages inside ask for `require`.
    banner: {
      js: "import{createRequire as r}from'node:module';const require=r(import.meta.url);",
    },
  });
  const sources = Object.keys(metafile.inputs).filter((path) =>
    /^(generator|simulator)\//.test(path),
  );
  const inputs = stampsOf([...sources.sort(), 'generator/launcher/sim.mjs']);
  return `/*${JSON.stringify({ inputs })}*/${outputFiles[0].text}`;
}
