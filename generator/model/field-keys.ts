// Keys that a field may have, and that mean nothing where it stands.
import type { Report } from '../source/index.js';
import type { FieldDeclaration, FieldMore } from './field-declaration.js';

type MoreKey = Exclude<keyof FieldMore, 'node'>;

type Refusal = { readonly reason: string; readonly hint: string };

function refuse(
  { name, more }: FieldDeclaration,
  keys: readonly MoreKey[],
  { reason, hint }: Refusal,
  report: Report,
): void {
  for (const key of keys) {
    const at = more?.[key] == null ? undefined : more.node.entries.get(key)?.keySpan;
    if (at === undefined) continue;
    report({
      code: 'DK436',
      at,
      message: `"${key}" means nothing here: "${name}" ${reason}`,
      hint,
    });
  }
}

/** For everything but strings. */
export function refuseStringKeys(field: FieldDeclaration, report: Report): void {
  const refusal = {
    reason: 'is no string',
    hint: 'remove it; an array has its length in its type.',
  };
  refuse(field, ['size', 'terminated', 'encoding'], refusal, report);
}

/** For everything but arrays that vary in size, which alone have it. */
export function refuseEach({ name, node }: FieldDeclaration, report: Report): void {
  const entry = node?.entries.get('each');
  if (entry === undefined) return;
  report({
    code: 'DK436',
    at: entry.keySpan,
    message: `"each" means nothing here: "${name}" does not vary in size`,
    hint: 'write its keys beside "type": they are about every element of a fixed array.',
  });
}

/** For what travels as a number of its own. */
export function refuseLayoutKeys(field: FieldDeclaration, report: Report): void {
  const refusal = {
    reason: 'is an argument, which travels as a number and not as bytes',
    hint: 'remove it, or put the value into a struct.',
  };
  refuse(field, ['byteOrder', 'offset'], refusal, report);
}
