// Structs whose size varies. The fields between two variable members become a struct of their own, so that everything
// that knows structs knows them too; a record is those structs and the variable members between them.
import {
  child,
  type Entry,
  integerOf,
  type MapNode,
  type SourceNode,
  type Span,
  stringOf,
} from '../source/index.js';
import { eachOf } from './elements.js';
import type { FieldDeclaration } from './field-declaration.js';
import { refuseEach } from './field-keys.js';
import { alignIn, layoutNamed, structRef } from './layout.js';
import { MAX_COUNT_PARTS } from './limits.js';
import type {
  ArrayPart,
  ByteOrder,
  CountRef,
  NestedPart,
  RecordPart,
  RecordRef,
  RecordType,
  StructLayout,
  StructType,
  TextPart,
  TextRules,
  Type,
} from './model.js';
import { sizeOf } from './quantities.js';
import { type CountFault, findCount } from './record-counts.js';
import { textOf } from './text.js';
import { inlineStruct, isTooDeep, type TypeTable } from './type-table.js';
import { typeFromText } from './type-uses.js';
import {
  badCap,
  badCount,
  badLimits,
  badMaximum,
  noMaximum,
  notDelimited,
  notLast,
  tooLargeRecord,
  tooManyParts,
} from './variable-faults.js';
import { type CountText, type Member, wordOf } from './variable-members.js';
import { isTooLarge, partAlign, recordSizes } from './variable-sizes.js';

export type RecordDeclaration = {
  readonly name: string;
  readonly at: Span;
  readonly doc: string;
  /** The map that holds `struct`. */
  readonly node: SourceNode | null;
  readonly entries: readonly Entry[];
  readonly members: readonly Member[];
};

type State = {
  readonly table: TypeTable;
  readonly declaration: RecordDeclaration;
  readonly parts: RecordPart[];
  /** Fixed fields that wait for the next variable member. */
  fixed: Entry[];
  fixedParts: number;
  sound: boolean;
};

function endFixed(state: State): void {
  const { table, declaration, fixed } = state;
  if (fixed.length === 0) return;
  state.fixed = [];
  state.fixedParts += 1;
  const suffix = state.parts.length === 0 ? 'Head' : `Part${state.fixedParts}`;
  const name = `${declaration.name}${suffix}`;
  const node = declaration.node?.kind === 'map' ? declaration.node : null;
  const at = declaration.at;
  const type = inlineStruct(table, {
    name,
    at,
    entries: fixed,
    node: partNode(node),
    doc: '',
    owner: declaration.name,
  });
  if (type?.kind !== 'struct') {
    state.sound = false;
    return;
  }
  const extent = Math.max(0, ...type.fields.map(({ offset, size }) => offset + size));
  state.parts.push({ kind: 'fixed', struct: structRef(type), extent });
}

/** What a part inherits of its record: the layout and the order of bytes, not its size. */
function partNode(node: MapNode | null): MapNode | null {
  if (node === null) return null;
  const entries = [...node.entries].filter(([key]) => key === 'layout' || key === 'byteOrder');
  return { ...node, entries: new Map(entries) };
}

function structNamed(table: TypeTable, name: string): StructType | null {
  const type = table.resolved.get(name);
  return type?.kind === 'struct' ? type : null;
}

function countOf(state: State, text: CountText | null): CountRef | 'open' | null {
  if (text === null) return 'open';
  const { table, declaration, parts } = state;
  const found = findCount(text, parts, (name) => structNamed(table, name));
  if ('part' in found) return found;
  const fault: CountFault = found;
  badCount(table.report, text, fault, declaration.members);
  state.sound = false;
  return null;
}

type Limits = { readonly min: number; readonly max: number };

/** The greatest number that a counting field declares, where the count is that number. */
function countMaximum(state: State, count: CountRef | 'open'): number | null {
  if (count === 'open' || count.times !== 1 || count.plus !== 0 || count.path.length !== 1)
    return null;
  const part = state.parts[count.part];
  const struct = part?.kind === 'fixed' ? structNamed(state.table, part.struct.name) : null;
  const range = struct?.fields.find(({ name }) => name === count.path[0])?.range;
  return range === null || range === undefined || range.max === null ? null : Number(range.max);
}

function limitsOf(state: State, field: FieldDeclaration, count: CountRef | 'open'): Limits | null {
  const { report } = state.table;
  const max = field.max === null ? countMaximum(state, count) : sizeOf(field.max);
  const min = field.min === null ? 0 : sizeOf(field.min);
  if (field.max === null && max === null) return noMaximum(report, field);
  if (max === null || max < 1 || min === null || min < 0) return badMaximum(report, field);
  if (min > max) return badLimits(report, field);
  return { min, max };
}

function elementOf(
  state: State,
  member: Extract<Member, { kind: 'array' }>,
): Type | RecordRef | null {
  const { table } = state;
  const use = typeFromText(table, member.element, member.field);
  if (use === null) return null;
  if (use.kind === 'type') return use.type;
  if (use.kind === 'record' && use.type.delimited) return use.type;
  return notDelimited(table.report, member.field, use.kind === 'record' ? use.type.name : null);
}

