// Random values of every type of fixed size, from a seed: what a caller gives, and what is read back.
import type {
  BitField,
  BitsType,
  EnumType,
  Field,
  FlagsType,
  Literal,
  Model,
  NamedType,
  Range,
  ScalarName,
  StringType,
  StructType,
  Type,
  ValueRules,
} from '../../generator/model/index.js';

import { UnionValue } from '../../runtime/client/index.js';
import { variantValue } from './variable-random.js';

/** A value of some type of the schema, as the generated client has it. */
export type Value = unknown;

export type Sample = {
  /** Without constants, and with some of the defaults left out. */
  readonly given: Value;
  /** Complete. */
  readonly whole: Value;
};

/** Whole numbers below a bound, the same ones for the same seed. */
export type Random = (below: number) => number;

export function randomFrom(seed: number): Random {
  let state = (seed * 2654435761) >>> 0 || 1;
  return (below) => {
    // xorshift32
    state ^= state << 13;
    state >>>= 0;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state % below;
  };
}

type Context = { readonly types: ReadonlyMap<string, NamedType>; readonly random: Random };

export function typesOf(model: Model): ReadonlyMap<string, NamedType> {
  return new Map(model.types.map((type) => [type.name, type]));
}

function wordOf(random: Random): bigint {
  return [0, 1, 2, 3].reduce((word) => (word << 16n) | BigInt(random(0x10000)), 0n);
}

/** From first to last, both of them more often than the others. */
function between({ random }: Context, first: bigint, last: bigint): bigint {
  const edge = random(8);
  if (edge === 0) return first;
  if (edge === 1) return last;
  return first + (((wordOf(random) << 64n) | wordOf(random)) % (last - first + 1n));
}

const sizes = { '8': 8n, '16': 16n, '32': 32n, '64': 64n } as const;

export function boundsOf(scalar: ScalarName): readonly [bigint, bigint] {
  const bits = sizes[scalar.slice(1) as keyof typeof sizes];
  return scalar.startsWith('i')
    ? [-(1n << (bits - 1n)), (1n << (bits - 1n)) - 1n]
    : [0n, (1n << bits) - 1n];
}

type Narrowed = {
  readonly range: Range | null;
  readonly rules: ValueRules | null;
  readonly width?: number;
};

const SAFE = 2n ** 53n - 1n;
const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

function integer(context: Context, scalar: ScalarName, { range, rules, width }: Narrowed): bigint {
  let [first, last] = boundsOf(width === undefined ? scalar : scalar);
  if (width !== undefined) {
    const half = 1n << BigInt(width - 1);
    [first, last] = scalar.startsWith('i') ? [-half, half - 1n] : [0n, 2n * half - 1n];
  }
  if (range?.min != null) first = larger(first, BigInt(range.min));
  if (range?.max != null) last = smaller(last, BigInt(range.max));
  if (rules?.safe === true) [first, last] = [larger(first, -SAFE), smaller(last, SAFE)];
  const value = between(context, first, last);
  if (rules?.mask != null) return value & BigInt(rules.mask);
  if (rules?.multipleOf == null) return value;
  const of = BigInt(rules.multipleOf);
  const least = first <= 0n ? first / of : (first + of - 1n) / of;
  return between(context, least, last / of) * of;
}

function float({ random }: Context, scalar: ScalarName, range: Range | null): number {
  const min = Number(range?.min ?? (scalar === 'f32' ? -3e38 : -1e308));
  const max = Number(range?.max ?? (scalar === 'f32' ? 3e38 : 1e308));
  const edge = random(8);
  const value =
    edge === 0
      ? min
      : edge === 1
        ? max
        : min / 2 + max / 2 + (max / 2 - min / 2) * (random(2001) / 1000 - 1);
  return scalar === 'f32' ? Math.fround(value) : value;
}

const isLong = (scalar: ScalarName): boolean => scalar === 'u64' || scalar === 'i64';

/** As the client has it: a bigint where it is none that a double holds. */
const client = (value: bigint, long: boolean): number | bigint => (long ? value : Number(value));

function enumValue(context: Context, type: EnumType): Value {
  const { random } = context;
  const kinds = type.values.length + type.ranges.length + (type.open ? 2 : 0);
  const choice = random(kinds);
  const named = type.values[choice];
  if (named !== undefined) return named.name;
  const range = type.ranges[choice - type.values.length];
  const [first, last] =
    range === undefined ? boundsOf(type.base) : [BigInt(range.first), BigInt(range.last)];
  const value = between(context, first, last);
  const taken = type.reserved.some(
    (run) => value >= BigInt(run.first) && value <= BigInt(run.last),
  );
  if (taken) return enumValue(context, type);
  // What has a name is called by it.
  const name = type.values.find((one) => BigInt(one.value) === value)?.name;
  return name ?? client(value, isLong(type.base));
}

