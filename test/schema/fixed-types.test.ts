// Types of fixed size in the model: what flags, bit-fields, layouts, constants and rules resolve to, and what of it both
// sides have to agree on.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { NamedType, StructType } from '../../generator/model/index.js';
import { faultsOf, modelOf } from './resolved.js';

const fixed = suite('fixed types');

const typeOf = <Kind extends NamedType['kind']>(
  kind: Kind,
  declaration: string,
  more = '',
): Extract<NamedType, { kind: Kind }> => {
  const type = modelOf(`${more}types:\n  T: ${declaration}\n`).types.find(
    ({ name }) => name === 'T',
  );
  if (type?.kind !== kind) throw new Error(`T is a ${type?.kind}`);
  return type as Extract<NamedType, { kind: Kind }>;
};

const layoutOf = ({ size, align, fields, padding }: StructType): unknown => [
  size,
  align,
  fields.map(({ offset }) => offset),
  padding.map(({ offset, size: bytes }) => [offset, bytes]),
];

fixed('layouts that are packed, placed or sized', () => {
  const layouts: readonly (readonly [string, unknown])[] = [
    ['{ layout: packed, struct: { a: u8, b: u32, c: u16 } }', [7, 1, [0, 1, 5], []]],
    ['{ layout: packed, size: 9, struct: { a: u8, b: u32 } }', [9, 1, [0, 1], [[5, 4]]]],
    [
      '{ layout: packed, struct: { a: u8, b: { type: u32, offset: 3 } } }',
      [7, 1, [0, 3], [[1, 2]]],
    ],
    ['{ size: 16, struct: { a: u32 } }', [16, 4, [0], [[4, 12]]]],
    [
      '{ layout: pack4, struct: { a: u8, b: u64, c: u16, d: f64 } }',
      [
        24,
        4,
        [0, 4, 12, 16],
        [
          [1, 3],
          [14, 2],
        ],
      ],
    ],
    [
      '{ layout: pack2, struct: { a: u8, b: u32, c: u8 } }',
      [
        8,
        2,
        [0, 2, 6],
        [
          [1, 1],
          [7, 1],
        ],
      ],
    ],
    [
      '{ layout: pack4, struct: { a: u16, b: { type: u64, offset: 12 } } }',
      [20, 4, [0, 12], [[2, 10]]],
    ],
    ['{ struct: { a: u8, b: { type: u16, offset: 6 } } }', [8, 2, [0, 6], [[1, 5]]]],
    ['{ size: "1 KiB", struct: { a: u8 } }', [1024, 1, [0], [[1, 1023]]]],
    [
      '{ struct: { a: u8, b: u128, c: { type: string, size: 3 } } }',
      [
        32,
        8,
        [0, 8, 24],
        [
          [1, 7],
          [27, 5],
        ],
      ],
    ],
    ['{ struct: { a: status, b: "status[2]" } }', [12, 4, [0, 4], []]],
  ];
  for (const [declaration, expected] of layouts)
    assert.equal(layoutOf(typeOf('struct', declaration)), expected, declaration);
});

fixed('a struct declared in place has the byte order around it, a named one its own', () => {
  const types = modelOf(`types:
  Own: { struct: { a: u16 } }
  T: { byteOrder: big, struct: { a: u8, b: u16, own: Own, inner: { struct: { a: u16, t: { type: string, size: 4 } } } } }
`).types;
  const orders = (name: string): unknown => {
    const type = types.find((one) => one.name === name);
    return type?.kind === 'struct' && type.fields.map(({ byteOrder }) => byteOrder);
  };
  assert.equal(orders('T'), ['little', 'big', 'little', 'little']);
  assert.equal(orders('Own'), ['little']);
  assert.equal(orders('TInner'), ['big', 'little']);
});

