// Named types in the reference. A struct's table is its layout, with the bytes that no field covers.

import type {
  BitsType,
  EnumType,
  Field,
  FlagsType,
  NamedType,
  StructType,
} from '../../model/model.js';
import { layoutTexts } from '../layouts.js';
import { bitsText, closingText, sinceText } from '../rule-text.js';
import { typeText } from '../type-text.js';
import { type PartRow, recordRows, unionRows, variantRows, varyingText } from '../variable-text.js';
import { blocks, code, markdownParagraphs, markdownText, type Section, table } from './markdown.js';
import { narrowingText } from './types.js';

export type Structs = ReadonlyMap<string, StructType>;

export function typeSection(type: NamedType, structs: Structs): Section {
  return {
    title: markdownText(type.name),
    body: blocks(markdownParagraphs(type.doc), ...describeType(type, structs)),
  };
}

function describeType(type: NamedType, structs: Structs): readonly string[] {
  switch (type.kind) {
    case 'enum':
      return [withSince(`Enum of ${code(type.base)}.`, type), valueTable(type), closingText(type)];
    case 'flags':
      return [withSince(`Flags in ${code(type.base)}.`, type), flagTable(type), closingText(type)];
    case 'bits': {
      const text = `Bit-fields in ${code(type.base)}, from the least significant bit.`;
      return [withSince(text, type), bitTable(type), closingText(type)];
    }
    case 'struct': {
      const text = `${layoutTexts[type.layout]} of ${type.size} bytes, aligned to ${type.align}.`;
      return [withSince(text, type), layoutTable(type)];
    }
    case 'union':
      return [withSince(varyingText(type), type), partTable(unionRows(type, typeText))];
    case 'variant':
      return [withSince(varyingText(type), type), partTable(variantRows(type))];
    case 'record':
      return [withSince(varyingText(type), type), partTable(recordRows(type, structs, typeText))];
    default:
      return type satisfies never;
  }
}

const withSince = (text: string, { since }: { readonly since: string }): string =>
  since === '' ? text : `${text} Since ${since}.`;

const docCell = ({ doc, since }: { readonly doc: string; readonly since: string }): string =>
  [markdownText(doc), sinceText(since)].filter((text) => text !== '').join('; ');

/** Behind what varies in size places are not known beforehand. */
function partTable(parts: readonly PartRow[]): string {
  const rows = parts.map(({ offset, min, max, field, type, note, unit, doc }) => [
    offset === null ? '…' : String(offset),
    min === max ? String(max) : `${min}…${max}`,
    code(field),
    type === '' ? '' : code(type),
    markdownText(note),
    markdownText(unit),
    markdownText(doc),
  ]);
  return table(['offset', 'size', 'field', 'type', 'range', 'unit', ''], rows);
}

function valueTable(type: EnumType): string {
  const rows = [
    ...type.values.map((item) => [String(item.value), code(item.name), docCell(item)]),
    ...type.ranges.map((item) => [`${item.first}…${item.last}`, code(item.name), docCell(item)]),
  ];
  return table(['value', 'name', ''], rows);
}

function flagTable(type: FlagsType): string {
  const rows = type.values.map((item) => [bitsText(item.value), code(item.name), docCell(item)]);
  return table(['bits', 'name', ''], rows);
}

function bitTable(type: BitsType): string {
  const rows = type.fields.map((field) => [
    field.width === 1 ? String(field.at) : `${field.at}…${field.at + field.width - 1}`,
    code(field.name),
    code(typeText(field.type)),
    narrowingText(field),
    markdownText(field.unit),
    docCell(field),
  ]);
  return table(['bits', 'field', 'type', 'range', 'unit', ''], rows);
}

function layoutTable(type: StructType): string {
  const fields = type.fields.map((field) => ({ offset: field.offset, cells: fieldCells(field) }));
  const gaps = type.padding.map(({ offset, size }) => ({
    offset,
    cells: [String(offset), String(size), '(padding)', '', '', '', ''],
  }));
  const rows = [...fields, ...gaps].sort((a, b) => a.offset - b.offset).map(({ cells }) => cells);
  return table(['offset', 'size', 'field', 'type', 'range', 'unit', ''], rows);
}

function fieldCells(field: Field): string[] {
  return [
    String(field.offset),
    String(field.size),
    code(field.name),
    code(typeText(field.type)),
    narrowingText(field),
    markdownText(field.unit),
    docCell(field),
  ];
}
