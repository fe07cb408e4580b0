// The C names of an interface: what the wire header declares, and the dispatch and the addon use.
// One place, so that two emitters cannot spell a name differently. Text and literals are c-text.ts's.
import type {
  BitField,
  BitsType,
  Buffer,
  ByteOrder,
  Constant,
  DeclaredError,
  EnumType,
  Event,
  FlagsType,
  IntegerName,
  Method,
  Model,
  ScalarName,
  Type,
  UserClient,
} from '../model/model.js';
import { carrierOf, isWord } from './words.js';

/** `setSampleRate`, `set_sample_rate` and `SetSampleRate` become `SetSampleRate`. */
export function pascal(name: string): string {
  if (!/[_-]/.test(name)) return name.charAt(0).toUpperCase() + name.slice(1);
  return name
    .split(/[_-]+/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}

/** The C type of a scalar in a hook's parameters. */
const scalarTypes: Readonly<Record<ScalarName, string>> = {
  u8: 'uint8_t',
  u16: 'uint16_t',
  u32: 'uint32_t',
  u64: 'uint64_t',
  i8: 'int8_t',
  i16: 'int16_t',
  i32: 'int32_t',
  i64: 'int64_t',
  f32: 'float',
  f64: 'double',
  bool: 'bool',
};

export function scalarType(scalar: ScalarName): string {
  return scalarTypes[scalar];
}

/** In shared layouts a bool is a byte: a foreign byte that is neither 0 nor 1 must not become a C `bool`. */
export function storedScalarType(scalar: ScalarName): string {
  return scalar === 'bool' ? 'uint8_t' : scalarTypes[scalar];
}

export function isInteger(scalar: ScalarName): scalar is IntegerName {
  return scalar !== 'f32' && scalar !== 'f64' && scalar !== 'bool';
}

/** `ScopePacket`. */
export function typeName(model: Model, name: string): string {
  return `${model.name}${pascal(name)}`;
}

/** The C type of one element: `uint32_t`, `ScopeTrigger`, `ScopePacket`; an array gives its innermost element's. */
export function storedType(model: Model, type: Type): string {
  switch (type.kind) {
    case 'scalar':
      return storedScalarType(type.scalar);
    case 'enum':
    case 'flags':
    case 'bits':
    case 'handle':
    case 'struct':
    case 'union':
    case 'variant':
      return typeName(model, type.name);
    case 'status':
      return storedScalarType(type.base);
    case 'wide':
      return 'DextgenU128';
    case 'string':
      return 'char';
    case 'array':
      return storedType(model, type.element);
    default:
      return type satisfies never;
  }
}

/** Numbers in network order have types of their own (dextgen_types.h). */
function bigType(scalar: ScalarName): string {
  return scalar === 'bool' || scalar === 'u8' || scalar === 'i8'
    ? storedScalarType(scalar)
    : `DextgenBig${scalar.toUpperCase()}`;
}

/** The C type of a struct's member, or of its innermost element. */
export function fieldType(model: Model, type: Type, byteOrder: ByteOrder): string {
  if (byteOrder === 'little') return storedType(model, type);
  if (type.kind === 'array') return fieldType(model, type.element, byteOrder);
  if (type.kind === 'wide') return 'DextgenBigU128';
  return isWord(type) ? bigType(carrierOf(type)) : storedType(model, type);
}

/** What follows a declared name: `[3][4]` for an array of arrays, nothing for anything else. */
export function arraySuffix(type: Type): string {
  if (type.kind === 'string') return `[${type.size}]`;
  return type.kind === 'array' ? `[${type.length}]${arraySuffix(type.element)}` : '';
}

/** The C type of a value as a hook's parameter. Of a handle, a hook sees the driver's own object. */
export function parameterType(model: Model, type: Type): string {
  if (type.kind === 'status') return 'kern_return_t';
  if (type.kind === 'handle') return 'uint64_t';
  return type.kind === 'scalar' ? scalarType(type.scalar) : storedType(model, type);
}

/** `kScopeTriggerRising`. */
export function enumConstant(
  model: Model,
  type: Pick<EnumType | FlagsType, 'name'>,
  value: string,
): string {
  return `k${typeName(model, type.name)}${pascal(value)}`;
}

/** `kScopeModifiersMask` of flags, `kScopeControlLevelMask` of a bit-field. */
export function maskConstant(
  model: Model,
  type: Pick<FlagsType | BitsType, 'name'>,
  field?: BitField,
): string {
  return `k${typeName(model, type.name)}${pascal(field?.name ?? '')}Mask`;
}

/** `kScopeControlLevelShift`. */
export function bitsShift(model: Model, type: BitsType, field: BitField): string {
  return `k${typeName(model, type.name)}${pascal(field.name)}Shift`;
}

/** `ScopeControlGetLevel` and `ScopeControlWithLevel`; `what` is `Get` or `With`. */
export function bitsFunction(model: Model, type: BitsType, what: string): string {
  return `${typeName(model, type.name)}${what}`;
}

/** `kScopeMaxSlots`. */
export function namedConstant(model: Model, constant: Pick<Constant, 'name'>): string {
  return `k${model.name}${pascal(constant.name)}`;
}

/** `kScopeSelectorSetSampleRate`. */
export function selectorConstant(model: Model, method: Pick<Method, 'name'>): string {
  return `k${model.name}Selector${pascal(method.name)}`;
}

/** `kScopeMemoryCapture`. */
export function memoryConstant(model: Model, buffer: Pick<Buffer, 'name'>): string {
  return `k${model.name}Memory${pascal(buffer.name)}`;
}

/** `kScopeErrorBusy`. */
export function errorConstant(model: Model, error: Pick<DeclaredError, 'name'>): string {
  return `k${model.name}Error${pascal(error.name)}`;
}

/** `kScopeStateKeyboardReady`. */
export function stateConstant(model: Model, machine: string, state: string): string {
  return `k${model.name}State${pascal(machine)}${pascal(state)}`;
}

/** `kScopeRoleOwner`. */
export function roleConstant(model: Model, role: string): string {
  return `k${model.name}Role${pascal(role)}`;
}

/** `kScopeEventPacket`. */
export function eventConstant(model: Model, event: Pick<Event, 'name'>): string {
  return `k${model.name}Event${pascal(event.name)}`;
}

/** `kScopeEventStateWords`: words of each completion of an event. */
export function eventWordsConstant(model: Model, event: Pick<Event, 'name'>): string {
  return `${eventConstant(model, event)}Words`;
}

/** `kScopeEventTickWord0`: what the first word of an event says, where that tells it from others. */
export function eventWord0Constant(model: Model, event: Pick<Event, 'name'>): string {
  return `${eventConstant(model, event)}Word0`;
}

/** `kScopeSelfTestWords`: words of the completion of an async method. */
export function methodWordsConstant(model: Model, method: Pick<Method, 'name'>): string {
  return `k${model.name}${pascal(method.name)}Words`;
}

/** `kScopeSetSampleRateHzMin`; `owner` is a method, a struct or a property. */
export function limitConstant(
  model: Model,
  owner: string,
  member: string,
  bound: 'Min' | 'Max',
): string {
  return `k${model.name}${pascal(owner)}${pascal(member)}${bound}`;
}

/** `SetSampleRate`: the hook of a method, and the stem of what is generated around it. */
export function hookName(method: { readonly name: string }): string {
  return pascal(method.name);
}

/** `ScopeCaptureBuffer`: the layout of a buffer. */
export function bufferType(model: Model, buffer: Pick<Buffer, 'name'>): string {
  return `${typeName(model, buffer.name)}Buffer`;
}

/** `kScopeUserClientInterface`: what a user client serves, as the dispatch has it. */
export function interfaceTable({ className }: Pick<UserClient, 'className'>): string {
  return `k${className}Interface`;
}

export type InterfaceNames = {
  readonly hashHigh: string;
  readonly hashLow: string;
  readonly versionMajor: string;
  readonly versionMinor: string;
  readonly contractBase: string;
  readonly header: string;
};

/** Names that exist once per interface. `contractBase` is declared only when the interface has one. */
export function interfaceNames(model: Model): InterfaceNames {
  return {
    hashHigh: `k${model.name}ContractHashHigh`,
    hashLow: `k${model.name}ContractHashLow`,
    versionMajor: `k${model.name}VersionMajor`,
    versionMinor: `k${model.name}VersionMinor`,
    contractBase: `k${model.name}ContractBase`,
    header: `${model.id}.h`,
  };
}

/** Words of a completion with `payload` words behind its two header words; never under 3 (contract §7.6). */
export function completionWords(payload: number): number {
  return Math.max(3, 2 + payload);
}
