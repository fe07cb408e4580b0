// `dextgen explain`: codes from the one page that explains them, names with carrier, layout, limits and cost.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { explainTool } from '../../generator/cli/explain.js';
import { codes, driftCodes, lintCodes } from '../../generator/diagnostics/index.js';
import { explainName, namesOf } from '../../generator/explain/explain.js';
import type { Explanation } from '../../generator/explain/explanation.js';
import { type Model, resolveInterface } from '../../generator/model/index.js';
import { entries, makeProject, removeProjects, root, runTool, schemaOf, scope } from './support.js';

const explain = suite('explain');
explain.after(removeProjects);

function modelOf(text: string): Model {
  const { model, diagnostics } = resolveInterface({ path: 'a.yaml', text });
  if (model === null) throw new Error(JSON.stringify(diagnostics));
  return model;
}

function explained(text: string, name: string): Explanation {
  const [first] = explainName(modelOf(text), name);
  if (first === undefined) throw new Error(`${name} is not explained`);
  return first;
}

explain('every code there is has what, why and, where a schema provokes it, both examples', () => {
  const known = [...codes, ...driftCodes, ...lintCodes].map(({ code }) => code);
  assert.equal(
    entries.map(({ code }) => code),
    known,
  );
  for (const { code, text, fails, fixed } of entries) {
    assert.ok(text.length > 20, code);
    if (!code.startsWith('DK9')) assert.ok(fails !== '' && fixed !== '' && fails !== fixed, code);
  }
});

explain('a code is printed as the page has it', () => {
  const { stdout, exitCode } = runTool(explainTool, { cwd: root, named: ['dk501'] });
  assert.is(exitCode, 0);
  const entry = entries.find(({ code }) => code === 'DK501');
  for (const part of [entry?.title, entry?.text])
    assert.ok(part !== undefined && stdout.includes(part));
  for (const line of `${entry?.fails}${entry?.fixed}`.trim().split('\n'))
    assert.ok(stdout.includes(`  ${line}`), line);
  const json = runTool(explainTool, { cwd: root, named: ['DK501'], format: 'json' });
  assert.equal(JSON.parse(json.stdout), entry);
});

explain('a code that there is not is wrong usage, with the nearest', () => {
  const { stderr, exitCode } = runTool(explainTool, { cwd: root, named: ['DK519'] });
  assert.is(exitCode, 2);
  assert.match(stderr, /there is no code DK519: did you mean "DK5\d\d"/);
  assert.is(runTool(explainTool, { cwd: root, named: ['a', 'b'] }).exitCode, 2);
});

explain('everything of the example that has a name is explained', () => {
  const model = modelOf(scope);
  const names = namesOf(model);
  assert.ok(names.length >= 14, names.join());
  for (const name of names) {
    const kinds = explainName(model, name).map(({ kind }) => kind);
    assert.ok(kinds.length >= 1, name);
    assert.is(new Set(kinds).size, kinds.length, `${name}: ${kinds.join()}`);
  }
  const kindsOf = (name: string) => explainName(model, name).map(({ kind }) => kind);
  assert.equal(kindsOf('Scope'), ['interface']);
  assert.equal(kindsOf('ScopeUserClient'), ['user client']);
  assert.equal(kindsOf('ScopeDriver'), ['driver', 'personality']);
  assert.equal(kindsOf('readComplete'), ['action']);
  assert.equal(kindsOf('busy'), ['error']);
  assert.equal(kindsOf('Packet.samples'), ['member']);
  assert.equal(kindsOf('setSampleRate.hz'), ['member']);
  assert.equal(kindsOf('Packet.nothing'), []);
});