function arrayPart(state: State, member: Extract<Member, { kind: 'array' }>): ArrayPart | null {
  const { field } = member;
  const count = countOf(state, member.count);
  const element = elementOf(state, member);
  const limits = count === null ? null : limitsOf(state, field, count);
  if (count === null || element === null || limits === null) return null;
  const { name, doc, unit, since } = field;
  const byteOrder = byteOrderOf(state, field);
  const each = eachOf(state.table, field, element);
  const counted = count === 'open' ? null : count;
  const part = { kind: 'array', name, doc, unit, since, element, byteOrder } as const;
  return { ...part, count: counted, ...limits, ...(each === null ? {} : { each }) };
}

/** Its own, or that of the record. */
function byteOrderOf({ declaration }: State, field: FieldDeclaration): ByteOrder {
  const own = wordOf(field, 'byteOrder');
  const order = own ?? stringOf(child(declaration.node, 'byteOrder'));
  return order === 'big' ? 'big' : 'little';
}

/** How a text of varying length is written; counted ones need no NUL to end. */
export function textRules(field: FieldDeclaration, counted: boolean): TextRules {
  const terminated = wordOf(field, 'terminated');
  const usual = counted ? 'none' : 'required';
  return {
    encoding: wordOf(field, 'encoding') === 'ascii' ? 'ascii' : 'utf8',
    terminated:
      terminated === 'required' || terminated === 'optional' || terminated === 'none'
        ? terminated
        : usual,
  };
}

function textPart(state: State, member: Extract<Member, { kind: 'text' }>): TextPart | null {
  const { field } = member;
  const count = countOf(state, member.count);
  const limits = count === null ? null : limitsOf(state, field, count);
  if (count === null || limits === null) return null;
  const { name, doc, since } = field;
  const text = textRules(field, count !== 'open');
  // The NUL is one of the bytes.
  const min = Math.max(limits.min, text.terminated === 'required' ? 1 : 0);
  const counted = count === 'open' ? null : count;
  return { kind: 'text', name, doc, since, text, count: counted, min, max: limits.max };
}

function nestedPart({ field, type }: Extract<Member, { kind: 'record' }>): NestedPart {
  const { name, doc, since } = field;
  return { kind: 'record', name, doc, since, type };
}

function addMember(state: State, member: Member, entry: Entry): void {
  if (member.kind === 'fixed') {
    state.fixed.push(entry);
    return;
  }
  endFixed(state);
  if (member.kind !== 'array') refuseEach(member.field, state.table.report);
  const part =
    member.kind === 'array'
      ? arrayPart(state, member)
      : member.kind === 'text'
        ? textPart(state, member)
        : nestedPart(member);
  if (part === null) state.sound = false;
  else state.parts.push(part);
}

const isOpen = (part: RecordPart): boolean =>
  part.kind === 'record' ? !part.type.delimited : part.kind !== 'fixed' && part.count === null;

/** A part that goes on to the end leaves no room for another. */
function checkOrder({ table, parts, declaration }: State): boolean {
  const open = parts.findIndex(isOpen);
  if (open < 0 || open === parts.length - 1) return true;
  const part = parts[open];
  const name = part !== undefined && part.kind !== 'fixed' ? part.name : '';
  const entry = declaration.entries.find(({ key }) => key === name);
  return notLast(table.report, name, entry?.keySpan ?? declaration.at);
}

function alignOf(state: State, layout: StructLayout): number {
  const node = child(state.declaration.node, 'align');
  const declared = Number(integerOf(node) ?? 1n);
  return Math.max(declared, 1, ...state.parts.map((part) => alignIn(layout, partAlign(part))));
}

/** Null when something was reported. */
export function recordOf(table: TypeTable, declaration: RecordDeclaration): RecordType | null {
  const state: State = {
    table,
    declaration,
    parts: [],
    fixed: [],
    fixedParts: 0,
    sound: true,
  };
  declaration.members.forEach((member, index) => {
    const entry = declaration.entries[index];
    if (entry !== undefined) addMember(state, member, entry);
  });
  endFixed(state);
  if (!state.sound || !checkOrder(state)) return null;
  const { name, at } = declaration;
  if (isTooDeep(table, { name, at, types: state.parts.map(innerType) })) return null;
  if (state.fixedParts > MAX_COUNT_PARTS)
    return tooManyParts(table.report, declaration.name, declaration.at);
  return measured(state);
}

/** What a part is made of; null for a text, which is made of nothing. */
function innerType(part: RecordPart): Type | RecordRef | null {
  if (part.kind === 'fixed') return part.struct;
  if (part.kind === 'text') return null;
  return part.kind === 'array' ? part.element : part.type;
}

function measured(state: State): RecordType | null {
  const { table, declaration, parts } = state;
  const { name, doc, at, node } = declaration;
  const layout = layoutNamed(stringOf(child(node, 'layout')));
  const sizes = recordSizes(parts, layout);
  const capNode = child(node, 'max');
  const cap = capNode === null ? null : sizeOf(capNode);
  if (capNode !== null && (cap === null || cap < Math.max(1, sizes.min) || cap > sizes.max))
    return badCap(table.report, name, capNode.span, sizes);
  const max = cap ?? sizes.max;
  if (isTooLarge(max)) return tooLargeRecord(table.report, name, at, max);
  return {
    kind: 'record',
    name,
    doc,
    since: textOf(child(node, 'since')),
    min: sizes.min,
    max,
    capped: cap !== null && cap < sizes.max,
    layout,
    align: alignOf(state, layout),
    delimited: !parts.some(isOpen),
    parts,
  };
}
