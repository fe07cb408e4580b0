// A type as the schema spells it: in the reference and in explanations.
import type { Type } from '../model/model.js';

export function typeText(type: Type): string {
  switch (type.kind) {
    case 'scalar':
      return type.scalar;
    case 'enum':
    case 'flags':
    case 'bits':
    case 'handle':
    case 'struct':
    case 'wide':
    case 'union':
    case 'variant':
      return type.name;
    case 'status':
      return 'status';
    case 'string':
      return `string(${type.size})`;
    case 'array':
      return arrayText(type);
    default:
      return type satisfies never;
  }
}

/** `u8[3][4]` is 3 arrays of 4: the lengths in the order in which the schema has them. */
function arrayText(type: Extract<Type, { kind: 'array' }>): string {
  let lengths = '';
  let element: Type = type;
  while (element.kind === 'array') {
    lengths += `[${element.length}]`;
    element = element.element;
  }
  return typeText(element) + lengths;
}
