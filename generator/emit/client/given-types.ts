// What a caller gives is not always what it gets: constants are absent, and what has a default may be left out. Types of
// which that is true, themselves or inside, have a second TypeScript type for it.
import type {
  BitsType,
  FlagsType,
  Model,
  StructType,
  Type,
  ValueRules,
} from '../../model/model.js';

const omitted = (rules: ValueRules | null): boolean =>
  rules !== null && (rules.const !== null || rules.default !== null);

function differs(type: Type, known: ReadonlySet<string>): boolean {
  if (type.kind === 'array') return differs(type.element, known);
  return (type.kind === 'struct' || type.kind === 'bits') && known.has(type.name);
}

type Given = StructType | BitsType;

/** Names of structs and bit-fields; a type stands behind everything that it contains. */
export function givenTypes(model: Model): readonly Given[] {
  const known = new Set<string>();
  return model.types.filter((type): type is Given => {
    if (type.kind !== 'struct' && type.kind !== 'bits') return false;
    const found = type.fields.some((field) => omitted(field.rules) || differs(field.type, known));
    if (found) known.add(type.name);
    return found;
  });
}

const hex = (value: number | string, long: boolean): string =>
  `0x${BigInt(value).toString(16)}${long ? 'n' : ''}`;

/** `0x7f, 0x80`: the bits that flags may have, and those that they must not have. */
export function flagMasks({ mask, reserved, base }: FlagsType): string {
  const long = base === 'u64';
  const masks = hex(mask, long);
  return BigInt(reserved) === 0n ? masks : `${masks}, ${hex(reserved, long)}`;
}
