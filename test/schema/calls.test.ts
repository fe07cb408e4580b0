// Rules of methods with many inputs: accepted counts against every count there is, and selectors far apart.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { resolveInterface } from '../../generator/model/index.js';
import type { CountRange, Payload } from '../../generator/model/model.js';
import { faultsOf, modelOf } from './resolved.js';

const calls = suite('calls');

const diagnosed = (body: string): readonly string[] =>
  faultsOf(body).map((fault) => fault.slice(0, 5));

/** Four scalars: one that is always there, a pair and two more that may be left out. */
const inputs =
  'a: u8, b: { type: u64, split: low-high, optional: true }, c: { type: u8, optional: true }';

const inputOf = (counts: string): Payload | undefined =>
  modelOf(`methods: { go: { selector: 1${counts}, in: { ${inputs} } } }`).methods[0]?.input;

const expand = (ranges: readonly CountRange[]): number[] =>
  ranges.flatMap(({ first, last }) =>
    Array.from({ length: last - first + 1 }, (_, i) => first + i),
  );

calls('memory whose length lies elsewhere in the call', () => {
  const memory = 'm: { type: clientMemory, access: read-only, max: 100, length: n }';
  const go = (inputs: string): string => `methods: { go: { selector: 1, in: { ${inputs} } } }`;
  for (const [inputs, index, lengthAt] of [
    [`${memory}, a: u8, n: u32`, 0, 2],
    [`n: u64, a: u8, ${memory}`, 2, 0],
  ] as const) {
    const { scalars, count } = modelOf(go(inputs)).methods[0]?.input ?? { scalars: [], count: 0 };
    const slot = scalars.find(({ name }) => name === 'm');
    assert.is(count, 3);
    assert.equal(
      scalars.map(({ name }) => name).sort(),
      ['a', 'm'],
      'neither hook nor app sees the length',
    );
    assert.equal(slot?.packing === 'memory' && [slot.index, slot.lengthAt], [index, lengthAt]);
  }
  for (const inputs of [
    memory,
    `${memory}, n: u8`,
    `${memory}, n: i32`,
    `${memory}, n: { type: u32, max: 100 }`,
    `${memory}, n: { type: u32, optional: true }`,
    `${memory}, n: u32, o: { type: clientMemory, access: read-only, max: 9, length: n }`,
    'a: { type: u32, length: a }',
  ])
    assert.equal(diagnosed(go(inputs)), ['DK563'], inputs);
});

calls('without a list, a call may end behind each optional value', () => {
  assert.equal(expand(inputOf('')?.counts ?? []), [1, 3, 4]);
  assert.is(inputOf('')?.count, 4);
});

