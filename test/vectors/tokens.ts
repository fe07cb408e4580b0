// A value as words of text, one for each number, truth or text in it, in the order of its fields. The C++ program reads and
// prints the same words, so that neither side has to know how the other spells a value.
import type { BitsType, NamedType, StructType, Type } from '../../generator/model/index.js';
import type { UnionValue } from '../../runtime/client/index.js';
import type { Value } from './random.js';

type Types = ReadonlyMap<string, NamedType>;
type Members = Readonly<Record<string, Value>>;

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function floatWord(scalar: string, value: Value): string {
  const view = new DataView(new ArrayBuffer(8));
  if (scalar === 'f32') view.setFloat32(0, Number(value));
  else view.setFloat64(0, Number(value));
  return hexOf(new Uint8Array(view.buffer, 0, scalar === 'f32' ? 4 : 8));
}

function membersOf(types: Types, type: StructType | BitsType, value: Value): string[] {
  return type.fields.flatMap((field) =>
    tokensOf(types, field.type, (value as Members)[field.name]),
  );
}

function namedTokens(types: Types, type: NamedType | undefined, value: Value): string[] {
  switch (type?.kind) {
    case 'enum': {
      const found = type.values.find(({ name }) => name === value);
      return [String(found === undefined ? value : found.value)];
    }
    case 'flags':
      return [String(value)];
    case 'bits':
    case 'struct':
      return membersOf(types, type, value);
    case 'union':
      return Array.from((value as UnionValue).bytes, String);
    default:
      throw new Error(`no words of ${type?.kind}`);
  }
}

export function tokensOf(types: Types, type: Type, value: Value): string[] {
  switch (type.kind) {
    case 'scalar':
      if (type.scalar === 'f32' || type.scalar === 'f64') return [floatWord(type.scalar, value)];
      return [String(typeof value === 'boolean' ? Number(value) : value)];
    case 'wide':
      return [(value as bigint).toString(16).padStart(32, '0')];
    case 'string':
      return [`"${hexOf(new TextEncoder().encode(String(value)))}`];
    case 'status':
      return [String((value as { code: number }).code | 0)];
    case 'array':
      return Array.from(value as ArrayLike<Value>).flatMap((item) =>
        tokensOf(types, type.element, item),
      );
    default:
      return namedTokens(types, types.get(type.name), value);
  }
}
