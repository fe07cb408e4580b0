// Which fields of a struct vary in size: `Entry[count]`, `u8[...]`, a text without a size, another record.
import { child, type Span, stringOf } from '../source/index.js';
import type { FieldDeclaration, TypeText } from './field-declaration.js';
import type { RecordRef } from './model.js';
import { lookUp, type TypeTable } from './type-table.js';
import { recordRefOf } from './variable-sizes.js';

/** `header.count * 4 - 8`: the field that counts, and how. */
export type CountText = {
  readonly path: readonly string[];
  readonly times: number;
  readonly plus: number;
  readonly at: Span;
};

export type Member =
  | { readonly kind: 'fixed'; readonly field: FieldDeclaration }
  | {
      readonly kind: 'array';
      readonly field: FieldDeclaration;
      readonly element: TypeText;
      /** Null: up to the end. */
      readonly count: CountText | null;
    }
  | {
      readonly kind: 'text';
      readonly field: FieldDeclaration;
      readonly count: CountText | null;
    }
  | { readonly kind: 'record'; readonly field: FieldDeclaration; readonly type: RecordRef };

const pattern = /^\s*([A-Za-z_]\w*)\s*(?:\[([^[\]]*)\])?\s*((?:\[[^[\]]*\]\s*)*)$/;
const countPattern =
  /^([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)\s*(?:\*\s*(\d{1,9}))?\s*(?:([+-])\s*(\d{1,9}))?$/;

function countText(text: string, at: Span): CountText | null {
  const match = countPattern.exec(text.trim());
  if (match === null) return null;
  const [, path = '', times = '1', sign = '+', plus = '0'] = match;
  return {
    path: path.split('.'),
    times: Number(times),
    plus: Number(`${sign}${plus}`),
    at,
  };
}

/** A name alone may also be a constant; a path or a sum can only be a field. */
function isCount(count: CountText, siblings: ReadonlySet<string>): boolean {
  const [first = ''] = count.path;
  return siblings.has(first) || count.path.length > 1 || count.plus !== 0 || count.times !== 1;
}

/** The record of that name; null for any other type, and for none. */
export function recordNamed(table: TypeTable, name: string, at: Span): RecordRef | null {
  // Only declared types can be records; the others, and a type within itself, are reported where they are used.
  if (!table.declared.has(name) || table.open.includes(name)) return null;
  const type = table.resolved.get(name) ?? lookUp(table, name, at);
  return type === null ? null : recordRefOf(type);
}

function memberOf(
  table: TypeTable,
  field: FieldDeclaration,
  siblings: ReadonlySet<string>,
): Member {
  const fixed: Member = { kind: 'fixed', field };
  if (field.type === null) return fixed;
  const { text, at } = field.type;
  const match = pattern.exec(text);
  if (match === null) return fixed;
  const [, name = '', length, inner = ''] = match;
  if (length === undefined) {
    if (name === 'string') return hasSize(field) ? fixed : { kind: 'text', field, count: null };
    const type = recordNamed(table, name, at);
    return type === null ? fixed : { kind: 'record', field, type };
  }
  const open = length.trim() === '...';
  const count = open ? null : countText(length, at);
  if (!open && (count === null || !isCount(count, siblings))) return fixed;
  if (name === 'string' && inner === '' && !hasSize(field)) return { kind: 'text', field, count };
  return { kind: 'array', field, element: { text: `${name}${inner}`, at }, count };
}

function hasSize(field: FieldDeclaration): boolean {
  return field.node !== null && child(field.node, 'size') !== null;
}

/** The fields in order when at least one of them varies in size, else null. */
export function variableMembers(
  table: TypeTable,
  fields: readonly FieldDeclaration[],
): readonly Member[] | null {
  if (!fields.some(mayVary(table))) return null;
  const siblings = new Set(fields.map(({ name }) => name));
  const members = fields.map((field) => memberOf(table, field, siblings));
  return members.some(({ kind }) => kind !== 'fixed') ? members : null;
}

/** Cheap, since it is asked of every field of every struct. */
function mayVary(table: TypeTable): (field: FieldDeclaration) => boolean {
  return ({ type }) =>
    type !== null &&
    (/\[\s*[A-Za-z_.]|string/.test(type.text) || table.declared.has(type.text.trim()));
}

/** `required`, unless the field says otherwise. */
export function wordOf(field: FieldDeclaration, key: string): string | null {
  return field.node === null ? null : stringOf(child(field.node, key));
}
