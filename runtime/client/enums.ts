// An enum as a string union on this side and an integer on the other. An enum with ranges, or an open one, has numbers on
// this side too.
import { check, type Place, problem } from './checks.js';
import { ClientError } from './errors.js';

type Carrier<Value> = Value extends bigint
  ? 'u64' | 'i64'
  : 'u8' | 'u16' | 'u32' | 'i8' | 'i16' | 'i32';

type Run<Value> = readonly [first: Value, last: Value];

/** What an enum allows besides its names. */
export type EnumOptions<Value> = {
  /** What carries it. */
  readonly type: Carrier<Value>;
  /** Numbers that stand for themselves. */
  readonly ranges?: readonly Run<Value>[];
  /** Every number may come. */
  readonly open?: boolean;
  /** But never one of these. */
  readonly reserved?: readonly Run<Value>[];
};

export type EnumCodec<Name extends string, Value extends number | bigint, Extra = never> = {
  readonly values: { readonly [name in Name]: Value };
  readonly names: ReadonlyMap<Value, Name>;
  /** Numbers that have no name, if it has such; in the type only. */
  readonly extra?: Extra;
  /** Null for an enum of names only. */
  readonly options: EnumOptions<Value> | null;
};

type Values<Name extends string, Value> = { readonly [name in Name]: Value };

export function enumCodec<Name extends string, Value extends number | bigint>(
  values: Values<Name, Value>,
): EnumCodec<Name, Value>;
export function enumCodec<Name extends string>(
  values: Values<Name, number>,
  options: EnumOptions<number>,
): EnumCodec<Name, number, number>;
export function enumCodec<Name extends string>(
  values: Values<Name, bigint>,
  options: EnumOptions<bigint>,
): EnumCodec<Name, bigint, bigint>;
export function enumCodec<Name extends string, Value extends number | bigint>(
  values: Values<Name, Value>,
  options: EnumOptions<Value> | null = null,
): EnumCodec<Name, Value, Value> {
  const entries = Object.entries(values) as [Name, Value][];
  // The first name of a value is its name.
  const names = new Map(entries.reverse().map(([name, value]) => [value, name]));
  return { values, names, options };
}

const isIn = <Value extends number | bigint>(
  value: Value,
  runs: readonly Run<Value>[] = [],
): boolean => runs.some(([first, last]) => value >= first && value <= last);

/** Whether a number may stand for itself. Its type is checked where it is stored. */
function isAllowed<Value extends number | bigint>(
  value: Value,
  options: EnumOptions<Value> | null,
): boolean {
  if (options === null) return false;
  const { ranges, open, reserved } = options;
  return open === true ? !isIn(value, reserved) : isIn(value, ranges);
}

export function encodeEnum<Name extends string, Value extends number | bigint, Extra = never>(
  codec: EnumCodec<Name, Value, Extra>,
  value: Name | Extra,
  at: Place,
  member: string | number,
): Value {
  const { values, options } = codec;
  if (typeof value === 'string' && Object.hasOwn(values, value)) return values[value as Name];
  if (options !== null && typeof value !== 'string') {
    const checked = check[options.type] as (...parts: readonly unknown[]) => Value;
    const number = checked(value, at, member);
    if (codec.names.has(number) || isAllowed(number, options)) return number;
  }
  throw problem(at, member, `must be ${describeAllowed(codec)}, not ${String(value)}`);
}

function describeAllowed<Name extends string, Value extends number | bigint, Extra>({
  values,
  options,
}: EnumCodec<Name, Value, Extra>): string {
  const ranges = (options?.ranges ?? []).map(([first, last]) => `${first} to ${last}`);
  const numbers = options?.open === true ? ['a number that is not reserved'] : ranges;
  return `one of ${[...Object.keys(values), ...numbers].join(', ')}`;
}

export function decodeEnum<Name extends string, Value extends number | bigint, Extra = never>(
  codec: EnumCodec<Name, Value, Extra>,
  value: Value,
): Name | Extra {
  const name = codec.names.get(value);
  if (name !== undefined) return name;
  if (isAllowed(value, codec.options)) return value as unknown as Extra;
  throw new ClientError('io', `the driver sent ${value}, which is no value of its enum`);
}
