// Layouts as rows: structs with their padding, enums with their values, scalars with their place in a call.

import { largest, smallest } from '../emit/carriers.js';
import { bitsText, closingText, ruleTexts, sinceText, storageTexts } from '../emit/rule-text.js';
import { absenceText, placeText } from '../emit/slot-text.js';
import { typeText } from '../emit/type-text.js';
import {
  carrierName,
  type PartRow,
  recordRows,
  textNote,
  unionRows,
  variantRows,
} from '../emit/variable-text.js';
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
  RecordType,
  StructCarrier,
  StructType,
  UnionType,
  VariantType,
} from '../model/model.js';
import type { Layout, LayoutRow } from './explanation.js';

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

export function namedLayout(model: Model, type: NamedType, title = type.name): Layout {
  if (type.kind === 'enum') return enumLayout(type);
  if (type.kind === 'flags') return flagsLayout(type);
  if (type.kind === 'bits') return bitsLayout(type);
  if (type.kind === 'struct') return structLayout(type);
  const rows = varyingRows(model, type).map(varyingRow);
  const size = type.kind === 'union' || type.kind === 'variant' ? type.size : type.max;
  const varies = type.kind === 'record' || (type.kind === 'variant' && type.exact);
  return { title, rows, size: varies ? type.max : size, ...(varies ? { atMost: true } : {}) };
}

type Varying = UnionType | VariantType | RecordType;

function varyingRows(model: Model, type: Varying): readonly PartRow[] {
  switch (type.kind) {
    case 'union':
      return unionRows(type, typeText);
    case 'variant':
      return variantRows(type);
    case 'record': {
      const structs = new Map(
        model.types.flatMap((one) => (one.kind === 'struct' ? [[one.name, one]] : [])),
      );
      return recordRows(type, structs, typeText);
    }
    default:
      return type satisfies never;
  }
}

const varyingRow = ({ offset, min, max, field, type, note, unit }: PartRow): LayoutRow => ({
  offset,
  size: max,
  field,
  type,
  note: notes(min === max ? '' : `${min} to ${max} bytes`, note, unit),
});

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
  if (struct !== null) layouts.push(carrierLayout(model, struct, what));
  return layouts;
}

/** What a completion carries, by its words. */
export function completionLayouts(model: Model, payload: Payload, first: number): Layout[] {
  const words = payload.scalars.map((slot) => ({ ...slot, index: slot.index + first }));
  return payloadLayouts(model, { ...payload, scalars: words }, 'completion').map((layout) => ({
    ...layout,
    rows: layout.rows.map((row) =>
      row.offset === null ? { ...row, note: row.note.replace(/^scalar/, 'word') } : row,
    ),
  }));
}

function carrierLayout(model: Model, struct: StructCarrier, what: string): Layout {
  const name = struct.kind === 'fixed' || struct.kind === 'variable' ? struct.type.name : '';
  const type = name === '' ? undefined : findType(model, name);
  if (type !== undefined)
    return namedLayout(model, type, `${what} struct ${struct.name}: ${type.name}`);
  const note = struct.kind === 'fixed' ? '' : `${smallest(struct)} to ${largest(struct)} bytes`;
  const text = struct.kind === 'text' ? textNote(struct.text) : '';
  const row = {
    ...{ offset: 0, size: largest(struct), field: struct.name, type: carrierName(struct) },
    note: notes(note, text),
  };
  const varies = smallest(struct) !== largest(struct);
  const size = largest(struct);
  return { title: `${what} bytes`, rows: [row], size, ...(varies ? { atMost: true } : {}) };
}
