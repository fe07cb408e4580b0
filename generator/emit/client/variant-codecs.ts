// Variants as unions of TypeScript, told apart by `kind`.
import { StructureKind } from 'ts-morph';
import type { VariantCase } from '../../model/model.js';
import type { Bulk } from './bulk.js';
import { quote, toDocs } from './jsdoc.js';
import { nameOf } from './names.js';
import { codecName, hasTag, impliedField, isLong, type VariantContext } from './variant-context.js';
import { decodeStatements } from './variant-decoders.js';
import { encodeStatements } from './variant-encoders.js';

function caseType(context: VariantContext, one: VariantCase, given: boolean): string {
  const { names, type } = context;
  const members = [`readonly kind: ${quote(one.name)}`];
  if (hasTag(type, one)) members.push(`readonly tag: ${isLong(type) ? 'bigint' : 'number'}`);
  if (one.type !== null) {
    const input = given ? names.inputs.get(one.type.name) : undefined;
    const own = input ?? nameOf(names.types, one.type.name);
    const implied = impliedField(context, one);
    members.push(`readonly value: ${implied === null ? own : `Omit<${own}, ${quote(implied)}>`}`);
  }
  return `{ ${members.join('; ')} }`;
}

/** Numbers are exact, whatever their width. */
function codecText(context: VariantContext): string {
  const { names, type } = context;
  const { tag } = type;
  const tagEnd = tag.offset + tag.type.size;
  const rows = type.cases.map((one) => {
    const tags = one.tags.map(({ first, last }) => `[${first}n, ${last}n]`).join(', ');
    const body = one.type;
    const size = body === null ? tagEnd : body.kind === 'struct' ? type.bodyOffset + body.size : 0;
    return `    { kind: ${quote(one.name)}, tags: [${tags}], size: ${size} },`;
  });
  const scalar = tag.type.kind === 'scalar' ? tag.type.scalar : tag.type.base;
  const big = tag.byteOrder === 'big';
  return [
    `const ${codecName(names, type)} = {`,
    `  name: ${quote(type.name)},`,
    '  cases: [',
    ...rows,
    '  ],',
    `  tag: { offset: ${tag.offset}, type: '${scalar}', big: ${big} },`,
    `  size: ${type.exact ? 0 : type.size},`,
    `} as const satisfies dextgen.VariantCodec<${type.cases.map(({ name }) => quote(name)).join(' | ')}>;`,
  ].join('\n');
}

export function variantStructures(context: VariantContext): Bulk[] {
  const { names, type } = context;
  const name = nameOf(names.types, type.name);
  const input = names.inputs.get(type.name);
  const notes = type.cases
    .filter((one) => one.doc !== '')
    .map((one) => `- ${one.name}: ${one.doc}`);
  const place = type.exact
    ? {
        read: [{ name: 'from', type: 'dextgen.RecordReader' }],
        write: [{ name: 'to', type: 'dextgen.RecordWriter' }],
      }
    : {
        read: [
          { name: 'view', type: 'DataView' },
          { name: 'offset', initializer: '0' },
        ],
        write: [
          { name: 'view', type: 'DataView' },
          { name: 'offset', type: 'number' },
        ],
      };
  return [
    {
      kind: StructureKind.TypeAlias,
      name,
      isExported: true,
      docs: toDocs({ doc: type.doc, notes: [...notes, `${type.min} to ${type.max} bytes.`] }),
      type: casesText(context, false),
    },
    ...(input === undefined
      ? []
      : [
          {
            kind: StructureKind.TypeAlias as const,
            name: input,
            isExported: true,
            docs: [`${name} as it is given.`],
            type: casesText(context, true),
          },
        ]),
    codecText(context),
    {
      kind: StructureKind.Function,
      name: `decode${name}`,
      isExported: true,
      parameters: place.read,
      returnType: name,
      statements: decodeStatements(context),
    },
    {
      kind: StructureKind.Function,
      name: `encode${name}`,
      isExported: true,
      parameters: [
        ...place.write,
        { name: 'value', type: input ?? name },
        { name: 'at', initializer: `dextgen.argumentsOf('encode${name}')` },
      ],
      returnType: 'void',
      statements: encodeStatements(context),
    },
  ];
}

function casesText(context: VariantContext, given: boolean): string {
  return context.type.cases.map((one) => caseType(context, one, given)).join('\n  | ');
}
