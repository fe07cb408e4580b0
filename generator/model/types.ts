// The named types of an interface: looked up by name, resolved once, kept in dependency order.

import {
  child,
  type Entry,
  entriesOf,
  type MapNode,
  type Report,
  type SourceNode,
  type Span,
  stringOf,
} from '../source/index.js';
import { type BitsContext, bitsOf } from './bits.js';
import { memoryInside } from './client-memory.js';
import { type Constants, unknownConstant } from './constants.js';
import { enumOf, type TypeDeclaration } from './enums.js';
import { type FieldDeclaration, readField, type TypeText } from './field-declaration.js';
import { refuseEach, refuseStringKeys } from './field-keys.js';
import { flagsOf } from './flags.js';
import { type Handles, handleRef } from './handles.js';
import {
  alignIn,
  alignUp,
  arrayOf,
  isScalarName,
  scalarOf,
  structRef,
  type UnplacedField,
} from './layout.js';
import { MAX_NESTING, MAX_STRUCT } from './limits.js';
import type { ByteOrder, NamedType, RecordRef, RecordType, StructType, Type } from './model.js';
import { pascal } from './names.js';
import { recordOf } from './records.js';
import { fixedString } from './strings.js';
import { fieldByteOrder, offsetOf, placeFields, type StructWish, wishOf } from './structs.js';
import { sinceOf, textOf } from './text.js';
import {
  badLength,
  malformedType,
  notFixed,
  openArray,
  recursion,
  refuseArgumentKeys,
  tooDeep,
  tooLarge,
  unknownType,
} from './type-faults.js';
import { parseType, type TypeExpression } from './type-syntax.js';
import { unionOf } from './unions.js';
import { narrow } from './value-rules.js';
import { recordNamed, variableMembers } from './variable-members.js';
import { recordRefOf } from './variable-sizes.js';
import { variantOf } from './variants.js';

export type TypeTable = {
  readonly report: Report;
  readonly constants: Constants;
  readonly declared: ReadonlyMap<string, Entry>;
  readonly handles: Handles;
  /** Null for a type that was found wrong, so that its users stay silent. */
  readonly resolved: Map<string, NamedType | null>;
  /** Structs within structs, the innermost counting 1. */
  readonly depths: Map<string, number>;
  /** Being resolved, outermost first. */
  readonly open: string[];
  readonly ordered: NamedType[];
  /** Where each struct that is declared in place stands. */
  readonly inline: Map<string, Span>;
};

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

/** A type by name; reports and returns null when there is no such type. */
export function lookUp(table: TypeTable, name: string, at: Span): NamedType | null {
  const known = table.resolved.get(name);
  if (known !== undefined) return known;
  const entry = table.declared.get(name);
  if (entry === undefined) {
    const declared = [...table.declared.keys(), ...table.handles.keys()];
    return unknownType({ name, at, declared }, table.report);
  }
  if (table.open.includes(name)) {
    const cycle = [...table.open.slice(table.open.indexOf(name)), name];
    return recursion({ at, cycle, declaredAt: entry.keySpan }, table.report);
  }
  const type = resolveDeclared(table, entry);
  table.resolved.set(name, type);
  if (type !== null) table.ordered.push(type);
  return type;
}

function resolveDeclared(table: TypeTable, { key, keySpan, value }: Entry): NamedType | null {
  const { constants } = table;
  const baseOf = (kind: string): string | null => stringOf(child(value, kind));
  const declaration = (base: string) => ({ name: key, base, node: value });
  const choice = baseOf('enum');
  if (choice !== null) return enumOf(declaration(choice), constants);
  const set = baseOf('flags');
  if (set !== null) return flagsOf(declaration(set), constants);
  const word = baseOf('bits');
  if (word !== null) return wordType(table, declaration(word));
  if (child(value, 'union') !== null) return unionOf(table, { key, keySpan, value });
  if (child(value, 'variant') !== null) return variantOf(table, { key, keySpan, value });
  const entries = entriesOf(child(value, 'struct'));
  const doc = textOf(child(value, 'doc'));
  return structOf(table, { name: key, at: keySpan, entries, node: value, doc });
}

function wordType(table: TypeTable, declaration: TypeDeclaration): NamedType | null {
  table.open.push(declaration.name);
  const bits = bitsOf(declaration, ruleContext(table));
  table.open.pop();
  return bits;
}

export function ruleContext(table: TypeTable): BitsContext {
  return {
    constants: table.constants,
    named: (name) => table.resolved.get(name) ?? null,
    lookUp: (name, at) => lookUp(table, name, at),
  };
}

export type StructDeclaration = {
  readonly name: string;
  readonly at: Span;
  /** Its fields, and the map that holds them beside what else is said of it. */
  readonly entries: readonly Entry[];
  readonly node: SourceNode | null;
  /** Prefixes structs declared in place; its own name unless given. */
  readonly owner?: string;
  readonly doc: string;
  /** Of the struct that it is declared in. */
  readonly byteOrder?: ByteOrder;
};

