// What varies in size, resolved: where parts lie and how large they can be, how structs travel, and what is refused.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  type Model,
  type NamedType,
  type RecordType,
  resolveInterface,
  type VariantType,
} from '../../generator/model/index.js';

const head = `dextgen: 1
interface: Example
version: 1.0
bundle: { identifier: com.example.Example.driver }
driver: { provider: IOUserResources, match: { IOResourceMatch: IOKit } }
`;

const open = (body: string) => resolveInterface({ path: 'a.yaml', text: `${head}${body}` });

function modelOf(body: string): Model {
  const { model, diagnostics } = open(body);
  assert.equal(
    diagnostics.map(({ code, message }) => `${code} ${message}`),
    [],
  );
  return model as Model;
}

const codes = (body: string): readonly string[] =>
  open(body).diagnostics.map(({ code, message }) => `${code} ${message}`);

const base = `  Pair: { struct: { a: u16, b: u32 } }\n`;

const typeOf = (text: string, name = 'T'): NamedType => {
  const type = modelOf(`types:\n${base}  ${text}\n`).types.find((one) => one.name === name);
  if (type === undefined) throw new Error(`there is no ${name}`);
  return type;
};

const record = (fields: string, more = ''): RecordType => {
  const type = typeOf(`T: { ${more}struct: { ${fields} } }`);
  assert.is(type.kind, 'record');
  return type as RecordType;
};

const variant = (text: string): VariantType => {
  const type = typeOf(`T: { ${text} }`);
  assert.is(type.kind, 'variant');
  return type as VariantType;
};

const sizes = ({ min, max, align }: RecordType | VariantType): readonly number[] => [
  min,
  max,
  align,
];

const variable = suite('what varies in size');

variable('sizes of records', () => {
  const cases: readonly (readonly [fields: string, more: string, sizes: readonly number[]])[] = [
    ['n: u8, a: { type: "u8[n]", max: 10 }', '', [1, 11, 1]],
    // The head ends with its last field; the array begins at its own alignment.
    ['x: u64, n: u16, a: { type: "u8[n]", max: 10 }', '', [10, 20, 8]],
    ['n: u8, a: { type: "Pair[n]", max: 3 }', '', [1, 28, 4]],
    ['n: u8, a: { type: "Pair[n]", max: 3 }', 'layout: packed, ', [1, 25, 1]],
    ['n: u8, a: { type: "Pair[n]", min: 1, max: 3 }', '', [12, 28, 4]],
    ['n: u8, a: { type: "u8[n]", max: 3 }, z: u32', '', [8, 8, 4]],
    ['n: u8, a: { type: "u8[n]", max: 4 }, z: u32', '', [8, 12, 4]],
    ['a: { type: "u64[...]", max: 2 }', '', [0, 16, 8]],
    ['t: { type: string, max: 8 }', '', [1, 8, 1]],
    ['t: { type: string, max: 8, terminated: optional }', '', [0, 8, 1]],
    ['n: u8, t: { type: "string[n]", max: 8 }', 'align: 8, ', [1, 9, 8]],
    ['n: u8, a: { type: "u8[n]", max: 10 }', 'max: 5, ', [1, 5, 1]],
    ['n: u8, a: { type: "u64[n]", max: 2 }', 'layout: pack4, ', [1, 20, 4]],
    ['n: u8, a: { type: "u64[n]", max: 2 }', 'layout: pack2, ', [1, 18, 2]],
  ];
  for (const [fields, more, expected] of cases)
    assert.equal(sizes(record(fields, more)), expected, fields);
});

variable('elements of varying size are aligned one by one', () => {
  const inner = 'In: { struct: { n: u16, a: { type: "u8[n]", max: 3 } } }';
  const model = modelOf(
    `types:\n  ${inner}\n  T: { struct: { n: u8, all: { type: "In[n]", max: 2 } } }\n`,
  );
  const type = model.types.find(({ name }) => name === 'T') as RecordType;
  // 1, to 2, then 5 bytes, to 6, and 5 more.
  assert.equal(sizes(type), [1, 13, 2]);
  assert.equal([type.delimited, type.capped], [true, false]);
});

variable('counts', () => {
  const type = record(
    'h: { struct: { x: u32, words: u16 } }, a: { type: "u8[h.words * 4 - 8]", max: 64 }',
  );
  const [, array] = type.parts;
  assert.equal(array?.kind === 'array' && array.count, {
    ...{ part: 0, path: ['h', 'words'], offset: 4, scalar: 'u16', byteOrder: 'little' },
    ...{ times: 4, plus: -8 },
  });
  const big = record('n: u16, a: { type: "u16[n]", max: 4 }', 'byteOrder: big, ').parts[1];
  assert.equal(big?.kind === 'array' && [big.byteOrder, big.count?.byteOrder], ['big', 'big']);
  // The bound of the field serves as well.
  const bounded = record('n: { type: u32, max: 5 }, a: "u8[n]"').parts[1];
  assert.is(bounded?.kind === 'array' && bounded.max, 5);
  // A constant of that name is hidden by the field.
  const both = modelOf(
    `constants: { n: 3 }\ntypes: { T: { struct: { a: "u8[n]" } }, U: { struct: { n: u8, a: { type: "u8[n]", max: 9 } } } }\n`,
  );
  assert.equal(
    both.types.map(({ kind }) => kind),
    ['struct', 'struct', 'record'],
  );
});

