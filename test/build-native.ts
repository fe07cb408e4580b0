// Builds what the end-to-end tests run: the simulator, and for every interface with a driver its dext and addon.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { BuildError, buildAddon, buildDext, buildSimulator } from 'dextgen/simulator';

const interfaces = readdirSync('generated').filter((name) => existsSync(join('dext', name)));

try {
  await buildSimulator();
  for (const name of interfaces) {
    await buildDext({ interface: name });
    await buildAddon({ interface: name });
  }
} catch (error) {
  if (!(error instanceof BuildError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
