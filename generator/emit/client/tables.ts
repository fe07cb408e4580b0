// Types by name, for codecs that look into the types that theirs is made of. Made once per model.
import type { EnumType, Model, StructType } from '../../model/model.js';

export type Tables = {
  readonly structs: ReadonlyMap<string, StructType>;
  readonly enums: ReadonlyMap<string, EnumType>;
  /** Record → the struct that it begins with, if it begins with one. */
  readonly heads: ReadonlyMap<string, string>;
};

export function tablesOf({ types }: Model): Tables {
  const tables = {
    structs: new Map<string, StructType>(),
    enums: new Map<string, EnumType>(),
    heads: new Map<string, string>(),
  };
  for (const type of types) {
    if (type.kind === 'struct') tables.structs.set(type.name, type);
    else if (type.kind === 'enum') tables.enums.set(type.name, type);
    const first = type.kind === 'record' ? type.parts[0] : undefined;
    if (first?.kind === 'fixed') tables.heads.set(type.name, first.struct.name);
  }
  return tables;
}
