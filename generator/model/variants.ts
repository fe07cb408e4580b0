// Variants: one of several shapes, told apart by a number. It is a field that all of them have in one place, or stands
// before them.
import {
  child,
  type Entry,
  entriesOf,
  itemsOf,
  type SourceNode,
  stringOf,
} from '../source/index.js';
import { isIntegerName } from './enums.js';
import { readField } from './field-declaration.js';
import { alignUp, scalarOf } from './layout.js';
import { MAX_STRUCT } from './limits.js';
import type { StructType, VariantCase, VariantType } from './model.js';
import { checkTags, type Tag, tagsOf } from './tags.js';
import { textOf } from './text.js';
import { isTooDeep, lookUp, type TypeTable } from './type-table.js';
import { typeUseOf } from './type-uses.js';
import { caseFault, tooLargeRecord } from './variable-faults.js';
import { caseSizes, isTooLarge } from './variable-sizes.js';

type Case = Pick<VariantCase, 'name' | 'doc' | 'since' | 'type'> & { readonly entry: Entry };

function caseOf(table: TypeTable, entry: Entry, owner: string): Case | null {
  const field = readField(entry, table.constants);
  const { name, doc, since } = field;
  if (field.type === null && field.inline === null) return { name, doc, since, type: null, entry };
  const use = typeUseOf(table, field, owner);
  if (use === null) return null;
  const at = field.type?.at ?? field.nameAt;
  if (use.kind === 'record') return { name, doc, since, type: use.type, entry };
  if (use.kind === 'type' && use.type.kind === 'struct')
    return { name, doc, since, type: use.type, entry };
  const hint = `write the struct in place: ${name}: { tag: …, struct: { value: … } }.`;
  return caseFault(table.report, at, `the case "${name}" is no struct`, hint);
}

/** The struct that a case begins with. */
function headOf(table: TypeTable, { type }: Case): StructType | null {
  const named = type === null ? undefined : table.resolved.get(type.name);
  if (named?.kind === 'struct') return named;
  const first = named?.kind === 'record' ? named.parts[0] : undefined;
  const head = first?.kind === 'fixed' ? table.resolved.get(first.struct.name) : undefined;
  return head?.kind === 'struct' ? head : null;
}

type Place = Pick<VariantType, 'field' | 'tag' | 'bodyOffset'>;

/** The field by which cases are told apart: the same in all of them. */
function sharedPlace(table: TypeTable, name: string, cases: readonly Case[]): Place | null {
  let shared: VariantType['tag'] | null = null;
  for (const item of cases) {
    const at = item.entry.keySpan;
    const found = headOf(table, item)?.fields.find((field) => field.name === name);
    if (found === undefined) {
      const hint = `begin it with the field that the others have, or put the number before the cases: variant: { tag: u8 }.`;
      return caseFault(table.report, at, `the case "${item.name}" has no field "${name}"`, hint);
    }
    const { type, offset, byteOrder } = found;
    if (type.kind !== 'enum' && (type.kind !== 'scalar' || !isIntegerName(type.scalar))) {
      const hint = 'tell cases apart by a field of type u8 … i64, or by an enum.';
      return caseFault(table.report, at, `"${name}" is no integer in "${item.name}"`, hint);
    }
    const tag = { type, offset, byteOrder };
    if (shared !== null && !samePlace(shared, tag)) {
      const message = `"${name}" lies elsewhere in "${item.name}" than in the cases before, or has another type`;
      const hint = `it is at ${shared.offset} there and at ${tag.offset} here: move it, or give the variant a tag of its own.`;
      return caseFault(table.report, at, message, hint);
    }
    shared ??= tag;
  }
  return shared === null ? null : { field: name, tag: shared, bodyOffset: 0 };
}

function samePlace(a: VariantType['tag'], b: VariantType['tag']): boolean {
  const typeName = ({ type }: VariantType['tag']): string =>
    type.kind === 'scalar' ? type.scalar : type.kind === 'enum' ? type.name : '';
  return a.offset === b.offset && a.byteOrder === b.byteOrder && typeName(a) === typeName(b);
}