function flagsValue(context: Context, type: FlagsType, width = 64): Value {
  const bits = wordOf(context.random) & BigInt(type.mask) & ((1n << BigInt(width)) - 1n);
  return client(bits, type.base === 'u64' && !type.safe);
}

function bitsValue(context: Context, type: BitsType): Sample {
  return members(context, type.fields, (field) => fieldSample(context, field));
}

const letters = ['a', 'Z', '0', ' ', '~', 'é', 'ß', '€', '漢', '🦊'];

function text(context: Context, type: StringType): string {
  const { random } = context;
  const room = type.terminated === 'required' ? type.size - 1 : type.size;
  let value = '';
  for (let i = random(type.size + 1); i > 0; i--) {
    const letter = letters[random(type.encoding === 'ascii' ? 5 : letters.length)] ?? '';
    if (new TextEncoder().encode(value + letter).length <= room) value += letter;
  }
  return value;
}

const codes = [0, 0xe00002d5, 0xe00002bc, 0xe3ff8001, 1, 0x7fffffff];

function plain(context: Context, type: Type, narrowed: Narrowed): Sample {
  const both = (value: Value): Sample => ({ given: value, whole: value });
  const { random, types } = context;
  switch (type.kind) {
    case 'scalar': {
      const { scalar } = type;
      if (scalar === 'bool') return both(random(2) === 1);
      if (scalar === 'f32' || scalar === 'f64') return both(float(context, scalar, narrowed.range));
      if (narrowed.rules?.boolean === true) return both(random(2) === 1);
      const long = isLong(scalar) && narrowed.rules?.safe !== true;
      return both(client(integer(context, scalar, narrowed), long));
    }
    case 'wide':
      return both((wordOf(random) << 64n) | wordOf(random));
    case 'string':
      return both(text(context, type));
    case 'status':
      return both({ code: codes[random(codes.length)] });
    case 'array': {
      const items = Array.from({ length: type.length }, () =>
        plain(context, type.element, narrowed),
      );
      return { given: items.map(({ given }) => given), whole: items.map(({ whole }) => whole) };
    }
    default:
      return ofNamed(context, types.get(type.name), narrowed.width);
  }
}

function ofNamed(context: Context, type: NamedType | undefined, width?: number): Sample {
  switch (type?.kind) {
    case 'enum': {
      const value = enumValue(context, type);
      return { given: value, whole: value };
    }
    case 'flags': {
      const value = flagsValue(context, type, width);
      return { given: value, whole: value };
    }
    case 'bits':
      return bitsValue(context, type);
    case 'struct':
      return sampleOf(context, type);
    case 'union': {
      const bytes = Uint8Array.from({ length: type.size }, () => context.random(256));
      const value = new UnionValue(bytes);
      return { given: value, whole: value };
    }
    case 'variant': {
      const value = variantValue(context, type);
      return { given: value, whole: value };
    }
    default:
      throw new Error(`no random values of ${type?.kind}`);
  }
}

/** A constant or a default as the client has it. */
export function literalOf(
  types: ReadonlyMap<string, NamedType>,
  type: Type,
  literal: Literal,
): Value {
  if (typeof literal === 'boolean' || type.kind === 'string') return literal;
  if (type.kind === 'enum') return literal;
  if (type.kind === 'flags') {
    const named = types.get(type.name);
    return client(BigInt(literal), type.base === 'u64' && !(named?.kind === 'flags' && named.safe));
  }
  return type.kind === 'scalar' && isLong(type.scalar) ? BigInt(literal) : Number(literal);
}

function fieldSample(
  context: Context,
  field: Field | BitField,
): Sample & { readonly omit: boolean } {
  const { type, range, rules } = field;
  const width = 'width' in field ? field.width : undefined;
  const narrowed = { range, rules, ...(width === undefined ? {} : { width }) };
  const literal =
    rules?.const ?? (rules?.default != null && context.random(3) === 0 ? rules.default : null);
  if (literal === null) return { ...plain(context, type, narrowed), omit: false };
  const value = literalOf(context.types, type, literal);
  return { given: value, whole: value, omit: true };
}

function members<Member extends { readonly name: string }>(
  _: Context,
  fields: readonly Member[],
  sample: (field: Member) => Sample & { readonly omit: boolean },
): Sample {
  const given: Record<string, Value> = {};
  const whole: Record<string, Value> = {};
  for (const field of fields) {
    const one = sample(field);
    whole[field.name] = one.whole;
    if (!one.omit) given[field.name] = one.given;
  }
  return { given, whole };
}

/** Of any type, without anything that narrows it. */
export function sampleOfType(context: Context, type: Type): Sample {
  return plain(context, type, { range: null, rules: null });
}

export function sampleOf(context: Context, type: StructType): Sample {
  return members(context, type.fields, (field) => fieldSample(context, field));
}
