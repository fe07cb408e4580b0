// Events, buffers, properties and errors in the reference.

import type { Buffer, DeclaredError, Event, Property } from '../../model/model.js';
import { typeText } from '../type-text.js';
import { blocks, code, markdownParagraphs, markdownText, type Section, table } from './markdown.js';
import { bytesText, rangeText } from './types.js';

export type Fact = readonly [name: string, value: string];

export function facts(rows: readonly Fact[]): string {
  return table(['', ' '], rows);
}

export function eventSection(event: Event): Section {
  const payload: Fact = ['payload', `${code(event.payload.name)}, ${event.payload.size} bytes`];
  return {
    title: `${event.id} · ${markdownText(event.name)}`,
    body: blocks(markdownParagraphs(event.doc), facts([payload, ...deliveryFacts(event)])),
  };
}

function deliveryFacts({ delivery }: Event): readonly Fact[] {
  switch (delivery.kind) {
    case 'ring':
      return [
        ['delivery', `ring of ${delivery.capacity} records of ${delivery.recordSize} bytes`],
        ['overflow', code(delivery.overflow)],
        [
          'memory types',
          `ring ${hex(delivery.ringMemoryType)}, control ${hex(delivery.controlMemoryType)}`,
        ],
      ];
    case 'completion':
      return [
        ['delivery', `completion of ${delivery.words} words`],
        ['overflow', `${code(delivery.overflow)} beyond ${delivery.inFlight} unacknowledged`],
      ];
    default:
      return delivery satisfies never;
  }
}

/** Codes and contract numbers are recognised in hexadecimal. */
function hex(value: number): string {
  return code(`0x${value.toString(16).padStart(8, '0')}`);
}

const sources = {
  generated: 'allocated by generated code',
  driver: 'supplied by the driver',
} as const;

function sourceText({ source }: Buffer): string {
  if (source.kind !== 'bar') return sources[source.kind];
  return 'part' in source
    ? `the BAR of the PCI device that ${code(source.part)} says`
    : `BAR ${source.index} of the PCI device`;
}

function numberText({ memoryType, parts, anyType }: Buffer): string {
  if (anyType) return 'any that no other buffer has';
  const added = parts.map(({ name, at, width }) => `${code(name)} in bits ${at}…${at + width - 1}`);
  return [String(memoryType), ...added].join(' + ');
}

function sizeText({ size, sizing }: Buffer): string {
  if (sizing.kind === 'exact') return bytesText(size);
  return sizing.kind === 'part'
    ? `${bytesText(sizing.unit)} for each ${code(sizing.part)}`
    : `at most ${bytesText(size)}`;
}

function sectionTable({ sections }: Buffer): string {
  const rows = sections.map(({ offset, size, name, type, owner, atomic, open, doc }) => [
    String(offset),
    open ? 'the rest' : String(size),
    code(name),
    code(typeText(type)),
    owner === 'both' ? '' : owner,
    atomic ? 'one word' : '',
    markdownText(doc),
  ]);
  return table(['offset', 'size', 'section', 'type', 'written by', '', ''], rows);
}

export function bufferSection(buffer: Buffer): Section {
  const rows: Fact[] = [
    ['memory type', numberText(buffer)],
    ['size', sizeText(buffer)],
    ['memory', sourceText(buffer)],
    ['access', buffer.access],
    ...(buffer.cache === 'default' ? [] : [['cache', buffer.cache] as const]),
    ['shared', buffer.shared ? 'one for all clients' : 'one per client'],
  ];
  return {
    title: markdownText(buffer.name),
    body: blocks(markdownParagraphs(buffer.doc), facts(rows), sectionTable(buffer)),
  };
}

export function propertyTable(properties: readonly Property[]): string {
  const rows = properties.map((property) => [
    code(property.name),
    code(typeText(property.type)),
    String(property.default),
    rangeText(property.range),
    markdownText(property.unit),
    property.setter === null ? '' : code(property.setter),
    markdownText(property.doc),
  ]);
  return table(['key', 'type', 'default', 'range', 'unit', 'set with', ''], rows);
}

export function errorTable(errors: readonly DeclaredError[]): string {
  const rows = errors.map(({ name, value, doc }) => [hex(value), code(name), markdownText(doc)]);
  return table(['code', 'name', ''], rows);
}
