// Hostile names and texts in every position of drivers, and what ends up in their property lists.
import { bundle, type Names, turned } from './schema-parts.js';
import { type HardSchema, SchemaText } from './schema-text.js';
import { hardTexts, textSource } from './words.js';

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
