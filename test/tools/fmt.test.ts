// The formatter: one canonical style, comments kept, meaning kept (the formatter itself throws otherwise), and a second
// run that changes nothing.
import { readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fmtTool } from '../../generator/cli/fmt.js';
import { formatDiagnostics } from '../../generator/diagnostics/index.js';
import { formatSchema } from '../../generator/fmt/format.js';
import { resolveInterface } from '../../generator/model/index.js';
import { commentsOf } from '../../generator/source/index.js';
import { makeProject, removeProjects, root, runTool, schemaOf, scope } from './support.js';

const fmt = suite('fmt');
fmt.after(removeProjects);

const path = 'a.yaml';
const format = (text: string): string => formatSchema({ path, text }).text ?? 'not formatted';
const tidy = (text: string): string[] =>
  commentsOf(text)
    .map((comment) => comment.text)
    .sort();

/** Formats, and checks what holds for every text. */
function checked(text: string): string {
  const once = format(text);
  assert.is(format(once), once, `a second run changes it:\n${once}`);
  assert.equal(tidy(once), tidy(text.replace(/^\ufeff/, '').replaceAll('\r\n', '\n')));
  const model = (from: string) => resolveInterface({ path, text: from }).model;
  assert.is(JSON.stringify(model(once)), JSON.stringify(model(text)));
  return once;
}

fmt('the example is what the style looks like', () => {
  assert.is(format(scope), scope);
});

fmt('every schema of the tests keeps its meaning and its comments', () => {
  const folder = join(root, 'test');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.yaml'),
  );
  let formatted = 0;
  for (const file of files) {
    const text = readFileSync(join(folder, file), 'utf8');
    const result = formatSchema({ path, text });
    if (result.text === null) {
      assert.ok(result.diagnostics.length > 0, file);
      continue;
    }
    assert.is(format(result.text), result.text, file);
    assert.equal(tidy(result.text), tidy(text), file);
    formatted += 1;
  }
  assert.ok(formatted > 120, `only ${formatted} of ${files.length}`);
});

const samples: Readonly<Record<string, readonly [string, string]>> = {
  'keys in order, names as they stand': [
    `methods:
  b: { out: { y: u8 }, selector: 2, in: { z: u8, a: u8 } }
  a: { selector: 1 }
types: { B: { values: { two: 2, one: 1 }, enum: u8 } }
`,
    `
types:
  B: { enum: u8, values: { two: 2, one: 1 } }

methods:
  b: { selector: 2, in: { z: u8, a: u8 }, out: { y: u8 } }
  a: { selector: 1 }
`,
  ],
  'comments above, behind, at the end, and between sections': [
    `# about methods
methods: # all of them
  # about a
  # in two lines

  # and a third
  a: { selector: 1 }   # behind a
  b:
    selector: 2 # behind the selector
    # at the end of b
  # at the end of methods
# about retired
retired: [4] # behind retired
# at the end
`,
    `
# about methods
methods: # all of them
  # about a
  # in two lines

  # and a third
  a: { selector: 1 } # behind a
  b:
    selector: 2 # behind the selector
    # at the end of b
  # at the end of methods
# about retired
retired: [4] # behind retired
# at the end
`,
  ],
  'comments in braces spread them': [
    `methods: { a: { selector: 1, # one
  in: { x: u8 # eight bits
  } }, b: { selector: 2 }
  # last
  }
retired: [ 4, # gone
  5 ]
`,
    `
methods:
  a:
    selector: 1 # one
    in:
      x: u8 # eight bits
  b: { selector: 2 }
  # last

retired:
  - 4 # gone
  - 5
`,
  ],
  'numbers and quotes as they are spelt': [
    'methods: { a: { "selector": 0x00A0, in: { v: { type: \'u32\', max: 0xFFff } } } }\n',
    `
methods:
  a: { "selector": 0x00A0, in: { v: { type: 'u32', max: 0xFFff } } }
`,
  ],
  'what needs quotes in braces gets them': [
    `properties:
  Gain:
    type: u32
    doc: Amplification, in steps [of 3 dB], as the "manual" says
`,
    `
properties:
  Gain: { type: u32, doc: "Amplification, in steps [of 3 dB], as the \\"manual\\" says" }
`,
  ],
  'text of several lines': [
    `methods:
  a:
      selector: 1
      doc: |
            First.
              Indented.

            # no comment
  b:
      selector: 2
      doc: >- # folded
          Folded
          text.
  c:
      doc: plain text
        in two lines # behind
      selector: 3
  d: { selector: 4, doc: "quoted \\
      text  in\\ 
      three lines" }
  e:
      selector: 5
      doc: |+
          kept

  f: { selector: 6 }
`,
    `
methods:
  a:
    doc: |
      First.
        Indented.

      # no comment
    selector: 1
  b:
    doc: >- # folded
      Folded
      text.
    selector: 2
  c:
    doc: plain text
      in two lines # behind
    selector: 3
  d:
    doc: "quoted \\
      text  in\\ 
      three lines"
    selector: 4
  e:
    doc: |+
      kept

    selector: 5
  f: { selector: 6 }
`,
  ],
  'anchors stay before their aliases': [
    `methods:
  a: { selector: 1, in: &both { x: u8 } }
  b: { out: *both, selector: 2 }
  c: { <<: { selector: 3 }, errors: &e [busy] }
  d:
    # merged
    errors: *e
    selector: 4
`,
    `
methods:
  a: { selector: 1, in: &both { x: u8 } }
  b: { out: *both, selector: 2 }
  c: { <<: { selector: 3 }, errors: &e [busy] }
  d:
    # merged
    errors: *e
    selector: 4
`,
  ],
  'blank lines: one where there were several, none at the beginning': [
    `methods:

  a: { selector: 1 }



  b:

    selector: 2

    doc: B.
`,
    `
methods:
  a: { selector: 1 }

  b:

    doc: B.
    selector: 2
`.replace('  b:\n\n', '  b:\n'),
  ],
  'long lines spread': [
    `properties:
  Gain: { type: u32, doc: Amplification of the input in front of the converter at the time of the last sample, min: 1, max: 20, default: 1 }
`,
    `
properties:
  Gain:
    type: u32
    min: 1
    max: 20
    default: 1
    doc: Amplification of the input in front of the converter at the time of the last sample
`,
  ],
  'nothing behind a key': [
    'methods:\n  a: { selector: 1, in: {}, out: }\nevents:\n',
    '\nmethods:\n  a: { selector: 1, in: {}, out: null }\nevents:\n',
  ],
};

