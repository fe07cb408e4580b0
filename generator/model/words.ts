// What travels in one word, and the scalar behind it.
import type { ScalarName, Type, WordType } from './model.js';

export function isWord(type: Type): type is WordType {
  switch (type.kind) {
    case 'scalar':
    case 'enum':
    case 'flags':
    case 'bits':
    case 'status':
    case 'handle':
      return true;
    default:
      return false;
  }
}

/** The scalar that carries a word. */
export function carrierOf(type: WordType): ScalarName {
  return type.kind === 'scalar' ? type.scalar : type.base;
}
