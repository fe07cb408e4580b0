// `npm run bench [-- GROUP…]`: runs the groups and prints one JSON line per figure, when it is measured or at the end of
// its group.

import { benchDemo } from './demo.js';
import type { Figure } from './figure.js';
import { benchGen } from './gen.js';
import { benchSim } from './sim.js';

const groups: Readonly<Record<string, () => AsyncIterable<Figure> | Promise<Figure[]>>> = {
  gen: benchGen,
  demo: benchDemo,
  sim: benchSim,
};

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => groups[name] === undefined);
if (unknown.length > 0) {
  console.error(`no group ${unknown.join(', ')}; there are ${Object.keys(groups).join(', ')}`);
  process.exit(2);
}
for (const [name, bench] of Object.entries(groups)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  for await (const line of await bench()) console.log(JSON.stringify(line));
}
