// Records as TypeScript types, each with a decoder and an encoder over the client's RecordReader and RecordWriter.
// Fields that count are not members: the lengths of what they count say the same.

import {
  type FunctionDeclarationStructure,
  type InterfaceDeclarationStructure,
  StructureKind,
} from 'ts-morph';
import type {
  ArrayPart,
  ArrayType,
  CountRef,
  Field,
  RecordPart,
  RecordType,
  StructType,
  TextPart,
} from '../../model/model.js';
import { alignIn } from '../layouts.js';
import { decodeText, encodeLines } from './codecs.js';
import { access, key, quote, toDocs } from './jsdoc.js';
import { fieldTypeText, numbersOf } from './members-of-types.js';
import { type Names, nameOf } from './names.js';

export type Structs = ReadonlyMap<string, StructType>;

type Context = {
  readonly names: Names;
  readonly structs: Structs;
  readonly type: RecordType;
  /** What a caller passes rather than what it gets. */
  readonly given: boolean;
};

/** The TypeScript type of a named one, as it is read or given. */
function nameIn({ names, given }: Context, name: string): string {
  return (given ? names.inputs.get(name) : undefined) ?? nameOf(names.types, name);
}

type Counted = (ArrayPart | TextPart) & { readonly count: CountRef };

const isCounted = (part: RecordPart): part is Counted =>
  (part.kind === 'array' || part.kind === 'text') && part.count !== null;

/** Members that a field of part `index` counts, by the path of that field: `header.count`. */
function countsIn({ type }: Context, index: number): ReadonlyMap<string, readonly Counted[]> {
  const counts = new Map<string, Counted[]>();
  for (const part of type.parts.filter(isCounted)) {
    if (part.count.part !== index) continue;
    const path = part.count.path.join('.');
    counts.set(path, [...(counts.get(path) ?? []), part]);
  }
  return counts;
}

function structOf({ structs }: Context, name: string): StructType {
  const struct = structs.get(name);
  if (struct === undefined) throw new Error(`there is no struct ${name}`);
  return struct;
}

/** Counting fields below one of `prefix`, by their first name. */
function below(paths: Iterable<string>, prefix: string): ReadonlySet<string> {
  const inside = [...paths].filter((path) => path.startsWith(prefix));
  return new Set(inside.map((path) => path.slice(prefix.length).split('.')[0] ?? ''));
}

/** The type of a struct without the fields that count. */
function reducedType(
  context: Context,
  name: string,
  paths: readonly string[],
  prefix: string,
): string {
  const heads = [...below(paths, prefix)];
  const own = nameIn(context, name);
  if (heads.length === 0) return own;
  const struct = structOf(context, name);
  const kept = heads.flatMap((head) => {
    if (paths.includes(prefix + head)) return [];
    const type = struct.fields.find((field) => field.name === head)?.type;
    if (type?.kind !== 'struct') return [];
    const inner = reducedType(context, type.name, paths, `${prefix}${head}.`);
    return [`readonly ${key(head)}: ${inner}`];
  });
  const omitted = `Omit<${own}, ${heads.map(quote).join(' | ')}>`;
  return kept.length === 0 ? omitted : `${omitted} & { ${kept.join('; ')} }`;
}

type Member = {
  readonly name: string;
  readonly type: string;
  readonly docs: string[];
  readonly optional: boolean;
};

function fieldMember(context: Context, field: Field, paths: readonly string[]): Member {
  const { type, rules, name, doc, unit } = field;
  const { names, given } = context;
  const optional = given && (rules?.default ?? null) !== null;
  const counted = type.kind === 'struct' && below(paths, `${name}.`).size > 0;
  const text =
    type.kind === 'struct' && counted
      ? reducedType(context, type.name, paths, `${name}.`)
      : fieldTypeText(names, field, given);
  return {
    name,
    type: optional ? `${text} | undefined` : text,
    docs: toDocs({ doc, unit, notes: optional ? [`${rules?.default} unless given.`] : [] }),
    optional,
  };
}

function fieldMembers(context: Context, part: RecordPart, index: number): Member[] {
  if (part.kind !== 'fixed') return [];
  const paths = [...countsIn(context, index).keys()];
  const fields = structOf(context, part.struct.name).fields.filter(
    ({ name, rules }) =>
      !paths.includes(name) && !(context.given && (rules?.const ?? null) !== null),
  );
  return fields.map((field) => fieldMember(context, field, paths));
}

