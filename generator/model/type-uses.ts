// What a type's text stands for where it is used: a value, bytes, a text, memory of the app or a record.
import { entriesOf, type SourceNode, type Span } from '../source/index.js';
import { unknownConstant } from './constants.js';
import type { FieldDeclaration, TypeText } from './field-declaration.js';
import { refuseStringKeys } from './field-keys.js';
import { handleRef } from './handles.js';
import { arrayOf, isScalarName, scalarOf, structRef } from './layout.js';
import { MAX_STRUCT } from './limits.js';
import type { ByteOrder, NamedType, RecordRef, Type } from './model.js';
import { pascal } from './names.js';
import { fixedString } from './strings.js';
import { badLength, malformedType, notFixed } from './type-faults.js';
import { parseType, type TypeExpression } from './type-syntax.js';
import { inlineStruct, lookUp, type TypeTable } from './type-table.js';
import { recordNamed } from './variable-members.js';
import { recordRefOf } from './variable-sizes.js';

/** What a type's text can stand for; not every place allows each. */
export type TypeUse =
  | { readonly kind: 'type'; readonly type: Type }
  | { readonly kind: 'bytes' }
  /** Memory of the app. */
  | { readonly kind: 'memory' }
  /** A text without a size of its own. */
  | { readonly kind: 'text' }
  | { readonly kind: 'record'; readonly type: RecordRef }
  | { readonly kind: 'open'; readonly element: Type };

/** The type of a field, declared by name or in place; `owner` prefixes the name of a struct declared in place. */
export function typeUseOf(
  table: TypeTable,
  field: FieldDeclaration,
  owner: string,
  byteOrder: ByteOrder = 'little',
): TypeUse | null {
  if (field.type !== null) return typeFromText(table, field.type, field);
  const name = pascal(owner) + pascal(field.name);
  const struct = inlineStruct(table, {
    name,
    at: field.nameAt,
    entries: entriesOf(field.inline),
    node: field.node,
    doc: field.doc,
    byteOrder,
  });
  if (struct === null) return null;
  return struct.kind === 'struct'
    ? { kind: 'type', type: structRef(struct) }
    : { kind: 'record', type: recordRefOf(struct) };
}

/** `field` is what has the type, when something has: a string's size stands beside it. */
export function typeFromText(
  table: TypeTable,
  { text, at }: TypeText,
  field: FieldDeclaration | null = null,
): TypeUse | null {
  const expression = parseType(text);
  if (expression === null) return malformedType(text, at, table.report);
  const { name, lengths } = expression;
  if (name === 'string' && field !== null && (lengths.length > 0 || field.more?.size != null)) {
    const string = fixedString(field, table.report);
    return string === null ? null : wrap(table, { element: string, lengths, at });
  }
  if (name === 'clientMemory' && lengths.length === 0) return { kind: 'memory' };
  if (field !== null && name !== 'string') refuseStringKeys(field, table.report);
  if (lengths.length === 0) {
    if (name === 'bytes') return { kind: 'bytes' };
    if (name === 'string') return { kind: 'text' };
    const record = recordNamed(table, name, at);
    if (record !== null) return { kind: 'record', type: record };
  }
  const element = elementOf(table, expression, at);
  if (element === null) return null;
  return wrap(table, { element, lengths, at });
}

function elementOf(table: TypeTable, { name }: TypeExpression, at: Span): Type | null {
  if (isScalarName(name)) return scalarOf(name);
  if (name === 'u128') return { kind: 'wide', name, size: 16, align: 8 };
  if (name === 'status') return { kind: 'status', base: 'i32', size: 4, align: 4 };
  if (name === 'bytes') {
    const hint = 'write u8 with a length, or "type: bytes" with a max.';
    table.report({ code: 'DK411', at, message: 'there are no arrays of bytes', hint });
    return null;
  }
  const handle = table.handles.get(name);
  if (handle !== undefined) return handleRef(handle);
  const named = lookUp(table, name, at);
  if (named === null) return null;
  return refTo(table, named, at);
}

function refTo(table: TypeTable, named: NamedType, at: Span): Type | null {
  const { name } = named;
  switch (named.kind) {
    case 'enum':
      return { kind: 'enum', name, base: named.base, size: named.size, align: named.size };
    case 'flags':
    case 'bits':
      return { kind: named.kind, name, base: named.base, size: named.size, align: named.size };
    case 'struct':
      return structRef(named);
    case 'variant':
      if (named.exact) return notFixed(table.report, name, at);
      return { kind: 'variant', name, size: named.size, align: named.align };
    case 'union':
      return { kind: 'union', name, size: named.size, align: named.align };
    case 'record':
      return notFixed(table.report, name, at);
    default:
      return named satisfies never;
  }
}

type Wrapping = {
  readonly element: Type;
  readonly lengths: TypeExpression['lengths'];
  readonly at: Span;
};

/** A length that is given by name is a constant. */
function lengthOf(
  { constants, report }: TypeTable,
  length: TypeExpression['lengths'][number],
  at: Span,
): bigint | 'open' | null {
  if (typeof length !== 'object') return length;
  const constant = constants.byName.get(length.name);
  const value = constant?.node.value;
  const place: SourceNode = { kind: 'scalar', value: length.name, text: length.name, span: at };
  if (constant === undefined) return unknownConstant(length.name, place, constants);
  if (typeof value === 'bigint') return value;
  const hint = 'choose a constant that is a whole number, or write the number.';
  const message = `the constant "${length.name}" is no whole number, so it is no length`;
  const notes = [{ message: 'declared here', at: constant.node.span }];
  report({ code: 'DK421', at, message, notes, hint });
  return null;
}

/** The innermost array first: `f32[3][4]` is 3 arrays of 4. */
function wrap(table: TypeTable, { element, lengths, at }: Wrapping): TypeUse | null {
  let type = element;
  for (const written of lengths.toReversed()) {
    const length = lengthOf(table, written, at);
    if (length === null) return null;
    if (length === 'open') {
      if (lengths.length === 1) return { kind: 'open', element };
      const message = 'only a single length can be open';
      table.report({ code: 'DK411', at, message, hint: 'write one [...] behind a scalar.' });
      return null;
    }
    if (length < 1n || BigInt(type.size) * length > BigInt(MAX_STRUCT)) {
      return badLength(table.report, length, at);
    }
    type = arrayOf(type, Number(length));
  }
  return { kind: 'type', type };
}