calls('each count by itself: whole values, and room for all', () => {
  const whole = new Set([1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
  for (let count = 0; count <= 17; count++) {
    const text = `methods: { go: { selector: 1, counts: { in: [${count}] }, in: { ${inputs} } } }`;
    const good = whole.has(count) && count >= 4;
    const found = diagnosed(text);
    assert.equal(found, good ? [] : ['DK521'], `${count}`);
  }
});

calls('lists of counts, in any order', () => {
  assert.equal(
    expand(inputOf(', counts: { in: ["5-7", 3, 1, 4] }')?.counts ?? []),
    [1, 3, 4, 5, 6, 7],
  );
  for (const list of [
    '[1, 1, 4]',
    '["1-4", "3-5"]',
    '["4-3"]',
    '[4, x]',
    '[-1, 4]',
    '[1, 3]',
    '[2, 4]',
  ])
    assert.equal(
      diagnosed(`methods: { go: { selector: 1, counts: { in: ${list} }, in: { ${inputs} } } }`),
      ['DK521'],
      list,
    );
});

calls('a free selector behind ranges of thousands of millions is found at once', () => {
  const text = `methods: { a: { selector: 4294967294 }, b: { selector: 4000000000 }, c: { selector: 4294967294 } }
retired: ["0-3999999999", "4000000001-4200000000"]`;
  const before = process.cpuUsage();
  const { diagnostics } = resolveInterface({ path: 'a.yaml', text: withHeader(text) });
  assert.ok(process.cpuUsage(before).user < 1e6, 'less than a second of the processor');
  assert.equal(
    diagnostics.map(({ code, hint }) => [code, hint]),
    [['DK501', 'choose another one; 4200000001 is free.']],
  );
});

calls('thousands of selectors millions apart', () => {
  const methods = Array.from({ length: 4000 }, (_, i) => `  m${i}: { selector: ${i * 1_000_003} }`);
  const retired = Array.from(
    { length: 4000 },
    (_, i) => `"${i * 1_000_003 + 1}-${i * 1_000_003 + 999_999}"`,
  );
  const text = `methods:\n${methods.join('\n')}\nretired: [${retired.join(', ')}]`;
  const { model, diagnostics } = resolveInterface({ path: 'a.yaml', text: withHeader(text) });
  assert.equal(diagnostics, []);
  assert.is(model?.methods.at(-1)?.selector, 3999 * 1_000_003);
  const again = text.replace('selector: 3999011997', 'selector: 3998012000');
  assert.not.equal(again, text);
  const { diagnostics: found } = resolveInterface({ path: 'a.yaml', text: withHeader(again) });
  assert.equal(
    found.map(({ code }) => code),
    ['DK502'],
  );
});

calls('the hash changes with what either side sees, and not with docs', () => {
  const hash = (text: string): string => JSON.stringify(modelOf(text).contractHash);
  const base = 'methods: { go: { selector: 1, in: { a: u32 } } }';
  const different = [
    'methods: { go: { selector: 1, in: { a: { type: u32, optional: true } } } }',
    'methods: { go: { selector: 1, in: { a: { type: u32, optional: true, default: 3 } } } }',
    'methods: { go: { selector: 1, counts: { in: ["1-2"] }, in: { a: u32 } } }',
    'methods: { go: { selector: 1, in: { a: { type: u32, split: low-high } } } }',
    'methods: { go: { selector: 1, in: { a: { type: u32, split: high-low } } } }',
    'methods: { go: { selector: 1, unchecked: as it was, in: { a: u32 } } }',
    'methods: { go: { selector: 1, entitlement: a.b, in: { a: u32 } } }',
    'roles: [r]\nmethods: { go: { selector: 1, claims: r, in: { a: u32 } } }',
    'roles: [r]\nmethods: { go: { selector: 1, requires: r, in: { a: u32 } } }',
    'states: { s: [x, y] }\nmethods: { go: { selector: 1, when: x, in: { a: u32 } } }',
    'states: { s: [x, y] }\nmethods: { go: { selector: 1, then: x, in: { a: u32 } } }',
    'errors: { e: { ioReturn: busy } }\nmethods: { go: { selector: 1, errors: [e], in: { a: u32 } } }',
    'errors: { e: { ioReturn: noMemory } }\nmethods: { go: { selector: 1, errors: [e], in: { a: u32 } } }',
    'handles: { H: {} }\nmethods: { go: { selector: 1, in: { a: H } } }',
    'handles: { H: { base: u32 } }\nmethods: { go: { selector: 1, in: { a: H } } }',
  ].map(hash);
  assert.is(new Set([hash(base), ...different]).size, different.length + 1);
  assert.is(
    hash('roles: { r: { doc: A. } }\nmethods: { go: { selector: 1, claims: r } }'),
    hash('roles: [r]\nmethods: { go: { selector: 1, claims: r } }'),
  );
});

function withHeader(text: string): string {
  return `dextgen: 1
interface: Example
version: 1.0
bundle: { identifier: com.example.Example.driver }
driver: { provider: IOUserResources, match: { IOResourceMatch: IOKit } }
${text}
`;
}

calls.run();
