// What lies in a buffer: sections one behind the other, each with an owner who writes it; the last may go on to the end.
import { child, type Entry, type Report, type SourceNode, stringOf } from '../source/index.js';
import { type FieldDeclaration, readField } from './field-declaration.js';
import { handleMisplaced, holdsHandle, placeOf } from './handles.js';
import { isTrue } from './header.js';
import { alignUp, arrayOf } from './layout.js';
import type { Buffer, Section, Type } from './model.js';
import { structField } from './struct-types.js';
import type { TypeTable } from './type-table.js';
import { typeUseOf } from './type-uses.js';

type Memory = {
  readonly name: string;
  readonly size: number;
  readonly access: Buffer['access'];
  /** Its size is known before it is mapped. */
  readonly exact: boolean;
};

type Reading = { readonly table: TypeTable; readonly memory: Memory; end: number };

function tooLarge(report: Report, field: FieldDeclaration, needed: number, size: number): null {
  report({
    code: 'DK609',
    at: field.type?.at ?? field.nameAt,
    message: `the layout takes at least ${needed} bytes; the buffer has ${size}`,
    hint: 'enlarge the buffer.',
  });
  return null;
}

function ownerOf(
  node: SourceNode,
  field: FieldDeclaration,
  { table, memory }: Reading,
): Section['owner'] {
  const at = child(node, 'owner');
  const owner = stringOf(at);
  if (memory.access === 'read-only') {
    if (at !== null && owner !== 'driver') {
      table.report({
        code: 'DK665',
        at: at.span,
        message: `an app cannot write "${field.name}": "${memory.name}" is read-only for it`,
        hint: 'write "access: read-write", or "owner: driver".',
      });
    }
    return 'driver';
  }
  return owner === 'driver' || owner === 'app' ? owner : 'both';
}

/** Loads and stores of one word are whole on both processors when it is aligned (contract §2.6). */
function atomicOf(node: SourceNode, field: FieldDeclaration, type: Type, report: Report): boolean {
  const at = child(node, 'atomic');
  if (at === null || !isTrue(at)) return false;
  const integer = type.kind === 'scalar' && /^[ui](32|64)$/.test(type.scalar);
  if (integer) return true;
  report({
    code: 'DK666',
    at: at.span,
    message: `"${field.name}" is no word that can be written whole`,
    hint: 'make it u32, u64, i32 or i64, each word a section of its own.',
  });
  return false;
}

function openSection(field: FieldDeclaration, element: Type, reading: Reading): Section | null {
  const { memory, table } = reading;
  if (holdsHandle(element, table.resolved)) return inMemory(field, table);
  const offset = alignUp(reading.end, element.align);
  const length = Math.floor((memory.size - offset) / element.size);
  if (length <= 0) return tooLarge(table.report, field, offset + element.size, memory.size);
  const type = arrayOf(element, length);
  const { name, doc, unit, since } = field;
  return {
    ...{ name, type, offset, size: type.size, doc, unit, since },
    byteOrder: 'little',
    range: null,
    rules: null,
    owner: 'both',
    atomic: false,
    open: true,
  };
}

function closedSection(field: FieldDeclaration, reading: Reading): Section | null {
  const { table, memory, end } = reading;
  const wish = { layout: 'natural', sizeNode: null, byteOrder: 'little' } as const;
  const placed = structField(table, field, { name: memory.name, wish, end });
  if (placed === null) return null;
  if (holdsHandle(placed.type, table.resolved)) return inMemory(field, table);
  const { fixed, ...rest } = placed;
  const offset = fixed ?? alignUp(end, rest.type.align);
  const { size } = rest.type;
  if (offset + size > memory.size) return tooLarge(table.report, field, offset + size, memory.size);
  return { ...rest, offset, size, owner: 'both', atomic: false, open: false };
}

const inMemory = (field: FieldDeclaration, { report }: TypeTable): null =>
  handleMisplaced(placeOf(field, 'in memory, where nothing looks it up'), report);

/** The element of an array without a length; null for anything else. */
function openElement(field: FieldDeclaration, table: TypeTable): Type | null {
  if (field.type === null || !/\[\s*\.\.\.\s*\]\s*$/.test(field.type.text)) return null;
  const use = typeUseOf(table, field, '');
  return use?.kind === 'open' ? use.element : null;
}

function sectionOf(entry: Entry, last: boolean, reading: Reading): Section | null {
  const { table } = reading;
  const field = readField(entry, table.constants);
  const element = openElement(field, table);
  if (element !== null && !last) {
    table.report({
      code: 'DK610',
      at: field.type?.at ?? field.nameAt,
      message: `"${field.name}" goes on to the end of the buffer, so nothing has a place behind it`,
      hint: 'give it a length, or put it last.',
    });
    return null;
  }
  const section =
    element === null ? closedSection(field, reading) : openSection(field, element, reading);
  if (section === null) return null;
  reading.end = section.offset + section.size;
  const owner = ownerOf(entry.value, field, reading);
  return { ...section, owner, atomic: atomicOf(entry.value, field, section.type, table.report) };
}

/** In the order of memory. */
export function sectionsOf(
  entries: readonly Entry[],
  memory: Memory,
  table: TypeTable,
): readonly Section[] {
  const reading: Reading = { table, memory, end: 0 };
  return entries
    .map((entry, index) => sectionOf(entry, index === entries.length - 1, reading))
    .filter((section) => section !== null);
}
