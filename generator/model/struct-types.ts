// Structs, declared by name or in place: their fields resolved and placed. What varies in size is records.ts's.
import { child } from '../source/index.js';
import { memoryInside } from './client-memory.js';
import { type FieldDeclaration, readField } from './field-declaration.js';
import { refuseEach } from './field-keys.js';
import { alignIn, alignUp, type UnplacedField } from './layout.js';
import { MAX_NESTING, MAX_STRUCT } from './limits.js';
import type { RecordType, StructType } from './model.js';
import { recordOf } from './records.js';
import { fieldByteOrder, offsetOf, placeFields, type StructWish, wishOf } from './structs.js';
import { sinceOf } from './text.js';
import { notFixed, openArray, refuseArgumentKeys, tooDeep, tooLarge } from './type-faults.js';
import { isTooDeep, ruleContext, type StructDeclaration, type TypeTable } from './type-table.js';
import { typeUseOf } from './type-uses.js';
import { narrow } from './value-rules.js';
import { variableMembers } from './variable-members.js';

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
