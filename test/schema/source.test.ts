// Text → nodes: spellings that must not matter, numbers that must stay exact, and places.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  child,
  createReport,
  integerOf,
  openSource,
  parseSource,
  placeOf,
  type SourceNode,
} from '../../generator/source/index.js';
import { faultsOf, modelOf, modelOfText, resolveText } from './resolved.js';

const source = suite('source');

function parse(text: string): { root: SourceNode | null; codes: string[] } {
  const opened = openSource({ path: 'a.yaml', text });
  const { report, diagnostics } = createReport([opened]);
  return { root: parseSource(opened, report), codes: diagnostics.map(({ code }) => code) };
}

const yaml = `dextgen: 1
interface: Example
version: 1.10
doc: |
  Two lines,
  of text.
bundle: { identifier: com.example.Example.driver }
driver: { provider: IOUserResources, match: { IOResourceMatch: IOKit } }
methods:
  reset: { selector: 0x10, in: { ticks: { type: u64, max: 18446744073709551615 } } }
`;

const json = `{
\t"dextgen": 1, "interface": "Example", "version": "1.10", "doc": "Two lines,\\nof text.",
\t"bundle": { "identifier": "com.example.Example.driver" },
\t"driver": { "provider": "IOUserResources", "match": { "IOResourceMatch": "IOKit" } },
\t"methods": { "reset": { "selector": 16, "in": { "ticks": { "type": "u64", "max": 18446744073709551615 } } } }
}`;

source('line endings, a byte order mark and the spelling as JSON do not matter', () => {
  const model = modelOfText(yaml);
  assert.equal(modelOfText(yaml.replaceAll('\n', '\r\n')), model);
  assert.equal(modelOfText(`\ufeff${yaml}`), model);
  assert.equal(modelOfText(json), model);
  assert.equal(model.version, { major: 1, minor: 10 });
  assert.is(model.doc, 'Two lines,\nof text.');
});

source('64-bit bounds are exact', () => {
  const [method] = modelOfText(yaml).methods;
  assert.is(method?.selector, 16);
  assert.is(method?.input.scalars[0]?.range?.max, '18446744073709551615');
});

source('numbers keep their value however they are spelt', () => {
  const { root } = parse('a: 0x10\nb: 0o17\nc: 12.0\nd: 9007199254740993\ne: -1\nf: 1.5\n');
  const values = ['a', 'b', 'c', 'd', 'e', 'f'].map((key) => integerOf(child(root, key)));
  assert.equal(values, [16n, 15n, 12n, 9007199254740993n, -1n, null]);
});

source('places count lines and columns from 1, in the text without its carriage returns', () => {
  const opened = openSource({ path: 'dir\\a.yaml', text: 'a: 1\r\nbc: 2\r\n' });
  const place = placeOf(opened, { start: 5, end: 7 });
  assert.equal(place, {
    file: 'dir/a.yaml',
    line: 2,
    column: 1,
    endLine: 2,
    endColumn: 3,
    excerpt: 'bc: 2',
  });
});

source('an anchor and its aliases are one value', () => {
  const model = modelOf(
    'methods:\n  a: { selector: 1, in: { x: &x { type: u8, max: 7 } } }\n  b: { selector: 2, in: { x: *x } }\n',
  );
  assert.equal(model.methods[0]?.input, model.methods[1]?.input);
});

source('aliases of aliases do not exhaust memory', () => {
  const level = (n: number): string =>
    `l${n}: &l${n} [${Array(10)
      .fill(`*l${n - 1}`)
      .join(',')}]`;
  const text = ['l0: &l0 [a]', ...Array.from({ length: 12 }, (_, i) => level(i + 1))].join('\n');
  assert.equal(parse(text).codes, ['DK108']);
});

source('a text nested thousands deep is a diagnostic', () => {
  const deep = '['.repeat(20_000) + ']'.repeat(20_000);
  assert.equal(parse(deep).codes, ['DK108']);
  assert.equal(parse(`a: ${deep}`).codes, ['DK108']);
  assert.equal(parse('- '.repeat(5_000)).codes, ['DK108']);
  assert.equal(parse('{'.repeat(20_000)).codes, ['DK108']);
});

source('nothing but blanks, comments or "null" is an empty schema', () => {
  for (const text of ['', ' \n\t\n', '# comment\n', '---\n', 'null\n', '\ufeff'])
    assert.equal(parse(text).codes, ['DK102'], JSON.stringify(text));
});

source('a list or a number is no schema', () => {
  for (const text of ['[1]', '5', 'hello'])
    assert.equal(
      resolveText(text).diagnostics.map(({ code }) => code),
      ['DK201'],
    );
});

source('any bytes give a diagnostic, never an exception', () => {
  const words = [
    'dextgen: 1\n',
    '{',
    '}',
    '[',
    ']',
    ': ',
    '\n',
    '  ',
    '- ',
    '"',
    "'",
    '&a ',
    '*a ',
    '!t ',
  ];
  let seed = 1;
  const next = (): number => {
    seed = (seed * 48271) % 2147483647;
    return seed;
  };
  for (let i = 0; i < 3000; i++) {
    const text = Array.from({ length: next() % 12 }, () => words[next() % words.length]).join('');
    const { model, diagnostics } = resolveText(text);
    assert.ok(model === null && diagnostics.length > 0, JSON.stringify(text));
  }
});

source('names of object members are ordinary keys', () => {
  for (const key of ['__proto__', 'constructor', 'toString', 'hasOwnProperty'])
    assert.equal(faultsOf(`${key}: 1\n`), ['DK202 1:1'], key);
});

source.run();