fixed('flags know their bits', () => {
  const flags = typeOf(
    'flags',
    '{ flags: u16, values: { a: 1, b: 0x80, both: 0x81 }, reserved: 0x8000 }',
  );
  assert.equal([flags.mask, flags.reserved, flags.open], [0x81, 0x8000, false]);
  const open = typeOf(
    'flags',
    '{ flags: u64, open: true, safe: true, values: { a: 1 }, reserved: 2 }',
  );
  assert.is(open.mask, Number.MAX_SAFE_INTEGER - 2);
  const wide = typeOf('flags', '{ flags: u64, values: { a: 0x8000000000000000 } }');
  assert.is(wide.mask, '9223372036854775808');
});

fixed('bit-fields lie behind each other, or where they say', () => {
  const bits = typeOf(
    'bits',
    '{ bits: u32, fields: { a: bool, b: { width: 3 }, c: { at: 8, width: 9 }, d: i8 } }',
  );
  assert.equal(
    bits.fields.map(({ name, at, width, type }) => [
      name,
      at,
      width,
      type.kind === 'scalar' && type.scalar,
    ]),
    [
      ['a', 0, 1, 'bool'],
      ['b', 1, 3, 'u8'],
      ['c', 8, 9, 'u16'],
      ['d', 17, 8, 'i8'],
    ],
  );
  assert.is(bits.mask, 0x01ffff0f);
});

fixed('enums have ranges, reserved numbers in order, and may be open', () => {
  const type = typeOf(
    'enum',
    '{ enum: i8, open: true, values: { a: 0, low: "-9 - -5", one: { value: "0x10-0x1F", since: 1.2 } }, reserved: [127, -1, "32-40"] }',
  );
  assert.equal(
    type.values.map(({ name }) => name),
    ['a'],
  );
  assert.equal(
    type.ranges.map(({ name, first, last, since }) => [name, first, last, since]),
    [
      ['low', -9, -5, ''],
      ['one', 16, 31, '1.2'],
    ],
  );
  assert.equal(type.reserved, [
    { first: -1, last: -1 },
    { first: 32, last: 40 },
    { first: 127, last: 127 },
  ]);
});

const constants = 'constants: { n: 4, big: 18446744073709551615, low: -2, name: "n", half: 0.5 }\n';

fixed('a constant stands wherever a number does', () => {
  const type = typeOf(
    'struct',
    '{ size: { value: 1 }, struct: { a: u8 } }'
      .replace('{ value: 1 }', 'n')
      .replace('a: u8', 'a: "u8[n]"'),
    constants,
  );
  assert.equal(layoutOf(type), [4, 1, [0], []]);
  const [field] = typeOf(
    'struct',
    '{ struct: { a: { type: i32, min: low, max: n, multipleOf: n, default: n } } }',
    constants,
  ).fields;
  assert.equal(field?.range, { min: -2, max: 4 });
  assert.equal([field?.rules?.multipleOf, field?.rules?.default], [4, 4]);
  assert.equal(
    typeOf('enum', '{ enum: u64, values: { a: n, b: big } }', constants).values.map(
      ({ value }) => value,
    ),
    [4, '18446744073709551615'],
  );
  assert.is(
    typeOf('struct', '{ struct: { a: { type: f32, max: half } } }', constants).fields[0]?.range
      ?.max,
    0.5,
  );
});

fixed('the hash covers what both sides check, and nothing else', () => {
  const hashOf = (field: string, more = ''): string =>
    modelOf(
      `${more}types:\n  M: { enum: u8, values: { a: 0, b: 1 } }\n  T: { struct: { a: ${field} } }\n`,
    ).contractHash.high;
  const plain = hashOf('u32');
  for (const same of [
    '{ type: u32, doc: x }',
    '{ type: u32, since: 1.1 }',
    '{ type: u32, default: 3 }',
  ])
    assert.is(hashOf(same), plain, same);
  const others = [
    '{ type: u32, multipleOf: 2 }',
    '{ type: u32, mask: 2 }',
    '{ type: u32, const: 2 }',
    '{ type: u32, const: 0 }',
    '{ type: u32, byteOrder: big }',
    '{ type: u32, offset: 4 }',
    'status',
    '{ type: string, size: 4 }',
    '{ type: string, size: 4, terminated: none }',
    '{ type: string, size: 4, encoding: ascii }',
  ];
  const hashes = [
    plain,
    ...others.map((field) => hashOf(field)),
    hashOf('u32', 'constants: { n: 1 }\n'),
  ];
  assert.is(new Set(hashes).size, hashes.length);
  assert.is.not(hashOf('{ type: u64, safe: true }'), hashOf('u64'));
});

