// What a caller gives is not always what it gets: constants are absent, and what has a default may be left out. Types of
// which that is true, themselves or inside, have a second TypeScript type for it.
import type {
  BitsType,
  FlagsType,
  Model,
  NamedType,
  RecordPart,
  RecordRef,
  RecordType,
  StructType,
  Type,
  ValueRules,
  VariantType,
} from '../../model/model.js';

const omitted = (rules: ValueRules | null): boolean =>
  rules !== null && (rules.const !== null || rules.default !== null);

function differs(type: Type | RecordRef | null, known: ReadonlySet<string>): boolean {
  if (type === null) return false;
  if (type.kind === 'array') return differs(type.element, known);
  return 'name' in type && known.has(type.name);
}

type Given = StructType | BitsType | RecordType | VariantType;

function partDiffers(part: RecordPart, known: ReadonlySet<string>): boolean {
  if (part.kind === 'fixed') return known.has(part.struct.name);
  if (part.kind === 'text') return false;
  return differs(part.kind === 'array' ? part.element : part.type, known);
}

function hasOwnInput(type: NamedType, known: ReadonlySet<string>): type is Given {
  switch (type.kind) {
    case 'struct':
    case 'bits':
      return type.fields.some((field) => omitted(field.rules) || differs(field.type, known));
    case 'record':
      return type.parts.some((part) => partDiffers(part, known));
    case 'variant':
      return type.cases.some((one) => differs(one.type, known));
    default:
      return false;
  }
}

/** Names of structs and bit-fields; a type stands behind everything that it contains. */
export function givenTypes(model: Model): readonly Given[] {
  const known = new Set<string>();
  return model.types.filter((type): type is Given => {
    const found = hasOwnInput(type, known);
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
