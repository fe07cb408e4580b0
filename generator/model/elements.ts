// What narrows the elements of an array that varies in size: "each", since min and max say how many there are.
import { child, type Span } from '../source/index.js';
import { type FieldDeclaration, type FieldMore, readField } from './field-declaration.js';
import type { ElementRules, RecordRef, Type } from './model.js';
import { innermost } from './ranges.js';
import { ruleContext, type TypeTable } from './type-table.js';
import { narrow } from './value-rules.js';

/** Keys of a field that would be about the array, and say nothing of it. */
const meaningless = [
  'multipleOf',
  'mask',
  'const',
  'default',
  'safe',
  'boolean',
  'offset',
] as const;

/** About the elements: these are the same there. */
const ofElements: ReadonlySet<string> = new Set(['multipleOf', 'mask', 'safe', 'boolean']);

const keyAt = (more: FieldMore, key: string, otherwise: Span): Span =>
  more.node.entries.get(key)?.keySpan ?? otherwise;

function refuseKeys({ name, more, nameAt }: FieldDeclaration, { report }: TypeTable): void {
  if (more === null) return;
  for (const key of meaningless) {
    if (!more.node.entries.has(key)) continue;
    const inside = ofElements.has(key) ? `write "each: { ${key}: … }" for its elements.` : null;
    report({
      code: 'DK436',
      at: keyAt(more, key, nameAt),
      message: `"${key}" means nothing here: "${name}" varies in size`,
      hint: inside ?? 'remove it.',
    });
  }
}

/** Null when nothing narrows them, or what does was reported. */
export function eachOf(
  table: TypeTable,
  field: FieldDeclaration,
  element: Type | RecordRef | null,
): ElementRules | null {
  refuseKeys(field, table);
  const node = child(field.value, 'each');
  const entry = field.node?.entries.get('each');
  if (node === null || entry === undefined || element === null) return null;
  const inner = element.kind === 'record' ? element : innermost(element);
  if (inner.kind === 'record' || inner.kind === 'struct') {
    table.report({
      code: 'DK436',
      at: entry.keySpan,
      message: `"each" means nothing here: the elements of "${field.name}" are no single values`,
      hint: `narrow the fields of "${inner.name}".`,
    });
    return null;
  }
  const declared = readField({ ...entry, key: field.name }, table.constants);
  const narrowed = narrow(declared, inner, ruleContext(table));
  return narrowed.range === null && narrowed.rules === null ? null : narrowed;
}
