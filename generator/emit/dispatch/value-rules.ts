// What a value may be, as the members of a ValueRule, and the tables those point to: ranges and reserved numbers of
// enums, masks of flags, bit-fields, multiples, constants and texts.
import type {
  BitField,
  BitsType,
  EnumType,
  FlagsType,
  Literal,
  Model,
  NumberRange,
  Range,
  ScalarName,
  StringType,
  ValueRules,
  WordType,
} from '../../model/model.js';
import { pascal } from '../c-names.js';
import { integerLiteral, numberLiteral, stringLiteral, wrapBraces } from '../c-text.js';
import { carrierOf } from '../words.js';
import { scalarNames } from './scalar-names.js';

/** A value and what narrows it. `owner` names its own tables: `Packet_Flags`. */
export type Narrowed = {
  readonly type: WordType;
  readonly range: Range | null;
  readonly rules: ValueRules | null;
  readonly owner: string;
};

type Words = EnumType | FlagsType | BitsType;

export type ValueTables = {
  /** Members of a ValueRule. */
  readonly value: (value: Narrowed) => readonly string[];
  /** `&kPacket_NameText`. */
  readonly text: (owner: string, type: StringType, rules: ValueRules | null) => string;
  /** Whether a value of the type needs a look. */
  readonly isNarrowed: (value: Omit<Narrowed, 'owner'>) => boolean;
  /** Lines of everything that was referred to so far, each after what it refers to. */
  readonly tables: () => readonly { readonly lines: readonly string[] }[];
};

type State = {
  readonly words: ReadonlyMap<string, Words>;
  readonly lines: Map<string, readonly string[]>;
};

export function createValueTables(model: Model): ValueTables {
  const words = model.types.flatMap((type): [string, Words][] =>
    type.kind === 'enum' || type.kind === 'flags' || type.kind === 'bits'
      ? [[type.name, type]]
      : [],
  );
  const state: State = { words: new Map(words), lines: new Map() };
  return {
    value: (value) => valueMembers(state, value),
    text: (owner, type, rules) => textTable(state, { owner, type, rules }),
    isNarrowed: (value) => isNarrowed(state, value),
    tables: () => [...state.lines.values()].map((lines) => ({ lines })),
  };
}

function named(state: State, name: string): Words {
  const type = state.words.get(name);
  if (type === undefined) throw new Error(`there is no type ${name}`);
  return type;
}

function isNarrowed(state: State, { type, range, rules }: Omit<Narrowed, 'owner'>): boolean {
  if (range !== null) return true;
  if (rules !== null && (rules.const !== null || rules.safe)) return true;
  if (rules !== null && (rules.mask !== null || rules.multipleOf !== null)) return true;
  if (type.kind === 'scalar') return type.scalar === 'bool';
  if (type.kind === 'status') return false;
  if (!('name' in type) || type.kind === 'handle') return false;
  const words = named(state, type.name);
  if (words.kind === 'enum') return !words.open || words.reserved.length > 0;
  if (words.kind === 'bits')
    return !words.open || words.fields.some((field) => needsRule(state, field));
  return BigInt(words.mask) !== fullMask(words.base);
}

const fullMask = (base: ScalarName): bigint => (1n << BigInt(base.slice(1))) - 1n;

/** Adds a table once and gives its name. */
function table(state: State, name: string, lines: () => readonly string[]): string {
  if (!state.lines.has(name)) {
    const made = lines();
    state.lines.set(name, made);
  }
  return name;
}

function array(type: string, name: string, parts: readonly string[]): readonly string[] {
  return wrapBraces(`constexpr ${type} ${name}[] = `, parts, ';');
}

function struct(type: string, name: string, parts: readonly string[]): readonly string[] {
  return wrapBraces(`constexpr dextgen::${type} ${name} = `, parts, ';');
}

const word = (value: bigint | number | string): string =>
  integerLiteral('u64', BigInt.asUintN(64, BigInt(value)));

const hex = (value: number | string): string => `0x${BigInt(value).toString(16).toUpperCase()}ull`;

