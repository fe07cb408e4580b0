// Streams, properties and mapped memory as members of the client.
import {
  type ClassDeclarationStructure,
  type MethodDeclarationStructure,
  type OptionalKind,
  StructureKind,
} from 'ts-morph';
import type { Buffer, Event, Model, Property } from '../../model/model.js';
import { quote, toDocs } from './jsdoc.js';
import { type Names, nameOf } from './names.js';
import { arrayConstructor, scalarTypeText } from './scalars.js';

type MethodStructure = OptionalKind<MethodDeclarationStructure>;

/** `packetEvent`, or what is left of it beside the other constants. */
export function eventConstant(index: number): string {
  return `event${index}`;
}

export function streamStructure(names: Names, event: Event, constant: string): MethodStructure {
  const type = nameOf(names.types, event.payload.name);
  const carrier =
    event.delivery.kind === 'ring'
      ? `A ring of ${event.delivery.capacity} records`
      : `Completions, ${event.delivery.inFlight} ahead of the consumer`;
  const loss = event.delivery.overflow === 'drop-oldest' ? 'the oldest' : 'the newest';
  return {
    name: nameOf(names.streams, event.name),
    docs: toDocs({
      doc: event.doc,
      notes: [`${carrier}; a consumer that is too slow loses ${loss}, and is told how many.`],
    }),
    parameters: [{ name: 'options?', type: 'dextgen.StreamOptions' }],
    returnType: `dextgen.EventStream<${type}>`,
    statements: [
      `return new dextgen.EventStream(this.#connection, ${constant}, decode${type}, options);`,
    ],
  };
}

/** `source` has a method `scalar(key, type)`. */
export function propertyStructure(
  names: Names,
  property: Property,
  source: string,
): MethodStructure {
  const type = scalarTypeText(names, property.type);
  const setter = property.setter === null ? [] : [`Set it with ${property.setter}.`];
  return {
    name: nameOf(names.properties, property.name),
    isAsync: true,
    docs: toDocs({
      doc: property.doc,
      unit: property.unit,
      notes: ['Read from the registry.', ...setter],
    }),
    returnType: `Promise<${type}>`,
    statements: [
      `return (await ${source}.scalar(${quote(property.name)}, ${quote(property.type.scalar)})) as ${type};`,
    ],
  };
}

export function mapStructure(names: Names, buffer: Buffer): MethodStructure {
  const type = nameOf(names.bufferClasses, buffer.name);
  const details = `{ name: ${quote(buffer.name)}, type: ${buffer.memoryType}, size: ${buffer.size} }`;
  return {
    name: nameOf(names.maps, buffer.name),
    isAsync: true,
    docs: toDocs({
      doc: buffer.doc,
      notes: [
        `Maps ${buffer.size} bytes, ${buffer.access}; close it, or the connection, to unmap.`,
      ],
    }),
    parameters: [{ name: 'options?', type: 'dextgen.CallOptions' }],
    returnType: `Promise<${type}>`,
    statements: [
      `return new ${type}(...(await dextgen.mapMemory(this.#connection, ${details}, options)));`,
    ],
  };
}

export function bufferStructure(
  model: Model,
  names: Names,
  buffer: Buffer,
): ClassDeclarationStructure {
  const methods: MethodStructure[] = [];
  if (buffer.header !== null) methods.push(headerStructure(names, buffer.header));
  if (buffer.data !== null) methods.push(dataStructure(buffer.data));
  return {
    kind: StructureKind.Class,
    name: nameOf(names.bufferClasses, buffer.name),
    isExported: true,
    extends: 'dextgen.MappedBuffer',
    docs: toDocs({
      doc: buffer.doc,
      notes: [`Memory of ${model.name}, mapped; all reads are copies.`],
    }),
    methods,
  };
}

function headerStructure(names: Names, header: NonNullable<Buffer['header']>): MethodStructure {
  const type = nameOf(names.types, header.name);
  return {
    name: 'header',
    returnType: type,
    statements: [`return decode${type}(new DataView(this.read(0, ${header.size}).buffer));`],
  };
}

function dataStructure(data: NonNullable<Buffer['data']>): MethodStructure {
  const { size } = data.element;
  const array = arrayConstructor(data.element) ?? 'Uint8Array';
  const name = ['header', 'read', 'readInto', 'write', 'close', 'size', 'writable', 'constructor'];
  return {
    name: name.includes(data.name) ? `${data.name}Data` : data.name,
    docs: [`A copy of \`count\` of the ${data.length} elements, from \`first\` on.`],
    parameters: [
      { name: 'first', initializer: '0' },
      { name: 'count', initializer: `${data.length} - first` },
    ],
    returnType: array,
    statements: [
      `const bytes = this.read(${data.offset} + first * ${size}, count * ${size});`,
      `return new ${array}(bytes.buffer, 0, count);`,
    ],
  };
}
