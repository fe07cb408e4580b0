// The declared types of an interface: which kind each is, and all of them resolved.
import {
  child,
  type Entry,
  entriesOf,
  type MapNode,
  type SourceNode,
  stringOf,
} from '../source/index.js';
import { bitsOf } from './bits.js';
import type { Constants } from './constants.js';
import { enumOf, type TypeDeclaration } from './enums.js';
import { flagsOf } from './flags.js';
import type { Handles } from './handles.js';
import type { NamedType } from './model.js';
import { structOf } from './struct-types.js';
import { textOf } from './text.js';
import { lookUp, ruleContext, type TypeTable } from './type-table.js';
import { unionOf } from './unions.js';
import { variantOf } from './variants.js';

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
    makers: { declared: resolveDeclared, struct: structOf },
  };
  for (const { key, keySpan } of declared.values())
    if (!imported.has(key)) lookUp(table, key, keySpan);
  return table;
}

/** Those that nothing referred to. */
export function resolveOthers(table: TypeTable): void {
  for (const { key, keySpan } of table.declared.values()) lookUp(table, key, keySpan);
}
