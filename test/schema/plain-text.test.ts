// What counts as text that no comment has to be saved from.
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { commentLines } from '../../generator/emit/c-text.js';
import { cleanText, quote } from '../../generator/emit/client/jsdoc.js';
import { markdownText } from '../../generator/emit/docs/markdown.js';
import { isPlainText } from '../../generator/emit/plain-text.js';

const plain = ['', 'Counts up.', 'a < b, c = "d" (e)', "it's", 'x-1', 'One: two; three'];

const other = [
  ...[
    'a */ b',
    '/* a',
    'a // b',
    'why??/',
    'ends in \\',
    'two\nlines',
    'two\u2028lines',
    'tab\there',
  ],
  ...[
    ' leads',
    'trails ',
    'two  spaces',
    '@param x',
    'caf\u00e9',
    '\u202eturned',
    '`code`',
    '#if',
    '$1',
  ],
];

for (const text of plain) {
  test(`plain: ${JSON.stringify(text)}`, () => {
    assert.ok(isPlainText(text));
    assert.is(cleanText(text), text);
    assert.equal(commentLines(text), text === '' ? [] : [text]);
  });
}

for (const text of other) {
  test(`looked at: ${JSON.stringify(text)}`, () => assert.not(isPlainText(text)));
}

test('what is looked at comes out harmless', () => {
  assert.is(cleanText('@param */ x'), '\\@param * / x');
  assert.equal(commentLines('why??/ \\'), ['why? ?/ \\ .']);
  assert.is(quote("it's \\ caf\u00e9"), "'it\\'s \\\\ caf\\u{e9}'");
  assert.is(quote('say "so"'), `'say "so"'`);
});

test('words that Markdown would read as something else', () => {
  for (const text of ['1. a', '- a', '# a', 'a_b', 'a*b', '<a>', 'a|b', '[a]', 'a & b', 'a\\b'])
    assert.is.not(markdownText(text), text, text);
  assert.is(markdownText('a  b'), 'a b');
  assert.is(markdownText('Counts up: 1.5 dB.'), 'Counts up: 1.5 dB.');
});

test.run();