explain('names that do not travel: constants, errors, states, user clients, personalities', () => {
  const text = `${schemaOf(`constants: { maxSlots: 256, magic: "SCOP" }
states: { power: [off, on] }
roles: [owner]
methods:
  go: { selector: 1, when: off, stateError: busy, then: on, claims: owner, roleError: taken, errors: [broken] }
  halt: { selector: 2, when: on, then: off }
events:
  task:
    payload: { id: u64 }
    delivery: standing
    subscribe: { selector: 3, when: on, stateError: busy, unsubscribe: none }
    unacknowledged: allowed
`)}`;
  const one = (name: string) => explained(text, name);
  assert.match(
    one('maxSlots').summary,
    /^256; k\w+MaxSlots in C, constants\.maxSlots in TypeScript$/,
  );
  assert.match(one('magic').summary, /^"SCOP"; /);
  const uses = (name: string) =>
    one(name).carriers.map(({ what, because }) => `${what}: ${because}`);
  assert.equal(uses('busy'), [
    'go: fails with it when the call comes in another state',
    'subscribeTask: fails with it when the call comes in another state',
  ]);
  assert.equal(uses('taken'), ['go: fails with it when the caller does not have the role']);
  assert.equal(uses('broken'), ['go: fails with it when the driver returns it']);
  assert.equal(uses('on'), [
    'go: is not legal in it and leads to it',
    'halt: is legal in it',
    'subscribeTask: is legal in it',
  ]);
  assert.match(one('power.off').summary, /the initial one/);
  assert.is(one('subscribeTask').name, 'task');
  assert.equal(one('task').conditions, ['To subscribe: Legal while power is on.']);
  assert.match(
    one('go').conditions?.join(' ') ?? '',
    /Takes the role "owner".*Afterwards power is on/,
  );
  const { stderr, exitCode } = runTool(explainTool, { cwd: root, named: ['bussy'] });
  assert.is(exitCode, 1);
  assert.match(stderr, /did you mean "busy"\?/);
});

explain('outputs of a completion are told by their words, and counted once', () => {
  const text = schemaOf(
    'types: { T: { struct: { a: u64, b: u64 } } }\nmethods:\n' +
      '  usual: { selector: 1, async: true, out: { x: u8, y: { type: u64, split: low-high }, t: T } }\n' +
      '  bare: { selector: 2, completion: required, layout: raw, out: { x: u8 } }\n' +
      '  log: { selector: 3, out: { text: { type: string, max: 100 } } }\n',
  );
  const notes = (name: string) =>
    explained(text, name).layouts.map(({ rows }) => rows.map(({ note }) => note));
  assert.equal(notes('usual')[0], ['word 2', 'words 3 to 4, low half first']);
  assert.equal(notes('bare'), [['word 0']]);
  assert.is(explained(text, 'usual').cost?.bytes, 8 * 7);
  assert.is(explained(text, 'log').layouts[0]?.atMost, true);
});

explain('a layout is the struct to the last byte', () => {
  const text = schemaOf(
    'types:\n  T: { struct: { a: u8, b: u32, c: "u16[2][3]", d: { type: f64, unit: V }, e: bool } }\n',
  );
  const [layout] = explained(text, 'T').layouts;
  assert.equal(
    layout?.rows.map(({ offset, size, field, type }) => [offset, size, field, type]),
    [
      [0, 1, 'a', 'u8'],
      [1, 3, null, ''],
      [4, 4, 'b', 'u32'],
      [8, 12, 'c', 'u16[2][3]'],
      [20, 4, null, ''],
      [24, 8, 'd', 'f64'],
      [32, 1, 'e', 'bool'],
      [33, 7, null, ''],
    ],
  );
  assert.is(layout?.size, 40);
  for (const type of modelOf(scope).types) {
    for (const { rows, size } of explained(scope, type.name).layouts.filter(
      () => type.kind === 'struct',
    )) {
      assert.is(
        rows.reduce((sum, row) => sum + row.size, 0),
        size,
        type.name,
      );
    }
  }
});

explain('bit-fields are shown to the last bit, enums and flags with what they refuse', () => {
  const text = schemaOf(
    'types:\n  B: { bits: u16, fields: { a: bool, b: { at: 4, width: 3, type: i8, min: -2 } } }\n' +
      '  E: { enum: u8, open: true, values: { a: 0, r: "1-3" }, reserved: [9] }\n' +
      '  F: { flags: u8, values: { a: 1 }, reserved: 0x80 }\n',
  );
  const [bits] = explained(text, 'B').layouts;
  assert.is(bits?.unit, 'bit');
  assert.equal(
    bits?.rows.map(({ offset, size, field, note }) => [offset, size, field, note]),
    [
      [0, 1, 'a', ''],
      [1, 3, null, 'zero'],
      [4, 3, 'b', '-2 to …'],
      [7, 9, null, 'zero'],
    ],
  );
  const [choice] = explained(text, 'E').layouts;
  assert.equal(
    choice?.rows.map(({ note }) => note),
    ['0', '1 to 3'],
  );
  assert.is(choice?.closing, 'Open: other numbers stand for themselves. Reserved: 9.');
  assert.is(explained(text, 'F').layouts[0]?.closing, 'Reserved bits: 0x80.');
});

