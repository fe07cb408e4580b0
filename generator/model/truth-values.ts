// Integers that are 0 or 1 and mean false or true, as C's BOOL and boolean_t do: where "boolean" may stand.
import type { Report } from '../source/index.js';
import type { FieldDeclaration, FieldMore } from './field-declaration.js';
import type { Range, Type } from './model.js';

/** What no unsigned number is below needs no bound. */
export const zeroOrOne = (element: Type): Range => ({
  min: element.kind === 'scalar' && element.scalar.startsWith('i') ? 0 : null,
  max: 1,
});

type Flagged = { readonly element: Type; readonly width: number | undefined };

/** Keys that say what a truth value may be; there is nothing left to say. */
const numberKeys = ['min', 'max', 'multipleOf', 'mask', 'safe'] as const;

export function isBoolean(
  field: FieldDeclaration,
  more: FieldMore,
  { element, width }: Flagged,
  report: Report,
): boolean {
  if (more.boolean?.kind !== 'scalar' || more.boolean.value !== true) return false;
  const refuse = (key: string, message: string, hint: string): false => {
    report({
      code: 'DK436',
      at: more.node.entries.get(key)?.keySpan ?? field.nameAt,
      message,
      hint,
    });
    return false;
  };
  const isInteger = element.kind === 'scalar' && /^[iu]/.test(element.scalar);
  if (!isInteger || width !== undefined) {
    const message = `"boolean" means nothing here: "${field.name}" is no integer with bytes of its own`;
    return refuse('boolean', message, 'write "type: bool", or give it to a u8 … i64.');
  }
  const other = numberKeys.find((key) => more.node.entries.has(key));
  if (other === undefined) return true;
  const message = `"${other}" means nothing here: "${field.name}" is 0 or 1, since it is boolean`;
  return refuse(other, message, 'remove one of the two.');
}
