// How large what varies in size can be: sums that stay exact, since a maximum may be absurd.
import { alignIn, alignUp } from './layout.js';
import { MAX_BYTES } from './limits.js';
import type {
  NamedType,
  RecordPart,
  RecordRef,
  RecordType,
  StructLayout,
  VariantCase,
} from './model.js';

/** Beyond this no sum is of interest any more. */
const CEILING = 2 ** 50;

const bounded = (size: number): number => Math.min(size, CEILING);

export type Sizes = { readonly min: number; readonly max: number };

/** What a type of varying size is as a member of another; null for the others. */
export function recordRefOf(type: RecordType): RecordRef;
export function recordRefOf(type: NamedType): RecordRef | null;
export function recordRefOf(type: NamedType): RecordRef | null {
  if (type.kind !== 'record' && (type.kind !== 'variant' || !type.exact)) return null;
  const { name, min, max, align, delimited } = type;
  return { kind: 'record', name, min, max, align, delimited };
}

/** Elements behind each other, each at a multiple of its alignment. */
function elementsSize(count: number, size: number, align: number): number {
  return count === 0 ? 0 : bounded((count - 1) * alignUp(size, align) + size);
}

export function partAlign(part: RecordPart): number {
  switch (part.kind) {
    case 'fixed':
      return part.struct.align;
    case 'array':
      return part.element.align;
    case 'text':
      return 1;
    case 'record':
      return part.type.align;
    default:
      return part satisfies never;
  }
}

function partSizes(part: RecordPart, layout: StructLayout): Sizes {
  switch (part.kind) {
    case 'fixed':
      return { min: part.extent, max: part.extent };
    case 'text':
      return { min: part.min, max: part.max };
    case 'record':
      return { min: part.type.min, max: part.type.max };
    case 'array': {
      const { element, min, max } = part;
      const [least, most] =
        element.kind === 'record' ? [element.min, element.max] : [element.size, element.size];
      const align = alignIn(layout, element.align);
      return { min: elementsSize(min, least, align), max: elementsSize(max, most, align) };
    }
    default:
      return part satisfies never;
  }
}

/** An empty part takes no room, and what it is aligned to does not matter then. */
export function recordSizes(parts: readonly RecordPart[], layout: StructLayout): Sizes {
  let [min, max] = [0, 0];
  for (const part of parts) {
    const align = alignIn(layout, partAlign(part));
    const sizes = partSizes(part, layout);
    if (sizes.min > 0) min = alignUp(min, align) + sizes.min;
    if (sizes.max > 0) max = bounded(alignUp(max, align) + sizes.max);
  }
  return { min, max };
}

export function caseSizes({ type }: VariantCase, bodyOffset: number, tagEnd: number): Sizes {
  if (type === null) return { min: tagEnd, max: tagEnd };
  const { min, max } = type.kind === 'struct' ? { min: type.size, max: type.size } : type;
  return { min: bodyOffset + min, max: bodyOffset + max };
}

export function isTooLarge(max: number): boolean {
  return max > MAX_BYTES;
}
