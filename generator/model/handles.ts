// Handles: numbers that name the driver's objects, each for one connection.
import { child, entriesOf, integerOf, type SourceNode, stringOf } from '../source/index.js';
import { DEFAULT_HANDLES } from './limits.js';
import type { HandleRef, HandleType, Type } from './model.js';
import { textOf } from './text.js';

export type Handles = ReadonlyMap<string, HandleType>;

export function resolveHandles(node: SourceNode | null): Handles {
  return new Map(
    entriesOf(node).map(({ key, value }) => [
      key,
      {
        name: key,
        base: stringOf(child(value, 'base')) === 'u32' ? 'u32' : 'u64',
        max: Number(integerOf(child(value, 'max')) ?? DEFAULT_HANDLES),
        doc: textOf(child(value, 'doc')),
      },
    ]),
  );
}

export function handleRef({ name, base }: HandleType): HandleRef {
  const size = base === 'u32' ? 4 : 8;
  return { kind: 'handle', name, base, size, align: size };
}

export function holdsHandle(type: Type): boolean {
  return type.kind === 'array' ? holdsHandle(type.element) : type.kind === 'handle';
}
