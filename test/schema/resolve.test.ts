// What carries what: scalars, structs and bytes of a call, completions, rings, errors, and the contract hash.
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Model } from '../../generator/model/index.js';
import { faultsOf, modelOf } from './resolved.js';

const resolved = suite('resolved');

type Method = Model['methods'][number];

function methodOf(text: string, more = ''): Method {
  const [method] = modelOf(`${more}methods:\n  call: { selector: 1, ${text} }\n`).methods;
  if (method === undefined) throw new Error('no method');
  return method;
}

resolved('a fixed struct is inline up to 4096 bytes and a descriptor above', () => {
  for (const [length, transfer] of [
    [4096, 'inline'],
    [4097, 'descriptor'],
  ] as const) {
    const types = `types:\n  S: { struct: { b: "u8[${length}]" } }\n`;
    const { struct } = methodOf('in: { s: S }', types).input;
    assert.equal(struct?.kind === 'fixed' && [struct.transfer, struct.type.size], [
      transfer,
      length,
    ]);
  }
});

resolved('bytes are inline up to 4096 and either above', () => {
  for (const [max, transfer] of [
    ['4096', 'inline'],
    ['4 KiB', 'inline'],
    ['4097', 'either'],
    ['1 MiB', 'either'],
  ] as const) {
    const { struct } = methodOf(`in: { b: { type: bytes, max: ${max} } }`).input;
    assert.equal(struct?.kind === 'bytes' && [struct.transfer, struct.lengthScalar], [
      transfer,
      null,
    ]);
  }
});

resolved('the length of a large output takes scalar 0 and moves the others', () => {
  const { scalars, struct } = methodOf(
    'out: { a: u8, b: { type: bytes, max: 8 KiB }, c: u16 }',
  ).output;
  assert.is(struct?.kind === 'bytes' && struct.lengthScalar, 0);
  assert.equal(
    scalars.map(({ name, index }) => [name, index]),
    [
      ['a', 1],
      ['c', 2],
    ],
  );
  const sixteen = Array.from({ length: 16 }, (_, i) => `a${i}: u8`).join(', ');
  const method = `methods:\n  call: { selector: 1, out: { ${sixteen}, b: { type: bytes, max: `;
  assert.equal(faultsOf(`${method}4096 } } }\n`), []);
  assert.is(faultsOf(`${method}4097 } } }\n`)[0]?.slice(0, 5), 'DK504');
});

resolved('methods stand by selector, setters among them', () => {
  const model = modelOf(`methods:
  late: { selector: 9 }
  early: { selector: 0 }
properties:
  USBGain: { type: i32, min: -5, max: 5, unit: dB, setter: { selector: 4, errors: [busy] } }
`);
  assert.equal(
    model.methods.map(({ name }) => name),
    ['early', 'setUSBGain', 'late'],
  );
  const setter = model.methods[1];
  assert.is(setter?.setterOf, 'USBGain');
  assert.equal(setter?.input.scalars, [
    {
      name: 'usbGain',
      index: 0,
      type: { kind: 'scalar', scalar: 'i32', size: 4, align: 4 },
      doc: '',
      unit: 'dB',
      since: '',
      range: { min: -5, max: 5 },
      rules: null,
      optional: false,
      packing: 'word',
      words: 1,
      handle: null,
    },
  ]);
  assert.is(model.properties[0]?.setter, 'setUSBGain');
});

resolved('errors are numbered in the order of selectors, around explicit codes', () => {
  const model = modelOf(`errors: { busy: { doc: A sweep runs. }, locked: 1, gone: {}, unused: 3 }
methods:
  b: { selector: 2, errors: [gone, busy] }
  a: { selector: 1, errors: [busy, locked] }
`);
  assert.equal(
    model.errors.map(({ name, code, value }) => [name, code, value.toString(16)]),
    [
      ['busy', 2, 'e3ff8002'],
      ['locked', 1, 'e3ff8001'],
      ['gone', 4, 'e3ff8004'],
    ],
  );
  assert.is(model.errors[0]?.doc, 'A sweep runs.');
});

resolved(
  'events are numbered from 1 around explicit ids, and rings are mapped behind the contract',
  () => {
    const model = modelOf(`contract: { base: 0x1000 }
events:
  a: { payload: { x: u8 }, delivery: ring }
  b: { id: 1, payload: { x: "u64[3]" }, delivery: async, inFlight: 7, overflow: drop-newest }
  c: { payload: { x: u8 }, delivery: ring, capacity: 8 }
`);
    assert.equal(
      model.events.map(({ name, id }) => [name, id]),
      [
        ['b', 1],
        ['a', 2],
        ['c', 3],
      ],
    );
    assert.equal(model.events[0]?.delivery, {
      kind: 'completion',
      words: 5,
      overflow: 'drop-newest',
      inFlight: 7,
    });
    assert.equal(model.events[2]?.delivery, {
      kind: 'ring',
      capacity: 8,
      overflow: 'drop-oldest',
      recordSize: 1,
      ringMemoryType: 0x1000 + 0x10000 + 6,
      controlMemoryType: 0x1000 + 0x10000 + 7,
    });
  },
);