explain('a field says what narrows it', () => {
  const text = schemaOf(
    'types:\n  T: { layout: packed, byteOrder: big, struct: { a: { type: u32, multipleOf: 4, since: 1.2 }, ' +
      'b: { type: string, size: 4, terminated: none, const: "ABCD" }, c: { type: u64, safe: true, default: 3 } } }\n',
  );
  const [layout] = explained(text, 'T').layouts;
  assert.equal(
    layout?.rows.map(({ note }) => note),
    [
      'multiple of 4, big-endian, since 1.2',
      'always ABCD, filled up with zeros',
      'below 2^53, 3 unless given, big-endian',
    ],
  );
  assert.match(explained(text, 'T').summary, /^packed struct of 16 bytes/);
});

explain('the carrier follows the size, and says so', () => {
  const carrier = (argument: string): string => {
    const text = schemaOf(
      `types:\n  B: { struct: { b: "u8[4096]" } }\n  C: { struct: { c: "u8[4097]" } }\nmethods:\n  m: { selector: 1, in: { x: ${argument} }, out: { y: ${argument} } }\n`,
    );
    const { carriers } = explained(text, 'm');
    for (const { rule, because } of carriers)
      assert.ok(/^contract §\d/.test(rule) && because !== '');
    return carriers.map((one) => one.carrier).join('; ');
  };
  assert.is(carrier('u32'), 'input scalar; output scalar');
  assert.is(carrier('B'), 'struct of 4096 bytes, inline; struct of 4096 bytes, inline');
  assert.match(carrier('C'), /^struct of 4097 bytes, memory descriptor; /);
  assert.match(carrier('{ type: bytes, max: 4096 }'), /^0 to 4096 bytes, inline; /);
  assert.match(
    carrier('{ type: bytes, max: 4097 }'),
    /^0 to 4097 bytes, inline up to 4096, else .*; 0 to 4097 bytes, .*; output scalar 0$/,
  );
});

const varying = `types:
  Item: { struct: { id: u16, size: u16, data: { type: "u8[size]", max: 10 } } }
  List: { struct: { count: u8, items: { type: "Item[count]", max: 3 }, name: { type: string, max: 8 } } }
  Pick: { variant: { tag: u8 }, cases: { none: { tag: 0 }, item: { tag: "2-3", struct: { value: u32 } } } }
methods:
  put: { selector: 1, in: { list: List }, out: { length: u32, data: { type: bytes, max: 8192, transfer: descriptor, lengthScalar: length } } }
`;

explain('what varies in size has rows, and its length a place', () => {
  const [list] = explained(schemaOf(varying), 'List').layouts;
  assert.equal(
    list?.rows.map(({ offset, size, field, type }) => [offset, size, field, type]),
    [
      [0, 1, 'count', 'u8'],
      [2, 42, 'items', 'Item[count]'],
      [null, 8, 'name', 'string'],
    ],
  );
  const pick = explained(schemaOf(varying), 'Pick');
  assert.equal(
    pick.layouts[0]?.rows.map(({ offset, size, note }) => [offset, size, note]),
    [
      [0, 1, 'tells the cases apart'],
      [4, 0, 'tag 0'],
      [4, 4, 'tag 2 to 3'],
    ],
  );
  assert.match(explained(schemaOf(varying), 'Item').summary, /used by type List$/);
  const { carriers } = explained(schemaOf(varying), 'put');
  assert.equal(
    carriers.map(({ what, carrier }) => `${what}: ${carrier}`),
    [
      'list: List, 2 to 52 bytes, inline',
      'data: 0 to 8192 bytes, memory descriptor',
      'length of data: output scalar 0, length',
    ],
  );
});

