// The view of the wire header: types in dependency order, each with the assertions that pin its layout.
import type { Buffer, Model, NamedType, Type } from '../../model/model.js';
import { bannerLines } from '../banner.js';
import { bufferType, storedType } from '../c-names.js';
import { commentLines, commentText } from '../c-text.js';
import { type Constant, type Group, groups, identity } from './constants.js';
import { structView } from './struct-view.js';
import { offsetAssertion, sizeAssertion, structOpening, type TypeView } from './type-view.js';
import { recordView, sharedView } from './variable-view.js';
import { bitsView, enumView, flagsView, handleView } from './word-views.js';

export type WireView = {
  readonly banner: readonly string[];
  readonly docs: readonly string[];
  readonly guard: string;
  /** Whether something in it needs dextgen_types.h. */
  readonly usesTypes: boolean;
  readonly identity: readonly Constant[];
  readonly groups: readonly Group[];
  readonly types: readonly TypeView[];
};

export function toWireView(model: Model): WireView {
  return {
    banner: bannerLines(model).map(commentText),
    docs: commentLines(model.doc),
    guard: `${model.name.toUpperCase()}_WIRE_H`,
    usesTypes: model.types.some(needsTypes),
    identity: identity(model),
    groups: groups(model),
    types: [
      ...model.handles.map((handle) => handleView(model, handle)),
      ...model.types.flatMap((type) => typeViews(model, type)),
      ...model.buffers.map((buffer) => bufferView(model, buffer)),
    ],
  };
}

function needsTypes(type: NamedType): boolean {
  if (type.kind === 'bits') return true;
  if (type.kind !== 'struct') return false;
  return type.fields.some((field) => field.byteOrder === 'big' || isWide(field.type));
}

function isWide(type: Type): boolean {
  return type.kind === 'array' ? isWide(type.element) : type.kind === 'wide';
}

function typeViews(model: Model, type: NamedType): readonly TypeView[] {
  switch (type.kind) {
    case 'enum':
      return [enumView(model, type)];
    case 'flags':
      return [flagsView(model, type)];
    case 'bits':
      return [bitsView(model, type)];
    case 'struct':
      return [structView(model, type)];
    case 'union':
    case 'variant':
      return [sharedView(model, type)];
    case 'record':
      return [recordView(model, type)];
    default:
      return type satisfies never;
  }
}

/** A buffer as one struct: header, data, and what they leave of the last page. */
function bufferView(model: Model, buffer: Buffer): TypeView {
  const name = bufferType(model, buffer);
  const parts = bufferParts(model, buffer);
  return {
    docs: commentLines(buffer.doc),
    name,
    isWord: false,
    isComment: false,
    base: '',
    constants: [],
    opening: structOpening(name),
    fields: parts.map(({ declaration: text }) => ({ declaration: text, docs: [] })),
    assertions: [
      ...sizeAssertion(name, buffer.size),
      ...parts.flatMap((part) => offsetAssertion(name, part.name, part.offset)),
    ],
    functions: [],
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
    parts.push({ name: 'header', offset: 0, declaration: `${storedType(model, header)} header;` });
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
