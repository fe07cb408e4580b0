// Handles as types of their own, so that one kind is not taken for another.
import { StructureKind, type TypeAliasDeclarationStructure } from 'ts-morph';
import type { HandleType } from '../../model/model.js';
import { quote, toDocs } from './jsdoc.js';
import { type Names, nameOf } from './names.js';

export function handleStructure(names: Names, handle: HandleType): TypeAliasDeclarationStructure {
  const { name, base, max, doc } = handle;
  const word = base === 'u32' ? 'number' : 'bigint';
  return {
    kind: StructureKind.TypeAlias,
    name: nameOf(names.types, name),
    isExported: true,
    docs: toDocs({
      doc,
      notes: [`Names an object of the driver for one connection, which has at most ${max}.`],
    }),
    type: `dextgen.Handle<${quote(name)}, ${word}>`,
  };
}
