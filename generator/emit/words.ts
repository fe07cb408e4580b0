// What travels in one word, and the scalar behind it; what a type is called in the schema. For every emitter.
import type { ScalarName, Type, WordType } from '../model/model.js';

export function isWord(type: Type): type is WordType {
  return isCarried(type.kind);
}

const carried = new Set<Type['kind']>(['scalar', 'enum', 'flags', 'bits', 'status', 'handle']);
const isCarried = (kind: Type['kind']): boolean => carried.has(kind);

/** The scalar that carries a word. */
export function carrierOf(type: WordType): ScalarName {
  return type.kind === 'scalar' ? type.scalar : type.base;
}