const header = schemaOf('');
for (const [name, [given, expected]] of Object.entries(samples)) {
  fmt(name, () => {
    assert.is(checked(header + given), header + expected);
  });
}

fmt('comments at the top of the file stay there', () => {
  const [first = '', second = '', ...rest] = header.split('\n');
  const swapped = [second, first, ...rest].join('\n');
  const top = '# yaml-language-server: $schema=./interface.schema.json\n# Of the maker.\n\n';
  assert.is(checked(top + swapped), top + header);
  const line = '# yaml-language-server: $schema=./interface.schema.json\n';
  assert.is(checked(line + swapped), line + header);
  assert.is(checked(`# name\n${swapped}`), `${first}\n# name\n${[second, ...rest].join('\n')}`);
});

fmt('directives and document markers', () => {
  assert.is(checked(`%YAML 1.2\n# top\n---\n${header}`), `%YAML 1.2\n# top\n---\n${header}`);
  assert.is(checked(`---\n${header}...\n`), header);
});

fmt('text that is no YAML is reported, text that is wrong otherwise is formatted', () => {
  const broken = formatSchema({ path, text: 'a: [' });
  assert.is(broken.text, null);
  assert.match(formatDiagnostics(broken.diagnostics, 'human'), 'DK101');
  assert.is(formatSchema({ path, text: '' }).text, null);
  assert.is(formatSchema({ path, text: '- a\n' }).text, null);
  assert.is(format('metods: { b: 1 }\ndextgen: 2\n'), 'dextgen: 2\nmetods: { b: 1 }\n');
});

