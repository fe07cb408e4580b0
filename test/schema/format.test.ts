// Diagnostics as text for people, for tools and for GitHub.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type Diagnostic,
  formatDiagnostics,
  type Place,
  sortDiagnostics,
  suggest,
} from '../../generator/diagnostics/index.js';

const format = suite('format');

function place(line: number, column: number, excerpt: string, length = 1): Place {
  return { file: 'a.yaml', line, column, endLine: line, endColumn: column + length, excerpt };
}

function diagnostic(at: Place | null, more: Partial<Diagnostic> = {}): Diagnostic {
  return { code: 'DK501', severity: 'error', message: 'no.', at, notes: [], hint: null, ...more };
}

format('for people: place, excerpt, caret, notes, hint', () => {
  const text = formatDiagnostics(
    [
      diagnostic(place(14, 13, '    - name: read_pressure', 13), {
        notes: [{ message: 'first used here', at: place(9, 13, '') }],
        hint: 'rename one.',
      }),
      diagnostic(null),
    ],
    'human',
  );
  assert.is(
    text,
    `a.yaml:14:13: error[DK501]: no.
  14 |     - name: read_pressure
     |             ^~~~~~~~~~~~~
a.yaml:9:13: note: first used here
hint: rename one.

error[DK501]: no.
`,
  );
});

format('the caret stands below its character behind tabs and wide characters', () => {
  const caret = (at: Place): string =>
    formatDiagnostics([diagnostic(at)], 'human').split('\n')[2] ?? '';
  assert.is(caret(place(1, 3, '\t\tx')), '     | \t\t^');
  assert.is(caret(place(1, 4, '"😀x"')), '     |   ^');
  assert.is(caret(place(1, 2, 'ab', 0)), '     |  ^');
});

format('a long line is cut around the fault', () => {
  const line = `${'a'.repeat(500)}HERE${'b'.repeat(500)}`;
  const [, excerpt, caret] = formatDiagnostics([diagnostic(place(1, 501, line, 4))], 'human').split(
    '\n',
  );
  assert.ok((excerpt ?? '').length < 120);
  assert.is(excerpt?.slice(caret?.indexOf('^'), (caret?.indexOf('^') ?? 0) + 4), 'HERE');
  assert.ok(caret?.endsWith('^~~~'));
});

format('control characters of a schema do not reach the terminal', () => {
  const text = formatDiagnostics([diagnostic(place(1, 1, 'a\u001b[31m\u202e\u0000'))], 'human');
  for (const unit of ['\u001b', '\u202e', '\u0000']) assert.is(text.includes(unit), false);
});

format('nor do those of a name that a message repeats', () => {
  const message = '\u001b[31m"\u202eabc" is no name';
  const notes = [{ message: '\u0007', at: place(1, 1, 'x') }];
  const text = formatDiagnostics(
    [diagnostic(place(1, 1, 'x'), { message, notes, hint: message })],
    'human',
  );
  assert.not.match(text, /(?!\n)[\p{Cc}\p{Bidi_Control}]/u);
});

format('for GitHub: one encoded line each', () => {
  const at = place(2, 3, 'x', 4);
  const text = formatDiagnostics(
    [diagnostic({ ...at, file: 'a,b:c.yaml' }, { message: '100%\nno', hint: 'try.' })],
    'github',
  );
  assert.is(
    text,
    '::error file=a%2Cb%3Ac.yaml,line=2,endLine=2,col=3,endColumn=7,title=DK501::100%25%0Ano%0Ahint: try.\n',
  );
});

format('for tools: JSON', () => {
  const all = [diagnostic(place(1, 1, 'x')), diagnostic(null)];
  assert.equal(JSON.parse(formatDiagnostics(all, 'json')), all);
  assert.is(formatDiagnostics([], 'json'), '[]\n');
  const long = diagnostic(place(1, 90_000, 'x'.repeat(100_000)));
  assert.ok(formatDiagnostics([long], 'json').length < 1000);
});

format('sorted by place, then by code', () => {
  const at = (line: number, column: number, code: Diagnostic['code']): Diagnostic =>
    diagnostic(place(line, column, ''), { code });
  const sorted = sortDiagnostics([
    at(2, 1, 'DK101'),
    at(1, 9, 'DK101'),
    at(1, 2, 'DK202'),
    at(1, 2, 'DK101'),
    diagnostic(null),
  ]);
  assert.equal(
    sorted.map(({ at, code }) => [at?.line, at?.column, code]),
    [
      [undefined, undefined, 'DK501'],
      [1, 2, 'DK101'],
      [1, 2, 'DK202'],
      [1, 9, 'DK101'],
      [2, 1, 'DK101'],
    ],
  );
});

format('suggestions are close, or none', () => {
  const keys = ['selector', 'errors', 'async', 'timeout'];
  assert.is(suggest('selectr', keys), 'selector');
  assert.is(suggest('slector', keys), 'selector');
  assert.is(suggest('Async', keys), 'async');
  assert.is(suggest('asnyc', keys), 'async');
  assert.is(suggest('payload', keys), null);
  assert.is(suggest('', keys), null);
});

format.run();
