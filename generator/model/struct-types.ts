// Structs, declared by name or in place: their fields resolved and placed. What varies in size is records.ts's.
import { child, type Entry, type SourceNode, type Span } from '../source/index.js';
import { memoryInside } from './client-memory.js';
import { type FieldDeclaration, readField } from './field-declaration.js';
import { refuseEach } from './field-keys.js';
import { alignIn, alignUp, type UnplacedField } from './layout.js';
import { MAX_NESTING, MAX_STRUCT } from './limits.js';
import type { ByteOrder, RecordRef, RecordType, StructType, Type } from './model.js';
import { recordOf } from './records.js';
import { fieldByteOrder, offsetOf, placeFields, type StructWish, wishOf } from './structs.js';
import { sinceOf } from './text.js';
import { notFixed, openArray, refuseArgumentKeys, tooDeep, tooLarge } from './type-faults.js';
import { typeUseOf } from './type-uses.js';
import { ruleContext, type TypeTable } from './types.js';
import { narrow } from './value-rules.js';
import { variableMembers } from './variable-members.js';

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

export function structOf(
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
    const order = fieldByteOrder(field, type, byteOrder, report);
    const { range, rules } = narrow(field, type, ruleContext(table));
    const unplaced = { name, type, doc, unit, since, byteOrder: order, range, rules };
    return fixed === undefined ? unplaced : { ...unplaced, fixed };
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
