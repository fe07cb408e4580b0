// One named, typed thing as the schema declares it: a struct's field, an argument, a property.
import {
  child,
  type Entry,
  type MapNode,
  type SourceNode,
  type Span,
  stringOf,
} from '../source/index.js';
import { type Constants, numberNode } from './constants.js';
import type { ByteOrder } from './model.js';
import { sinceOf, textOf } from './text.js';

export type TypeText = { readonly text: string; readonly at: Span };

export type FieldDeclaration = {
  readonly name: string;
  readonly nameAt: Span;
  /** As written, for keys that only some places know. */
  readonly value: SourceNode;
  /** Null when the field declares its struct in place. */
  readonly type: TypeText | null;
  readonly inline: MapNode | null;
  readonly doc: string;
  readonly unit: string;
  readonly since: string;
  /** Its map, where it is one. */
  readonly node: MapNode | null;
  readonly min: SourceNode | null;
  readonly max: SourceNode | null;
  /** Null when it says nothing beyond its type, its docs and its bounds; most do not. */
  readonly more: FieldMore | null;
};

/** The keys that few fields have. A number that was given by name is the number of its constant. */
export type FieldMore = {
  /** The whole map. */
  readonly node: MapNode;
  readonly multipleOf: SourceNode | null;
  readonly mask: SourceNode | null;
  readonly const: SourceNode | null;
  readonly default: SourceNode | null;
  readonly safe: SourceNode | null;
  readonly boolean: SourceNode | null;
  readonly byteOrder: SourceNode | null;
  readonly offset: SourceNode | null;
  readonly size: SourceNode | null;
  readonly terminated: SourceNode | null;
  readonly encoding: SourceNode | null;
};

const moreKeys = [
  'multipleOf',
  'mask',
  'const',
  'default',
  'safe',
  'boolean',
  'byteOrder',
  'offset',
  'size',
  'terminated',
  'encoding',
] as const;

/** The order of bytes that a key says; null when it says none. */
export function byteOrderOf(node: SourceNode | null): ByteOrder | null {
  const text = stringOf(node);
  return text === 'big' || text === 'little' ? text : null;
}

function moreOf(value: SourceNode, constants: Constants): FieldMore | null {
  if (value.kind !== 'map' || !moreKeys.some((key) => value.entries.has(key))) return null;
  const number = (key: string): SourceNode | null => numberNode(child(value, key), constants);
  return {
    node: value,
    multipleOf: number('multipleOf'),
    mask: number('mask'),
    const: child(value, 'const'),
    default: child(value, 'default'),
    safe: child(value, 'safe'),
    boolean: child(value, 'boolean'),
    byteOrder: child(value, 'byteOrder'),
    offset: number('offset'),
    size: number('size'),
    terminated: child(value, 'terminated'),
    encoding: child(value, 'encoding'),
  };
}

export function readField({ key, keySpan, value }: Entry, constants: Constants): FieldDeclaration {
  const typeNode = value.kind === 'map' ? child(value, 'type') : value;
  const text = stringOf(typeNode);
  const inline = child(value, 'struct');
  return {
    name: key,
    nameAt: keySpan,
    value,
    type: text === null || typeNode === null ? null : { text, at: typeNode.span },
    inline: inline?.kind === 'map' ? inline : null,
    doc: textOf(child(value, 'doc')),
    unit: textOf(child(value, 'unit')),
    since: sinceOf(child(value, 'since'), constants.report),
    node: value.kind === 'map' ? value : null,
    min: numberNode(child(value, 'min'), constants),
    max: numberNode(child(value, 'max'), constants),
    more: moreOf(value, constants),
  };
}
