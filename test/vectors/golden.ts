// Golden vectors: values in JSON and the bytes that they are. JSON has neither 64 bits nor bytes, so that integers of 64
// bits and more are decimal texts there; the type of each says what it is.
import { readFileSync } from 'node:fs';
import type { NamedType, Type } from '../../generator/model/index.js';
import { UnionValue } from '../../runtime/client/index.js';
import type { Value } from './random.js';

export type Vector = {
  /** Name of a struct. */
  readonly type: string;
  readonly about: string;
  readonly value: Value;
  /** Hexadecimal; spaces separate fields for the reader. */
  readonly bytes: string;
};

export function readVectors(path: string): readonly Vector[] {
  const vectors = JSON.parse(readFileSync(path, 'utf8')) as Vector[];
  return vectors.map((vector) => ({ ...vector, bytes: vector.bytes.replaceAll(' ', '') }));
}

type Types = ReadonlyMap<string, NamedType>;

function memberValues(types: Types, type: NamedType, json: Value): Value {
  if (type.kind !== 'struct' && type.kind !== 'bits')
    throw new Error(`${type.name} has no members`);
  const members = json as Readonly<Record<string, Value>>;
  return Object.fromEntries(
    type.fields.map(({ name, type: field, rules }) => [
      name,
      vectorValue(types, field, members[name], rules?.safe === true),
    ]),
  );
}

/** The value of the type that JSON stands for; a name of an enum stays a text. */
export function vectorValue(types: Types, type: Type, json: Value, safe = false): Value {
  switch (type.kind) {
    case 'scalar':
      return typeof json === 'string' && !safe ? BigInt(json) : json;
    case 'wide':
      return BigInt(json as string);
    case 'array':
      return (json as Value[]).map((item) => vectorValue(types, type.element, item, safe));
    case 'string':
    case 'status':
      return json;
    default: {
      const named = types.get(type.name);
      if (named?.kind === 'struct' || named?.kind === 'bits')
        return memberValues(types, named, json);
      if (named?.kind === 'union') return new UnionValue(Buffer.from(json as string, 'hex'));
      return typeof json === 'string' && /^\d+$/.test(json) ? BigInt(json) : json;
    }
  }
}
