// What can be wrong with what varies in size, as diagnostics. Each returns null, the thing that is not there.
import { didYouMean } from '../diagnostics/index.js';
import type { Report, SourceNode, Span } from '../source/index.js';
import type { FieldDeclaration } from './field-declaration.js';
import { MAX_BYTES, MAX_COUNT_PARTS } from './limits.js';
import type { CountFault } from './record-counts.js';
import type { CountText, Member } from './variable-members.js';
import type { Sizes } from './variable-sizes.js';

const typeSpan = ({ type, nameAt }: FieldDeclaration): Span => type?.at ?? nameAt;

export function badCount(
  report: Report,
  { path, at }: CountText,
  { reason, name, known }: CountFault,
  members: readonly Member[],
): null {
  const whole = path.join('.');
  const later = members.some(({ field }) => field.name === path[0]);
  const messages: Readonly<Record<CountFault['reason'], string>> = {
    unknown:
      later && name === path[0]
        ? `"${whole}" does not stand before what it counts, or varies in size itself`
        : `there is no field "${name}" before it that could count`,
    'no-struct': `"${name}" is no struct, so it has no fields`,
    'no-integer': `"${whole}" is no integer, so it cannot count`,
    factor: 'a count times zero is always zero',
  };
  const hint =
    reason === 'unknown'
      ? (didYouMean(name, known) ?? 'count with an integer field of a fixed place before it.')
      : 'count with a field of type u8 … u64.';
  report({ code: 'DK450', at, message: messages[reason], hint });
  return null;
}

export function noMaximum(report: Report, field: FieldDeclaration): null {
  report({
    code: 'DK451',
    at: typeSpan(field),
    message: `"${field.name}" varies in size and needs a max`,
    hint: `write { type: "${field.type?.text ?? ''}", max: 64 }: an app must not make the driver grow without limit.`,
  });
  return null;
}

export function badMaximum(report: Report, field: FieldDeclaration): null {
  const at = (field.max ?? field.min)?.span ?? typeSpan(field);
  const hint = 'write how many elements there can be: max: 64, or a size such as 1 MiB for bytes.';
  report({
    code: 'DK451',
    at,
    message: `"${field.name}" has no sensible number of elements`,
    hint,
  });
  return null;
}

export function badLimits(report: Report, { name, min, max, nameAt }: FieldDeclaration): null {
  report({
    code: 'DK407',
    at: min?.span ?? nameAt,
    message: `min is above max, so no number of elements of "${name}" is valid`,
    ...(max === null ? {} : { notes: [{ message: 'max is here', at: max.span }] }),
    hint: 'swap them.',
  });
  return null;
}

export function notDelimited(report: Report, field: FieldDeclaration, name: string | null): null {
  report({
    code: 'DK453',
    at: typeSpan(field),
    message:
      name === null
        ? `the elements of "${field.name}" have no size`
        : `elements of "${name}" do not say where they end, so nothing can follow one`,
    hint: 'count what varies in the element by a field of the element.',
  });
  return null;
}

export function notLast(report: Report, name: string, at: Span): false {
  const hint = 'move it to the end, or count it by a field before it.';
  const message = `"${name}" goes on to the end, so nothing can follow it`;
  report({ code: 'DK452', at, message, hint });
  return false;
}

export function tooManyParts(report: Report, name: string, at: Span): null {
  const message = `"${name}" has more than ${MAX_COUNT_PARTS} runs of fixed fields between variable members`;
  report({ code: 'DK454', at, message, hint: 'group them into structs.' });
  return null;
}

export function badCap(report: Report, name: string, at: Span, { min, max }: Sizes): null {
  report({
    code: 'DK454',
    at,
    message: `"${name}" takes ${min} to ${max} bytes by its members, and this is not within`,
    hint: 'limit the whole to fewer bytes than its members can take, or remove the max.',
  });
  return null;
}

export function tooLargeRecord(report: Report, name: string, at: Span, max: number): null {
  report({
    code: 'DK454',
    at,
    message: `"${name}" can take ${max} bytes; a call carries at most ${MAX_BYTES}`,
    hint: 'lower the max of its members, or limit the whole with a max of its own.',
  });
  return null;
}

export function caseFault(report: Report, at: Span, message: string, hint: string): null {
  report({ code: 'DK456', at, message, hint });
  return null;
}

export function tagFault(
  report: Report,
  node: SourceNode,
  { message, hint, earlier }: { message: string; hint: string; earlier?: Span },
): null {
  report({
    code: earlier === undefined ? 'DK458' : 'DK457',
    at: node.span,
    message,
    ...(earlier === undefined
      ? {}
      : { notes: [{ message: 'the other one is here', at: earlier }] }),
    hint,
  });
  return null;
}
