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
import type { Constants } from './constants.js';
import { enumOf, type TypeDeclaration } from './enums.js';
import { flagsOf } from './flags.js';
import type { Handles } from './handles.js';
import type { NamedType } from './model.js';
import { structOf } from './struct-types.js';
import { textOf } from './text.js';
import { recursion, unknownType } from './type-faults.js';
import { unionOf } from './unions.js';
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
