// Streams and properties as members of the client.
import type { MethodDeclarationStructure, OptionalKind } from 'ts-morph';
import type { Event, Property } from '../../model/model.js';
import { quote, toDocs } from './jsdoc.js';
import { type Names, nameOf } from './names.js';
import { scalarTypeText } from './scalars.js';

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