function structOf(
  table: TypeTable,
  declaration: StructDeclaration,
): StructType | RecordType | null {
  const { name, at, entries, node, doc, owner = name } = declaration;
  if (table.open.length >= MAX_NESTING) return tooDeep(table.report, name, at);
  table.open.push(name);
  const declared = entries.map((entry) => readField(entry, table.constants));
  const members = variableMembers(table, declared);
  if (members !== null) {
    const record = recordOf(table, { name, at, entries, members, node, doc });
    table.open.pop();
    return record;
  }
  const wish = wishOf(node, table.constants, declaration.byteOrder);
  const complete = structFields(table, declared, { name: owner, wish });
  table.open.pop();
  if (complete === null) return null;
  if (isTooDeep(table, { name, at, types: complete.map(({ type }) => type) })) return null;
  const type: StructType = {
    kind: 'struct',
    name,
    doc,
    since: sinceOf(child(node, 'since'), table.report),
    layout: wish.layout,
    ...placeFields(complete, { name, wish, report: table.report }),
  };
  return type.size > MAX_STRUCT ? tooLarge(table.report, type, at) : type;
}

function depthOf(table: TypeTable, type: Type | RecordRef | null): number {
  if (type === null) return 0;
  if (type.kind === 'array') return depthOf(table, type.element);
  return 'name' in type ? (table.depths.get(type.name) ?? 0) : 0;
}

/** Remembers how deep a type nests what it is made of; reports it beyond the limit. */
export function isTooDeep(
  table: TypeTable,
  { name, at, types }: { name: string; at: Span; types: readonly (Type | RecordRef | null)[] },
): boolean {
  const depth = 1 + Math.max(0, ...types.map((type) => depthOf(table, type)));
  table.depths.set(name, depth);
  if (depth > MAX_NESTING) tooDeep(table.report, name, at);
  return depth > MAX_NESTING;
}

type Body = { readonly name: string; readonly wish: StructWish };

/** Null when a field is wrong, after all were looked at. */
function structFields(
  table: TypeTable,
  declared: readonly FieldDeclaration[],
  { name, wish }: Body,
): UnplacedField[] | null {
  const complete: UnplacedField[] = [];
  let end = 0;
  for (const field of declared) {
    const placed = structField(table, field, { name, wish, end });
    if (placed === null) continue;
    complete.push(placed);
    const from = placed.fixed ?? alignUp(end, alignIn(wish.layout, placed.type.align));
    end = from + placed.type.size;
  }
  return complete.length < declared.length ? null : complete;
}

type Owner = { readonly name: string; readonly wish: StructWish; readonly end: number };

export function structField(
  table: TypeTable,
  field: FieldDeclaration,
  owner: Owner,
): UnplacedField | null {
  refuseArgumentKeys(field, table.report);
  refuseEach(field, table.report);
  const { report } = table;
  const { layout, byteOrder } = owner.wish;
  const use = typeUseOf(table, field, owner.name, byteOrder);
  if (use === null) return null;
  if (use.kind === 'memory') return memoryInside(table.report, field);
  const { name, doc, unit, since } = field;
  if (use.kind === 'record' || use.kind === 'text')
    return notFixed(
      table.report,
      use.kind === 'record' ? use.type.name : name,
      field.type?.at ?? field.nameAt,
    );
  if (use.kind === 'type') {
    const { type } = use;
    const fixed = offsetOf(field, type, { end: owner.end, layout, report });
    return {
      ...{ name, type, doc, unit, since },
      byteOrder: fieldByteOrder(field, type, byteOrder, report),
      ...narrow(field, type, ruleContext(table)),
      ...(fixed === undefined ? {} : { fixed }),
    };
  }
  const at = field.type?.at ?? field.nameAt;
  if (use.kind === 'bytes') {
    const hint =
      'give it a length, as in "u8[64]" or "u8[count]"; "u8[...]" at the end takes what is left.';
    report({
      code: 'DK404',
      at,
      message: `bytes have no fixed size, so "${name}" cannot stand in a struct`,
      hint,
    });
  } else {
    openArray(report, name, at);
  }
  return null;
}

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

/** Adds a struct that is declared where it is used. */
export function inlineStruct(
  table: TypeTable,
  declaration: StructDeclaration,
): StructType | RecordType | null {
  const { name, at } = declaration;
  const first = table.declared.get(name)?.keySpan ?? table.inline.get(name);
  if (first !== undefined) {
    table.report({
      code: 'DK304',
      at,
      message: `the struct declared here is named "${name}", which is taken`,
      notes: [{ message: 'first used here', at: first }],
      hint: 'rename one, or declare the struct below "types".',
    });
    return null;
  }
  table.inline.set(name, at);
  const type = structOf(table, declaration);
  table.resolved.set(name, type);
  if (type !== null) table.ordered.push(type);
  return type;
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

export type TypeSurroundings = {
  readonly imported: ReadonlySet<string>;
  readonly handles: Handles;
};

/** The declared types, resolved; those that are imported wait until something refers to them. */
export function resolveTypes(
  node: SourceNode | null,
  constants: Constants,
  { imported, handles }: TypeSurroundings = { imported: new Set(), handles: new Map() },
): TypeTable {
  const { report } = constants;
  const declared: MapNode['entries'] = node?.kind === 'map' ? node.entries : new Map();
  const table: TypeTable = {
    report,
    constants,
    declared,
    handles,
    resolved: new Map(),
    depths: new Map(),
    open: [],
    ordered: [],
    inline: new Map(),
  };
  for (const { key, keySpan } of declared.values())
    if (!imported.has(key)) lookUp(table, key, keySpan);
  return table;
}

/** Those that nothing referred to. */
export function resolveOthers(table: TypeTable): void {
  for (const { key, keySpan } of table.declared.values()) lookUp(table, key, keySpan);
}
