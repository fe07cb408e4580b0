// The quick reader of usual YAML against the `yaml` package: on every schema of the project and on damaged copies of
// them it gives the same nodes, or leaves the text to the package.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect, isDeepStrictEqual } from 'node:util';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { syntheticSchema } from '../../bench/synthetic.js';
import { openSource, type SourceNode } from '../../generator/source/index.js';
import { parseAny } from '../../generator/source/parse.js';
import { parseUsual } from '../../generator/source/usual/parse.js';

const ROUNDS = Number(process.env.DEXTGEN_FUZZ_ROUNDS ?? 3000);

function schemas(): readonly string[] {
  const folders = ['schema', 'test/cases', 'test/interfaces', 'examples'];
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter(
        (name) => /\.(ya?ml|json)$/.test(name) && !/(^|\/)(node_modules|generated)\//.test(name),
      )
      .map(
        (name) => openSource({ path: name, text: readFileSync(join(folder, name), 'utf8') }).text,
      ),
  );
}

/** What the package makes of a text: nodes, or nothing when it finds a fault. */
function byPackage(text: string): SourceNode | null {
  let faults = 0;
  const node = parseAny(openSource({ path: '', text }), () => {
    faults += 1;
  });
  return faults > 0 ? null : node;
}

/** Whether the quick reader read it. */
function compare(text: string): boolean {
  const usual = parseUsual(text);
  if (usual === null) return false;
  const expected = byPackage(text);
  const show = (node: SourceNode | null): string => inspect(node, { depth: null });
  if (!isDeepStrictEqual(usual, expected)) assert.fixture(show(usual), show(expected), text);
  return true;
}

/** A linear congruential generator, so that a failure can be repeated. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

const pieces = [
  ...[
    ' ',
    '  ',
    '\n',
    '\n\n',
    '\n  ',
    '- ',
    '-',
    ': ',
    ':',
    '#',
    ' #',
    ' # c\n',
    ', ',
    ',',
    '?',
    '? ',
  ],
  ...[
    '{',
    '}',
    '[',
    ']',
    '{ ',
    ' }',
    '"',
    "'",
    "''",
    '\\',
    '\\n',
    '|',
    '|-\n',
    '>\n',
    '&a ',
    '*a',
    '!',
    '!!str ',
  ],
  ...[
    '~',
    'null',
    'true',
    '1',
    '-1',
    '+1',
    '0x1F',
    '0o7',
    '1.5',
    '.5',
    '1e3',
    '.inf',
    '.nan',
    '---\n',
    '...\n',
    '%',
    '@',
    '<<: ',
    'é',
    '\t',
  ],
];

function damage(text: string, next: (below: number) => number): string {
  const at = next(text.length + 1);
  const piece = pieces[next(pieces.length)] ?? '';
  switch (next(5)) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1 + next(4));
    case 1:
      return text.slice(0, at) + piece + text.slice(at + 1);
    case 2: {
      const from = text.lastIndexOf('\n', at) + 1;
      return text.slice(0, from) + ' '.repeat(next(5)) + text.slice(from).replace(/^ */, '');
    }
    case 3:
      return text.slice(0, at) + text.slice(next(text.length), next(text.length)) + text.slice(at);
    default:
      return text.slice(0, at) + piece + text.slice(at);
  }
}

/** Some lines in a row: short texts reach more of their places. */
function excerpt(text: string, next: (below: number) => number): string {
  const lines = text.split('\n');
  const from = next(lines.length);
  return lines.slice(from, from + 1 + next(12)).join('\n');
}

test('every schema of the project', () => {
  const texts = schemas();
  const read = texts.filter(compare).length;
  assert.ok(read > 0.9 * texts.length, `${read} of ${texts.length} are usual`);
});

test('the schemas that are measured', () => {
  assert.ok(compare(syntheticSchema(40)));
});

test('damaged texts', () => {
  const texts = schemas();
  const next = random(1);
  let read = 0;
  for (let round = 0; round < ROUNDS; round++) {
    let text = excerpt(texts[next(texts.length)] ?? '', next);
    for (let times = next(4); times > 0; times--) text = damage(text, next);
    if (compare(text)) read += 1;
  }
  assert.ok(read > ROUNDS / 10, `${read} of ${ROUNDS} were read`);
});

const spellings = [
  ...[
    'a: 1\n',
    'a: 1',
    '---\na: 1\n',
    '# c\n\na: 1 # d\n# e',
    '{ "a": 1, "b": [1, 2] }',
    '{"a":{"b":[]}}\n',
  ],
  ...[
    'a: {\n  b: 1,\n}\n',
    'a: {\n  b: 1, # c\n# d\n  e: 2 }\n',
    'a:\n- 1\n- b: 2\n  c: 3\n-\n  - 4\nd: 5\n',
  ],
  ...[
    'a: one\n  two\n\n  three\nb: 1\n',
    'a: |\n  one\n   two\n\nb: >-\n  three\n  four\n',
    'a: "one\\n\n  two"\n',
  ],
  ...[
    "a: 'it''s'\n",
    'a: [b c, -1, 1.0, 0x1F, ~, "x"]\n',
    'a b: c:d\n',
    '  a: 1\n  b: 2\n',
    '- - 1\n  - 2\n- 3\n',
  ],
];

for (const text of spellings) {
  test(`reads ${JSON.stringify(text)}`, () => assert.ok(compare(text)));
}

const left = [
  ...[
    '',
    '# c\n',
    'a: &b 1\n',
    'a: *b\n',
    'a: !!str 1\n',
    'a:\t1\n',
    'a: 1\na: 2\n',
    '<<: { a: 1 }\n',
    'a:\n',
    '? a\n: 1\n',
  ],
  ...[
    'a: 1\n---\nb: 2\n',
    'a: b: c\n',
    'a: [1, 2\n',
    'a: {b: 1}}\n',
    'a:\n  b: 1\n c: 2\n',
    'a: - 1\n',
    "a: 'b\n",
    'a: %b\n',
  ],
];

for (const text of left) {
  test(`leaves ${JSON.stringify(text)}`, () => assert.is(parseUsual(text), null));
}

test.run();