/** A number of its own, before the cases at their alignment. */
function ownPlace(table: TypeTable, node: SourceNode, cases: readonly Case[]): Place | null {
  const tagNode = child(node, 'tag') ?? node;
  const name = stringOf(tagNode) ?? '';
  const byteOrder = stringOf(child(node, 'byteOrder')) === 'big' ? 'big' : 'little';
  const align = Math.max(1, ...cases.map(({ type }) => type?.align ?? 1));
  const named = table.declared.has(name) ? lookUp(table, name, tagNode.span) : null;
  if (named === null && table.declared.has(name)) return null;
  const type =
    named?.kind === 'enum'
      ? ({ kind: 'enum', name, base: named.base, size: named.size, align: named.size } as const)
      : isIntegerName(name)
        ? scalarOf(name)
        : null;
  if (type !== null)
    return {
      field: null,
      tag: { type, offset: 0, byteOrder },
      bodyOffset: alignUp(type.size, align),
    };
  const hint = 'write u8 … i64, or the name of an enum.';
  return caseFault(table.report, tagNode.span, `"${name}" is no type of a tag`, hint);
}

/** What every case takes: the number, and the case behind or around it. */
function measured(place: Place, cases: readonly VariantCase[]) {
  const tagEnd = place.tag.offset + place.tag.type.size;
  const sizes = cases.map((item) => caseSizes(item, place.bodyOffset, tagEnd));
  const min = Math.min(...sizes.map((size) => size.min));
  const max = Math.max(...sizes.map((size) => size.max));
  const bodies = cases.map(({ type }) => type?.align ?? 1);
  const align = Math.max(place.field === null ? place.tag.type.align : 1, ...bodies);
  return { min, max, align, size: alignUp(max, align) };
}

export function variantOf(
  table: TypeTable,
  { key: name, keySpan, value }: Entry,
): VariantType | null {
  const entries = entriesOf(child(value, 'cases'));
  table.open.push(name);
  const cases = entries.map((entry) => caseOf(table, entry, name));
  table.open.pop();
  const sound = cases.filter((item) => item !== null);
  if (sound.length < cases.length || sound.length === 0) return null;
  const node = child(value, 'variant');
  const field = stringOf(child(node, 'field'));
  if (node === null) return null;
  const place = field === null ? ownPlace(table, node, sound) : sharedPlace(table, field, sound);
  if (place === null) return null;
  const tagged = withTags(table, place, sound);
  const types = sound.map(({ type }) => type);
  if (tagged === null || isTooDeep(table, { name, at: keySpan, types })) return null;
  const exactNode = child(value, 'exact');
  const exact =
    tagged.some(({ type }) => type?.kind === 'record') ||
    (exactNode?.kind === 'scalar' && exactNode.value === true);
  const sizes = measured(place, tagged);
  if (isTooLarge(sizes.max) || (!exact && sizes.size > MAX_STRUCT))
    return tooLargeRecord(table.report, name, keySpan, sizes.max);
  return {
    kind: 'variant',
    name,
    doc: textOf(child(value, 'doc')),
    since: textOf(child(value, 'since')),
    ...sizes,
    exact,
    delimited: tagged.every(({ type }) => type?.kind !== 'record' || type.delimited),
    ...place,
    cases: tagged,
  };
}

function withTags(
  table: TypeTable,
  { tag }: Place,
  cases: readonly Case[],
): readonly VariantCase[] | null {
  const all: Tag[] = [];
  let sound = true;
  const tagged = cases.map(({ entry, ...item }) => {
    const node = child(entry.value, 'tag');
    const nodes = node?.kind === 'list' ? itemsOf(node) : node === null ? [] : [node];
    const tags = tagsOf(table, tag.type, nodes);
    if (tags === null) sound = false;
    else all.push(...tags.map((one) => ({ ...one, owner: item.name })));
    const numbers = (tags ?? []).flatMap(({ first, last, any }) => (any ? [] : [{ first, last }]));
    return { ...item, tags: numbers };
  });
  return sound && checkTags(table.report, all) ? tagged : null;
}
