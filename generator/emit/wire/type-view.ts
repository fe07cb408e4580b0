// What every type of the wire header has, and the assertions that pin layouts.
import { commentLines, wrap } from '../c-text.js';
import type { Constant } from './constant.js';

export type FieldView = { readonly declaration: string; readonly docs: readonly string[] };

export type TypeView = {
  readonly docs: readonly string[];
  readonly name: string;
  /** An integer under a name of its own, rather than a struct. */
  readonly isWord: boolean;
  /** It has no C type: only its docs are printed. */
  readonly isComment: boolean;
  readonly base: string;
  readonly constants: readonly Constant[];
  /** What opens a struct: `typedef struct ScopePacket {`. */
  readonly opening: string;
  readonly fields: readonly FieldView[];
  /** Lines of static assertions. */
  readonly assertions: readonly string[];
  /** Lines of inline functions. */
  readonly functions: readonly string[];
};

export const assertion = (condition: string, text: string): readonly string[] =>
  wrap('DEXTGEN_WIRE_ASSERT', [condition, `"${text}"`], ';');

export const sizeAssertion = (name: string, bytes: number): readonly string[] =>
  assertion(`sizeof(${name}) == ${bytes}`, `size of ${name}`);

export const offsetAssertion = (name: string, field: string, bytes: number): readonly string[] =>
  assertion(`offsetof(${name}, ${field}) == ${bytes}`, `offset of ${name}.${field}`);

export function structOpening(name: string, attributes: readonly string[] = []): string {
  const list = attributes.length === 0 ? '' : `__attribute__((${attributes.join(', ')})) `;
  return `typedef struct ${list}${name} {`;
}

export function fieldDocs(doc: string, unit: string): readonly string[] {
  const parts = [doc, unit === '' ? '' : `Unit: ${unit}.`].filter((text) => text !== '');
  return commentLines(parts.join(' '));
}
