// Layouts as rows: structs with their padding, enums with their values, scalars with their place in a call.

import { bitsText, closingText, ruleTexts, sinceText, storageTexts } from '../emit/rule-text.js';
import { absenceText, placeText } from '../emit/slot-text.js';
import type {
  BitField,
  BitsType,
  EnumType,
  Field,
  FlagsType,
  Model,
  NamedType,
  Payload,
  Range,
  StructType,
  Type,
} from '../model/model.js';
import type { Layout, LayoutRow } from './explanation.js';

export function typeText(type: Type): string {
  switch (type.kind) {
    case 'scalar':
      return type.scalar;
    case 'enum':
    case 'flags':
    case 'bits':
    case 'handle':
    case 'struct':
    case 'wide':
    case 'union':
    case 'variant':
      return type.name;
    case 'status':
      return 'status';
    case 'string':
      return `string(${type.size})`;
    case 'array':
      return arrayText(type);
    default:
      return type satisfies never;
  }
}

/** `u8[3][4]` is 3 arrays of 4: the lengths in the order in which the schema has them. */
function arrayText(type: Extract<Type, { kind: 'array' }>): string {
  let lengths = '';
  let element: Type = type;
  while (element.kind === 'array') {
    lengths += `[${element.length}]`;
    element = element.element;
  }
  return typeText(element) + lengths;
}

function rangeText(range: Range | null): string {
  if (range === null) return '';
  return `${range.min ?? '…'} to ${range.max ?? '…'}`;
}

const noteOf = (unit: string, range: Range | null): string =>
  [rangeText(range), unit].filter((part) => part !== '').join(' ');

const notes = (...parts: readonly string[]): string =>
  parts.filter((part) => part !== '').join(', ');

const fieldRow = (field: Field): LayoutRow => {
  const { name, type, offset, size, unit, range, rules, byteOrder, since } = field;
  const said = [...ruleTexts(rules), ...storageTexts(type, byteOrder), sinceText(since)];
  return {
    offset,
    size,
    field: name,
    type: typeText(type),
    note: notes(noteOf(unit, range), ...said),
  };
};

const paddingRow = ({ offset, size }: StructType['padding'][number]): LayoutRow => ({
  offset,
  size,
  field: null,
  type: '',
  note: 'goes out as zero',
});

export function structLayout(type: StructType, title = type.name): Layout {
  const rows = [...type.fields.map(fieldRow), ...type.padding.map(paddingRow)];
  const ordered = rows.sort((a, b) => (a.offset ?? 0) - (b.offset ?? 0));
  return { title, rows: ordered, size: type.size };
}

export function enumLayout(type: EnumType): Layout {
  const { name, base, size, values, ranges } = type;
  const row = (field: string, note: string): LayoutRow => ({
    ...{ offset: null, size, field, type: base, note },
  });
  const rows = [
    ...values.map((value) => row(value.name, notes(String(value.value), sinceText(value.since)))),
    ...ranges.map((run) =>
      row(run.name, notes(`${run.first} to ${run.last}`, sinceText(run.since))),
    ),
  ];
  return { title: `${name}, an enum in ${base}`, rows, size, closing: closingText(type) };
}

function flagsLayout(type: FlagsType): Layout {
  const { name, base, size, values } = type;
  const rows = values.map((value) => ({
    ...{ offset: null, size, field: value.name, type: base },
    note: notes(bitsText(value.value), sinceText(value.since)),
  }));
  return { title: `${name}, flags in ${base}`, rows, size, closing: closingText(type) };
}

function bitRow(field: BitField): LayoutRow {
  const { name, at, width, type, unit, range, rules, since } = field;
  const note = notes(noteOf(unit, range), ...ruleTexts(rules), sinceText(since));
  return { offset: at, size: width, field: name, type: typeText(type), note };
}

/** Every bit has a row: of its field, or as one that no field has. */
function bitsLayout(type: BitsType): Layout {
  const { name, base, size, fields } = type;
  const rows: LayoutRow[] = [];
  let end = 0;
  const gap = (to: number): void => {
    const note = type.open ? 'as it comes' : 'zero';
    if (to > end) rows.push({ offset: end, size: to - end, field: null, type: '', note });
  };
  for (const field of fields) {
    gap(field.at);
    rows.push(bitRow(field));
    end = field.at + field.width;
  }
  gap(size * 8);
  const title = `${name}, bit-fields in ${base}`;
  return { title, rows, size, unit: 'bit', closing: closingText(type) };
}

export function namedLayout(type: NamedType): Layout {
  if (type.kind === 'enum') return enumLayout(type);
  if (type.kind === 'flags') return flagsLayout(type);
  if (type.kind === 'bits') return bitsLayout(type);
  return type.kind === 'struct'
    ? structLayout(type)
    : { title: type.name, rows: [], size: 'size' in type ? type.size : type.max };
}

export function findType(model: Model, name: string): NamedType | undefined {
  return model.types.find((type) => type.name === name);
}

const sizeOf = (rows: readonly LayoutRow[]): number =>
  rows.reduce((sum, { size }) => sum + size, 0);

/** What one direction of a call carries. */
export function payloadLayouts(model: Model, { scalars, struct }: Payload, what: string): Layout[] {
  const rows = scalars.map((slot) => ({
    offset: null,
    size: 8 * slot.words,
    field: slot.name,
    type: typeText(slot.type),
    note: notes(
      placeText(slot),
      noteOf(slot.unit, slot.range),
      ...ruleTexts(slot.rules, false),
      absenceText(slot),
    ),
  }));
  const layouts: Layout[] = [];
  if (rows.length > 0) layouts.push({ title: `${what} scalars`, rows, size: sizeOf(rows) });
  if (struct?.kind === 'fixed') {
    const type = findType(model, struct.type.name);
    if (type?.kind === 'struct')
      layouts.push(structLayout(type, `${what} struct ${struct.name}: ${type.name}`));
  } else if (struct?.kind === 'bytes') {
    const note = `${struct.min} to ${struct.max} bytes`;
    const row = { offset: 0, size: struct.max, field: struct.name, type: 'bytes', note };
    layouts.push({ title: `${what} bytes`, rows: [row], size: struct.max });
  }
  return layouts;
}
