// The members of structs and bit-fields as interfaces: what is read, and where it differs what is given.
import { type InterfaceDeclarationStructure, StructureKind } from 'ts-morph';
import type { BitField, BitsType, Field, StructType } from '../../model/model.js';
import { isWord } from '../words.js';
import { key, toDocs } from './jsdoc.js';
import { type Names, nameOf } from './names.js';
import { arrayConstructor, rowOf, scalarTypeText } from './scalars.js';

type Typed = Pick<Field, 'type' | 'rules'>;

/** `given`: what a caller passes rather than what it gets. */
export function fieldTypeText(names: Names, { type, rules }: Typed, given = false): string {
  switch (type.kind) {
    case 'struct':
    case 'bits':
    case 'variant':
      return (given ? names.inputs.get(type.name) : undefined) ?? nameOf(names.types, type.name);
    case 'union':
      return nameOf(names.types, type.name);
    case 'wide':
      return 'bigint';
    case 'string':
      return 'string';
    case 'array':
      return arrayTypeText(names, { type: type.element, rules }, given);
    default:
      return scalarTypeText(names, type, rules);
  }
}

function arrayTypeText(names: Names, element: Typed, given: boolean): string {
  const array = numbersOf(element);
  if (array !== null) return array;
  const text = fieldTypeText(names, element, given);
  return element.type.kind === 'array' && text.startsWith('readonly')
    ? `readonly (${text})[]`
    : `readonly ${text}[]`;
}

/** The typed array that holds such elements: of plain numbers, and of flags, which are numbers. */
export function numbersOf({ type, rules }: Typed): string | null {
  if (!isWord(type)) return null;
  if (type.kind === 'flags') return type.base === 'u64' ? null : rowOf(type).array;
  return arrayConstructor(type, rules);
}

type Members = StructType | BitsType;

function properties(names: Names, fields: readonly (Field | BitField)[], given: boolean) {
  const shown = given ? fields.filter(({ rules }) => (rules?.const ?? null) === null) : fields;
  return shown.map((field) => {
    const omissible = given && (field.rules?.default ?? null) !== null;
    const text = fieldTypeText(names, field, given);
    return {
      name: key(field.name),
      isReadonly: true,
      hasQuestionToken: omissible,
      type: omissible ? `${text} | undefined` : text,
      docs: toDocs({ doc: field.doc, unit: field.unit, notes: notesOf(field, omissible) }),
    };
  });
}

function notesOf({ since, rules }: Field | BitField, omissible: boolean): string[] {
  return [
    ...(since === '' ? [] : [`Since ${since}.`]),
    ...(omissible ? [`${rules?.default} unless given.`] : []),
  ];
}

/** The interface, and where it differs the one of what is given. */
export function memberStructures(
  names: Names,
  type: Members,
  size: string,
): InterfaceDeclarationStructure[] {
  const name = nameOf(names.types, type.name);
  const input = names.inputs.get(type.name);
  const since = type.since === '' ? [] : [`Since ${type.since}.`];
  const read: InterfaceDeclarationStructure = {
    kind: StructureKind.Interface,
    name,
    isExported: true,
    docs: toDocs({ doc: type.doc, notes: [size, ...since] }),
    properties: properties(names, type.fields, false),
  };
  if (input === undefined) return [read];
  const given: InterfaceDeclarationStructure = {
    kind: StructureKind.Interface,
    name: input,
    isExported: true,
    docs: [`${name} as it is given: without what is always the same.`],
    properties: properties(names, type.fields, true),
  };
  return [read, given];
}