function valueMembers(state: State, value: Narrowed): readonly string[] {
  const { type, rules } = value;
  const scalar = carrierOf(type);
  const constant = rules === null ? null : constantOf(state, type, rules.const);
  const isFloat = scalar === 'f32' || scalar === 'f64';
  const parts = [`.scalar = dextgen::Scalar::${scalarNames[scalar]}`];
  if (constant !== null && isFloat)
    return [...parts, ...bounds(scalar, { min: String(constant), max: String(constant) })];
  if (constant !== null) return [...parts, ...constantMembers(state, value.owner, constant)];
  parts.push(...bounds(scalar, limitsOf(scalar, value)));
  parts.push(...listed(state, type));
  const more = narrowing(state, value);
  return more === null ? parts : [...parts, `.more = &${more}`];
}

/** A constant as the word that would carry it; a float as it is. */
function constantOf(state: State, type: WordType, literal: Literal | null): bigint | number | null {
  if (literal === null) return null;
  if (typeof literal === 'boolean') return literal ? 1n : 0n;
  const scalar = carrierOf(type);
  if (scalar === 'f32' || scalar === 'f64') return Number(literal);
  if (type.kind !== 'enum') return BigInt(literal);
  const words = named(state, type.name);
  const found = words.kind === 'enum' ? words.values.find(({ name }) => name === literal) : null;
  if (!found) throw new Error(`${type.name} has no value ${literal}`);
  return BigInt(found.value);
}

function constantMembers(state: State, owner: string, value: bigint | number): readonly string[] {
  const name = table(state, `k${owner}Value`, () =>
    array('uint64_t', `k${owner}Value`, [word(value)]),
  );
  return [`.values = ${name}`, '.valueCount = 1'];
}

const SAFE = 9007199254740991n;

/** What a double holds exactly bounds a value that is declared safe. */
function limitsOf(scalar: ScalarName, { range, rules }: Narrowed): Range | null {
  if (rules === null || !rules.safe) return range;
  const least = range?.min ?? (scalar === 'i64' ? String(-SAFE) : null);
  return { min: least, max: range?.max ?? String(SAFE) };
}

function bounds(scalar: ScalarName, range: Range | null): readonly string[] {
  const min = range?.min ?? null;
  const max = range?.max ?? null;
  const flags = [
    ...(min === null ? [] : ['dextgen::kHasMin']),
    ...(max === null ? [] : ['dextgen::kHasMax']),
  ];
  return [
    ...(flags.length === 0 ? [] : [`.bounds = ${flags.join(' | ')}`]),
    ...(min === null ? [] : [`.min = ${bound(scalar, min)}`]),
    ...(max === null ? [] : [`.max = ${bound(scalar, max)}`]),
  ];
}

function bound(scalar: ScalarName, value: number | string): string {
  // A float is compared as a double, so its bound is the one that a float can be.
  if (scalar === 'f32') return `{.f = ${numberLiteral('f64', Math.fround(Number(value)))}}`;
  if (scalar === 'f64') return `{.f = ${numberLiteral('f64', value)}}`;
  return scalar.startsWith('i')
    ? `{.i = ${integerLiteral('i64', value)}}`
    : `{.u = ${integerLiteral('u64', value)}}`;
}

/** The single values of an enum, ascending as unsigned words, as the search wants them. */
function listed(state: State, type: WordType): readonly string[] {
  if (type.kind !== 'enum') return [];
  const words = named(state, type.name);
  if (words.kind !== 'enum' || words.open || words.values.length === 0) return [];
  const numbers = new Set(words.values.map(({ value }) => BigInt.asUintN(64, BigInt(value))));
  const name = table(state, `k${pascal(type.name)}Values`, () => {
    const sorted = [...numbers].sort((a, b) => (a < b ? -1 : 1));
    return array('uint64_t', `k${pascal(type.name)}Values`, sorted.map(word));
  });
  return [`.values = ${name}`, `.valueCount = ${numbers.size}`];
}

/** The table of what the type and the rules add, or null when they add nothing. */
function narrowing(state: State, { type, rules, owner }: Narrowed): string | null {
  const { mask = null, multipleOf = null } = rules ?? {};
  if (mask !== null || multipleOf !== null) {
    const parts = [
      ...(mask === null ? [] : [`.mask = ${hex(mask)}`]),
      ...(multipleOf === null ? [] : [`.multipleOf = ${word(multipleOf)}`]),
    ];
    const name = `k${owner}Narrowing`;
    return table(state, name, () => struct('Narrowing', name, parts));
  }
  // A handle is looked up, whatever its number.
  if (!('name' in type) || type.kind === 'handle') return null;
  return typeNarrowing(state, named(state, type.name));
}