variable('variants', () => {
  const own = variant('variant: { tag: u16 }, cases: { a: { tag: 1, type: Pair }, b: { tag: 2 } }');
  assert.equal([own.bodyOffset, own.size, ...sizes(own)], [4, 12, 2, 12, 4]);
  assert.is(own.exact, false);
  const text =
    'variant: { tag: u8 }, cases: { a: { tag: 1, struct: { n: u8, x: { type: "u8[n]", max: 9 } } } }';
  const varying = variant(text);
  // A case that varies makes the whole take the size of its case.
  assert.equal([varying.exact, varying.delimited, ...sizes(varying)], [true, true, 2, 11, 1]);
  const shared = variant('variant: { field: a }, cases: { a: { tag: [1, "5-7"], type: Pair } }');
  assert.equal(shared.cases[0]?.tags, [
    { first: 1, last: 1 },
    { first: 5, last: 7 },
  ]);
});

variable('how structs travel', () => {
  const model = modelOf(`types:
  List: { struct: { n: u16, a: { type: "u64[n]", max: 1000 } } }
methods:
  a: { selector: 1, in: { list: List }, out: { x: u8, list: List } }
  b: { selector: 2, transfer: descriptor, out: { size: u32, data: { type: bytes, max: 8192, lengthScalar: size } } }
  c: { selector: 3, out: { data: { type: bytes, max: 8192, lengthScalar: none }, y: u8 } }
  d: { selector: 4, out: { used: u16, text: { type: string, max: 32, lengthScalar: used } } }
`);
  const told = model.methods.map(({ output: { scalars, struct, count } }) => [
    scalars.map(({ name, index }) => `${name} ${index}`).join(', '),
    count,
    struct === null || struct.kind === 'fixed'
      ? null
      : `${struct.transfer} ${struct.lengthScalar} ${struct.lengthName}`,
  ]);
  assert.equal(told, [
    ['x 1', 2, 'either 0 '],
    ['', 1, 'descriptor 0 size'],
    ['y 0', 1, 'either null '],
    ['', 1, 'inline 0 used'],
  ]);
});

variable('a record stands only where its size may vary', () => {
  const list = 'types:\n  List: { struct: { n: u8, a: { type: "u8[n]", max: 9 } } }\n';
  const places = [
    'events:\n  e: { payload: List, delivery: ring }\n',
    'buffers:\n  b: { memoryType: 1, size: 16 KiB, access: read-only, layout: { header: List } }\n',
    'methods:\n  m: { selector: 1, in: { a: "List[3]" } }\n',
  ];
  for (const place of places) {
    const [first = '', ...others] = codes(list + place);
    assert.match(first, /^DK(410|610)/, place);
    assert.equal(others, [], place);
  }
  assert.match(
    codes(`${list}  U: { union: { a: List } }\n`)[0] ?? '',
    /^DK410 "List" varies in size/,
  );
});

variable('faults have one cause each', () => {
  const cases: readonly (readonly [text: string, fault: RegExp])[] = [
    ['T: { struct: { a: { type: "u8[n]", max: 3 }, n: u8 } }', /^DK450 "n" does not stand before/],
    [
      'T: { struct: { n: u8, a: { type: "u8[n]", max: 3 }, b: { type: "u8[a]", max: 3 } } }',
      /^DK450/,
    ],
    ['T: { struct: { p: Pair, a: { type: "u8[p.c]", max: 3 } } }', /^DK450 there is no field "c"/],
    ['T: { struct: { p: Pair, a: { type: "u8[p]", max: 3 } } }', /^DK450 "p" is no integer/],
    ['T: { struct: { n: u8, a: { type: "u8[n]", min: 4, max: 3 } } }', /^DK407/],
    ['T: { struct: { n: u8, a: { type: "u8[n]", max: 0 } } }', /^DK451/],
    ['T: { struct: { n: u8, a: { type: "Nope[n]", max: 3 } } }', /^DK401/],
    ['T: { struct: { n: u8, a: { type: "T[n]", max: 3 } } }', /^DK402/],
    ['T: { variant: { tag: f32 }, cases: { a: { tag: 1 } } }', /^DK456 "f32" is no type of a tag/],
    [
      'T: { variant: { field: x }, cases: { a: { tag: 1, type: Pair } } }',
      /^DK456 the case "a" has no field/,
    ],
    ['T: { variant: { tag: u8 }, cases: { a: { tag: any }, b: { tag: any } } }', /^DK457/],
    ['T: { variant: { tag: u8 }, cases: { a: { tag: "5-2" } } }', /^DK458/],
    ['T: { union: { a: u8 }, struct: { a: u8 } }', /^DK208/],
  ];
  for (const [text, fault] of cases) {
    const [first = '', ...others] = codes(`types:\n${base}  ${text}\n`);
    assert.match(first, fault, text);
    assert.equal(others, [], text);
  }
});

