// Schemas that put hostile names into every position that methods, events, memory and the registry have. Each kind of
// declaration comes in turn; which name meets which kind follows from `turn`. Positions of types are hard-types.ts's.
import { type HardSchema, type Positions, SchemaText } from './schema-text.js';
import { hardTexts, textSource } from './words.js';

export type Names = { readonly all: readonly string[]; readonly turn: number };

const filled = (names: Names, ...positions: readonly string[]): Positions =>
  Object.fromEntries(positions.map((position) => [position, new Set(names.all)]));

/** Type and handle names begin with a capital letter; others may stay to be refused. */
const capital = ({ all, turn }: Names): Names => ({
  turn,
  all: [
    ...new Set(all.map((name) => name.replace(/^("?)([a-z])/, (_, q, c) => q + c.toUpperCase()))),
  ],
});

/** Another beginning in each turn, for positions that take few names. */
const turned = ({ all, turn }: Names, by: number): Set<string> => {
  const at = (turn * by) % all.length;
  return new Set([...all.slice(at), ...all.slice(0, at)]);
};

const pick = (list: readonly string[], index: number): string => list[index % list.length] ?? '';

const driver =
  'driver: { provider: IOUserResources, match: { IOResourceMatch: IOKit }, clientHooks: true }';
const bundle = (name: string): string => `bundle: { identifier: com.example.${name}.driver }`;

const basicTypes = [
  'types:',
  '  Zq0: { enum: u8, values: { zq0: 0, zq1: 1 } }',
  '  Zq1: { flags: u16, values: { zq0: 1, zq1: 2 } }',
  '  Zq2: { bits: u32, fields: { zq0: { width: 3, type: u8, max: 5 }, zq1: bool } }',
  '  Zq3: { struct: { zq0: u8, zq1: { type: u32, min: 3 } } }',
  '  Zq4: { struct: { zq0: u8, zq1: { type: "u8[zq0]", max: 9 } } }',
  '  Zq5: { variant: { tag: u16 }, cases: { zq0: { tag: 1, type: Zq3 }, zq1: { tag: 2 } } }',
  '  Zq6: { struct: { zq0: u8, zq1: "u8[5000]" } }',
];

/** Methods of every kind, errors, states, roles and handles. */
export function callNames(names: Names): HardSchema {
  const kinds = [
    '',
    ', async: true',
    ', in: { zq0: u8 }, out: { zq1: u16 }',
    ', completion: optional, in: { zq0: Zq3 }, out: { zq1: u32 }',
    ', unchecked: "{{x}} */"',
    ', completion: required, layout: raw, words: 4, out: { zq0: u8 }',
    ', in: { zq0: { type: bytes, max: 9 } }, out: { zq1: { type: bytes, max: 9 } }',
    ', in: { zq0: Zq4 }, out: { zq0: Zq5 }',
  ];
  return {
    positions: () => ({
      ...filled(names, 'method', 'error'),
      machine: turned(names, 40),
      state: new Set([...turned(names, 40)].slice(0, 30)),
      role: turned(names, 40),
      handle: new Set(capital(names).all),
    }),
    // A list's item that is no text has no name to be about.
    codes: ['DK201', 'DK401', 'DK411', 'DK525', 'DK527'],
    write(positions) {
      const schema = new SchemaText('Calls', positions);
      schema.add(bundle('Calls'), driver, ...basicTypes);
      schema.add('errors:', '  zq0: 16000');
      schema.each('error', (name, i) => `  ${name}: { code: ${i + 1}, doc: ${schema.doc()} }`);
      schema.add('states:');
      schema.add('  zqAll:', '    names:', '      - zq2', '      - zq3');
      for (const name of schema.names('state')) schema.own(`      - ${name}`, 'state', name);
      schema
        .names('machine')
        .slice(0, 7)
        .forEach((name, i) => {
          const scope = pick(['connection', 'driver'], i);
          const text = `names: [zq0, zq1], scope: ${scope}, doc: ${schema.doc()}`;
          schema.own(`  ${name}: { ${text} }`, 'machine', name);
        });
      schema.add('roles:', '  zq0: {}');
      for (const name of schema.names('role').slice(0, 7))
        schema.own(`  ${name}: { doc: ${schema.doc()} }`, 'role', name);
      schema.add('handles:', '  Zqh: {}');
      schema.each('handle', (name) => `  ${name}: { doc: ${schema.doc()} }`);
      schema.add('methods:');
      const of = (position: string, i: number): string =>
        pick(schema.names(position).slice(0, position === 'role' ? 7 : 400), i) || 'zq0';
      schema.each('method', (name, i) => {
        const refers = [
          `errors: [${of('error', i)}]`,
          `claims: ${of('role', i)}`,
          `when: [${of('state', i)}], then: ${of('state', i + 1)}, stateError: ${of('error', i)}`,
          `requires: ${of('role', i)}, roleError: ${of('error', i)}`,
          `releases: ${of('role', i)}`,
        ];
        return `  ${name}: { selector: ${i + 1}, doc: ${schema.doc()}, ${pick(refers, i)}${pick(kinds, i + names.turn)} }`;
      });
      schema
        .names('handle')
        .filter((name) => name.startsWith('"'))
        .forEach((name, i) => {
          schema.own(
            `  zqh${i}: { selector: ${100_000 + i}, in: { zq0: { type: ${name}, closes: true } }, out: { zq0: { type: ${name}, creates: true } } }`,
            'handle',
            name,
          );
        });
      return schema;
    },
  };
}

const scalarKinds = [
  '{ type: u8, max: 9 }',
  '{ type: f32, min: -1, max: 1 }',
  'bool',
  'Zq0',
  'Zq1',
  'Zq2',
  '{ type: u64, min: 4, safe: true }',
  '{ type: i16, multipleOf: 2 }',
  '{ type: u64, split: low-high }',
  '{ type: Zq3, scalars: 1 }',
  '{ type: "u8[9]", scalars: 2 }',
  '{ type: "u16[2]", scalars: each }',
  '{ type: string, size: 8, scalars: 1 }',
  'status',
];
const inKinds = [
  ...scalarKinds,
  '{ type: u8, const: 3 }',
  '{ type: Zqh }',
  '{ type: Zqh, closes: true }',
  '{ type: clientMemory, access: read-write, max: 4096 }',
];
const lastInKinds = [
  'Zq3',
  'Zq4',
  'Zq5',
  'Zq6',
  '{ struct: { zq0: u8, zq1: "u16[3]" } }',
  '{ type: bytes, min: 1, max: 9 }',
  '{ type: string, max: 9 }',
  '{ type: bytes, min: 4097, max: 9000, direct: true }',
  '{ type: u8, optional: true, default: 3 }',
  '{ type: Zq0, optional: true }',
  '{ type: f64, split: high-low, optional: true }',
];
const lastOutKinds = [
  'Zq3',
  'Zq4',
  'Zq5',
  'Zq6',
  '{ struct: { zq0: u8, zq1: "u16[3]" } }',
  '{ type: bytes, min: 1, max: 9 }',
  '{ type: string, max: 9 }',
  '{ type: bytes, max: 9000, transfer: descriptor, direct: true }',
  '{ type: u8, optional: true }',
  '{ type: Zqh, creates: true }',
];

/** Arguments of every kind, in both directions under the same name. */
export function argumentNames(names: Names): HardSchema {
  return {
    positions: () => ({
      ...filled(names, 'in', 'out', 'completed'),
      // Not beside the same name in "out", which is one double more.
      accepted: turned({ ...names, turn: 1 }, names.all.length >> 1),
    }),
    write(positions) {
      const schema = new SchemaText('Arguments', positions);
      schema.add(
        bundle('Arguments'),
        driver,
        ...basicTypes,
        'handles: { Zqh: { max: 9 } }',
        'methods:',
      );
      let selector = 0;
      const group = (
        position: string,
        kinds: readonly string[],
        last: readonly string[],
        list: readonly string[],
      ): void => {
        list.forEach((name, i) => {
          const kind =
            i === list.length - 1
              ? pick(last, selector + names.turn)
              : pick(kinds, selector + i + names.turn);
          const text = kind.startsWith('{') ? `${kind.slice(0, -1)}, doc: ${schema.doc()} }` : kind;
          schema.own(`      ${name}: ${text}`, position, name);
        });
      };
      const size = 5;
      const [ins, outs] = [schema.groups('in', size), schema.groups('out', size)];
      for (let i = 0; i < Math.max(ins.length, outs.length); i++) {
        selector += 1;
        schema.add(`  zqs${i}:`, `    selector: ${selector}`);
        if (ins[i]) schema.add('    in:');
        group('in', inKinds, lastInKinds, ins[i] ?? []);
        if (outs[i]) schema.add('    out:');
        group('out', scalarKinds, lastOutKinds, outs[i] ?? []);
      }
      const [accepted, completed] = [schema.groups('accepted', 3), schema.groups('completed', 3)];
      const async = scalarKinds.filter((kind) => !/status|scalars|split/.test(kind));
      for (let i = 0; i < Math.max(accepted.length, completed.length); i++) {
        selector += 1;
        schema.add(`  zqa${i}:`, `    selector: ${selector}`, '    completion: required');
        if (accepted[i]) schema.add('    accepted:');
        group(
          'accepted',
          scalarKinds,
          ['Zq3', 'u8', 'Zq4', '{ type: bytes, max: 9 }'],
          accepted[i] ?? [],
        );
        if (completed[i]) schema.add('    out:');
        group(
          'completed',
          async,
          ['Zq3', 'u8', '{ type: "u8[9]", scalars: 2 }'],
          completed[i] ?? [],
        );
      }
      return schema;
    },
  };
}

/** Events of every delivery, their payloads, subscriptions and what these ask for. */
export function eventNames(names: Names): HardSchema {
  return {
    positions: () =>
      filled(names, 'event', 'payload', 'ringPayload', 'subscribeIn', 'subscribeOut'),
    write(positions) {
      const schema = new SchemaText('Events', positions);
      schema.add(bundle('Events'), driver, ...basicTypes);
      schema.add('methods:', '  zqPoll: { selector: 1, out: { zq0: u8 } }', 'events:');
      const of = (position: string, i: number): string =>
        schema.names(position)[i % Math.max(1, schema.names(position).length)] ?? 'zq0';
      schema.add(
        '  zqBase: { payload: { zq0: u32 }, delivery: standing, subscribe: { selector: 2, unsubscribe: null }, layout: raw, word0: 1000000, unacknowledged: allowed }',
      );
      schema.each('event', (name, i) => {
        const selector = 10 + 2 * i;
        const kinds = [
          `payload: { zq0: u8 }, delivery: ring, capacity: 2`,
          `payload: { zq0: u8, zq1: u64 }, delivery: async`,
          `payload: Zq3, delivery: async, inFlight: 2`,
          `payload: { zq0: u8 }, delivery: standing, subscribe: { selector: ${selector}, unsubscribe: { selector: ${selector + 1} }, doc: ${schema.doc()} }, unacknowledged: allowed`,
          `payload: { zq0: u8 }, delivery: rearmed, subscribe: { selector: ${selector}, in: { zq0: u8 }, out: { zq1: Zq3 } }, queue: 2`,
          `delivery: standing, subscribe: { selector: ${selector} }, layout: raw, words: "3-9", unacknowledged: allowed`,
          `payload: { zq0: u32 }, delivery: standing, subscribe: zqBase, word0: ${i}`,
          `delivery: polled, poll: { method: zqPoll, empty: { zq0: 0 } }`,
        ];
        return `  ${name}: { doc: ${schema.doc()}, ${pick(kinds, i + names.turn)} }`;
      });
      const kinds = ['u8', 'f32', 'bool', 'Zq0', 'Zq1', 'Zq2', '{ type: u32, min: 4 }'];
      const fields = (position: string, indent: string, list: readonly string[]): void =>
        list.forEach((name, i) => {
          schema.own(`${indent}${name}: ${pick(kinds, i + names.turn)}`, position, name);
        });
      schema.groups('payload', 8).forEach((list, i) => {
        schema.add(`  zqp${i}:`, '    delivery: async', '    payload:');
        fields('payload', '      ', list);
      });
      schema.groups('ringPayload', 40).forEach((list, i) => {
        schema.add(`  zqr${i}:`, '    delivery: ring', '    capacity: 2', '    payload:');
        fields('ringPayload', '      ', list);
      });
      const [ins, outs] = [schema.groups('subscribeIn', 5), schema.groups('subscribeOut', 5)];
      for (let i = 0; i < Math.max(ins.length, outs.length); i++) {
        schema.add(`  zqs${i}:`, `    payload: { zq0: ${of('none', i) === 'zq0' ? 'u32' : 'u8'} }`);
        schema.add(`    delivery: ${pick(['standing', 'rearmed'], i)}`);
        if (i % 2 === 0) schema.add('    unacknowledged: allowed');
        schema.add('    subscribe:', `      selector: ${100_000 + i}`);
        if (ins[i]) schema.add('      in:');
        fields('subscribeIn', '        ', ins[i] ?? []);
        if (outs[i]) schema.add('      out:');
        fields('subscribeOut', '        ', outs[i] ?? []);
      }
      return schema;
    },
  };
}

/** Buffers of every source, the parts of their numbers, their sections; properties with and without a setter. */
export function memoryNames(names: Names): HardSchema {
  return {
    positions: () =>
      filled(names, 'buffer', 'plus', 'bitPart', 'section', 'sectionField', 'property'),
    codes: ['DK613'],
    write(positions) {
      const schema = new SchemaText('Memory', positions);
      schema.add(bundle('Memory'), driver, ...basicTypes, 'buffers:');
      const computed = (i: number): number => 0x1000_0000 + i * 0x1_0000;
      schema.each('buffer', (name, i) => {
        const kinds = [
          `memoryType: ${i}, size: 16 KiB, access: read-only`,
          `memoryType: ${i}, size: 16 KiB, access: read-write, shared: true, layout: { zq0: Zq3, zq1: "u32[...]" }`,
          `memoryType: ${i}, size: 16 KiB, access: read-write, supply: driver`,
          `memoryType: { base: ${computed(i)}, plus: { zq0: "0-15" } }, size: 16 KiB, access: read-only`,
          `memoryType: ${i}, size: { max: 64 KiB }, access: read-write`,
        ];
        return `  ${name}: { doc: ${schema.doc()}, ${pick(kinds, i + names.turn)} }`;
      });
      schema.each('plus', (name, i) => {
        const sizes = ['16 KiB', '{ max: 64 KiB }'];
        const kinds = ['"0-15"', `{ min: 1, max: 9, doc: ${schema.doc()} }`, '{ max: 3 }'];
        return `  zqp${i}: { memoryType: { base: ${computed(5000 + i)}, plus: { ${name}: ${pick(kinds, i)} } }, size: ${pick(sizes, i + names.turn)}, access: read-write }`;
      });
      schema.groups('bitPart', 3).forEach((list, i) => {
        schema.add(
          `  zqb${i}:`,
          '    access: read-write',
          `    size: ${pick(['16 KiB', '{ max: 64 KiB }'], i + names.turn)}`,
        );
        schema.add(
          '    memoryType:',
          '      fields:',
          `        zqFixed: { bits: "12-31", value: ${0x4_0000 + i} }`,
        );
        list.forEach((name, k) => {
          const kind = pick(['max: 9', 'type: Zq0', `doc: ${schema.doc()}`], k + i);
          schema.own(
            `        ${name}: { bits: "${k * 4}-${k * 4 + 3}", ${kind} }`,
            'bitPart',
            name,
          );
        });
      });
      schema.groups('section', 12).forEach((list, i) => {
        schema.add(
          `  zqs${i}:`,
          `    memoryType: ${100_000 + i}`,
          '    size: 32 KiB',
          '    access: read-write',
          '    layout:',
        );
        const kinds = [
          'u32',
          'Zq3',
          '{ type: u32, owner: driver, atomic: true }',
          '{ type: "u8[16]", owner: app }',
          '{ type: u64, owner: app, atomic: true }',
          '"Zq3[4]"',
          '{ type: f32 }',
          '"i16[2][3]"',
          'Zq0',
          'bool',
          '{ struct: { zq0: u8 } }',
        ];
        list.forEach((name, k) => {
          const kind = k === 11 ? '"u8[...]"' : pick(kinds, k + i + names.turn);
          schema.own(`      ${name}: ${kind}`, 'section', name);
        });
      });
      schema.groups('sectionField', 40).forEach((list, i) => {
        schema.add(
          `  zqf${i}: `,
          `    memoryType: ${200_000 + i}`,
          '    size: 16 KiB',
          '    access: read-write',
          '    layout:',
          '      zq0:',
          '        struct:',
        );
        list.forEach((name, k) => {
          schema.own(`          ${name}: ${pick(['u8', 'Zq0', 'f32'], k)}`, 'sectionField', name);
        });
      });
      schema.add('properties:');
      schema.each('property', (name, i) => {
        const kinds = [
          'type: bool, default: true',
          'type: u32, min: 1, max: 9, default: 2, unit: "*/ \\\\"',
          'type: i16',
        ];
        const setter = i % 2 === 0 ? `, setter: { selector: ${i + 1}, doc: ${schema.doc()} }` : '';
        return `  ${name}: { doc: ${schema.doc()}, ${pick(kinds, i + names.turn)}${setter} }`;
      });
      return schema;
    },
  };
}

/** Words that a class may be spelt as, and classes that meet others; a few in each turn, since each has files. */
function classNames({ all, turn }: Names): Set<string> {
  const capitals = all.filter((name) => /^"[A-Z]/.test(name));
  const ours = ['DriversDriver', 'zqClient1', 'ZQCLIENT1', 'ZqMain', 'zqmain', 'Zqservice'];
  const some = [...turned({ all: capitals, turn }, 8)].slice(0, 8);
  return new Set([...some, ...ours.map(textSource)]);
}

/** Drivers, user clients and services, their classes, what they match, and every text of the property lists. */
export function driverNames(names: Names): HardSchema {
  // Each driver and user client has files of its own, which take their time to compile.
  const few = (by: number): Set<string> => new Set([...turned(names, by)].slice(0, 5));
  return {
    positions: () => ({
      driver: few(5),
      userClient: few(5),
      class: classNames(names),
      service: few(5),
      action: new Set(names.all),
      personality: new Set(names.all),
      text: new Set(hardTexts.map(textSource)),
      key: new Set(names.all),
      nestedKey: new Set(names.all),
      dictionary: new Set(names.all),
    }),
    codes: ['DK705', 'DK713', 'DK715', 'DK716', 'DK201', 'DK202', 'DK207'],
    write(positions) {
      const schema = new SchemaText('Drivers', positions);
      const resources = 'provider: IOUserResources, match: { IOResourceMatch: IOKit }';
      schema.add(bundle('Drivers'), 'methods: { zq0: { selector: 1 } }', 'drivers:');
      schema.add('  zqMain:', '    class: ZqMain', '    provider: IOUserResources');
      schema.add('    match: { IOResourceMatch: IOKit }', '    actions:');
      schema.each('action', (name) => `      ${name}: IOTimerDispatchSource.TimerOccurred`);
      schema.add('    properties:');
      schema.each('text', (text, i) => `      ZqText${i}: ${text}`);
      schema.each('key', (name) => `      ${name}: [1, ${name}, { ${name}: text }]`);
      schema.add('      ZqNested:');
      schema.each('nestedKey', (name, i) => `        ${name}: ${i}`);
      schema.add('    userClients:', '      zqFirst: { class: ZqFirst, type: 100000 }');
      schema.each(
        'userClient',
        (name, i) => `      ${name}: { class: ZqClient${i}, type: ${i}, doc: ${schema.doc()} }`,
      );
      schema.each('class', (name, i) => `      zqc${i}: { class: ${name}, type: ${1000 + i} }`);
      schema.add(
        '    services:',
        '      zqFirst: { class: ZqService, kernelClass: IOUserService }',
      );
      schema.each(
        'dictionary',
        (name, i) =>
          `      zqd${i}: { class: ZqService, kernelClass: IOUserService, in: zqFirst, dictionary: ${name} }`,
      );
      schema.each(
        'service',
        (name, i) =>
          `      ${name}: { class: ZqService, kernelClass: IOUserService, dictionary: ZqKey${i}, doc: ${schema.doc()} }`,
      );
      schema.each(
        'driver',
        (name, i) => `  ${name}: { class: ZqDriver${i}, ${resources}, doc: ${schema.doc()} }`,
      );
      schema.add('  zqMany:', '    class: ZqMany', '    personalities:');
      schema.each('personality', (name) => `      ${name}: { ${resources} }`);
      return schema;
    },
  };
}
