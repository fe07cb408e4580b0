// The body of a record's encoder, over the client's RecordWriter.
import type { ArrayPart, RecordPart, StructType } from '../../model/model.js';
import { encodeLines } from './codecs.js';
import { access, key, quote } from './jsdoc.js';
import { nameOf } from './names.js';
import {
  alignOf,
  below,
  type Counted,
  countsIn,
  limits,
  local,
  type RecordContext,
  structOf,
} from './record-context.js';
import { textRules } from './record-decoders.js';

/** A scope of its own, so that names of one part hide nothing of another. */
const block = (lines: readonly string[]): string[] => [
  '{',
  ...lines.map((line) => `  ${line}`),
  '}',
];

/** What a counting field says: as the type of the field has it. */
function countValue(context: RecordContext, counted: readonly Counted[]): string {
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
  context: RecordContext,
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

function fixedEncoder(context: RecordContext, index: number): string[] {
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
export function preparation(part: RecordPart, index: number): string[] {
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
export function agreements(context: RecordContext): string[] {
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

function arrayEncoder(context: RecordContext, part: ArrayPart, index: number): string[] {
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

export function partEncoder(context: RecordContext, part: RecordPart, index: number): string[] {
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
