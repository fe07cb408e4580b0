// What the layout of a struct means to an alignment, and how it is called.
import type { StructLayout } from '../model/model.js';

const packs: Readonly<Record<StructLayout, number>> = { natural: 8, packed: 1, pack2: 2, pack4: 4 };

/** What is left of an alignment in a struct of this layout. */
export function alignIn(layout: StructLayout, align: number): number {
  return Math.min(packs[layout], align);
}

/** `Packed struct`, in the middle of a sentence `packed struct`. */
export const layoutTexts: Readonly<Record<StructLayout, string>> = {
  natural: 'Struct',
  packed: 'Packed struct',
  pack2: 'Struct packed to 2',
  pack4: 'Struct packed to 4',
};