fixed('a named type says all of itself in the hash', () => {
  const hashOf = (type: string): string => modelOf(`types:\n  T: ${type}\n`).contractHash.high;
  const declarations = [
    '{ enum: u8, values: { a: 0 } }',
    '{ enum: u8, values: { a: 0 }, open: true }',
    '{ enum: u8, values: { a: 0 }, reserved: 1 }',
    '{ enum: u8, values: { a: 0, b: "1-2" } }',
    '{ flags: u8, values: { a: 1 } }',
    '{ flags: u8, values: { a: 1 }, open: true }',
    '{ flags: u8, values: { a: 1 }, reserved: 2 }',
    '{ bits: u8, fields: { a: { width: 2 } } }',
    '{ bits: u8, fields: { a: { width: 2 } }, open: true }',
    '{ bits: u8, fields: { a: { width: 2, max: 2 } } }',
    '{ bits: u8, fields: { a: { at: 1, width: 2 } } }',
  ];
  assert.is(new Set(declarations.map(hashOf)).size, declarations.length);
});

fixed('each fault is reported once, at its place', () => {
  const faults: readonly (readonly [string, readonly string[]])[] = [
    ['T: { enum: u8, values: { a: -1 } }', ['DK405 2:31']],
    ['T: { enum: u8, values: { a: 0, b: 0 } }', ['DK406 2:37']],
    ['T: { enum: u8, flags: u8, values: { a: 0 } }', ['DK208 2:18']],
    ['T: { flags: u8 }', ['DK203 2:8']],
    ['T: { enum: u8, values: { a: 0 }, layout: packed }', ['DK205 2:36']],
    ['T: { values: { a: 0 } }', ['DK203 2:3']],
    ['T: { bits: u8, fields: { t: T } }', ['DK402 2:31']],
    ['T: { bits: u8, fields: { a: { width: 3, type: u8, max: 8 } } }', ['DK408 2:58']],
    ['T: { struct: { a: { type: u8, const: 1, default: 1 } } }', ['DK208 2:43']],
    ['T: { struct: { a: { type: "u8[2]", const: 1 } } }', ['DK431 2:45']],
    ['T: { struct: { a: { type: u64, safe: true, max: 9007199254740992 } } }', ['DK408 2:51']],
    ['T: { struct: { a: { type: u128, max: 1 } } }', ['DK409 2:40']],
    ['T: { struct: { a: { struct: { b: u8 }, multipleOf: 2 } } }', ['DK208 2:42']],
    ['T: { layout: pack4, struct: { a: u8, b: { type: u64, offset: 6 } } }', ['DK427 2:64']],
    ['T: { struct: { a: { type: f32, boolean: true } } }', ['DK436 2:34']],
    ['T: { struct: { a: { type: bool, boolean: true } } }', ['DK436 2:35']],
    ['T: { struct: { a: { type: u32, boolean: true, max: 1 } } }', ['DK436 2:49']],
    ['T: { struct: { a: { type: u32, boolean: true, const: 1 } } }', ['DK431 2:56']],
    ['T: { bits: u8, fields: { a: { width: 1, type: u8, boolean: true } } }', ['DK202 2:53']],
  ];
  for (const [type, expected] of faults)
    assert.equal(faultsOf(`types:\n  ${type}\n`), expected, type);
});

fixed.run();
