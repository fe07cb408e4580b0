// Where the parts of an input struct lie, so that a rejection can name the one that it is about. Behind what varies in
// size places are not known beforehand: there the whole stands for its parts.
import type { NamedType, RecordType, StructType, Type, VariantType } from '../../model/model.js';
import { isWord } from '../words.js';
import { scalarBits } from './scalars.js';

export type TypesByName = ReadonlyMap<string, NamedType>;

/** `image.width: u16 @0+2`: the scalars inside a type; arrays as one field. */
export function fieldRows(types: TypesByName, type: Type, path: string, offset = 0): string[] {
  if (type.kind === 'struct') return structRows(types, structOf(types, type.name), path, offset);
  if (type.kind === 'variant') {
    const variant = types.get(type.name);
    const tag = variant?.kind === 'variant' ? tagRow(variant, path, offset) : [];
    return [...tag, `${path}: u8 @${offset}+${type.size}`];
  }
  const scalar = innermost(type);
  const name = isWord(scalar) ? scalarBits(scalar) : 'u8';
  return [`${path}: ${name} @${offset}+${type.size}`];
}

function structRows(
  types: TypesByName,
  { fields }: StructType,
  path: string,
  offset: number,
): string[] {
  return fields.flatMap((field) =>
    fieldRows(types, field.type, `${path}.${field.name}`, offset + field.offset),
  );
}

function structOf(types: TypesByName, name: string): StructType {
  const found = types.get(name);
  if (found?.kind !== 'struct') throw new Error(`there is no struct ${name}`);
  return found;
}

function innermost(type: Type): Exclude<Type, { kind: 'array' }> {
  return type.kind === 'array' ? innermost(type.element) : type;
}

function tagRow({ field, tag }: VariantType, path: string, offset: number): string[] {
  const name = `${path}.${field ?? 'kind'}`;
  return [`${name}: ${scalarBits(tag.type)} @${offset + tag.offset}+${tag.type.size}`];
}

/** Of a record the fields before the first member that varies, then that member if nothing follows it. */
export function recordRows(
  types: TypesByName,
  type: RecordType | VariantType,
  path: string,
): string[] {
  const whole = (from: number, name = path): string => `${name}: u8 @${from}+${type.max}`;
  if (type.kind === 'variant') return [...tagRow(type, path, 0), whole(0)];
  const [first, ...rest] = type.parts;
  const head = first?.kind === 'fixed' ? first : null;
  const rows = head === null ? [] : structRows(types, structOf(types, head.struct.name), path, 0);
  const varying = head === null ? type.parts : rest;
  const [only, ...others] = varying;
  const named = only !== undefined && only.kind !== 'fixed' && others.length === 0;
  return [...rows, whole(head?.extent ?? 0, named ? `${path}.${only.name}` : path)];
}