/** Schemas made of random pieces of style; a failure names its seed. */
function randomSchema(seed: number): string {
  let state = seed;
  const below = (n: number): number => {
    state = (state * 48271) % 2147483647;
    return state % n;
  };
  const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
  let comments = 0;
  const comment = (): string => {
    comments += 1;
    return `# c${comments}`;
  };
  const map = (entries: readonly (readonly [string, string])[], indent: number): string => {
    const pad = ' '.repeat(indent);
    if (
      below(2) === 0 &&
      entries.every(([, value]) => !value.includes('\n') && !value.includes('#'))
    )
      return `{${pick(['', ' ', '  '])}${entries.map(([k, v]) => `${k}: ${v}`).join(', ')}}`;
    if (below(4) === 0 && entries.every(([, value]) => !value.includes('\n')))
      return `{ ${comment()}\n${entries.map(([k, v]) => `${pad}${k}: ${v}, ${comment()}\n${below(3) === 0 ? `${pad}${comment()}\n` : ''}`).join('')}${pad}}`;
    const lines = entries.map(([key, value]) => {
      const above =
        below(3) === 0 ? `${pick(['', '\n', '\n\n'])}${pad}${comment()}\n` : pick(['', '', '\n']);
      const behind = below(3) === 0 && !value.includes('\n') ? ` ${comment()}` : '';
      return `${above}${pad}${key}: ${value}${behind}`;
    });
    return `${below(3) === 0 ? ` ${comment()}` : ''}\n${lines.join('\n')}`;
  };
  const field = (indent: number): string =>
    pick([
      'u8',
      '"u16"',
      "'f32'",
      map(
        [
          ['type', 'u32'],
          ['doc', pick(['Some text', '"a, b"'])],
          ['min', '0x01'],
        ],
        indent + 3,
      ),
    ]);
  const fields = (indent: number): string =>
    map(
      Array.from({ length: 1 + below(3) }, (_, i) => [`f${i}`, field(indent + 2)] as const),
      indent,
    );
  const methods = Array.from({ length: 1 + below(4) }, (_, i): readonly [string, string] => [
    `m${i}`,
    map(
      [
        ...(below(2) === 0 ? [['out', fields(8)] as const] : []),
        ['selector', String(i)],
        ...(below(2) === 0 ? [['in', fields(8)] as const] : []),
        ...(below(3) === 0 ? [['doc', '|\n      Text.\n\n       More.'] as const] : []),
        ...(below(3) === 0 ? [['errors', pick(['[busy]', '[ busy,idle ]'])] as const] : []),
      ],
      4,
    ),
  ]);
  const sections = [`methods: ${map(methods, 2)}`, `retired: [ ${50 + below(9)} ]`, 'doc: Some.'];
  if (below(2) === 0) sections.reverse();
  return `${header}${sections.map((section) => `${pick(['', '\n', `${comment()}\n`])}${section}\n`).join('')}${pick(['', `${comment()}\n`, `\n  ${comment()}\n`])}`;
}

fmt('random schemas in random styles', () => {
  let sound = 0;
  for (let seed = 1; seed <= 80; seed++) {
    const text = randomSchema(seed * 7919);
    const { text: once, diagnostics } = formatSchema({ path, text });
    assert.ok(once !== null, `seed ${seed}: ${formatDiagnostics(diagnostics, 'human')}\n${text}`);
    try {
      checked(text);
    } catch (error) {
      assert.unreachable(`seed ${seed}: ${(error as Error).message}\n${text}`);
    }
    if (resolveInterface({ path, text }).model !== null) sound += 1;
  }
  assert.ok(sound > 60, `only ${sound} are sound`);
});

fmt('the command: --check, exit codes, line endings, byte order mark, permissions, links', () => {
  const text = schemaOf('methods: { a: { in: { x: u8 }, selector: 1 } } # here\n');
  const windows = `\ufeff${text.replaceAll('\n', '\r\n')}`;
  const json = '{ "methods": {}, "dextgen": 1 }';
  const cwd = makeProject({ 'schema/a.yaml': windows, 'schema/b.json': json });
  const file = join(cwd, 'schema/a.yaml');
  const read = (): string => readFileSync(file, 'utf8');
  const check = runTool(fmtTool, { cwd, flags: { check: true }, format: 'json' });
  assert.is(check.exitCode, 1);
  const [found] = JSON.parse(check.stdout).diagnostics;
  assert.equal([found.code, found.at.line], ['DK916', 6]);
  assert.is(read(), windows);
  const { mode } = statSync(file);
  const done = runTool(fmtTool, { cwd });
  assert.equal([done.exitCode, done.stdout], [0, 'schema/a.yaml: formatted\n']);
  assert.is(read(), `\ufeff${format(text).replaceAll('\n', '\r\n')}`);
  assert.is(statSync(file).mode, mode);
  assert.is(readFileSync(join(cwd, 'schema/b.json'), 'utf8'), json);
  assert.is(runTool(fmtTool, { cwd, flags: { check: true } }).exitCode, 0);
  assert.equal(readdirSync(join(cwd, 'schema')).sort(), ['a.yaml', 'b.json']);

  symlinkSync(makeProject({ 'x.yaml': text }), join(cwd, 'elsewhere'));
  const linked = makeProject({ 'real.yaml': text });
  symlinkSync(join(linked, 'real.yaml'), join(linked, 'link.yaml'));
  assert.is(runTool(fmtTool, { cwd: linked, named: ['link.yaml'] }).exitCode, 0);
  assert.is(readFileSync(join(linked, 'real.yaml'), 'utf8'), format(text));
});

fmt('--check names the first line that differs', () => {
  const cwd = makeProject({ 'schema/a.yaml': `${scope}\n\n` });
  const { stdout } = runTool(fmtTool, { cwd, flags: { check: true }, format: 'json' });
  assert.is(JSON.parse(stdout).diagnostics[0].at.line, scope.split('\n').length + 1);
});

fmt.run();
