// The tables of docs/iig.md: every annotation has a line, and the tests that the lines name exist.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { annotationRules } from '../../simulator/iig/annotations.js';

type Line = { readonly construct: string; readonly shape: string; readonly run: string };

const house = suite('.iig constructs');
const text = readFileSync('docs/iig.md', 'utf8');
const lines: readonly Line[] = [
  ...text.matchAll(/^\| (?!construct)(?!-)(.+) \| (.+) \| (.+) \| (.+) \|$/gm),
].map(([, construct = '', , shape = '', run = '']) => ({ construct, shape, run }));

const fileOf = (suiteName: string): string => `test/iig/${suiteName}.test.ts`;
const native = readdirSync('test/iig/native')
  .filter((name) => name.endsWith('_test.cpp'))
  .map((name) => readFileSync(join('test/iig/native', name), 'utf8'))
  .join('\n');
const hops = readFileSync('test/iig/hops/hops_test.cpp', 'utf8');

/** Whether `where: what` names a test that there is. */
function isThere(name: string): boolean {
  const [, where = '', what = ''] = /^(\w+): (.+)$/.exec(name) ?? [];
  const isFunction = (source: string): boolean => source.includes(`void ${what}(`);
  if (where === 'hops') return isFunction(hops);
  if (where === 'native') return isFunction(native);
  if (where === 'contract' || where === 'driverkit')
    return existsSync(`test/${where}/${what}.test.ts`);
  return existsSync(fileOf(where)) && readFileSync(fileOf(where), 'utf8').includes(what);
}

for (const { construct, shape, run } of lines)
  house(construct, () => {
    const names = [...shape.split('; '), ...(run === '—' ? [] : run.split('; '))];
    assert.equal(
      names.filter((name) => !isThere(name)),
      [],
    );
  });

house('every annotation has a line', () => {
  const named = lines.map(({ construct }) => construct);
  const missing = Object.keys(annotationRules).filter((name) => !named.includes(`\`${name}\``));
  assert.equal(missing, []);
});

house.run();
