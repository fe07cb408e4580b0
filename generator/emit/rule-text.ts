// What a value may be besides its type and its range, in words: for references and explain.
import type { BitsType, ByteOrder, EnumType, FlagsType, Type, ValueRules } from '../model/model.js';

const hex = (value: number | string): string => `0x${BigInt(value).toString(16).toUpperCase()}`;

const endings = {
  required: 'NUL-terminated',
  optional: 'NUL-terminated unless full',
  none: 'filled up with zeros',
} as const;

/** `multiple of 5`, `always 3`, `48 unless given`, in this order. A default that stands elsewhere is left out. */
export function ruleTexts(rules: ValueRules | null, showDefault = true): readonly string[] {
  if (rules === null) return [];
  const { multipleOf, mask, const: constant, default: initial, safe, boolean } = rules;
  return [
    ...(multipleOf === null ? [] : [`multiple of ${multipleOf}`]),
    ...(mask === null ? [] : [`bits ${hex(mask)}`]),
    ...(constant === null ? [] : [`always ${constant}`]),
    ...(safe ? ['below 2^53'] : []),
    ...(boolean ? ['false or true'] : []),
    ...(initial === null || !showDefault ? [] : [`${initial} unless given`]),
  ];
}

/** Of what a field stores: the order of its bytes, how a text ends. */
export function storageTexts(type: Type, byteOrder: ByteOrder): readonly string[] {
  const element = type.kind === 'array' ? type.element : type;
  const text = element.kind === 'string' ? [endings[element.terminated]] : [];
  const ascii = element.kind === 'string' && element.encoding === 'ascii' ? ['ASCII'] : [];
  return [...(byteOrder === 'big' ? ['big-endian'] : []), ...text, ...ascii];
}

const runText = ({ first, last }: EnumType['reserved'][number]): string =>
  first === last ? String(first) : `${first} to ${last}`;

/** What an enum, flags or bit-fields take besides what they list; a sentence, or nothing. */
export function closingText(type: EnumType | FlagsType | BitsType): string {
  const open = type.open ? [`Open: ${openText(type)}.`] : [];
  if (type.kind === 'enum') {
    const runs = type.reserved.map(runText).join(', ');
    return [...open, ...(runs === '' ? [] : [`Reserved: ${runs}.`])].join(' ');
  }
  if (type.kind === 'bits') return open.join(' ');
  const reserved = BigInt(type.reserved) === 0n ? [] : [`Reserved bits: ${hex(type.reserved)}.`];
  return [...open, ...reserved].join(' ');
}

function openText({ kind }: EnumType | FlagsType | BitsType): string {
  if (kind === 'enum') return 'other numbers stand for themselves';
  return kind === 'flags' ? 'other bits may be set' : 'bits that no field has may be set';
}

/** `0x81`. */
export const bitsText = hex;

export const sinceText = (since: string): string => (since === '' ? '' : `since ${since}`);
