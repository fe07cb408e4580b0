// Names that are hard on generated code, in every position that a type has: what the schema's rules let through, every
// compiler takes, with docs that try to leave their comments.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { clientEmitter } from '../../generator/emit/client/index.js';
import { docsEmitter } from '../../generator/emit/docs/index.js';
import { readTemplates } from '../../generator/io/templates.js';
import { type Model, resolveInterface } from '../../generator/model/index.js';
import { createRender } from '../../generator/render/render.js';
import { compileDext } from './dext-sources.js';
import { root } from './support.js';

const hostile = suite('hostile names of types');

const words = `
  alignas and asm auto bitand bool break case catch char class const constexpr continue default delete do double else
  enum explicit export extern false float for friend goto if inline int long mutable namespace new noexcept not nullptr
  operator or private protected public register restrict return short signed sizeof static struct switch template this
  throw true try typedef typeid typename typeof union unsigned using virtual void volatile while xor arguments as async
  await debugger eval extends finally function implements import instanceof interface let null of package super symbol
  type undefined var with yield declare abstract readonly any never unknown number string object bigint keyof infer is
  array map set promise date error proxy reflect json math number boolean dataView uint8Array bigUint64Array
  linux unix i386 errno stdin stdout stderr main offsetof assert min max memcpy memset size_t int32_t uint64_t
  view offset value at bits index item start input answer scalars dextgen contract origin event0 constants
  rule rules fields padding values ranges reserved mask shift narrowing text call connection client driver hook status
  completion reference core ivars free init retain release low high bytes get set with decode encode codec struct0
  constructor prototype toString valueOf hasOwnProperty then toJSON __proto__ length name caller
  a aa ab a_b aB first last firstLast modeFirst offMask offShift getOff withOff dextgenPad0 kTypes`
  .trim()
  .split(/\s+/);

const docs = [
  '"*/ int x; /*"',
  '"ends in \\\\"',
  '"a ??/ trigraph"',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it must not become one in TypeScript
  '"`${x}` {{y}} <b> @z"',
  '"\\u202e \\u2028 x"',
];

const pascal = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);

type Positions = { readonly [position: string]: Set<string> };

/** Each position with the names that are still in it. */
function start(): Positions {
  const lower = (): Set<string> => new Set(words);
  return {
    type: new Set(words.map(pascal)),
    field: lower(),
    value: lower(),
    range: lower(),
    flag: lower(),
    bit: lower(),
    constant: lower(),
    part: lower(),
    recordField: lower(),
    case: lower(),
    exactCase: lower(),
    member: lower(),
  };
}

/** One name in each line, so that a diagnostic tells which it is about. */
function schemaOf(positions: Positions): { readonly text: string; readonly owners: Owner[] } {
  const lines: string[] = [];
  const owners: Owner[] = [];
  const add = (line: string): void => void lines.push(line);
  const doc = (): string => `doc: ${docs[lines.length % docs.length]}`;
  const each = (position: string, line: (name: string, i: number) => string): void => {
    [...(positions[position] ?? [])].forEach((name, i) => {
      add(line(name, i));
      owners[lines.length] = { position, name };
    });
  };
  lines.push('dextgen: 1', 'interface: Hostile', 'version: 1.0');
  add('bundle: { identifier: com.example.Hostile.driver }');
  add('driver: { provider: IOUserResources, match: { IOResourceMatch: IOKit } }');
  add('constants:');
  each('constant', (name, i) => `  "${name}": { value: ${i}, ${doc()} }`);
  add('types:');
  each('type', (name) => `  "${name}": { ${doc()}, struct: { a: u8, b: { type: u8, max: 3 } } }`);
  add('  AllFields:');
  add('    byteOrder: big');
  add('    struct:');
  each(
    'field',
    (name, i) =>
      `      "${name}": { type: ${['u8', 'u16', 'AllValues', 'AllFlags', 'AllBits'][i % 5]}, ${doc()} }`,
  );
  add('  AllValues:');
  add('    enum: u16');
  add('    values:');
  each('value', (name, i) => `      "${name}": { value: ${i}, ${doc()} }`);
  add('  AllRanges:');
  add('    enum: u16');
  add('    values:');
  each('range', (name, i) => `      "${name}": { value: "${i * 10}-${i * 10 + 5}", ${doc()} }`);
  add('  AllFlags:');
  add('    flags: u32');
  add('    values:');
  each('flag', (name, i) => `      "${name}": { value: ${i}, ${doc()} }`);
  [...(positions.bit ?? [])].forEach((_, i, names) => {
    if (i % 30 !== 0) return;
    add(`  AllBits${i === 0 ? '' : i}:`);
    add('    bits: u64');
    add('    fields:');
    names.slice(i, i + 30).forEach((name) => {
      add(`      "${name}": { type: u8, width: 2, max: 2, ${doc()} }`);
      owners[lines.length] = { position: 'bit', name };
    });
  });
  add('  Text0: { struct: { size: u8, text: { type: "string[size]", max: 9 } } }');
  const kinds = [
    'u8[counts0]',
    'u16[counts0]',
    'Text0[counts0]',
    'string[counts0]',
    'AllBits[counts0]',
  ];
  add('  AllParts:');
  add('    struct:');
  add('      counts0: u8');
  each('part', (name, i) => `      "${name}": { type: "${kinds[i % 5]}", max: 3, ${doc()} }`);
  add('  AllRecordFields:');
  add('    struct:');
  each('recordField', (name) => `      "${name}": { type: u8, ${doc()} }`);
  add('      rest0: { type: "AllBits[...]", max: 3 }');
  add('  AllCases:');
  add('    variant: { tag: u16 }');
  add('    cases:');
  each(
    'case',
    (name, i) => `      "${name}": { tag: "${i * 9}-${i * 9 + 4}", type: AllMembers0, ${doc()} }`,
  );
  add('  AllExactCases:');
  add('    variant: { tag: u16 }');
  add('    cases:');
  each(
    'exactCase',
    (name, i) =>
      `      "${name}": { tag: ${i}${['', ', type: Text0', ', type: AllMembers0'][i % 3]}, ${doc()} }`,
  );
  add('  AllMembers0: { struct: { a: AllMembers } }');
  add('  AllMembers:');
  add('    union:');
  each(
    'member',
    (name, i) => `      "${name}": { type: ${['u8', '"u32[4]"', 'AllBits'][i % 3]}, ${doc()} }`,
  );
  add('methods:');
  add(
    '  pass: { selector: 1, in: { word: AllBits, run: AllRanges, all: AllFields }, out: { all: AllFields } }',
  );
  add('  parts: { selector: 2, in: { all: AllParts }, out: { all: AllParts } }');
  add(
    '  recordFields: { selector: 3, in: { all: AllRecordFields }, out: { all: AllRecordFields } }',
  );
  add('  cases: { selector: 4, in: { all: AllCases }, out: { all: AllCases } }');
  add('  exactCases: { selector: 5, in: { all: AllExactCases }, out: { all: AllExactCases } }');
  return { text: `${lines.join('\n')}\n`, owners };
}

