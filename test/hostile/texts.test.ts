// Docs, units and reasons are told to people and to nobody else: whatever they say, what is left of the generated code
// without its comments and literals is the same. Texts come from a seed, made of pieces that end comments and literals.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { resolveInterface } from '../../generator/model/index.js';
import {
  createReport,
  openSource,
  parseSource,
  type SourceNode,
  type Span,
} from '../../generator/source/index.js';
import { root } from '../dext/support.js';
import { checkTables, filesOf } from './judge.js';
import { hardTexts } from './words.js';

const texts = suite('hostile texts');

let seed = 7;
function random(below: number): number {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  return Math.floor((seed / 0x80000000) * below);
}

const pieces = [
  ...hardTexts,
  ...[
    '*/',
    '/*',
    '//',
    '\\',
    '\\\n',
    '\n',
    '\r',
    '\r\n',
    '??/',
    '??/\n',
    '"',
    "'",
    '`',
    '${',
    '}',
    '{{',
    '}}',
  ],
  ...[
    '#include "x"',
    '#',
    ';',
    ')',
    '*',
    '/',
    '\u2028',
    '\u2029',
    '\u0085',
    '\v',
    '\f',
    '\t',
    '\0',
    '\ud800',
  ],
  ...[
    '-->',
    '<!--',
    ']]>',
    '|',
    '\\|',
    '<',
    '&',
    '@',
    '*\\/',
    '* /',
    '/ *',
    '*\u200b/',
    '*\ufeff/',
    '*\u202e/',
    '*\0/',
  ],
];

/** In words: a method that is not checked needs a reason. */
const hardText = (): string =>
  `two words ${Array.from({ length: 1 + random(8) }, () => pieces[random(pieces.length)]).join('')}`;

const told = new Set(['doc', 'unit', 'unchecked']);

/** Where texts for people stand; aliases share theirs. */
function placesOf(node: SourceNode): Span[] {
  if (node.kind === 'list') return node.items.flatMap(placesOf);
  if (node.kind === 'scalar') return [];
  return [...node.entries.values()].flatMap(({ key, value }) =>
    value.kind === 'scalar' && told.has(key) && !/^\d/.test(value.text)
      ? [value.span]
      : placesOf(value),
  );
}

function rewrite(text: string, places: readonly Span[], by: () => string): string {
  const starts = new Map(places.map((span) => [span.start, span]));
  const sorted = [...starts.values()].sort((a, b) => b.start - a.start);
  return sorted.reduce(
    (left, { start, end }) => left.slice(0, start) + JSON.stringify(by()) + left.slice(end),
    text,
  );
}

/** Code as a compiler sees it: lines joined, comments and literals gone, and the contract's hash, which units are in. */
function bare(path: string, text: string): string {
  if (/[.](cpp|h|iig|ts)$/.test(path)) {
    const joined = path.endsWith('.ts') ? text : text.replace(/(\\|\?\?\/)[ \t]*\r?\n/g, '');
    return joined
      .replace(
        /\/\*[\s\S]*?\*\/|\/\/[^\n\r\u2028\u2029]*|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g,
        ' ',
      )
      .replace(/0x[0-9a-f]{16}(ull|n)/g, 'HASH')
      .replace(/\s+/g, ' ');
  }
  // Info.plist repeats the interface's doc in one element; the property lists have no other.
  if (path === 'plist/Info.plist') return text.replace(/<string>[^<]*<\/string>\n<\/dict>/, '');
  return /^(plist|addon)\//.test(path) ? text : '';
}

const paths = readdirSync(join(root, 'test/interfaces'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => `test/interfaces/${name}/schema.yaml`);

for (const path of ['schema/scope.yaml', ...paths])
  texts(path, () => {
    const source = openSource({ path, text: readFileSync(join(root, path), 'utf8') });
    const tree = parseSource(source, createReport([source]).report);
    assert.ok(tree !== null);
    const places = placesOf(tree);
    const emitted = (text: string): ReadonlyMap<string, string> | null => {
      const { model, diagnostics } = resolveInterface({ path, text });
      for (const { code, message } of diagnostics)
        assert.match(code, /^DK(720|80\d)$/, `${code} ${message}`);
      return model === null ? null : filesOf(model);
    };
    const plain = emitted(rewrite(source.text, places, () => 'plain words'));
    if (plain === null) return; // it imports types, or keeps files of its own
    for (let turn = 0; turn < 3; turn++) {
      const hard = emitted(rewrite(source.text, places, hardText));
      assert.ok(hard !== null, 'a text is refused');
      assert.equal([...hard.keys()], [...plain.keys()]);
      for (const [file, text] of hard) {
        if (file.startsWith('docs/')) checkTables(text);
        assert.is(bare(file, text), bare(file, plain.get(file) ?? ''), file);
      }
    }
  });

/** Without the comments of the languages that `bare` leaves as they are. */
function unsaid(path: string, text: string): string {
  if (/[.](gyp|yml)$/.test(path)) return text.replace(/^#.*$/gm, '');
  const other = /^(plist|docs)\//.test(path);
  return other ? text.replace(/<!--(?:(?!--)[\s\S])*-->/g, '') : bare(path, text);
}

texts('the path of a schema, which every file names', () => {
  const path = 'schema/scope.yaml';
  const { model } = resolveInterface({ path, text: readFileSync(join(root, path), 'utf8') });
  assert.ok(model !== null);
  const plain = filesOf(model);
  for (let turn = 0; turn < 10; turn++) {
    for (const [file, text] of filesOf({ ...model, schemaPath: hardText() })) {
      if (file !== 'model.json')
        assert.is(unsaid(file, text), unsaid(file, plain.get(file) ?? ''), file);
    }
  }
});

texts.run();
