// Buffers: what an app maps them by, who has their memory, how large they are, and what lies in them.
import { didYouMean } from '../diagnostics/index.js';
import {
  child,
  type Entry,
  entriesOf,
  integerOf,
  type Report,
  type SourceNode,
  type Span,
  stringOf,
} from '../source/index.js';
import { checkMemoryTypes, type Mapped } from '../validate/memory-types.js';
import { type ClientTable, clientNamed } from './clients.js';
import { numberNode } from './constants.js';
import { isTrue } from './header.js';
import { alignUp } from './layout.js';
import { MAX_BUFFER, PAGE } from './limits.js';
import { type MemoryType, memoryTypeOf } from './memory-types.js';
import type { Buffer, CacheMode, Driver } from './model.js';
import { sizeOf } from './quantities.js';
import { sectionsOf } from './sections.js';
import { textOf } from './text.js';
import type { TypeTable } from './type-table.js';

export type BufferContext = {
  readonly types: TypeTable;
  readonly base: number | null;
  readonly clients: ClientTable;
  readonly drivers: readonly Driver[];
};

type Sized = Pick<Buffer, 'size' | 'sizing'>;

function badSize(report: Report, at: Span, message: string, hint: string): null {
  report({ code: 'DK662', at, message, hint });
  return null;
}

function bytesOf(node: SourceNode | null, table: TypeTable): number | null {
  const size = sizeOf(numberNode(node, table.constants));
  return size !== null && size > 0 && size <= MAX_BUFFER ? size : null;
}

/** `1 MiB`, in whole pages unless the schema says otherwise. */
function exactSize(node: SourceNode, wholePages: boolean, table: TypeTable): Sized | null {
  const size = bytesOf(node, table);
  if (size !== null && (!wholePages || size % PAGE === 0))
    return { size, sizing: { kind: 'exact' } };
  const whole = sizeOf(node);
  const pages = whole === null ? 0 : Math.min(MAX_BUFFER, alignUp(Math.max(1, whole), PAGE)) / 1024;
  table.report({
    code: 'DK608',
    at: node.span,
    message: 'the size of a buffer is a whole number of 16 KiB pages, at most 4 GiB',
    hint:
      whole === null
        ? 'write it as 16384, "64 KiB" or "1 MiB".'
        : `write "${pages} KiB", or "pages: partial" for an interface that exists.`,
  });
  return null;
}

/** `{ max: 16 MiB }`, or `{ part: pages, unit: 4 KiB }`. */
function openSize(node: SourceNode, { parts }: MemoryType, table: TypeTable): Sized | null {
  const { report } = table;
  const part = stringOf(child(node, 'part'));
  if (part === null) {
    const size = bytesOf(child(node, 'max'), table);
    if (size !== null) return { size, sizing: { kind: 'supplied' } };
    return badSize(
      report,
      child(node, 'max')?.span ?? node.span,
      'this is no largest size',
      'write "max: 16 MiB".',
    );
  }
  const found = parts.find(({ name }) => name === part);
  if (found === undefined) {
    const at = child(node, 'part')?.span ?? node.span;
    return badSize(report, at, `the memory type has no part "${part}"`, 'name a part of it.');
  }
  const unit = child(node, 'unit') === null ? 1 : bytesOf(child(node, 'unit'), table);
  const most = Number(found.range?.max ?? 2 ** found.width - 1);
  const size = unit === null ? null : most * unit;
  if (unit !== null && size !== null && size > 0 && size <= MAX_BUFFER)
    return { size, sizing: { kind: 'part', part, unit } };
  const message = `"${part}" times its unit can be ${size ?? 'nothing'}, and a buffer has at most 4 GiB`;
  return badSize(
    report,
    child(node, 'unit')?.span ?? node.span,
    message,
    'lower the max of the part, or the unit.',
  );
}

function sizedOf(entry: Entry, type: MemoryType, context: BufferContext): Sized | null {
  const node = child(entry.value, 'size');
  const { types } = context;
  const bar = child(entry.value, 'bar') !== null;
  if (node?.kind === 'map') return openSize(node, type, types);
  const wholePages = stringOf(child(entry.value, 'pages')) !== 'partial' && !bar;
  if (node !== null) return exactSize(node, wholePages, types);
  // What the device has, a BAR has; a driver's own memory needs a bound.
  if (bar) return { size: MAX_BUFFER, sizing: { kind: 'supplied' } };
  return badSize(
    types.report,
    entry.keySpan,
    `"${entry.key}" needs a size`,
    'add "size: 64 KiB", or "size: { max: 16 MiB }".',
  );
}

const MAX_BAR = 5;

type BarFault = readonly [message: string, hint: string];

