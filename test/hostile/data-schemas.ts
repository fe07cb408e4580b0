// Hostile names in every position of events, of memory and of the registry.
import { basicTypes, bundle, driver, filled, type Names, pick } from './schema-parts.js';
import { type HardSchema, SchemaText } from './schema-text.js';

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
