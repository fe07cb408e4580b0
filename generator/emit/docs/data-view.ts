// Events, buffers, properties and errors in the reference.
import type { Buffer, DeclaredError, Event, Property } from '../../model/model.js';
import { blocks, code, markdownParagraphs, markdownText, type Section, table } from './markdown.js';
import { bytesText, rangeText, typeName } from './types.js';

type Fact = readonly [name: string, value: string];

function facts(rows: readonly Fact[]): string {
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

export function bufferSection(buffer: Buffer): Section {
  const { header, data } = buffer;
  const rows: Fact[] = [
    ['memory type', String(buffer.memoryType)],
    ['size', bytesText(buffer.size)],
    ['access', buffer.access],
    ['shared', buffer.shared ? 'one for all clients' : 'one per client'],
  ];
  if (header !== null) rows.push(['header', `${code(header.name)} at offset 0`]);
  if (data !== null) {
    const type = code(`${typeName(data.element)}[${data.length}]`);
    rows.push(['data', `${code(data.name)}: ${type} from offset ${data.offset}`]);
  }
  return {
    title: markdownText(buffer.name),
    body: blocks(markdownParagraphs(buffer.doc), facts(rows)),
  };
}

export function propertyTable(properties: readonly Property[]): string {
  const rows = properties.map((property) => [
    code(property.name),
    code(typeName(property.type)),
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