function typeNarrowing(state: State, type: Words): string | null {
  const name = `k${pascal(type.name)}Narrowing`;
  if (state.lines.has(name)) return name;
  const parts = typeParts(state, type);
  return parts.length === 0 ? null : table(state, name, () => struct('Narrowing', name, parts));
}

function typeParts(state: State, type: Words): readonly string[] {
  switch (type.kind) {
    case 'enum':
      return [
        ...runs(state, { type, suffix: 'Reserved', of: type.reserved, member: 'never' }),
        ...(type.open
          ? []
          : runs(state, { type, suffix: 'Ranges', of: type.ranges, member: 'range' })),
      ];
    case 'flags':
      return [
        ...(BigInt(type.reserved) === 0n ? [] : [`.reserved = ${hex(type.reserved)}`]),
        ...(BigInt(type.mask) === fullMask(type.base) ? [] : [`.mask = ${hex(type.mask)}`]),
      ];
    case 'bits':
      return [...(type.open ? [] : [`.mask = ${hex(type.mask)}`]), ...bitTable(state, type)];
    default:
      return type satisfies never;
  }
}

type Runs = {
  readonly type: EnumType;
  readonly suffix: string;
  readonly of: readonly NumberRange[];
  readonly member: 'never' | 'range';
};

function runs(state: State, { type, suffix, of, member }: Runs): readonly string[] {
  if (of.length === 0) return [];
  const name = `k${pascal(type.name)}${suffix}`;
  const rows = of.map(({ first, last }) => `{${word(first)}, ${word(last)}}`);
  table(state, name, () => array('dextgen::ValueRange', name, rows));
  const pointer = member === 'never' ? 'never' : 'ranges';
  return [`.${pointer} = ${name}`, `.${member}Count = ${of.length}`];
}

function bitTable(state: State, type: BitsType): readonly string[] {
  const rules = type.fields.filter((field) => needsRule(state, field));
  if (rules.length === 0) return [];
  const name = `k${pascal(type.name)}Bits`;
  const rows = rules.flatMap((field) => {
    const owner = `${pascal(type.name)}_${pascal(field.name)}`;
    const value = nestedBraces('.value', valueMembers(state, { ...field, owner }));
    return wrapBraces('', [`.at = ${field.at}`, `.width = ${field.width}`, ...value], ',', 4);
  });
  table(state, name, () => [
    `constexpr dextgen::BitRule ${name}[] = {`,
    ...rows.map((row) => `    ${row}`),
    '};',
  ]);
  return [`.bits = ${name}`, `.bitCount = ${rules.length}`];
}

/** `.value = {a, b}` as parts between which a line may break. */
export function nestedBraces(name: string, parts: readonly string[]): readonly string[] {
  const last = parts.length - 1;
  return parts.map(
    (part, index) => `${index === 0 ? `${name} = {` : ''}${part}${index === last ? '}' : ''}`,
  );
}

/** All numbers of a plain bit-field are valid. */
function needsRule(state: State, field: BitField): boolean {
  if (field.type.kind === 'scalar' && field.type.scalar === 'bool')
    return field.rules !== null && field.rules.const !== null;
  return isNarrowed(state, field);
}

const endings = { required: 'Required', optional: 'Optional', none: 'None' } as const;

type Text = {
  readonly owner: string;
  readonly type: StringType;
  readonly rules: ValueRules | null;
};

function textTable(state: State, { owner, type, rules }: Text): string {
  const constant = rules?.const ?? null;
  const parts = [
    `.size = ${type.size}`,
    ...(type.terminated === 'required'
      ? []
      : [`.ending = dextgen::Ending::${endings[type.terminated]}`]),
    ...(type.encoding === 'ascii' ? ['.ascii = true'] : []),
    ...(constant === null ? [] : [`.constant = ${stringLiteral(String(constant))}`]),
  ];
  const name = `k${owner}Text`;
  return `&${table(state, name, () => struct('StringRule', name, parts))}`;
}
