// Handles: numbers that name the driver's objects, each for one connection.
import {
  child,
  entriesOf,
  integerOf,
  type Report,
  type SourceNode,
  type Span,
  stringOf,
} from '../source/index.js';
import type { FieldDeclaration } from './field-declaration.js';
import { DEFAULT_HANDLES } from './limits.js';
import type { HandleRef, HandleType, NamedType, RecordRef, Type } from './model.js';
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

type Resolved = { readonly get: (name: string) => NamedType | null | undefined };

/** Whether a handle stands in it, however deep. */
export function holdsHandle(type: Type | RecordRef, resolved: Resolved): boolean {
  if (type.kind === 'array') return holdsHandle(type.element, resolved);
  if (type.kind === 'handle') return true;
  const named = 'name' in type ? resolved.get(type.name) : null;
  const inside = (part: Type | RecordRef | null): boolean =>
    part !== null && holdsHandle(part, resolved);
  switch (named?.kind) {
    case 'struct':
      return named.fields.some((field) => inside(field.type));
    case 'variant':
      return named.cases.some((one) => inside(one.type));
    case 'record':
      return named.parts.some((part) => {
        if (part.kind === 'text') return false;
        if (part.kind === 'fixed') return inside(part.struct);
        return inside(part.kind === 'array' ? part.element : part.type);
      });
    default:
      return false;
  }
}

type Place = { readonly name: string; readonly at: Span; readonly why: string };

/** A handle means something in a call of one connection; elsewhere nothing looks it up. */
export function handleMisplaced({ name, at, why }: Place, report: Report): null {
  report({
    code: 'DK529',
    at,
    message: `"${name}" holds a handle ${why}`,
    hint: 'pass the handle in a call, or declare a number there that the driver knows the object by.',
  });
  return null;
}

export const placeOf = ({ name, type, nameAt }: FieldDeclaration, why: string): Place => ({
  name,
  at: type?.at ?? nameAt,
  why,
});
