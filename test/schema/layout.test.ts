// C natural layout and the types it is made of. The expected numbers are those of clang for arm64 and x86-64.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { StructType } from '../../generator/model/index.js';
import { camel, pascal, snake } from '../../generator/model/names.js';
import { faultsOf, modelOf } from './resolved.js';

const layout = suite('layout');

function structOf(fields: string, more = ''): StructType {
  const model = modelOf(`types:\n  S: { struct: { ${fields} } }\n${more}`);
  const type = model.types.find(({ name }) => name === 'S');
  if (type?.kind !== 'struct') throw new Error('no struct');
  return type;
}

const facts = ({ size, align, fields, padding }: StructType): unknown => [
  size,
  align,
  fields.map(({ offset }) => offset),
  padding.map(({ offset, size }) => [offset, size]),
];

layout('every field at the next offset of its alignment', () => {
  const table: readonly (readonly [string, unknown])[] = [
    ['a: u8', [1, 1, [0], []]],
    ['a: u8, b: u16', [4, 2, [0, 2], [[1, 1]]]],
    ['a: u8, b: u64', [16, 8, [0, 8], [[1, 7]]]],
    ['a: u64, b: u8', [16, 8, [0, 8], [[9, 7]]]],
    [
      'a: u8, b: u32, c: u8',
      [
        12,
        4,
        [0, 4, 8],
        [
          [1, 3],
          [9, 3],
        ],
      ],
    ],
    [
      'a: bool, b: f64, c: f32',
      [
        24,
        8,
        [0, 8, 16],
        [
          [1, 7],
          [20, 4],
        ],
      ],
    ],
    ['a: "u8[3]", b: u16', [6, 2, [0, 4], [[3, 1]]]],
    ['a: "u16[3][2]", b: u8', [14, 2, [0, 12], [[13, 1]]]],
  ];
  for (const [fields, expected] of table) assert.equal(facts(structOf(fields)), expected, fields);
});

layout('a struct within a struct keeps its own tail', () => {
  const inner = '  I: { struct: { x: u32, y: u8 } }\n';
  assert.equal(facts(structOf('a: u8, i: I, b: u8', inner)), [
    16,
    4,
    [0, 4, 12],
    [
      [1, 3],
      [13, 3],
    ],
  ]);
  assert.equal(facts(structOf('i: "I[3]", b: u8', inner)), [28, 4, [0, 24], [[25, 3]]]);
});

layout('an enum is as wide as its base', () => {
  const more =
    '  E: { enum: i64, values: { low: -9223372036854775808, high: 9223372036854775807 } }\n';
  assert.equal(facts(structOf('a: u8, e: E', more)), [16, 8, [0, 8], [[1, 7]]]);
  const model = modelOf(`types:\n${more}`);
  const [type] = model.types;
  assert.equal(type?.kind === 'enum' && type.values.map(({ value }) => value), [
    '-9223372036854775808',
    '9223372036854775807',
  ]);
});

layout('an array of arrays is the outer length of the inner ones', () => {
  const [field] = structOf('m: "f32[3][4]"').fields;
  assert.ok(field?.type.kind === 'array' && field.type.element.kind === 'array');
  assert.equal([field.type.length, field.type.element.length, field.size], [3, 4, 48]);
});

layout('types come after everything that they contain', () => {
  const model = modelOf(`types:
  A: { struct: { b: B, cs: "C[2]" } }
  B: { struct: { d: D } }
  C: { struct: { d: D } }
  D: { enum: u8, values: { x: 0 } }
`);
  assert.equal(
    model.types.map(({ name }) => name),
    ['D', 'B', 'C', 'A'],
  );
});

layout('a struct declared in place is named after its place', () => {
  const model = modelOf(`types:
  Outer: { struct: { inner: { struct: { x: u8, deep: { struct: { y: u16 } } } } } }
methods:
  configure: { selector: 1, in: { settings: { struct: { z: u32 } } } }
events:
  state: { payload: { running: bool, why: { struct: { code: u8 } } }, delivery: async }
`);
  assert.equal(
    model.types.map(({ name }) => name),
    ['OuterInnerDeep', 'OuterInner', 'Outer', 'ConfigureSettings', 'StateEventWhy', 'StateEvent'],
  );
});

layout('nesting ends at 32, whatever the order of the declarations', () => {
  const chain = (depth: number, order: 1 | -1): string => {
    const lines = Array.from({ length: depth }, (_, i) =>
      i === 0 ? '  S0: { struct: { x: u8 } }' : `  S${i}: { struct: { s: S${i - 1} } }`,
    );
    return `types:\n${(order === 1 ? lines : lines.reverse()).join('\n')}\n`;
  };
  for (const order of [1, -1] as const) {
    assert.is(modelOf(chain(32, order)).types.length, 32);
    assert.ok(faultsOf(chain(33, order)).every((fault) => fault.startsWith('DK412')));
    assert.ok(faultsOf(chain(2_000, order)).length > 0);
  }
});

layout('names', () => {
  const table: readonly (readonly [string, string, string, string])[] = [
    ['setSampleRate', 'SetSampleRate', 'setSampleRate', 'set_sample_rate'],
    ['set_sample_rate', 'SetSampleRate', 'setSampleRate', 'set_sample_rate'],
    ['Gain', 'Gain', 'gain', 'gain'],
    ['USBMode', 'USBMode', 'usbMode', 'usb_mode'],
    ['USB', 'USB', 'usb', 'usb'],
    ['DualScope', 'DualScope', 'dualScope', 'dual_scope'],
    ['crc32', 'Crc32', 'crc32', 'crc32'],
  ];
  for (const [name, ...expected] of table)
    assert.equal([pascal(name), camel(name), snake(name)], expected, name);
});

layout.run();
