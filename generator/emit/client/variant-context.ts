// What is known of a variant while its types and codecs are written: which case says its number, and where.
import type { EnumType, VariantCase, VariantType } from '../../model/model.js';
import { type Names, nameOf } from './names.js';
import type { Structs } from './record-context.js';

export type VariantContext = {
  readonly names: Names;
  readonly structs: Structs;
  readonly enums: ReadonlyMap<string, EnumType>;
  /** The struct that a record begins with. */
  readonly heads: ReadonlyMap<string, string>;
  readonly type: VariantType;
};

export const isSingle = ({ tags }: VariantCase): boolean =>
  tags.length === 1 && tags[0]?.first === tags[0]?.last;

/** The number of a case that has only one is no member of its value: `kind` says the same. */
export function impliedField(
  { structs, heads, type }: VariantContext,
  one: VariantCase,
): string | null {
  if (type.field === null || one.type === null || !isSingle(one)) return null;
  const struct = structs.get(heads.get(one.type.name) ?? one.type.name);
  const field = struct?.fields.find(({ name }) => name === type.field);
  // A constant is no member anyway.
  return field === undefined || isConstant(field.rules) ? null : type.field;
}

const isConstant = (rules: { readonly const: unknown } | null): boolean =>
  rules !== null && rules.const !== null;

/** A number before the cases, which the case does not tell by itself. */
export const hasTag = (type: VariantType, one: VariantCase): boolean =>
  type.field === null && !isSingle(one);

export function isLong({ tag }: VariantType): boolean {
  const scalar = tag.type.kind === 'scalar' ? tag.type.scalar : tag.type.base;
  return scalar === 'u64' || scalar === 'i64';
}

/** Not exported, and of no name that a type could have. */
export function codecName(names: Names, { name }: { readonly name: string }): string {
  return `casesOf${nameOf(names.types, name)}`;
}

export const plus = (base: string, offset: number): string =>
  offset === 0 ? base : `${base} + ${offset}`;
