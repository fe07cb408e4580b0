// What a generated client knows about its interface, and the numbers of the contract selectors
// (runtime/wire/dextgen_wire.h is where they are defined).

export type ScalarName =
  | 'u8'
  | 'u16'
  | 'u32'
  | 'u64'
  | 'i8'
  | 'i16'
  | 'i32'
  | 'i64'
  | 'f32'
  | 'f64'
  | 'bool';

/** A scalar argument: what a rejection can point at. */
export type ArgumentInfo = {
  readonly name: string;
  readonly type: ScalarName;
  /** Scalars that it takes. */
  readonly words: number;
};

/** A field of the input struct, at a byte offset. */
export type FieldInfo = ArgumentInfo & { readonly offset: number; readonly size: number };

export type MethodInfo = {
  readonly name: string;
  readonly selector: number;
  readonly scalars: readonly ArgumentInfo[];
  /** Name of the struct or bytes argument; empty when there is none. */
  readonly struct: string;
  readonly fields: readonly FieldInfo[];
  /** Codes of the platform that mean an error of the schema here. */
  readonly errors: ReadonlyMap<number, string>;
};

/** As generated code writes it: name, selector, `hz: u32, cdb: u8 x2`, struct, `image.width: u16 @0+2`, `busy: e00002d5`. */
export type MethodRow = readonly [
  name: string,
  selector: number,
  scalars: string,
  struct?: string,
  fields?: string,
  errors?: string,
];

export function findMethod(contract: Contract, selector: number): MethodInfo | undefined {
  const row = contract.methods.find((method) => method[1] === selector);
  if (row === undefined) return undefined;
  const [name, , scalars, struct = '', fields = '', errors = ''] = row;
  return {
    name,
    selector,
    scalars: split(scalars).map(readArgument),
    struct,
    fields: split(fields).map(readField),
    errors: new Map(split(errors).map(readError)),
  };
}

function split(list: string): string[] {
  return list === '' ? [] : list.split(', ');
}

function readArgument(text: string): ArgumentInfo {
  const [name = '', rest = 'u8'] = text.split(': ');
  const [type = 'u8', words = '1'] = rest.split(' x');
  return { name, type: type as ScalarName, words: Number(words) };
}

function readError(text: string): [code: number, name: string] {
  const [name = '', code = '0'] = text.split(': ');
  return [Number.parseInt(code, 16), name];
}

function readField(text: string): FieldInfo {
  const [argument = '', place = ''] = text.split(' @');
  const [offset = 0, size = 0] = place.split('+').map(Number);
  return { ...readArgument(argument), offset, size };
}

export type EventInfo = {
  readonly name: string;
  readonly id: number;
  /** Bytes of a record or payload. */
  readonly size: number;
  /** Unacknowledged completions that the driver allows. */
  readonly inFlight: number;
  readonly ring: { readonly capacity: number; readonly dropsOldest: boolean } | null;
};

export type Contract = {
  /** `Scope` */
  readonly name: string;
  /** `scope`: folder and file name of the generated code. */
  readonly id: string;
  /** Registry name of the driver's service. */
  readonly service: string;
  /** What is asked for when it is opened, for a driver with several kinds of connections; 0 unless given. */
  readonly type?: number;
  /** Bundle identifier of the driver, which the app's entitlement names. */
  readonly bundle: string;
  /** Entitlements that opening asks for besides: `a.first and a.second, or a.third`. */
  readonly opening?: string;
  readonly major: number;
  readonly minor: number;
  readonly hashHigh: bigint;
  readonly hashLow: bigint;
  /** First contract selector, or null when the interface has none. */
  readonly base: number | null;
  readonly methods: readonly MethodRow[];
  /** Unsigned codes of declared errors, and their names. */
  readonly errors: readonly (readonly [code: number, name: string])[];
  /** State machines: name, then the states in order. */
  readonly states?: readonly (readonly [machine: string, ...states: string[]])[];
  readonly roles?: readonly string[];
  readonly entitlements?: readonly string[];
};

export const contractSelector = {
  handshake: 0,
  lastRejection: 1,
  subscribe: 2,
  unsubscribe: 3,
  ringOpen: 4,
  ringClose: 5,
  ringKick: 6,
  statistics: 7,
  acknowledge: 8,
} as const;

/** Word 0 of a completion: flags above the id. Word 1 counts losses; the payload follows. */
export const completionFlag = {
  ended: 1 << 0, // bit 32 of the word, bit 0 of its upper half
  lossy: 1 << 1,
  doorbell: 1 << 2,
} as const;

export const COMPLETION_HEADER_BYTES = 16;
export const MIN_COMPLETION_WORDS = 3;
/** Payload bytes that fit a completion of 16 words. */
export const MAX_COMPLETION_PAYLOAD = 14 * 8;

/** Rules by their number; the number 0 is no rule. */
export const rules = [
  'none',
  'unknownSelector',
  'scalarCount',
  'structSize',
  'completion',
  'min',
  'max',
  'multipleOf',
  'enum',
  'mask',
  'reserved',
  'stringTerminator',
  'utf8',
  'count',
  'total',
  'tag',
  'handle',
  'quota',
  'state',
  'entitlement',
] as const;

export type Rule = (typeof rules)[number];

export const argumentPlace = {
  none: 0xffffn,
  structOutput: 0xfffen,
  scalarOutput: 0xfffdn,
  role: 0xfffcn,
  struct: 0x10000n,
} as const;

/** Flags of a completion, from the upper half of its first word. */
export function completionFlags(words: DataView): number {
  return words.byteLength >= 8 ? words.getUint32(4, true) : completionFlag.ended;
}
