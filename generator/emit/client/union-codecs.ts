// C unions as classes over their bytes.
import type { UnionType } from '../../model/model.js';
import { pascal } from '../c-names.js';
import { decodeText, encodeLines, typeText } from './codecs.js';
import { key, quote, toDocs } from './jsdoc.js';
import { type Names, nameOf } from './names.js';

/** A class: its members are decoded when they are asked for. */
export function unionText(names: Names, type: UnionType): string {
  const name = nameOf(names.types, type.name);
  const docs = toDocs({
    doc: type.doc,
    notes: [
      `${type.size} bytes, which do not say what they are: made by of(), read by the member that is meant.`,
    ],
  });
  const choice = type.members
    .map((one) => `{ readonly ${key(one.name)}: ${typeText(names, one.type, true)} }`)
    .join(' | ');
  const readers = type.members.flatMap((one) => [
    ...toDocs({ doc: one.doc }).flatMap((doc) => [`  /** ${doc.replaceAll('\n', ' ')} */`]),
    `  get as${pascal(one.name)}(): ${typeText(names, one.type)} {`,
    '    const { view } = this;',
    `    return ${decodeText(names, one.type, '0')};`,
    '  }',
  ]);
  const writers = type.members.flatMap((one) => [
    `      case ${quote(one.name)}: {`,
    `        const item = (value as { readonly ${key(one.name)}: ${typeText(names, one.type, true)} })[${quote(one.name)}];`,
    ...encodeLines({
      names,
      type: one.type,
      range: null,
      offset: '0',
      value: 'item',
      member: quote(one.name),
      depth: 1,
    }).map((line) => `        ${line}`),
    `        return new ${name}(bytes);`,
    '      }',
  ]);
  return [
    '/**',
    ...docs.flatMap((doc) => doc.split('\n').map((line) => ` * ${line}`)),
    ' */',
    `export class ${name} extends dextgen.UnionValue {`,
    '  /** One member; bytes that it does not cover are zero. */',
    `  static of(value: ${choice}): ${name} {`,
    `    const at = dextgen.argumentsOf('${name}.of');`,
    `    const bytes = new Uint8Array(${type.size});`,
    '    const view = new DataView(bytes.buffer);',
    '    switch (dextgen.onlyMember(value, at)) {',
    ...writers,
    '      default:',
    `        throw dextgen.unknownMember(value, at);`,
    '    }',
    '  }',
    ...readers,
    '}',
    `export function decode${name}(view: DataView, offset = 0): ${name} {`,
    `  return new ${name}(dextgen.unionBytes(view, offset, ${type.size}));`,
    '}',
    `export function encode${name}(view: DataView, offset: number, value: ${name}, at = dextgen.argumentsOf('encode${name}')): void {`,
    `  dextgen.putUnion(view, offset, value, ${type.size}, at);`,
    '}',
  ].join('\n');
}
