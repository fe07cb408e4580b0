// Sizes, alignments and offsets: C natural layout, computed here and nowhere else.
import type {
  ArrayType,
  Field,
  ScalarName,
  ScalarType,
  StructLayout,
  StructRef,
  StructType,
  Type,
} from './model.js';

type ScalarFacts = {
  readonly size: number;
  /** Bounds of integers; null for the others. */
  readonly bounds: { readonly min: bigint; readonly max: bigint } | null;
};

const unsigned = (size: number): ScalarFacts => ({
  size,
  bounds: { min: 0n, max: (1n << BigInt(size * 8)) - 1n },
});

const signed = (size: number): ScalarFacts => {
  const half = 1n << BigInt(size * 8 - 1);
  return { size, bounds: { min: -half, max: half - 1n } };
};

/** Every scalar of the language; each is aligned to its size, as on arm64 and x86-64. */
export const scalars: Readonly<Record<ScalarName, ScalarFacts>> = {
  u8: unsigned(1),
  u16: unsigned(2),
  u32: unsigned(4),
  u64: unsigned(8),
  i8: signed(1),
  i16: signed(2),
  i32: signed(4),
  i64: signed(8),
  f32: { size: 4, bounds: null },
  f64: { size: 8, bounds: null },
  bool: { size: 1, bounds: null },
};

export function isScalarName(name: string): name is ScalarName {
  return Object.hasOwn(scalars, name);
}

export function scalarOf(scalar: ScalarName): ScalarType {
  const { size } = scalars[scalar];
  return { kind: 'scalar', scalar, size, align: size };
}

export function arrayOf(element: Type, length: number): ArrayType {
  return { kind: 'array', element, length, size: element.size * length, align: element.align };
}

export function structRef({ name, size, align }: StructType): StructRef {
  return { kind: 'struct', name, size, align };
}

export function alignUp(offset: number, align: number): number {
  return Math.ceil(offset / align) * align;
}

/** The widest alignment of any field, in bytes, by the word of a schema; C's `#pragma pack` has the same numbers. */
const packs: Readonly<Record<StructLayout, number>> = { natural: 8, packed: 1, pack2: 2, pack4: 4 };

export function layoutNamed(word: string | null): StructLayout {
  return word !== null && Object.hasOwn(packs, word) ? (word as StructLayout) : 'natural';
}

/** What is left of an alignment in a struct of this layout. */
export function alignIn(layout: StructLayout, align: number): number {
  return Math.min(packs[layout], align);
}

/** `fixed` is the offset that the schema asks for. */
export type UnplacedField = Omit<Field, 'offset' | 'size'> & { readonly fixed?: number };

export type Layout = Pick<StructType, 'fields' | 'size' | 'align' | 'padding'>;

export type LayoutWish = {
  readonly layout?: StructLayout;
  /** Of the whole, its tail included. */
  readonly size?: number | null;
};

function withoutPlace({ fixed: _, ...field }: UnplacedField): UnplacedField {
  return field;
}

/** Each field at the next offset of its alignment, or at its own; the whole rounded up to the widest alignment. */
export function layOut(unplaced: readonly UnplacedField[], wish: LayoutWish = {}): Layout {
  const fields: Field[] = [];
  const padding: { offset: number; size: number }[] = [];
  let end = 0;
  let align = 1;
  const pad = (to: number): void => {
    if (to > end) padding.push({ offset: end, size: to - end });
    end = Math.max(to, end);
  };
  for (const one of unplaced) {
    const { fixed } = one;
    const field = fixed === undefined ? one : withoutPlace(one);
    const own = alignIn(wish.layout ?? 'natural', field.type.align);
    pad(fixed ?? alignUp(end, own));
    fields.push({ ...field, offset: end, size: field.type.size });
    end += field.type.size;
    align = Math.max(align, own);
  }
  pad(wish.size ?? alignUp(end, align));
  return { fields, size: end, align, padding };
}
