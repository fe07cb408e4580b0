// Untagged unions: members of fixed size at one place. Which of them is meant, the interface leaves to its sides.
import { child, type Entry, entriesOf } from '../source/index.js';
import { readField } from './field-declaration.js';
import { handleMisplaced, holdsHandle, placeOf } from './handles.js';
import { alignUp } from './layout.js';
import { MAX_STRUCT } from './limits.js';
import type { UnionType } from './model.js';
import { textOf } from './text.js';
import { notFixed, openArray } from './type-faults.js';
import { isTooDeep, type TypeTable } from './type-table.js';
import { typeUseOf } from './type-uses.js';

type Member = UnionType['members'][number];

function memberOf(table: TypeTable, entry: Entry, owner: string): Member | null {
  const field = readField(entry, table.constants);
  const use = typeUseOf(table, field, owner);
  if (use === null) return null;
  const { name, doc, since } = field;
  if (use.kind === 'type' && holdsHandle(use.type, table.resolved))
    return handleMisplaced(placeOf(field, 'in a union, of which nothing is checked'), table.report);
  if (use.kind === 'type') return { name, type: use.type, doc, since };
  const at = field.type?.at ?? field.nameAt;
  if (use.kind === 'open') openArray(table.report, name, at);
  else notFixed(table.report, use.kind === 'record' ? use.type.name : name, at);
  return null;
}

export function unionOf(
  table: TypeTable,
  { key: name, keySpan: at, value }: Entry,
): UnionType | null {
  const entries = entriesOf(child(value, 'union'));
  table.open.push(name);
  const members = entries.map((entry) => memberOf(table, entry, name));
  table.open.pop();
  const sound = members.filter((member) => member !== null);
  if (sound.length < members.length) return null;
  if (isTooDeep(table, { name, at, types: sound.map(({ type }) => type) })) return null;
  const align = Math.max(1, ...sound.map(({ type }) => type.align));
  const size = alignUp(Math.max(1, ...sound.map(({ type }) => type.size)), align);
  if (size > MAX_STRUCT) return notFixed(table.report, name, value.span);
  const doc = textOf(child(value, 'doc'));
  const since = textOf(child(value, 'since'));
  return { kind: 'union', name, doc, since, size, align, members: sound };
}
