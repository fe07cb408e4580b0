// The types of an interface while they are resolved: each looked up by name and resolved once, in the order in which
// they depend on each other. How a declaration becomes a type is left to its makers.
import type { Entry, Report, SourceNode, Span } from '../source/index.js';
import type { BitsContext } from './bits.js';
import type { Constants } from './constants.js';
import type { Handles } from './handles.js';
import { MAX_NESTING } from './limits.js';
import type { ByteOrder, NamedType, RecordRef, RecordType, StructType, Type } from './model.js';
import { recursion, tooDeep, unknownType } from './type-faults.js';

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

/**
 * What makes types of their declarations. Types are made of types, so the makers need the table; the table is handed
 * them, and knows no more of them than this.
 */
export type TypeMakers = {
  readonly declared: (table: TypeTable, entry: Entry) => NamedType | null;
  readonly struct: (
    table: TypeTable,
    declaration: StructDeclaration,
  ) => StructType | RecordType | null;
};

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
  readonly makers: TypeMakers;
};

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
  const type = table.makers.declared(table, entry);
  table.resolved.set(name, type);
  if (type !== null) table.ordered.push(type);
  return type;
}

export function ruleContext(table: TypeTable): BitsContext {
  return {
    constants: table.constants,
    named: (name) => table.resolved.get(name) ?? null,
    lookUp: (name, at) => lookUp(table, name, at),
  };
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
  const type = table.makers.struct(table, declaration);
  table.resolved.set(name, type);
  if (type !== null) table.ordered.push(type);
  return type;
}