type Owner = { readonly position: string; readonly name: string };

/** Takes out what is refused until nothing is; the refused names by position. */
function settle(): { readonly model: Model; readonly refused: readonly Owner[] } {
  const positions = start();
  const refused: Owner[] = [];
  for (;;) {
    const { text, owners } = schemaOf(positions);
    const { model, diagnostics } = resolveInterface({ path: 'schema/hostile.yaml', text });
    if (model !== null) return { model, refused };
    const found = diagnostics.map(({ code, at, message }) => {
      assert.match(code, /^DK30[1-5]$/, `${message} (line ${at?.line})`);
      return owners[at?.line ?? 0];
    });
    const named = found.filter((owner) => owner !== undefined);
    assert.ok(named.length > 0, diagnostics.map(({ message }) => message).join('\n'));
    for (const owner of named)
      if (positions[owner.position]?.delete(owner.name)) refused.push(owner);
  }
}

const { model, refused } = settle();

hostile('many names are refused, and many are not', () => {
  assert.ok(refused.length > 100, `${refused.length} refused`);
  const structs = model.types.filter(({ kind }) => kind === 'struct').length;
  assert.ok(structs > 100, `${structs} structs`);
  const values = model.types.find(({ name }) => name === 'AllValues');
  assert.ok(values?.kind === 'enum' && values.values.length > 150);
});

hostile('C++ and .iig take the others', () => compileDext(model));

hostile('TypeScript takes the others', () => {
  const out = join('build', 'test', 'hostile');
  mkdirSync(out, { recursive: true });
  const [client] = clientEmitter.emit(model, () => '');
  writeFileSync(join(out, 'hostile.ts'), client?.text ?? '');
  const config = {
    extends: '../../../tsconfig.json',
    include: ['*.ts'],
    exclude: [],
    compilerOptions: { noEmit: true, rootDir: '../../..', types: ['node'] },
  };
  writeFileSync(join(out, 'tsconfig.json'), JSON.stringify(config));
  const tsc = resolve('node_modules/typescript/bin/tsc');
  try {
    execFileSync(process.execPath, [tsc, '-p', join(out, 'tsconfig.json')], { encoding: 'utf8' });
  } catch (error) {
    assert.unreachable((error as { stdout: string }).stdout);
  }
});

hostile('the reference keeps its tables', () => {
  const render = createRender(readTemplates(root).templates);
  const [page] = docsEmitter.emit(model, render);
  const rows = (page?.text ?? '').split('\n').filter((line) => line.startsWith('| '));
  assert.ok(rows.length > 500);
  for (const row of rows) assert.ok(row.endsWith(' |'), row);
});

hostile.run();
