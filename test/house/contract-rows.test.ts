// The table of docs/simulator.md about contract §13: its tests exist and cite the sections that it names for them.
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';

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

house('the table is there', () => {
  assert.ok(table().length >= 16);
});

house.run();
