// The view of the wire header: types in dependency order, each with the assertions that pin its layout.
import type { Buffer, EnumType, Model, StructType, Type } from '../../model/model.js';
import { bannerLines } from '../banner.js';
import {
  arraySuffix,
  bufferType,
  enumConstant,
  storedScalarType,
  storedType,
  typeName,
} from '../c-names.js';
import { commentLines, commentText, integerLiteral, wrap } from '../c-text.js';
import { type Constant, type Group, groups, identity } from './constants.js';

type FieldView = { readonly declaration: string; readonly docs: readonly string[] };

type TypeView = {
  readonly docs: readonly string[];
  readonly name: string;
  readonly isEnum: boolean;
  readonly base: string;
  readonly constants: readonly Constant[];
  readonly fields: readonly FieldView[];
  /** Lines of static assertions. */
  readonly assertions: readonly string[];
};

export type WireView = {
  readonly banner: readonly string[];
  readonly docs: readonly string[];
  readonly guard: string;
  readonly identity: readonly Constant[];
  readonly groups: readonly Group[];
  readonly types: readonly TypeView[];
};

export function toWireView(model: Model): WireView {
  return {
    banner: bannerLines(model).map(commentText),
    docs: commentLines(model.doc),
    guard: `${model.name.toUpperCase()}_WIRE_H`,
    identity: identity(model),
    groups: groups(model),
    types: [
      ...model.types.flatMap((type) => {
        if (type.kind === 'enum') return [enumView(model, type)];
        return type.kind === 'struct' ? [structView(model, type)] : [];
      }),
      ...model.buffers.map((buffer) => bufferView(model, buffer)),
    ],
  };
}

function enumView(model: Model, type: EnumType): TypeView {
  return {
    docs: commentLines(type.doc),
    name: typeName(model, type.name),
    isEnum: true,
    base: storedScalarType(type.base),
    constants: type.values.map(({ name, value, doc }) => ({
      name: enumConstant(model, type, name),
      value: integerLiteral(type.base, value),
      docs: commentLines(doc),
    })),
    fields: [],
    assertions: [],
  };
}

function structView(model: Model, type: StructType): TypeView {
  const name = typeName(model, type.name);
  return {
    docs: commentLines(type.doc),
    name,
    isEnum: false,
    base: '',
    constants: [],
    fields: type.fields.map((field) => ({
      declaration: declaration(model, field.type, field.name),
      docs: commentLines(withUnit(field.doc, field.unit)),
    })),
    assertions: [
      ...size(name, type.size),
      ...type.fields.flatMap((field) => offset(name, field.name, field.offset)),
    ],
  };
}

function declaration(model: Model, type: Type, name: string): string {
  return `${storedType(model, type)} ${name}${arraySuffix(type)};`;
}

function withUnit(doc: string, unit: string): string {
  return [doc, unit === '' ? '' : `Unit: ${unit}.`].filter((text) => text !== '').join(' ');
}

const assertion = (condition: string, text: string): readonly string[] =>
  wrap('DEXTGEN_WIRE_ASSERT', [condition, `"${text}"`], ';');

const size = (name: string, bytes: number): readonly string[] =>
  assertion(`sizeof(${name}) == ${bytes}`, `size of ${name}`);

const offset = (name: string, field: string, bytes: number): readonly string[] =>
  assertion(`offsetof(${name}, ${field}) == ${bytes}`, `offset of ${name}.${field}`);

/** A buffer as one struct: header, data, and what they leave of the last page. */
function bufferView(model: Model, buffer: Buffer): TypeView {
  const name = bufferType(model, buffer);
  const parts = bufferParts(model, buffer);
  return {
    docs: commentLines(buffer.doc),
    name,
    isEnum: false,
    base: '',
    constants: [],
    fields: parts.map(({ declaration: text }) => ({ declaration: text, docs: [] })),
    assertions: [
      ...size(name, buffer.size),
      ...parts.flatMap((part) => offset(name, part.name, part.offset)),
    ],
  };
}

type Part = { readonly name: string; readonly offset: number; readonly declaration: string };

function bufferParts(model: Model, { header, data, size: whole }: Buffer): readonly Part[] {
  const parts: Part[] = [];
  let end = 0;
  const bytes = (name: string, until: number) => {
    if (until > end) {
      parts.push({ name, offset: end, declaration: `uint8_t ${name}[${until - end}];` });
    }
    end = until;
  };
  if (header !== null) {
    parts.push({ name: 'header', offset: 0, declaration: declaration(model, header, 'header') });
    end = header.size;
  }
  if (data !== null) {
    bytes('gap', data.offset);
    const type = storedType(model, data.element);
    const text = `${type} ${data.name}[${data.length}];`;
    parts.push({ name: data.name, offset: data.offset, declaration: text });
    end = data.offset + data.length * data.element.size;
  }
  bytes(parts.length === 0 ? 'bytes' : 'rest', whole);
  return parts;
}
