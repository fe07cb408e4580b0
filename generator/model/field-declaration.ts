// One named, typed thing as the schema declares it: a struct's field, an argument, a property.
import {
  child,
  type Entry,
  type MapNode,
  type SourceNode,
  type Span,
  stringOf,
} from '../source/index.js';
import { textOf } from './text.js';

export type TypeText = { readonly text: string; readonly at: Span };

export type FieldDeclaration = {
  readonly name: string;
  readonly nameAt: Span;
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
};

export function readField({ key, keySpan, value }: Entry): FieldDeclaration {
  const typeNode = value.kind === 'map' ? child(value, 'type') : value;
  const text = stringOf(typeNode);
  const inline = child(value, 'struct');
  return {
    name: key,
    nameAt: keySpan,
    type: text === null || typeNode === null ? null : { text, at: typeNode.span },
    inline: inline?.kind === 'map' ? inline : null,
    doc: textOf(child(value, 'doc')),
    unit: textOf(child(value, 'unit')),
    since: textOf(child(value, 'since')),
    node: value.kind === 'map' ? value : null,
    min: child(value, 'min'),
    max: child(value, 'max'),
  };
}
