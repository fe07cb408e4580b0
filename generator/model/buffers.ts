// Buffers: memory types, sizes in whole pages, and what lies in them.
import {
  child,
  type Entry,
  entriesOf,
  integerOf,
  type Report,
  type SourceNode,
  stringOf,
} from '../source/index.js';
import { type ClientTable, clientNamed } from './clients.js';
import { type FieldDeclaration, readField } from './field-declaration.js';
import { alignUp } from './layout.js';
import { CONTRACT_MEMORY, MAX_BUFFER, PAGE } from './limits.js';
import type { Buffer, StructRef } from './model.js';
import { sizeOf } from './quantities.js';
import { textOf } from './text.js';
import { type TypeTable, type TypeUse, typeUseOf } from './types.js';

export type BufferContext = {
  readonly types: TypeTable;
  readonly base: number | null;
  readonly clients: ClientTable;
};

/** Memory types that are taken, by user client: each has numbers of its own. */
type Taken = Map<string, Map<number, SourceNode>>;

function checkMemoryType(
  entry: Entry,
  taken: Map<number, SourceNode>,
  { types, base }: BufferContext,
): void {
  const node = child(entry.value, 'memoryType');
  if (node === null) return;
  const type = Number(integerOf(node) ?? 0n);
  const earlier = taken.get(type);
  if (earlier === undefined) taken.set(type, node);
  else {
    types.report({
      code: 'DK606',
      at: node.span,
      message: `the memory type ${type} is taken`,
      notes: [{ message: 'first used here', at: earlier.span }],
      hint: 'give each buffer a memory type of its own.',
    });
  }
  if (base === null || type < base || type >= base + CONTRACT_MEMORY) return;
  types.report({
    code: 'DK607',
    at: node.span,
    message: `memory types from 0x${base.toString(16)} to 0x${(base + CONTRACT_MEMORY - 1).toString(16)} belong to the contract`,
    hint: 'choose a small number, or move the contract with "contract: { base: … }".',
  });
}

function checkedSize(node: SourceNode | null, report: Report): number | null {
  const size = sizeOf(node);
  if (node === null || (size !== null && size > 0 && size % PAGE === 0 && size <= MAX_BUFFER))
    return size;
  const pages = size === null ? 0 : Math.min(MAX_BUFFER, alignUp(Math.max(1, size), PAGE)) / 1024;
  report({
    code: 'DK608',
    at: node.span,
    message: 'the size of a buffer is a whole number of 16 KiB pages, at most 4 GiB',
    hint: size === null ? 'write it as 16384, "64 KiB" or "1 MiB".' : `write "${pages} KiB".`,
  });
  return null;
}

type Contents = Pick<Buffer, 'header' | 'data'>;

function badLayout(report: Report, field: FieldDeclaration, message: string): null {
  const hint =
    'a layout is an optional "header: SomeStruct" and then one array, as in samples: "f32[...]".';
  report({ code: 'DK610', at: field.type?.at ?? field.nameAt, message, hint });
  return null;
}

function headerOf(use: TypeUse | null, field: FieldDeclaration, report: Report): StructRef | null {
  if (use === null) return null;
  if (use.kind === 'type' && use.type.kind === 'struct') return use.type;
  return badLayout(report, field, 'the header of a buffer is a struct');
}

function dataOf(
  table: TypeTable,
  field: FieldDeclaration,
  from: { readonly header: number; readonly size: number; readonly owner: string },
): Buffer['data'] {
  const use = typeUseOf(table, field, from.owner);
  if (use === null) return null;
  if (use.kind !== 'open')
    return badLayout(
      table.report,
      field,
      `"${field.name}" fills the rest of the buffer, so it is an array without a length`,
    );
  const { element } = use;
  if (element.kind !== 'scalar')
    return badLayout(table.report, field, `the elements of "${field.name}" are scalars`);
  const offset = alignUp(from.header, element.align);
  const length = Math.floor((from.size - offset) / element.size);
  if (length > 0) return { name: field.name, element, offset, length };
  tooLarge(table.report, field, offset + element.size, from.size);
  return null;
}

function tooLarge(report: Report, field: FieldDeclaration, needed: number, size: number): void {
  report({
    code: 'DK609',
    at: field.type?.at ?? field.nameAt,
    message: `the layout takes at least ${needed} bytes; the buffer has ${size}`,
    hint: 'enlarge the buffer.',
  });
}

function contentsOf(
  table: TypeTable,
  layout: readonly Entry[],
  size: number,
  owner: string,
): Contents {
  const fields = layout.map((entry) => readField(entry, table.constants));
  const headerField = fields.find((field) => field.name === 'header') ?? null;
  const [dataField, ...excess] = fields.filter((field) => field !== headerField);
  const header =
    headerField && headerOf(typeUseOf(table, headerField, owner), headerField, table.report);
  for (const field of excess)
    badLayout(table.report, field, `"${field.name}" has no place behind "${dataField?.name}"`);
  const headerSize = header?.size ?? 0;
  if (headerField !== null && headerSize > size)
    tooLarge(table.report, headerField, headerSize, size);
  const fits = headerSize <= size && dataField !== undefined;
  return {
    header,
    data: fits ? dataOf(table, dataField, { header: headerSize, size, owner }) : null,
  };
}

function bufferOf(entry: Entry, client: string, { types }: BufferContext): Buffer | null {
  const { key, value } = entry;
  const size = checkedSize(child(value, 'size'), types.report);
  if (size === null) return null;
  const shared = child(value, 'shared');
  return {
    name: key,
    client,
    memoryType: Number(integerOf(child(value, 'memoryType')) ?? 0n),
    size,
    access: stringOf(child(value, 'access')) === 'read-write' ? 'read-write' : 'read-only',
    shared: shared?.kind === 'scalar' && shared.value === true,
    doc: textOf(child(value, 'doc')),
    ...contentsOf(types, entriesOf(child(value, 'layout')), size, key),
  };
}

/** In the order of the text. */
export function resolveBuffers(node: SourceNode | null, context: BufferContext): readonly Buffer[] {
  const taken: Taken = new Map();
  return entriesOf(node)
    .map((entry) => {
      const client = clientNamed(entry.value, context.clients);
      const ofClient = taken.get(client) ?? new Map<number, SourceNode>();
      taken.set(client, ofClient);
      checkMemoryType(entry, ofClient, context);
      return bufferOf(entry, client, context);
    })
    .filter((buffer) => buffer !== null);
}