variable('records nest as deep as structs may, and no deeper', () => {
  const chain = (depth: number): string => {
    const types = Array.from({ length: depth }, (_, i) =>
      i === 0
        ? '  R0: { struct: { n: u8, a: { type: "u8[n]", max: 1 } } }'
        : `  R${i}: { struct: { n: u8, a: { type: "R${i - 1}[n]", max: 1 } } }`,
    );
    return `types:\n${types.join('\n')}\n`;
  };
  assert.equal(codes(chain(30)), []);
  assert.match(codes(chain(40))[0] ?? '', /^DK412/);
});

variable('a case that declares its struct says its size and layout, and only such a case', () => {
  const of = (text: string): string => `T: { variant: { field: a }, cases: { ${text} } }`;
  const sized = variant(
    'variant: { field: a }, cases: { x: { tag: 1, size: 80, layout: packed, struct: { a: u8, b: u32 } } }',
  );
  assert.equal(sizes(sized), [80, 80, 1]);
  for (const key of ['size: 8', 'layout: packed', 'byteOrder: big'])
    assert.match(
      codes(`types:\n${base}  ${of(`x: { tag: 1, type: Pair, ${key} }`)}\n`)[0] ?? '',
      /^DK205 .* means nothing without "struct"/,
      key,
    );
});

variable('what narrows each element, and keys that say nothing of an array', () => {
  const [, part] = record(
    'n: u8, a: { type: "u16[n]", max: 4, each: { min: 1, max: 9, multipleOf: 3 } }',
  ).parts;
  const each = part?.kind === 'array' ? part.each : undefined;
  assert.equal([each?.range, each?.rules?.multipleOf], [{ min: 1, max: 9 }, 3]);
  const faults: readonly (readonly [string, RegExp])[] = [
    ['a: { type: "u8[...]", max: 4, multipleOf: 2 }', /^DK436 "multipleOf" .* varies in size/],
    ['a: { type: "u8[...]", max: 4, const: 2 }', /^DK436 "const"/],
    ['a: { type: "Pair[...]", max: 4, each: { max: 2 } }', /^DK436 "each" .* no single values/],
    ['a: { type: "u8[...]", max: 4, each: { max: 256 } }', /^DK408/],
    ['a: { type: "u8[...]", max: 4, each: { min: 3, max: 2 } }', /^DK407/],
    ['a: { type: u8, each: { max: 2 } }', /^DK436 "each" .* does not vary/],
  ];
  for (const [field, expected] of faults) {
    const [first = '', ...others] = codes(`types:\n${base}  T: { struct: { ${field} } }\n`);
    assert.match(first, expected, field);
    assert.equal(others, [], field);
  }
});

variable('bytes behind a struct', () => {
  const list =
    'types: { L: { struct: { n: u8, a: { type: "u8[n]", max: 4 } } }, P: { struct: { a: u8 } }, ';
  const open = 'O: { struct: { a: { type: "u8[...]", max: 4 } } } }\n';
  const call = (argument: string): string =>
    `${list}${open}methods: { m: { selector: 1, ${argument} } }\n`;
  for (const type of ['L', 'P']) {
    const [method] = modelOf(call(`in: { a: { type: ${type}, trailing: ignored } }`)).methods;
    const struct = method?.input.struct;
    assert.ok(struct != null && 'longer' in struct && struct.longer, type);
  }
  const faults: readonly (readonly [string, RegExp])[] = [
    ['in: { a: { type: O, trailing: ignored } }', /^DK436 .* goes on to the end/],
    ['in: { a: { type: bytes, max: 9, trailing: ignored } }', /^DK436 .* is no struct/],
    ['in: { a: { type: u8, trailing: ignored } }', /^DK436 .* is no struct/],
    ['out: { a: { type: P, trailing: ignored } }', /^DK436 .* the driver itself answers/],
  ];
  for (const [argument, expected] of faults) {
    const [first = '', ...others] = codes(call(argument));
    assert.match(first, expected, argument);
    assert.equal(others, [], argument);
  }
});

variable.run();
