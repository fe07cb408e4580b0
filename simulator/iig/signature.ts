// When two declarations mean the same: types and parameter lists as comparable text.
import type { Method, Parameter } from './syntax.js';

export function sameParameters(some: readonly Parameter[], others: readonly Parameter[]): boolean {
  return (
    some.length === others.length &&
    some.every((parameter, index) => {
      const other = others[index];
      return other !== undefined && sameParameter(parameter, other);
    })
  );
}

function sameParameter(one: Parameter, other: Parameter): boolean {
  if (one.verbatim !== undefined || other.verbatim !== undefined)
    return parameterType(one) === parameterType(other);
  return (
    typeText(one.type) === typeText(other.type) &&
    one.extents.length === other.extents.length &&
    one.extents.every((extent, index) => sameExtent(extent, other.extents[index] ?? ''))
  );
}

/** One may be a constant by name where the other is a number; what it stands for is the compiler's to know. */
function sameExtent(one: string, other: string): boolean {
  const values = [one, other].map((text) => Number(text.replace(/[uUlL]+$/, '')));
  return values.some(Number.isNaN) ? true : values[0] === values[1];
}

export function parameterType({ type, extents, verbatim }: Parameter): string {
  return verbatim ?? `${typeText(type)}${extents.map((extent) => `[${extent}]`).join('')}`;
}

const elaboration = /\b(?:struct|class|enum|union)\b\s*/g;

/** Two declarations of the same type give the same text; `IOReturn` and `kern_return_t` are the same type. */
export function typeText(type: Method['returns']): string {
  const name = type.name === 'IOReturn' ? 'kern_return_t' : type.name.replace(elaboration, '');
  const pointers = type.pointers
    .map(({ operator, isConst }) => `${operator}${isConst ? 'const' : ''}`)
    .join('');
  return `${type.isConst ? 'const ' : ''}${name}${pointers}`;
}
