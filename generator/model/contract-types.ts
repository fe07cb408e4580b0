// What both sides observe of types and values.
import { type Json, said } from './contract-json.js';
import type {
  BitField,
  BitsType,
  EnumType,
  Field,
  FlagsType,
  NamedType,
  StructType,
  Type,
  ValueRules,
} from './model.js';

export function typeFacts(type: Type): Json {
  switch (type.kind) {
    case 'scalar':
      return type.scalar;
    case 'enum':
    case 'flags':
    case 'bits':
    case 'handle':
    case 'struct':
    case 'union':
    case 'variant':
      return { name: type.name };
    case 'wide':
      return type.name;
    case 'status':
      return 'status';
    case 'string':
      return { string: type.size, terminated: type.terminated, encoding: type.encoding };
    case 'array':
      return { element: typeFacts(type.element), length: type.length };
    default:
      return type satisfies never;
  }
}

/** A default is the client's own; everything else is checked on both sides. */
export function ruleFacts(rules: ValueRules | null): { readonly [key: string]: Json } {
  if (rules === null) return {};
  const { multipleOf, mask, safe, boolean } = rules;
  // A constant 0 or false is said.
  const always = rules.const === null ? {} : { const: rules.const };
  return { ...said({ multipleOf, safe, boolean }), ...(mask === null ? {} : { mask }), ...always };
}

const valueFacts = (values: EnumType['values']): Json =>
  values.map(({ name, value }) => ({ name, value }));

function enumFacts({ name, base, values, ranges, reserved, open }: EnumType): Json {
  const more = {
    ranges: ranges.map(({ name, first, last }) => ({ name, first, last })),
    reserved: reserved.map(({ first, last }) => ({ first, last })),
    open,
  };
  return { name, base, values: valueFacts(values), ...said(more) };
}

function flagsFacts({ name, base, values, mask, reserved, open, safe }: FlagsType): Json {
  return { name, base, flags: valueFacts(values), mask, ...said({ reserved, open, safe }) };
}

function bitsFacts({ name, base, fields, open }: BitsType): Json {
  return { name, base, bits: fields.map(bitFacts), ...said({ open }) };
}

export function bitFacts({ name, at, width, type, unit, range, rules }: BitField): Json {
  return { name, at, width, unit, range, type: typeFacts(type), ...ruleFacts(rules) };
}

function structFacts(type: StructType): Json {
  const fields = type.fields.map(fieldFacts);
  return { name: type.name, size: type.size, align: type.align, fields };
}

export function fieldFacts({ name, offset, unit, range, rules, byteOrder, type }: Field) {
  return {
    ...{ name, offset, unit, range, type: typeFacts(type) },
    ...said({ bigEndian: byteOrder === 'big' }),
    ...ruleFacts(rules),
  };
}

/** Unions and what varies in size hold nothing but plain facts, and docs, which are none. */
function undocumented(value: object): Json {
  if (Array.isArray(value)) return value.map(undocumented);
  const facts = Object.entries(value).filter(([key]) => key !== 'doc' && key !== 'since');
  return Object.fromEntries(
    facts.map(([key, fact]) => [
      key,
      typeof fact === 'object' && fact !== null ? undocumented(fact) : fact,
    ]),
  );
}

export function namedTypeFacts(type: NamedType): Json {
  switch (type.kind) {
    case 'enum':
      return enumFacts(type);
    case 'flags':
      return flagsFacts(type);
    case 'bits':
      return bitsFacts(type);
    case 'struct':
      return structFacts(type);
    case 'union':
    case 'variant':
    case 'record':
      return undocumented(type);
    default:
      return type satisfies never;
  }
}
