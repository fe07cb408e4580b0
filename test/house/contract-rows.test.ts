// The tables of docs/simulator.md about the contract: the tests of §13 exist and cite the sections that it names for them,
// each other row of tests is in it, with all that it cites; and every assumption stands there, as it is.
import { readdirSync, readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ASSUMPTIONS } from '../../simulator/devices/assumptions.js';

type Line = { readonly row: number; readonly sections: readonly string[]; readonly test: string };

const house = suite('contract rows');

function table(): readonly Line[] {
  const text = readFileSync('docs/simulator.md', 'utf8');
  const section = /^## Row by row$([\s\S]*?)^## /m.exec(text)?.[1] ?? '';
  return [...section.matchAll(/^\| (\d+) \| (.+) \| (.+) \| (\S+) \|$/gm)].map(
    ([, row, , sections = '', test = '']) => ({
      row: Number(row),
      sections: sections.split(', '),
      test,
    }),
  );
}

/** The sections that the names of a file's tests cite. */
function citedBy(file: string): ReadonlySet<string> {
  const text = readFileSync(file, 'utf8');
  const names = [...text.matchAll(/row\(\s*([`'][\s\S]*?),\s*async/g)].map(
    ([, name]) => name ?? '',
  );
  return new Set(names.flatMap((name) => name.match(/§\d+(\.\d+)?/g) ?? []));
}

for (const { row, sections, test } of table()) {
  house(`row ${row}: ${test} cites ${sections.join(', ')}`, () => {
    assert.match(test, new RegExp(`^row-${String(row).padStart(2, '0')}-`));
    const cited = citedBy(`test/contract/${test}.test.ts`);
    for (const section of sections) assert.ok(cited.has(section), `no test cites ${section}`);
  });
}

house('each file of rows is in the table, with every section that its tests cite', () => {
  const files = readdirSync('test/contract').filter((name) => /^row-.*\.test\.ts$/.test(name));
  assert.ok(files.length >= 10);
  for (const file of files) {
    const lines = table().filter(({ test }) => `${test}.test.ts` === file);
    assert.ok(lines.length > 0, `${file} is not in the table`);
    const named = new Set(lines.flatMap(({ sections }) => sections));
    const missing = [...citedBy(`test/contract/${file}`)].filter((cited) => !named.has(cited));
    assert.equal(missing, [], file);
  }
});

house('each assumption is in its table, the stricter reading first', () => {
  const text = readFileSync('docs/simulator.md', 'utf8');
  const rows = [...text.matchAll(/^\| `(\w+)` \| `([^`]+)` \| `([^`]+)` \|/gm)];
  const found = rows.map(([, key, first, second]) => [key, [first, second]]);
  assert.equal(Object.fromEntries(found), { ...ASSUMPTIONS });
  const tests = ['contract/unverified', 'driverkit/sources', 'driverkit/usb', 'driverkit/blocks'];
  const tested = tests.map((test) => readFileSync(`test/${test}.test.ts`, 'utf8')).join('\n');
  for (const [key, [, other]] of Object.entries(ASSUMPTIONS)) {
    const both = new RegExp(`\\b${key}\\b[\\s\\S]{0,120}'${other}'|\\b${key} \\}`);
    assert.ok(both.test(tested), `no test sets ${key} to ${other}`);
  }
});

house('the table is there', () => {
  assert.ok(table().length >= 16);
});

house.run();
