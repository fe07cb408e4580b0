import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compileDext } from '../dext/dext-sources.js';
import { checkAddon, checkPaths, checkTables, checkTypeScript, filesOf } from './judge.js';
import { settle } from './schema-text.js';
import * as schemas from './schemas.js';
import { hardNames } from './words.js';

const [which = '', turns = '1'] = process.argv.slice(2);
for (let turn = 0; turn < Number(turns); turn++)
  for (const [name, make] of Object.entries(schemas)) {
    if (!name.includes(which)) continue;
    const t0 = performance.now();
    const lap = (what: string) => console.log(name, turn, what, Math.round(performance.now() - t0));
    try {
      const settled = settle((make as typeof schemas.callNames)({ all: hardNames, turn }));
      lap(
        `settled, refused ${settled.refused.length}; ${Object.entries(settled.positions)
          .map(([k, v]) => `${k} ${v.size}`)
          .join(', ')}`,
      );
      writeFileSync(
        `/tmp/hostile/${name}.refused`,
        settled.refused.map((r) => `${r.position} ${r.name}: ${r.said}`).join('\n'),
      );
      const files = filesOf(settled.model);
      lap(`emitted ${files.size}`);
      const folder = `/tmp/hostile/${name}`;
      writeFileSync(`/tmp/hostile/${name}.yaml`, settled.text);
      for (const [path, text] of files) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), text);
      }
      for (const [what, check] of Object.entries({
        paths: () => checkPaths(files),
        dext: () => compileDext(settled.model),
        addon: () => checkAddon(files),
        ts: () =>
          checkTypeScript(
            new Map([[name, [...files].find(([p]) => p.startsWith('client/'))?.[1] ?? '']]),
          ),
        docs: () => {
          for (const [p, t] of files) if (p.endsWith('.md')) checkTables(t);
        },
      })) {
        try {
          lap(`${what} ${check() ?? ''}`);
        } catch (error) {
          console.log(name, what, 'FAIL', String((error as Error).message).slice(0, 6000));
        }
      }
    } catch (error) {
      console.log(name, 'SETTLE', (error as Error).stack?.slice(0, 1500));
    }
  }
