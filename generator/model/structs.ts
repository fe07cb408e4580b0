// What a struct says about its own layout: packed or natural, its size, and the offsets of its fields.
import { child, integerOf, type Report, type SourceNode, stringOf } from '../source/index.js';
import { type Constants, numberNode } from './constants.js';
import { byteOrderOf, type FieldDeclaration } from './field-declaration.js';
import {
  alignIn,
  alignUp,
  type Layout,
  layOut,
  layoutNamed,
  type UnplacedField,
} from './layout.js';
import { MAX_STRUCT } from './limits.js';
import type { ByteOrder, StructLayout, Type } from './model.js';
import { sizeOf } from './quantities.js';
import { innermost } from './ranges.js';

export type StructWish = {
  readonly layout: StructLayout;
  readonly sizeNode: SourceNode | null;
  readonly byteOrder: ByteOrder;
};

/** `inherited` is the byte order of the struct that this one is declared in. */
export function wishOf(
  node: SourceNode | null,
  constants: Constants,
  inherited: ByteOrder = 'little',
): StructWish {
  return {
    layout: layoutNamed(stringOf(child(node, 'layout'))),
    sizeNode: numberNode(child(node, 'size'), constants),
    byteOrder: byteOrderOf(child(node, 'byteOrder')) ?? inherited,
  };
}

/** Whether the order of its bytes is a question: numbers of more than one byte. */
export function hasByteOrder(type: Type): boolean {
  const element = innermost(type);
  if (element.kind === 'struct' || element.kind === 'string') return false;
  return element.size > 1;
}

export function fieldByteOrder(
  field: FieldDeclaration,
  type: Type,
  inherited: ByteOrder,
  report: Report,
): ByteOrder {
  if (hasByteOrder(type)) return byteOrderOf(field.more?.byteOrder ?? null) ?? inherited;
  if (field.more?.byteOrder != null) {
    report({
      code: 'DK429',
      at: field.more.byteOrder.span,
      message: `"${field.name}" is no number of several bytes, so it has no byte order`,
      hint:
        innermost(type).kind === 'struct'
          ? 'give it to the struct, or to its fields.'
          : 'remove it.',
    });
  }
  return 'little';
}

type Placing = {
  readonly end: number;
  readonly layout: StructLayout;
  readonly report: Report;
};

/** The offset that a field asks for; undefined when it asks for none, or for one that it cannot have. */
export function offsetOf(
  field: FieldDeclaration,
  type: Type,
  { end, layout, report }: Placing,
): number | undefined {
  const node = field.more?.offset ?? null;
  if (node === null) return undefined;
  const value = integerOf(node);
  const offset =
    value !== null && value >= 0n && value <= BigInt(MAX_STRUCT) ? Number(value) : null;
  const bad = (message: string, hint: string): undefined => {
    report({ code: 'DK427', at: node.span, message, hint });
    return undefined;
  };
  if (offset === null) return bad('this is no offset', `write a number from 0 to ${MAX_STRUCT}.`);
  if (offset < end) {
    const message = `"${field.name}" at ${offset} lies in what is before it, which ends at ${end}`;
    return bad(message, 'list fields by offset, apart; bytes with two meanings are a union.');
  }
  const align = alignIn(layout, type.align);
  if (offset % align === 0) return offset;
  const message = `"${field.name}" at ${offset} is not aligned to ${align}`;
  return bad(message, `choose ${alignUp(offset, align)}, or say "layout: packed".`);
}

type Laid = { readonly name: string; readonly wish: StructWish; readonly report: Report };

/** The layout; a size that it cannot have is reported, and left out. */
export function placeFields(
  fields: readonly UnplacedField[],
  { name, wish, report }: Laid,
): Layout {
  const { layout, sizeNode } = wish;
  const natural = layOut(fields, { layout });
  if (sizeNode === null) return natural;
  const size = sizeOf(sizeNode);
  const last = natural.fields.at(-1);
  const end = last === undefined ? 0 : last.offset + last.size;
  const bad = (message: string, hint: string): Layout => {
    report({ code: 'DK428', at: sizeNode.span, message, hint });
    return natural;
  };
  if (size === null || size > MAX_STRUCT) {
    const hint = `write a number of bytes up to ${MAX_STRUCT}, or a text such as "4 KiB".`;
    return bad(`this is no size of "${name}"`, hint);
  }
  if (size < end) {
    const hint = `write ${natural.size}, or remove fields.`;
    return bad(`the fields of "${name}" take ${end} bytes, more than ${size}`, hint);
  }
  if (size % natural.align !== 0) {
    const message = `"${name}" is aligned to ${natural.align}, and ${size} is no multiple of that`;
    return bad(message, `write ${alignUp(size, natural.align)}, or say "layout: packed".`);
  }
  return layOut(fields, { layout, size });
}
