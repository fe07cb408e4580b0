// Text in a field of fixed size: how long it may be, how it ends and what it is made of.
import { type Report, stringOf } from '../source/index.js';
import type { FieldDeclaration } from './field-declaration.js';
import { MAX_STRUCT } from './limits.js';
import type { StringType } from './model.js';
import { sizeOf } from './quantities.js';

/** The string that a field of type `string` with a `size` is; null, with a report, when it is none. */
export function fixedString(field: FieldDeclaration, report: Report): StringType | null {
  const { more, nameAt, name } = field;
  const size = sizeOf(more?.size ?? null);
  const ending = stringOf(more?.terminated ?? null);
  const terminated = ending === 'optional' || ending === 'none' ? ending : 'required';
  const least = terminated === 'required' ? 2 : 1;
  if (size === null || size < least || size > MAX_STRUCT) {
    report({
      code: 'DK433',
      at: more?.size?.span ?? nameAt,
      message:
        more?.size == null
          ? `"${name}" needs a size: the bytes of its field`
          : `a string has ${least} to ${MAX_STRUCT} bytes, its NUL among them`,
      hint: 'write { type: string, size: 32 }.',
    });
    return null;
  }
  return {
    kind: 'string',
    size,
    align: 1,
    terminated,
    encoding: stringOf(more?.encoding ?? null) === 'ascii' ? 'ascii' : 'utf8',
  };
}

/** Why a text does not fit; null when it does. */
export function textFault(type: StringType, text: string): string | null {
  const most = type.terminated === 'required' ? type.size - 1 : type.size;
  if (new TextEncoder().encode(text).length > most) return `it has more than ${most} bytes`;
  if (text.includes('\0')) return 'it has a NUL inside';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what it asks for
  return type.encoding === 'ascii' && /[^\x00-\x7f]/.test(text) ? 'it is not all ASCII' : null;
}