/** The BAR that the app chooses by a part of the memory type. */
function chosenBar(node: SourceNode, { parts }: MemoryType): Buffer['source'] | BarFault {
  const part = stringOf(child(node, 'part')) ?? '';
  const found = parts.find(({ name }) => name === part);
  if (found === undefined) {
    const known = parts.map(({ name }) => name);
    const hint = known.length > 0 ? `name one of its parts: ${known.join(', ')}.` : 'give it one.';
    return [`the memory type has no part "${part}"`, didYouMean(part, known) ?? hint];
  }
  if (Number(found.range?.max ?? 2 ** found.width - 1) > MAX_BAR)
    return [
      `"${part}" can be above ${MAX_BAR}, and a PCI device has the BARs 0 to ${MAX_BAR}`,
      `write "${part}: 0-${MAX_BAR}".`,
    ];
  return { kind: 'bar', part };
}

function barFrom(node: SourceNode, type: MemoryType): Buffer['source'] | BarFault {
  if (node.kind === 'map') return chosenBar(node, type);
  const index = integerOf(node) ?? -1n;
  if (index >= 0n && index <= BigInt(MAX_BAR)) return { kind: 'bar', index: Number(index) };
  return [`a PCI device has the BARs 0 to ${MAX_BAR}`, 'choose one of them.'];
}

type Owned = { readonly client: string; readonly type: MemoryType };

function barOf(
  node: SourceNode,
  { client, type }: Owned,
  context: BufferContext,
): Buffer['source'] {
  const { report } = context.types;
  const owner = context.clients.clients.find(({ name }) => name === client)?.driver;
  const driver = context.drivers.find(({ name }) => name === owner);
  const bar = barFrom(node, type);
  const hasBars = driver?.personalities.every(({ provider }) => provider === 'IOPCIDevice');
  const fault: BarFault | null = !('kind' in bar)
    ? bar
    : hasBars
      ? null
      : [`${driver?.className ?? 'the driver'} matches what has no BARs`, 'match on IOPCIDevice.'];
  if (fault !== null) report({ code: 'DK663', at: node.span, message: fault[0], hint: fault[1] });
  return 'kind' in bar ? bar : { kind: 'bar', index: 0 };
}

function sourceOf(
  entry: Entry,
  sized: Sized,
  owned: Owned,
  context: BufferContext,
): Buffer['source'] {
  const { value } = entry;
  const bar = child(value, 'bar');
  const supply = child(value, 'supply');
  const chosen = stringOf(supply);
  if (bar !== null) {
    if (supply !== null && chosen !== 'driver')
      context.types.report({
        code: 'DK664',
        at: supply.span,
        message: `"${entry.key}" is memory of the device, which nobody allocates`,
        hint: 'remove "supply".',
      });
    return barOf(bar, owned, context);
  }
  if (sized.sizing.kind === 'supplied') {
    if (supply !== null && chosen === 'generated')
      context.types.report({
        code: 'DK664',
        at: supply.span,
        message: `only the driver knows how large "${entry.key}" is, so that nothing else can allocate it`,
        hint: 'write the size, or "supply: driver".',
      });
    return { kind: 'driver' };
  }
  return { kind: chosen === 'driver' ? 'driver' : 'generated' };
}

function bufferOf(entry: Entry, client: string, context: BufferContext): Buffer | null {
  const { key, value } = entry;
  const { types } = context;
  const type = memoryTypeOf(child(value, 'memoryType'), types);
  if (type === null) return null;
  const sized = sizedOf(entry, type, context);
  if (sized === null) return null;
  const access = stringOf(child(value, 'access')) === 'read-write' ? 'read-write' : 'read-only';
  const exact = sized.sizing.kind === 'exact';
  return {
    name: key,
    client,
    ...type,
    ...sized,
    source: sourceOf(entry, sized, { client, type }, context),
    wholePages: exact && sized.size % PAGE === 0,
    access,
    cache: (stringOf(child(value, 'cache')) ?? 'default') as CacheMode,
    shared: isTrue(child(value, 'shared')),
    doc: textOf(child(value, 'doc')),
    sections: sectionsOf(
      entriesOf(child(value, 'layout')),
      { name: key, size: sized.size, access, exact },
      types,
    ),
  };
}

/** In the order of the text. */
export function resolveBuffers(node: SourceNode | null, context: BufferContext): readonly Buffer[] {
  const mapped: Mapped[] = [];
  const buffers = entriesOf(node).map((entry) => {
    const client = clientNamed(entry.value, context.clients);
    const buffer = bufferOf(entry, client, context);
    if (buffer !== null)
      mapped.push({ buffer, at: child(entry.value, 'memoryType')?.span ?? entry.keySpan });
    return buffer;
  });
  checkMemoryTypes(mapped, context.base, context.types.report);
  return buffers.filter((buffer) => buffer !== null);
}
