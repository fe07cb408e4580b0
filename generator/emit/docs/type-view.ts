// Enums and structs in the reference. A struct's table is its layout, with the bytes that no field covers.
import type { EnumType, Field, NamedType, StructType } from '../../model/model.js';
import { blocks, code, markdownParagraphs, markdownText, type Section, table } from './markdown.js';
import { rangeText, typeName } from './types.js';

export function typeSection(type: NamedType): Section {
  return {
    title: markdownText(type.name),
    body: blocks(markdownParagraphs(type.doc), ...describeType(type)),
  };
}

function describeType(type: NamedType): readonly string[] {
  switch (type.kind) {
    case 'enum':
      return [`Enum of ${code(type.base)}.`, valueTable(type)];
    case 'struct':
      return [`Struct of ${type.size} bytes, aligned to ${type.align}.`, layoutTable(type)];
    case 'union':
    case 'variant':
    case 'record':
      return [];
    default:
      return [];
  }
}

function valueTable(type: EnumType): string {
  const rows = type.values.map((item) => [
    String(item.value),
    code(item.name),
    markdownText(item.doc),
  ]);
  return table(['value', 'name', ''], rows);
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
    code(typeName(field.type)),
    rangeText(field.range),
    markdownText(field.unit),
    markdownText(field.doc),
  ];
}