function variableMember(context: Context, part: Exclude<RecordPart, { kind: 'fixed' }>): Member {
  const unit = part.kind === 'array' ? part.unit : '';
  const docs = toDocs({ doc: part.doc, unit, notes: limitNotes(part) });
  const member = (type: string): Member => ({ name: part.name, type, docs, optional: false });
  if (part.kind === 'text') return member('string');
  if (part.kind === 'record') return member(nameIn(context, part.type.name));
  const { element } = part;
  if (element.kind === 'record') return member(`readonly ${nameIn(context, element.name)}[]`);
  const type: ArrayType = { kind: 'array', element, length: 0, size: 0, align: 1 };
  const rules = part.each?.rules ?? null;
  return member(fieldTypeText(context.names, { type, rules }, context.given));
}

function limitNotes(part: Exclude<RecordPart, { kind: 'fixed' }>): string[] {
  if (part.kind === 'record') return [];
  return [`${part.min} to ${part.max} ${part.kind === 'text' ? 'bytes' : 'elements'}.`];
}

function membersOf(context: Context): readonly Member[] {
  return context.type.parts.flatMap((part, index) =>
    part.kind === 'fixed' ? fieldMembers(context, part, index) : [variableMember(context, part)],
  );
}

/** Local variables of the codec, which no name of the schema can hide: `part0`. */
const local = (index: number): string => `part${index}`;

const alignOf = ({ type }: Context, align: number): number => alignIn(type.layout, align);

function limits({ min, max }: { readonly min: number; readonly max: number }): string {
  return `[${min}, ${max}]`;
}

/** `from.count(part0.count, [0, 64])`. */
function countText(part: Counted): string {
  const { count } = part;
  const path = count.path.reduce(access, local(count.part));
  const scale = count.times === 1 && count.plus === 0 ? '' : `, ${count.times}, ${count.plus}`;
  return `from.count(${path}, ${limits(part)}${scale})`;
}

function arrayDecoder(context: Context, part: ArrayPart): string {
  const { names } = context;
  const { element } = part;
  const align = alignOf(context, element.align);
  if (element.kind === 'record') {
    const decode = `decode${nameOf(names.types, element.name)}`;
    return isCounted(part)
      ? `from.records(${countText(part)}, ${align}, ${decode})`
      : `from.recordsToEnd(${limits(part)}, ${align}, ${decode})`;
  }
  const { size } = element;
  const { byteOrder } = part;
  const count = isCounted(part) ? countText(part) : `from.rest(${align}, ${size}, ${limits(part)})`;
  const rules = part.each?.rules ?? null;
  const array = numbersOf({ type: element, rules });
  if (array === 'Uint8Array') return `from.bytes(${count})`;
  if (array !== null) {
    const swapped = byteOrder === 'big' && size > 1 ? ', true' : '';
    return `dextgen.numbersOf(${array}, from, ${count}, ${align}${swapped})`;
  }
  const value = decodeText(names, element, { at: 'place', byteOrder, rules });
  return `from.elements(${count}, [${align}, ${size}], (place) => ${value})`;
}

function textRules({ text }: TextPart): string {
  return `{ encoding: '${text.encoding}', terminated: '${text.terminated}' }`;
}

function partDecoder(context: Context, part: RecordPart): string {
  switch (part.kind) {
    case 'fixed': {
      const name = nameOf(context.names.types, part.struct.name);
      return `decode${name}(view, from.part(${alignOf(context, part.struct.align)}, ${part.extent}))`;
    }
    case 'text': {
      const count = isCounted(part) ? countText(part) : `from.rest(1, 1, ${limits(part)})`;
      return `from.text(${count}, ${textRules(part)})`;
    }
    case 'record': {
      const decode = `decode${nameOf(context.names.types, part.type.name)}`;
      return `from.record(${alignOf(context, part.type.align)}, ${decode})`;
    }
    case 'array':
      return arrayDecoder(context, part);
    default:
      return part satisfies never;
  }
}

/** A field of a part without the counts inside it. */
function reducedValue(value: string, paths: readonly string[], prefix: string): string {
  const heads = [...below(paths, prefix)];
  return heads.reduce((text, head) => {
    if (paths.includes(prefix + head)) return `dextgen.without(${text}, ${quote(head)})`;
    const inner = reducedValue(access(value, head), paths, `${prefix}${head}.`);
    return `{ ...${text}, ${key(head)}: ${inner} }`;
  }, value);
}

