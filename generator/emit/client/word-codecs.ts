// Enums, flags and bit-fields as TypeScript types, each with what reads and writes it.
import {
  type FunctionDeclarationStructure,
  type InterfaceDeclarationStructure,
  StructureKind,
  type TypeAliasDeclarationStructure,
} from 'ts-morph';
import type { BitField, BitsType, EnumType, FlagsType, Range } from '../../model/model.js';
import { carrierOf } from '../words.js';
import { access, key, quote, toDocs } from './jsdoc.js';
import { memberStructures } from './members-of-types.js';
import { type Names, nameOf } from './names.js';
import { givenLiteral, literalText, rowOf, type Value, valueText } from './scalars.js';
import { checkText } from './value-checks.js';

const scalarOf = ({ base, size }: EnumType | FlagsType): Value => ({
  kind: 'scalar',
  scalar: base,
  size,
  align: size,
});

const sinceText = (since: string): string => (since === '' ? '' : ` (since ${since})`);

/** The type, and beside it the codec of the same name. */
export function enumStructures(
  names: Names,
  type: EnumType,
): [TypeAliasDeclarationStructure, string] {
  const name = nameOf(names.types, type.name);
  const base = scalarOf(type);
  const notes = [...type.values, ...type.ranges]
    .filter((v) => v.doc !== '' || v.since !== '')
    .map((v) => `- ${v.name}${sinceText(v.since)}: ${v.doc}`);
  const ranges = type.ranges.map(
    ({ name: run, first, last }) => `${first} to ${last} are ${run} and stand for themselves.`,
  );
  const rows = type.values.map((v) => `  ${key(v.name)}: ${literalText(base, v.value)},`);
  const number = type.open || type.ranges.length > 0 ? [rowOf(base).type] : [];
  const union = [...type.values.map((v) => quote(v.name)), ...number].join(' | ');
  return [
    {
      kind: StructureKind.TypeAlias,
      name,
      isExported: true,
      docs: toDocs({ doc: type.doc, notes: [...notes, ...ranges] }),
      type: union || 'never',
    },
    [`export const ${name} = dextgen.enumCodec({`, ...rows, `}${options(type)});\n`].join('\n'),
  ];
}

/** What an enum allows besides its names. */
function options(type: EnumType): string {
  const { open, ranges, reserved } = type;
  const base = scalarOf(type);
  const runs = (list: EnumType['reserved']): string =>
    `[${list.map(({ first, last }) => `[${literalText(base, first)}, ${literalText(base, last)}]`).join(', ')}]`;
  const parts = [
    ...(open ? ['open: true'] : []),
    ...(ranges.length > 0 && !open ? [`ranges: ${runs(ranges)}`] : []),
    ...(reserved.length > 0 && open ? [`reserved: ${runs(reserved)}`] : []),
  ];
  if (!open && ranges.length === 0) return '';
  return `, { ${[`type: '${type.base}'`, ...parts].join(', ')} }`;
}

/** A number, and beside it the names of its bits. */
export function flagsStructures(
  names: Names,
  type: FlagsType,
): [TypeAliasDeclarationStructure, string] {
  const name = nameOf(names.types, type.name);
  const long = type.base === 'u64' && !type.safe;
  const hex = (value: number | string): string =>
    `0x${BigInt(value).toString(16)}${long ? 'n' : ''}`;
  const notes = type.values
    .filter((v) => v.doc !== '' || v.since !== '')
    .map((v) => `- ${v.name}${sinceText(v.since)}: ${v.doc}`);
  const rows = type.values.map((v) => `  ${key(v.name)}: ${hex(v.value)},`);
  return [
    {
      kind: StructureKind.TypeAlias,
      name,
      isExported: true,
      docs: toDocs({ doc: type.doc, notes: [...notes, `Flags of ${name}, joined with "|".`] }),
      type: long ? 'bigint' : 'number',
    },
    [`export const ${name} = {`, ...rows, '} as const;\n'].join('\n'),
  ];
}

type BitsStructures = (InterfaceDeclarationStructure | FunctionDeclarationStructure)[];

export function bitsStructures(names: Names, type: BitsType): BitsStructures {
  const name = nameOf(names.types, type.name);
  const whole = type.base === 'u64' ? 'bigint' : 'number';
  return [
    ...memberStructures(names, type, `${type.size * 8} bits.`),
    {
      kind: StructureKind.Function,
      name: `decode${name}`,
      isExported: true,
      parameters: [{ name: 'bits', type: whole }],
      returnType: name,
      statements: [
        'return {',
        ...type.fields.map((field) => `  ${key(field.name)}: ${decodeBits(names, field)},`),
        '};',
      ],
    },
    {
      kind: StructureKind.Function,
      name: `encode${name}`,
      isExported: true,
      parameters: [
        { name: 'value', type: names.inputs.get(type.name) ?? name },
        { name: 'at', initializer: `dextgen.argumentsOf('encode${name}')` },
      ],
      returnType: whole,
      statements: ['dextgen.checkObject(value, at);', ...encodeBits(names, type)],
    },
  ];
}

function decodeBits(names: Names, field: BitField): string {
  const { type, rules, at, width } = field;
  const { type: kind, signed } = rowOf(type);
  const read = kind === 'bigint' ? 'longBitsOf' : 'bitsOf';
  const sign = signed ? ', true' : '';
  return valueText(names, { type, rules }, `dextgen.${read}(bits, ${at}, ${width}${sign})`);
}

/** Lines up to the return. */
function encodeBits(names: Names, type: BitsType): string[] {
  const place = type.base === 'u64' ? 'placeLongBits' : 'placeBits';
  const parts = type.fields.map((field) => {
    const given = givenText(names, field);
    const range = widthRange(field);
    const raw = checkText(names, { ...field, range }, given, quote(field.name));
    return `dextgen.${place}(${raw}, ${field.at}, ${field.width})`;
  });
  return [
    'return (',
    ...parts.map((part, i) => `  ${part}${i < parts.length - 1 ? ' +' : ''}`),
    ');',
  ];
}

/** The member, or what stands for it when it was left out. */
function givenText(names: Names, { name, type, rules }: BitField): string {
  const value = access('value', name);
  const initial = rules?.default ?? null;
  return initial === null ? value : `${value} ?? ${givenLiteral(names, { type, rules }, initial)}`;
}

/** The bounds of an integer that has fewer bits than its type, under those that the schema gives. */
function widthRange({ type, width, range }: BitField): Range | null {
  if (type.kind !== 'scalar' || type.scalar === 'bool' || width === type.size * 8) return range;
  const signed = carrierOf(type).startsWith('i');
  const most = (1n << BigInt(signed ? width - 1 : width)) - 1n;
  return {
    min: range?.min ?? String(signed ? -most - 1n : 0n),
    max: range?.max ?? String(most),
  };
}
