// Variants as unions of TypeScript, told apart by `kind`, and C unions as classes over their bytes.
import { StructureKind } from 'ts-morph';
import type { EnumType, UnionType, VariantCase, VariantType } from '../../model/model.js';
import { pascal } from '../c-names.js';
import type { Bulk } from './bulk.js';
import { decodeText, encodeLines, typeText } from './codecs.js';
import { key, quote, toDocs } from './jsdoc.js';
import { type Names, nameOf } from './names.js';
import type { Structs } from './record-context.js';

export type VariantContext = {
  readonly names: Names;
  readonly structs: Structs;
  readonly enums: ReadonlyMap<string, EnumType>;
  /** The struct that a record begins with. */
  readonly heads: ReadonlyMap<string, string>;
  readonly type: VariantType;
};

const isSingle = ({ tags }: VariantCase): boolean =>
  tags.length === 1 && tags[0]?.first === tags[0]?.last;

/** The number of a case that has only one is no member of its value: `kind` says the same. */
function impliedField({ structs, heads, type }: VariantContext, one: VariantCase): string | null {
  if (type.field === null || one.type === null || !isSingle(one)) return null;
  const struct = structs.get(heads.get(one.type.name) ?? one.type.name);
  const field = struct?.fields.find(({ name }) => name === type.field);
  // A constant is no member anyway.
  return field === undefined || isConstant(field.rules) ? null : type.field;
}

const isConstant = (rules: { readonly const: unknown } | null): boolean =>
  rules !== null && rules.const !== null;

/** A number before the cases, which the case does not tell by itself. */
const hasTag = (type: VariantType, one: VariantCase): boolean =>
  type.field === null && !isSingle(one);

function isLong({ tag }: VariantType): boolean {
  const scalar = tag.type.kind === 'scalar' ? tag.type.scalar : tag.type.base;
  return scalar === 'u64' || scalar === 'i64';
}

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

/** Not exported, and of no name that a type could have. */
export function codecName(names: Names, { name }: { readonly name: string }): string {
  return `casesOf${nameOf(names.types, name)}`;
}

function resultText(context: VariantContext, one: VariantCase, value: string | null): string {
  const parts = [`kind: ${quote(one.name)}`];
  if (hasTag(context.type, one)) parts.push(isLong(context.type) ? 'tag' : 'tag: Number(tag)');
  const implied = impliedField(context, one);
  if (value !== null)
    parts.push(
      `value: ${implied === null ? value : `dextgen.without(${value}, ${quote(implied)})`}`,
    );
  return `{ ${parts.join(', ')} }`;
}

const plus = (base: string, offset: number): string =>
  offset === 0 ? base : `${base} + ${offset}`;

function decodeCaseLines(context: VariantContext, one: VariantCase): string[] {
  const { names, type } = context;
  const { exact, bodyOffset, tag } = type;
  const body = one.type;
  const head = `  case ${quote(one.name)}:`;
  if (body === null) {
    const skip = exact ? [`    from.part(1, ${tag.offset + tag.type.size});`] : [];
    return [head, ...skip, `    return ${resultText(context, one, null)};`];
  }
  const decode = `decode${nameOf(names.types, body.name)}`;
  if (!exact)
    return [
      head,
      `    return ${resultText(context, one, `${decode}(view, ${plus('offset', bodyOffset)})`)};`,
    ];
  if (body.kind === 'record') {
    const skip = bodyOffset > 0 ? [`    from.part(1, ${bodyOffset});`] : [];
    return [head, ...skip, `    return ${resultText(context, one, `from.record(1, ${decode})`)};`];
  }
  const place = `from.part(1, ${bodyOffset + body.size})`;
  const value = `${decode}(from.view, ${plus(place, bodyOffset)})`;
  return [head, `    return ${resultText(context, one, value)};`];
}

function decodeStatements(context: VariantContext): string[] {
  const { names, type } = context;
  const codec = codecName(names, type);
  const tagged = type.cases.some((one) => hasTag(type, one));
  const found = type.exact
    ? `dextgen.nextCase(${codec}, from)`
    : `dextgen.caseAt(${codec}, view, offset)`;
  return [
    `const { kind${tagged ? ', tag' : ''} } = ${found};`,
    'switch (kind) {',
    ...type.cases.flatMap((one) => decodeCaseLines(context, one)),
    '}',
  ];
}

/** The value with the field that its case implies. */
function valueText(context: VariantContext, one: VariantCase): string {
  const implied = impliedField(context, one);
  if (implied === null) return 'value.value';
  const { type, enums, structs, heads } = context;
  const head = one.type === null ? '' : (heads.get(one.type.name) ?? one.type.name);
  const field = structs.get(head)?.fields.find(({ name }) => name === implied);
  const number = one.tags[0]?.first ?? 0;
  const values = field?.type.kind === 'enum' ? enums.get(field.type.name)?.values : undefined;
  const named = values?.find((each) => BigInt(each.value) === BigInt(number));
  const literal = named === undefined ? `${number}${isLong(type) ? 'n' : ''}` : quote(named.name);
  return `{ ...value.value, ${key(implied)}: ${literal} }`;
}

function encodeCaseLines(context: VariantContext, one: VariantCase): string[] {
  const { names, type } = context;
  const { exact, bodyOffset, tag, field } = type;
  const body = one.type;
  const codec = codecName(names, type);
  const inside = "dextgen.inside(at, 'value')";
  const target = exact ? '[to.view, place]' : '[view, offset]';
  const given = hasTag(type, one) ? 'value.tag' : 'undefined';
  const finish =
    field === null
      ? `dextgen.putTag(${codec}, ${target}, ${quote(one.name)}, ${given}, at);`
      : isSingle(one)
        ? null
        : `dextgen.checkCase(${codec}, ${target}, ${quote(one.name)}, at);`;
  const lines: string[] = [];
  const tagEnd = tag.offset + tag.type.size;
  if (body === null) {
    if (exact) lines.push(`const place = to.part(1, ${tagEnd});`);
  } else {
    const encode = `encode${nameOf(names.types, body.name)}`;
    const value = valueText(context, one);
    if (!exact) lines.push(`${encode}(view, ${plus('offset', bodyOffset)}, ${value}, ${inside});`);
    else if (body.kind === 'struct') {
      lines.push(`const place = to.part(1, ${bodyOffset + body.size});`);
      lines.push(`${encode}(to.view, ${plus('place', bodyOffset)}, ${value}, ${inside});`);
    } else {
      if (finish !== null || bodyOffset > 0) lines.push(`const place = to.part(1, ${bodyOffset});`);
      lines.push(`to.record(1, (inner) => ${encode}(inner, ${value}, ${inside}));`);
    }
  }
  if (finish !== null) lines.push(finish);
  else if (
    lines[0]?.startsWith('const place') &&
    !lines.some((line, i) => i > 0 && line.includes('place'))
  )
    lines[0] = lines[0].replace('const place = ', '');
  return [
    `  case ${quote(one.name)}: {`,
    ...lines.map((line) => `    ${line}`),
    '    return;',
    '  }',
  ];
}

function encodeStatements(context: VariantContext): string[] {
  const names = context.type.cases.map(({ name }) => name).join(', ');
  return [
    'dextgen.checkObject(value, at);',
    'switch (value.kind) {',
    ...context.type.cases.flatMap((one) => encodeCaseLines(context, one)),
    '}',
    `throw dextgen.unknownKind(value, ${quote(names)}, at);`,
  ];
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
