// Builds what the end-to-end tests run: the simulator, for every interface with a driver its dext and addon, and the
// projects of test/interfaces. With names, only those; `clang++` is the simulator for drivers with blocks.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BuildError, buildAddon, buildDext, buildSimulator } from 'dextgen/simulator';
import { hasClang } from './compilers.js';
import { interfaceNames, prepareInterface } from './interfaces/projects.js';

async function prepareExample(name: string): Promise<void> {
  await buildDext({ interface: name });
  await buildAddon({ interface: name });
}

const examples = readdirSync('generated').filter((name) => existsSync(join('dext', name)));
const wanted = new Set(process.argv.slice(2));
const withClang = wanted.size === 0 || wanted.delete('clang++');
const jobs = [
  ...examples.map((name) => ({ name, prepare: prepareExample })),
  ...interfaceNames().map((name) => ({ name, prepare: prepareInterface })),
].filter(({ name }) => wanted.size === 0 || wanted.has(name));

/** One job at a time; an addon compiles in one process, so two of these fill two processors. */
async function work(): Promise<void> {
  for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) await job.prepare(job.name);
}

try {
  await buildSimulator();
  if (hasClang && withClang) await buildSimulator({ compiler: 'clang++' });
  if (jobs.length === 0) throw new BuildError(`there is no ${[...wanted].join(', ')}`);
  await Promise.all([work(), work()]);
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
