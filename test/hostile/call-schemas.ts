// Hostile names in every position of methods, and of arguments of every kind.
import {
  basicTypes,
  bundle,
  capital,
  driver,
  filled,
  type Names,
  pick,
  turned,
} from './schema-parts.js';
import { type HardSchema, SchemaText } from './schema-text.js';

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