resolved('a completion has at least three words', () => {
  const words = (payload: string): unknown => {
    const { delivery } = modelOf(`events:\n  e: { payload: { ${payload} }, delivery: async }\n`)
      .events[0] as Model['events'][number];
    return delivery.kind === 'completion' && delivery.words;
  };
  assert.is(words('x: u8'), 3);
  assert.is(words('x: u64'), 3);
  assert.is(words('x: u64, y: u8'), 4);
  assert.is(words('x: "u64[14]"'), 16);
});

resolved('the data of a buffer begins behind its header, aligned, and ends with the buffer', () => {
  const model = modelOf(`types:
  H: { struct: { x: u32, y: u8 } }
buffers:
  a: { memoryType: 0, size: 16 KiB, access: read-write, layout: { h: H, d: "f64[...]" } }
  b: { memoryType: 7, size: 0x8000, access: read-only, shared: true }
`);
  const [a, b] = model.buffers;
  assert.equal(
    a?.sections.map(({ name, offset, size, open }) => [name, offset, size, open]),
    [
      ['h', 0, 8, false],
      ['d', 8, 2047 * 8, true],
    ],
  );
  assert.equal([b?.size, b?.shared, b?.sections], [32768, true, []]);
});

resolved('an interface without contract selectors has methods and buffers only', () => {
  assert.is(modelOf('contract: none\nmethods:\n  a: { selector: 0xDE000000 }\n').contract, null);
});

const base = `types:
  Mode: { enum: u8, values: { slow: 0, fast: 1 } }
  S: { struct: { a: u32, m: Mode } }
methods:
  one: { selector: 1, in: { a: { type: u32, max: 9 }, b: u32 }, errors: [busy] }
  two: { selector: 2, out: { s: S } }
events:
  e: { payload: { x: u32 }, delivery: ring, capacity: 8 }
buffers:
  c: { memoryType: 1, size: 16 KiB, access: read-only }
properties:
  Gain: { type: u32 }
`;

const hashOf = (body: string): string => {
  const { high, low } = modelOf(body).contractHash;
  assert.match(high + low, /^[0-9a-f]{32}$/);
  return high + low;
};

resolved('docs and the order of the text are not part of the contract', () => {
  const [head, tail] = base.split('methods:\n');
  const swapped = (tail ?? '').replace(/^( {2}one.*\n)( {2}two.*\n)/, '$2$1');
  assert.not.equal(swapped, tail);
  assert.is(hashOf(`${head}methods:\n${swapped}`), hashOf(base));
  assert.is(
    hashOf(base.replace('{ selector: 1,', '{ selector: 1, doc: New words.,')),
    hashOf(base),
  );
  assert.is(hashOf(`doc: An example.\n${base}`), hashOf(base));
});

resolved('everything that either side relies on is part of the contract', () => {
  const edits: readonly (readonly [string, string])[] = [
    ['selector: 2', 'selector: 3'],
    ['max: 9', 'max: 8'],
    ['b: u32', 'b: i32'],
    ['a: { type: u32, max: 9 }, b: u32', 'b: { type: u32, max: 9 }, a: u32'],
    ['fast: 1', 'fast: 2'],
    ['a: u32, m: Mode', 'm: Mode, a: u32'],
    ['[busy]', '[]'],
    ['capacity: 8', 'capacity: 16'],
    ['delivery: ring, capacity: 8', 'delivery: async'],
    ['memoryType: 1', 'memoryType: 2'],
    ['read-only', 'read-write'],
    ['Gain: { type: u32 }', 'Gain: { type: u32, default: 5 }'],
    ['types:', 'contract: { base: 4096 }\ntypes:'],
  ];
  const hashes = edits.map(([from, to]) => {
    assert.ok(base.includes(from), from);
    return hashOf(base.replace(from, to));
  });
  assert.is(new Set([hashOf(base), ...hashes]).size, edits.length + 1);
});

resolved('several faults are found in one run, each once', () => {
  assert.equal(
    faultsOf(`methods:
  a: { selector: 1, in: { x: Nope, y: { type: u8, min: 300 } } }
  b: { selector: 1, out: { z: "f32[0]" } }
properties:
  G: { type: u8, min: 9, max: 3, setter: { selector: 1 } }
`),
    ['DK401 2:30', 'DK408 2:56', 'DK501 3:18', 'DK403 3:31', 'DK407 5:23', 'DK501 5:54'],
  );
});

resolved.run();
