// The payload of an event: a struct by its name, or fields in place.
import { child, type Entry, entriesOf, stringOf } from '../source/index.js';
import { structRef } from './layout.js';
import type { StructRef } from './model.js';
import { pascal } from './names.js';
import { textOf } from './text.js';
import { notFixed } from './type-faults.js';
import { inlineStruct, type TypeTable, typeFromText } from './types.js';

/** Null when there is none, and when it is reported as none. */
export function payloadOf({ key, keySpan, value }: Entry, types: TypeTable): StructRef | null {
  const node = child(value, 'payload');
  if (node === null) return null;
  if (node.kind === 'map') {
    const name = `${pascal(key)}Event`;
    const struct = inlineStruct(types, {
      name,
      at: keySpan,
      entries: entriesOf(node),
      node: null,
      doc: textOf(child(value, 'doc')),
    });
    if (struct?.kind === 'record') return notFixed(types.report, key, keySpan);
    return struct === null ? null : structRef(struct);
  }
  const use = typeFromText(types, { text: stringOf(node) ?? '', at: node.span });
  if (use === null) return null;
  if (use.kind === 'type' && use.type.kind === 'struct') return use.type;
  const hint = 'write the fields in place, as in "payload: { value: u32 }".';
  types.report({
    code: 'DK410',
    at: node.span,
    message: 'the payload of an event is a struct',
    hint,
  });
  return null;
}