function resultLines(context: Context): string[] {
  return context.type.parts.flatMap((part, index) => {
    if (part.kind !== 'fixed') return [`  ${key(part.name)}: ${local(index)},`];
    const paths = [...countsIn(context, index).keys()];
    return structOf(context, part.struct.name).fields.flatMap(({ name }) => {
      if (paths.includes(name)) return [];
      const value = access(local(index), name);
      return [`  ${key(name)}: ${reducedValue(value, paths, `${name}.`)},`];
    });
  });
}

function decodeLines(context: Context): string[] {
  const fixed = context.type.parts.some(({ kind }) => kind === 'fixed');
  return [
    ...(fixed || usesView(context) ? ['const { view } = from;'] : []),
    ...context.type.parts.map(
      (part, index) => `const ${local(index)} = ${partDecoder(context, part)};`,
    ),
    ...(context.type.capped ? [`from.atMost(${context.type.max});`] : []),
    'return {',
    ...resultLines(context),
    '};',
  ];
}

/** Elements that are no numbers are decoded where they lie. */
function usesView({ type }: Context): boolean {
  return type.parts.some(
    (part) =>
      part.kind === 'array' &&
      part.element.kind !== 'record' &&
      numbersOf({ type: part.element, rules: part.each?.rules ?? null }) === null,
  );
}

/** What a counting field says: as the type of the field has it. */
function countValue(context: Context, counted: readonly Counted[]): string {
  const [first] = counted;
  if (first === undefined) throw new Error('a count without what it counts');
  const place = context.type.parts.indexOf(first);
  const { times, plus, scalar } = first.count;
  const scale = times === 1 && plus === 0 ? '' : `, ${times}, ${plus}`;
  const text = `dextgen.fieldOf(${local(place)}.length, at, ${quote(first.name)}${scale})`;
  return scalar === 'u64' || scalar === 'i64' ? `BigInt(${text})` : text;
}

/** The fields of a part as an object: those of the value, and the counts. */
function partValue(
  context: Context,
  {
    struct,
    value,
    prefix,
  }: { readonly struct: StructType; readonly value: string; readonly prefix: string },
  counts: ReadonlyMap<string, readonly Counted[]>,
  index: number,
): string[] {
  const heads = below(counts.keys(), prefix);
  return [...heads].map((head) => {
    const counted = counts.get(prefix + head);
    if (counted !== undefined) return `${key(head)}: ${countValue(context, counted)}`;
    const type = struct.fields.find((field) => field.name === head)?.type;
    if (type?.kind !== 'struct') throw new Error(`${head} is no struct`);
    const inner = structOf(context, type.name);
    const own = access(value, head);
    const rest = partValue(
      context,
      { struct: inner, value: own, prefix: `${prefix}${head}.` },
      counts,
      index,
    );
    return `${key(head)}: { ...${own}, ${rest.join(', ')} }`;
  });
}

function fixedEncoder(context: Context, index: number): string[] {
  const part = context.type.parts[index];
  if (part?.kind !== 'fixed') return [];
  const struct = structOf(context, part.struct.name);
  const counts = countsIn(context, index);
  const align = alignOf(context, part.struct.align);
  const room = part.extent === part.struct.size ? '' : `, ${part.struct.size}`;
  const added = partValue(context, { struct, value: 'value', prefix: '' }, counts, index);
  const own = added.length === 0 ? 'value' : `{ ...value, ${added.join(', ')} }`;
  const name = nameOf(context.names.types, part.struct.name);
  return [
    `const ${local(index)} = to.part(${align}, ${part.extent}${room});`,
    `encode${name}(to.view, ${local(index)}, ${own}, at);`,
  ];
}

/** Checked before anything is written, since counts stand before what they count. */
function preparation(part: RecordPart, index: number): string[] {
  if (part.kind === 'fixed' || part.kind === 'record') return [];
  const value = access('value', part.name);
  const member = quote(part.name);
  if (part.kind === 'text') {
    const rules = textRules(part);
    return [
      `const ${local(index)} = dextgen.textBytes(${value}, at, ${member}, ${limits(part)}, ${rules});`,
    ];
  }
  return [`const ${local(index)} = dextgen.countable(${value}, at, ${member}, ${limits(part)});`];
}

/** Members that share a count have as many elements. */
function agreements(context: Context): string[] {
  return context.type.parts.flatMap((_, index) =>
    [...countsIn(context, index).values()].flatMap((counted) => {
      const [first, ...others] = counted.map((part) => countValue(context, [part]));
      const compared = others.map((other, position) => {
        const member = quote(counted[position + 1]?.name ?? '');
        return `dextgen.agree(Number(${first}), Number(${other}), at, ${member});`;
      });
      return compared;
    }),
  );
}

