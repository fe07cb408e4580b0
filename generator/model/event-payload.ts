// The payload of an event: a struct by its name, or fields in place.
import { child, type Entry, entriesOf, type Span, stringOf } from '../source/index.js';
import { handleMisplaced, holdsHandle } from './handles.js';
import { structRef } from './layout.js';
import type { StructRef } from './model.js';
import { pascal } from './names.js';
import { textOf } from './text.js';
import { notFixed } from './type-faults.js';
import { inlineStruct, type TypeTable } from './type-table.js';
import { typeFromText } from './type-uses.js';

type Place = { readonly key: string; readonly at: Span; readonly types: TypeTable };

/** One event goes to many connections, and a handle is good for one of them. */
function withoutHandles(type: StructRef, { key: name, at, types }: Place): StructRef | null {
  if (!holdsHandle(type, types.resolved)) return type;
  const why = 'in an event, which goes to connections that do not have it';
  return handleMisplaced({ name, at, why }, types.report);
}

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
    return struct === null ? null : withoutHandles(structRef(struct), { key, at: keySpan, types });
  }
  const use = typeFromText(types, { text: stringOf(node) ?? '', at: node.span });
  if (use === null) return null;
  if (use.kind === 'type' && use.type.kind === 'struct')
    return withoutHandles(use.type, { key, at: node.span, types });
  const hint = 'write the fields in place, as in "payload: { value: u32 }".';
  types.report({
    code: 'DK410',
    at: node.span,
    message: 'the payload of an event is a struct',
    hint,
  });
  return null;
}