explain('the cost is what the model says', () => {
  const rate = explained(scope, 'setSampleRate').cost;
  assert.equal([rate?.messages, rate?.words, rate?.bytes, rate?.copies.length], [4, 2, 16, 0]);
  const test = explained(scope, 'selfTest').cost;
  assert.equal([test?.messages, test?.words], [6, 4]);
  const calibration = explained(scope, 'readCalibration').cost;
  assert.equal([calibration?.bytes, calibration?.copies.length], [512, 3]);
  const packet = explained(scope, 'packet').cost;
  assert.equal([packet?.messages, packet?.bytes], [0, 112]);
  const state = explained(scope, 'state').cost;
  assert.equal([state?.messages, state?.words, state?.bytes], [2, 3, 8]);
});

explain('states, roles and handles: what they are, and which methods ask for them', () => {
  const text = schemaOf(`states: { device: [off, on] }
roles: [owner]
handles: { Buffer: { base: u32, max: 9 } }
methods:
  openBuffer: { selector: 1, claims: owner, out: { buffer: { type: Buffer, creates: true } } }
  begin: { selector: 2, when: off, then: on }
  closeBuffer: { selector: 3, in: { buffer: { type: Buffer, closes: true } } }
  split: { selector: 4, counts: { in: ["2-4"] }, in: { at: { type: u64, split: high-low } } }
`);
  const methodsOf = (name: string) =>
    explained(text, name).carriers.map(({ what, because }) => [what, because]);
  assert.equal(methodsOf('device'), [
    ['begin', 'Legal while device is off. Afterwards device is on.'],
  ]);
  assert.equal(methodsOf('owner'), [
    ['openBuffer', 'Takes the role "owner", which one connection at a time has.'],
  ]);
  assert.equal(
    methodsOf('Buffer').map(([what]) => what),
    ['openBuffer', 'closeBuffer'],
  );
  assert.match(explained(text, 'Buffer').summary, /u32: 16 bits of generation.*at most 9/);
  const split = explained(text, 'split');
  assert.is(split.carriers[0]?.carrier, 'input scalars 0 to 1, high half first');
  assert.is(split.limits[0]?.used, '2; accepted: 2 to 4');
});

explain('rules that are cited exist', () => {
  const cited = namesOf(modelOf(scope)).flatMap((name) =>
    [...JSON.stringify(explained(scope, name)).matchAll(/§(\d+\.\d+)/g)].map((match) => match[1]),
  );
  assert.ok(cited.length > 20);
  const known = /^(0\.[1-3]|1\.([1-9]|10)|2\.[1-6]|4\.[1-9]|5\.[1-5]|6\.[1-4]|7\.[1-8])$/;
  assert.equal(
    cited.filter((rule) => !known.test(rule ?? '')),
    [],
  );
});

explain('the command: a schema by name, several interfaces, and names that there are not', () => {
  const other = schemaOf('methods: { setSampleRate: { selector: 9 } }\n');
  const cwd = makeProject({ 'schema/scope.yaml': scope, 'schema/other.yaml': other });
  const both = runTool(explainTool, { cwd, named: ['setSampleRate'], format: 'json' });
  assert.equal(
    JSON.parse(both.stdout).map((one: Explanation) => one.interface),
    ['Example', 'Scope'],
  );
  const flags = { schema: 'schema/other.yaml' };
  const one = runTool(explainTool, { cwd, named: ['setSampleRate'], flags });
  assert.match(one.stdout, /^method setSampleRate of Example: selector 9, synchronous\n/);
  const none = runTool(explainTool, { cwd, named: ['setSampelRate'] });
  assert.is(none.exitCode, 1);
  assert.match(none.stderr, 'did you mean "setSampleRate"?');
  const missing = runTool(explainTool, { cwd, named: ['x'], flags: { schema: 'no.yaml' } });
  assert.is(missing.exitCode, 1);
  assert.match(missing.stderr, 'DK908');
});

explain('for people: tables whose columns line up', () => {
  const { stdout } = runTool(explainTool, { cwd: root, named: ['state'] });
  assert.match(
    stdout,
    `Layout of StateEvent (8 bytes)
  offset  size  field      type
       0     1  running    bool
       1     3  (padding)        goes out as zero
       4     4  reason     u32
`,
  );
});

explain('the page is read from the package, so that there is one copy of its texts', () => {
  const page = readFileSync(join(root, 'docs', 'diagnostics.md'), 'utf8');
  for (const { code, title } of entries) assert.ok(page.includes(`### ${code}: ${title}\n`), code);
});

explain.run();
