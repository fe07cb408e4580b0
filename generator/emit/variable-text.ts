// What varies in size, in words: parts of records, cases of variants and members of unions as rows for references and
// explain, and how a carrier of varying size travels.

import type {
  CountRef,
  ElementRules,
  RecordPart,
  RecordType,
  StructCarrier,
  StructType,
  TextRules,
  Type,
  UnionType,
  VariantCase,
  VariantType,
} from '../model/model.js';
import { alignIn, layoutTexts } from './layouts.js';
import { ruleTexts } from './rule-text.js';

/** `count`, `header.words * 4 - 8`. */
export function countText({ path, times, plus }: CountRef): string {
  const factor = times === 1 ? '' : ` * ${times}`;
  const sum = plus === 0 ? '' : ` ${plus < 0 ? '-' : '+'} ${Math.abs(plus)}`;
  return `${path.join('.')}${factor}${sum}`;
}

export function textNote({ encoding, terminated }: TextRules): string {
  const ends = { required: 'ends with a NUL', optional: 'a NUL may end it', none: 'without a NUL' };
  return `${encoding === 'ascii' ? 'ASCII' : 'UTF-8'}, ${ends[terminated]}`;
}

export type PartRow = {
  /** Bytes from the beginning; null behind what varies in size. */
  readonly offset: number | null;
  /** Bytes, at least and at most. */
  readonly min: number;
  readonly max: number;
  readonly field: string;
  readonly type: string;
  readonly note: string;
  readonly unit: string;
  readonly doc: string;
};

type Spell = (type: Type) => string;

const times = (count: number, size: number): number => count * size;

function arrayRow(
  part: Extract<RecordPart, { kind: 'array' }>,
  spell: Spell,
): Omit<PartRow, 'offset'> {
  const { name, element, count, min, max, unit, doc } = part;
  const record = element.kind === 'record';
  const [least, most] = record ? [element.min, element.max] : [element.size, element.size];
  const length = count === null ? '...' : countText(count);
  const big = part.byteOrder === 'big' ? ', big-endian' : '';
  return {
    min: times(min, least),
    max: times(max, most),
    field: name,
    type: `${record ? element.name : spell(element)}[${length}]`,
    note: [`${min} to ${max} elements${big}`, ...eachTexts(part.each)].join(', '),
    unit,
    doc,
  };
}

function partRow(
  part: Exclude<RecordPart, { kind: 'fixed' }>,
  spell: Spell,
): Omit<PartRow, 'offset'> {
  const { name, doc } = part;
  if (part.kind === 'array') return arrayRow(part, spell);
  if (part.kind === 'record') {
    const { min, max } = part.type;
    return { min, max, field: name, type: part.type.name, note: '', unit: '', doc };
  }
  const { min, max, count, text } = part;
  const type = count === null ? 'string' : `string[${countText(count)}]`;
  return { min, max, field: name, type, note: textNote(text), unit: '', doc };
}

/** `each 0 to 100`, and what else narrows the elements. */
function eachTexts(each: ElementRules | undefined): readonly string[] {
  if (each === undefined) return [];
  const { range, rules } = each;
  const [min, max] = [range?.min ?? null, range?.max ?? null];
  const bounds =
    min !== null && max !== null
      ? [`${min} to ${max}`]
      : min !== null
        ? [`at least ${min}`]
        : max !== null
          ? [`at most ${max}`]
          : [];
  return [...bounds, ...ruleTexts(rules)].map((text, i) => (i === 0 ? `each ${text}` : text));
}

/** Every field, in order; those behind what varies have no offset. */
export function recordRows(
  type: RecordType,
  structs: ReadonlyMap<string, StructType>,
  spell: Spell,
): readonly PartRow[] {
  const rows: PartRow[] = [];
  let known: number | null = 0;
  for (const part of type.parts) {
    if (part.kind === 'fixed') {
      const start: number | null = known;
      for (const { name, offset, size, type: field, unit, doc } of structs.get(part.struct.name)
        ?.fields ?? [])
        rows.push({
          offset: start === null ? null : start + offset,
          ...{ min: size, max: size, field: name, type: spell(field), note: '', unit, doc },
        });
      known = start === null ? null : start + part.extent;
    } else {
      const align =
        part.kind === 'array' ? part.element.align : part.kind === 'text' ? 1 : part.type.align;
      const aligned = alignIn(type.layout, align);
      const row = partRow(part, spell);
      rows.push({ offset: known === null ? null : Math.ceil(known / aligned) * aligned, ...row });
      known = null;
    }
  }
  return rows;
}

export function tagsText({ tags }: VariantCase): string {
  if (tags.length === 0) return 'any other';
  return tags
    .map(({ first, last }) => (first === last ? `${first}` : `${first} to ${last}`))
    .join(', ');
}

/** The number, if it stands before the cases, and each of them. */
export function variantRows(type: VariantType): readonly PartRow[] {
  const { tag, field, bodyOffset, cases } = type;
  const size = tag.type.size;
  const name = tag.type.kind === 'scalar' ? tag.type.scalar : tag.type.name;
  const big = tag.byteOrder === 'big' ? ', big-endian' : '';
  const number: PartRow = {
    offset: tag.offset,
    ...{ min: size, max: size, field: field ?? 'tag', type: name, unit: '', doc: '' },
    note: `tells the cases apart${big}`,
  };
  return [
    number,
    ...cases.map((one): PartRow => {
      const body = one.type;
      const [min, max] =
        body === null
          ? [0, 0]
          : body.kind === 'struct'
            ? [body.size, body.size]
            : [body.min, body.max];
      return {
        offset: bodyOffset,
        ...{ min, max, field: one.name, type: body?.name ?? '', unit: '', doc: one.doc },
        note: `${field ?? 'tag'} ${tagsText(one)}`,
      };
    }),
  ];
}

export function unionRows({ members }: UnionType, spell: Spell): readonly PartRow[] {
  return members.map(({ name, type, doc }) => ({
    ...{ offset: 0, min: type.size, max: type.size, field: name, type: spell(type) },
    ...{ note: '', unit: '', doc },
  }));
}

const range = (min: number, max: number): string => (min === max ? `${max}` : `${min} to ${max}`);

/** `Record of 4 to 516 bytes, aligned to 2.` */
export function varyingText(type: RecordType | VariantType | UnionType): string {
  switch (type.kind) {
    case 'record': {
      const kind = layoutTexts[type.layout];
      return `${kind} of varying size, ${range(type.min, type.max)} bytes, aligned to ${type.align}.`;
    }
    case 'variant': {
      const bytes = `${range(type.min, type.max)} bytes as the struct of a call`;
      return type.exact
        ? `Variant of ${range(type.min, type.max)} bytes, the size of its case, aligned to ${type.align}.`
        : `Variant of ${bytes}, ${type.size} inside a struct, aligned to ${type.align}.`;
    }
    case 'union':
      return `Union of ${type.size} bytes, aligned to ${type.align}; nothing in it is checked.`;
    default:
      return type satisfies never;
  }
}

/** `Batch`, `string`, `bytes`: what an argument of varying size is. */
export function carrierName(carrier: StructCarrier): string {
  if (carrier.kind === 'bytes') return 'bytes';
  return carrier.kind === 'text' ? 'string' : carrier.type.name;
}
