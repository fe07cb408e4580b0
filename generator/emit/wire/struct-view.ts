// A struct of the schema as a C struct with the same layout: gaps that C would not leave are members of their own, and
// what C would align otherwise is packed or aligned by an attribute.
import type { Field, Model, StructType } from '../../model/model.js';
import { arraySuffix, fieldType, typeName } from '../c-names.js';
import { commentLines } from '../c-text.js';
import {
  type FieldView,
  fieldDocs,
  offsetAssertion,
  sizeAssertion,
  structOpening,
  type TypeView,
} from './type-view.js';

/** The alignment that C gives a field: numbers in network order and texts are bytes. */
export function cAlign({ type, byteOrder }: Field, packed: boolean): number {
  return packed || byteOrder === 'big' ? 1 : type.align;
}

export const alignUp = (offset: number, align: number): number => Math.ceil(offset / align) * align;

export function gap(offset: number, size: number): FieldView {
  return { declaration: `uint8_t dextgenPad${offset}[${size}];`, docs: [] };
}

export function fieldView(model: Model, field: Field): FieldView {
  const { name, type, byteOrder, doc, unit } = field;
  const text = `${fieldType(model, type, byteOrder)} ${name}${arraySuffix(type)};`;
  return { declaration: text, docs: fieldDocs(doc, unit) };
}

type Members = { readonly fields: readonly FieldView[]; readonly attributes: readonly string[] };

function members(model: Model, { fields, size, align, layout }: StructType): Members {
  // What C aligns to less than its own has to be packed, and says its gaps.
  const packed = layout !== 'natural';
  const views: FieldView[] = [];
  let end = 0;
  let widest = 1;
  for (const field of fields) {
    const own = cAlign(field, packed);
    if (field.offset > alignUp(end, own)) views.push(gap(end, field.offset - end));
    views.push(fieldView(model, field));
    end = field.offset + field.size;
    widest = Math.max(widest, own);
  }
  if (size > alignUp(end, align)) views.push(gap(end, size - end));
  const attributes = [
    ...(packed ? ['packed'] : []),
    ...(widest < align ? [`aligned(${align})`] : []),
  ];
  return { fields: views, attributes };
}

export function structView(model: Model, type: StructType): TypeView {
  const name = typeName(model, type.name);
  const { fields, attributes } = members(model, type);
  return {
    docs: commentLines(type.doc),
    name,
    isWord: false,
    isComment: false,
    base: '',
    constants: [],
    opening: structOpening(name, attributes),
    fields,
    assertions: [
      ...sizeAssertion(name, type.size),
      ...type.fields.flatMap((field) => offsetAssertion(name, field.name, field.offset)),
    ],
    functions: [],
  };
}