function arrayEncoder(context: Context, part: ArrayPart, index: number): string[] {
  const { names } = context;
  const { element } = part;
  const align = alignOf(context, element.align);
  const member = quote(part.name);
  if (element.kind === 'record')
    return [
      `${local(index)}.forEach((item, index) => {`,
      `  const place = dextgen.inside(dextgen.inside(at, ${member}), index);`,
      `  to.record(${align}, (inner) => encode${nameOf(names.types, element.name)}(inner, item, place));`,
      '});',
    ];
  const start = `start${index}`;
  const body = encodeLines({
    names,
    type: element,
    range: part.each?.range ?? null,
    rules: part.each?.rules ?? null,
    byteOrder: part.byteOrder,
    offset: `${start} + index * ${element.size}`,
    value: 'item',
    member: 'index',
    depth: 1,
  });
  return [
    `const ${start} = to.array(${align}, ${element.size}, ${local(index)}.length);`,
    'const { view } = to;',
    `dextgen.encodeArray(${local(index)}, at, ${member}, ${local(index)}.length, (item, index, at) => {`,
    ...body.map((line) => `  ${line}`),
    '});',
  ];
}

function partEncoder(context: Context, part: RecordPart, index: number): string[] {
  switch (part.kind) {
    case 'fixed':
      return fixedEncoder(context, index);
    case 'text':
      return [`to.bytes(${local(index)});`];
    case 'record': {
      const encode = `encode${nameOf(context.names.types, part.type.name)}`;
      const place = `dextgen.inside(at, ${quote(part.name)})`;
      const value = access('value', part.name);
      const align = alignOf(context, part.type.align);
      return [`to.record(${align}, (inner) => ${encode}(inner, ${value}, ${place}));`];
    }
    case 'array': {
      const { element } = part;
      const bytes = element.kind === 'scalar' && element.scalar === 'u8' && part.each === undefined;
      if (bytes)
        return [
          `to.bytes(dextgen.checkBytes(${local(index)}, at, ${quote(part.name)}, ${limits(part)}));`,
        ];
      const lines = arrayEncoder(context, part, index);
      return element.kind === 'record' ? lines : block(lines);
    }
    default:
      return part satisfies never;
  }
}

/** A scope of its own, so that names of one part hide nothing of another. */
const block = (lines: readonly string[]): string[] => [
  '{',
  ...lines.map((line) => `  ${line}`),
  '}',
];

function notesOf({ min, max, since }: RecordType): string[] {
  return [`${min} to ${max} bytes.`, ...(since === '' ? [] : [`Since ${since}.`])];
}

function interfaceOf(
  context: Context,
  name: string,
  docs: string[],
): InterfaceDeclarationStructure {
  return {
    kind: StructureKind.Interface,
    name,
    isExported: true,
    docs,
    properties: membersOf(context).map((member) => ({
      name: key(member.name),
      isReadonly: true,
      hasQuestionToken: member.optional,
      type: member.type,
      docs: member.docs,
    })),
  };
}

export function recordStructures(
  names: Names,
  structs: Structs,
  type: RecordType,
): (InterfaceDeclarationStructure | FunctionDeclarationStructure)[] {
  const context: Context = { names, structs, type, given: false };
  const name = nameOf(names.types, type.name);
  const input = names.inputs.get(type.name);
  return [
    interfaceOf(context, name, toDocs({ doc: type.doc, notes: notesOf(type) })),
    ...(input === undefined
      ? []
      : [interfaceOf({ ...context, given: true }, input, [`${name} as it is given.`])]),
    {
      kind: StructureKind.Function,
      name: `decode${name}`,
      isExported: true,
      parameters: [{ name: 'from', type: 'dextgen.RecordReader' }],
      returnType: name,
      statements: decodeLines(context),
    },
    {
      kind: StructureKind.Function,
      name: `encode${name}`,
      isExported: true,
      parameters: [
        { name: 'to', type: 'dextgen.RecordWriter' },
        { name: 'value', type: input ?? name },
        { name: 'at', initializer: `dextgen.argumentsOf('encode${name}')` },
      ],
      returnType: 'void',
      statements: [
        'dextgen.checkObject(value, at);',
        ...type.parts.flatMap(preparation),
        ...agreements(context),
        ...type.parts.flatMap((part, index) => partEncoder(context, part, index)),
        ...(type.capped ? [`dextgen.atMost(to, ${type.max}, at);`] : []),
      ],
    },
  ];
}
