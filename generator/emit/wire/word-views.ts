// Enums, flags and bit-fields: integers under names of their own, with the numbers and functions that go with them.
import type {
  BitField,
  BitsType,
  EnumType,
  FlagsType,
  HandleType,
  Model,
} from '../../model/model.js';
import {
  bitsFunction,
  bitsShift,
  enumConstant,
  maskConstant,
  parameterType,
  pascal,
  storedScalarType,
  typeName,
} from '../c-names.js';
import { commentLines, integerLiteral, wrap } from '../c-text.js';
import type { Constant } from './constant.js';
import type { TypeView } from './type-view.js';

const constant = (name: string, value: string, docs: readonly string[] = []): Constant => ({
  name,
  value,
  docs,
});

const hex = (value: number | string, base: string): string =>
  `0x${BigInt(value).toString(16).toUpperCase()}${base === 'u64' ? 'ull' : 'u'}`;

function wordView(
  model: Model,
  type: EnumType | FlagsType | BitsType | HandleType,
  constants: readonly Constant[],
): TypeView {
  return {
    docs: commentLines(type.doc),
    name: typeName(model, type.name),
    isWord: true,
    isComment: false,
    base: storedScalarType(type.base),
    constants,
    opening: '',
    fields: [],
    assertions: [],
    functions: [],
  };
}

/** What a handle names, only the driver knows. */
export function handleView(model: Model, type: HandleType): TypeView {
  return wordView(model, type, []);
}

export function enumView(model: Model, type: EnumType): TypeView {
  const { base, values, ranges } = type;
  const single = values.map(({ name, value, doc }) =>
    constant(enumConstant(model, type, name), integerLiteral(base, value), commentLines(doc)),
  );
  const runs = ranges.flatMap(({ name, first, last, doc }) => [
    constant(
      `${enumConstant(model, type, name)}First`,
      integerLiteral(base, first),
      commentLines(doc),
    ),
    constant(`${enumConstant(model, type, name)}Last`, integerLiteral(base, last)),
  ]);
  return wordView(model, type, [...single, ...runs]);
}

export function flagsView(model: Model, type: FlagsType): TypeView {
  const values = type.values.map(({ name, value, doc }) =>
    constant(enumConstant(model, type, name), hex(value, type.base), commentLines(doc)),
  );
  const mask = constant(maskConstant(model, type), hex(type.mask, type.base), [
    'Every bit that it may have.',
  ]);
  return wordView(model, type, [...values, mask]);
}

export function bitsView(model: Model, type: BitsType): TypeView {
  const numbers = type.fields.flatMap((field) => {
    const mask = ((1n << BigInt(field.width)) - 1n) << BigInt(field.at);
    return [
      constant(bitsShift(model, type, field), `${field.at}u`, commentLines(field.doc)),
      constant(maskConstant(model, type, field), hex(mask.toString(), type.base)),
    ];
  });
  return {
    ...wordView(model, type, numbers),
    functions: type.fields.flatMap((field) => [
      ...getter(model, type, field),
      ...setter(model, type, field),
    ]),
  };
}

const shifted = (value: string, way: '<<' | '>>', by: number): string =>
  by === 0 ? value : `${value} ${way} ${by}`;

/** Signed fields are moved to the top and back, which brings their sign along. */
function getter(model: Model, type: BitsType, field: BitField): readonly string[] {
  const value = parameterType(model, field.type);
  const carrier = field.type.kind === 'scalar' ? field.type.scalar : field.type.base;
  const left = 64 - field.at - field.width;
  const moved = carrier.startsWith('i')
    ? `(int64_t)((uint64_t)bits << ${left}) >> ${64 - field.width}`
    : shifted(`((uint64_t)bits & ${maskConstant(model, type, field)})`, '>>', field.at);
  const result = carrier === 'bool' ? `(${moved}) != 0` : `(${value})(${moved})`;
  const head = `static inline ${value} ${bitsFunction(model, type, `Get${pascal(field.name)}`)}`;
  return [
    ...wrap(head, [`${typeName(model, type.name)} bits`], ' {'),
    `    return ${result};`,
    '}',
  ];
}

/** The bits with this field replaced; what does not fit into it is cut. */
function setter(model: Model, type: BitsType, field: BitField): readonly string[] {
  const name = typeName(model, type.name);
  const value = parameterType(model, field.type);
  const mask = maskConstant(model, type, field);
  const head = `static inline ${name} ${bitsFunction(model, type, `With${pascal(field.name)}`)}`;
  return [
    ...wrap(head, [`${name} bits`, `${value} value`], ' {'),
    `    const uint64_t kept = (uint64_t)bits & ~(uint64_t)${mask};`,
    `    return (${name})(kept | (${shifted('(uint64_t)value', '<<', field.at)} & ${mask}));`,
    '}',
  ];
}
