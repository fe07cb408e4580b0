// What varies in size, in the wire header: unions and variants as C types, records as a description of their parts.
import type {
  Model,
  RecordPart,
  RecordType,
  Type,
  UnionType,
  VariantCase,
  VariantType,
} from '../../model/model.js';
import { arraySuffix, fieldType, pascal, storedType, typeName } from '../c-names.js';
import { commentLines, integerLiteral } from '../c-text.js';
import { countText } from '../variable-text.js';
import {
  type FieldView,
  offsetAssertion,
  sizeAssertion,
  structOpening,
  type TypeView,
} from './type-view.js';

const declare = (model: Model, type: Type, name: string): string =>
  `${storedType(model, type)} ${name}${arraySuffix(type)};`;

function unionMembers(model: Model, { members }: UnionType): readonly FieldView[] {
  return members.map(({ name, type, doc }) => ({
    declaration: declare(model, type, name),
    docs: commentLines(doc),
  }));
}

function caseMembers(model: Model, cases: readonly VariantCase[]): FieldView[] {
  return cases.flatMap(({ name, type, doc }) =>
    type?.kind === 'struct'
      ? [{ declaration: declare(model, type, name), docs: commentLines(doc) }]
      : [],
  );
}

/** The number before the cases, if it stands there, and the cases in one place. */
function variantMembers(model: Model, type: VariantType): readonly FieldView[] {
  const cases = caseMembers(model, type.cases);
  if (type.field !== null) return cases;
  const { type: tagType, byteOrder } = type.tag;
  const tag = { declaration: `${fieldType(model, tagType, byteOrder)} tag;`, docs: [] };
  if (cases.length === 0) return [tag];
  const inner = cases.map(({ declaration, docs }) => ({ declaration: `    ${declaration}`, docs }));
  return [
    tag,
    { declaration: 'union {', docs: [] },
    ...inner,
    { declaration: '} body;', docs: [] },
  ];
}

function counted({ count }: Extract<RecordPart, { kind: 'array' | 'text' }>): string {
  return count === null ? '…' : countText(count);
}

function partText(model: Model, part: RecordPart): string {
  switch (part.kind) {
    case 'fixed':
      return `${typeName(model, part.struct.name)}, ${part.extent} bytes`;
    case 'record':
      return `${part.name}: ${part.type.name}`;
    case 'text':
      return `char ${part.name}[${counted(part)}], at most ${part.max}`;
    case 'array': {
      const { element } = part;
      const type =
        element.kind === 'record' ? element.name : fieldType(model, element, part.byteOrder);
      const suffix = element.kind === 'record' ? '' : arraySuffix(element);
      return `${type} ${part.name}[${counted(part)}]${suffix}, at most ${part.max}`;
    }
    default:
      return part satisfies never;
  }
}

function recordLines(model: Model, type: RecordType): readonly string[] {
  const packed = {
    natural: '',
    packed: ', each right behind the one before',
    pack2: ', none aligned to more than 2',
    pack4: ', none aligned to more than 4',
  }[type.layout];
  return [
    `${typeName(model, type.name)} varies in size, ${type.min} to ${type.max} bytes${packed}:`,
    ...type.parts.map((part) => `    ${partText(model, part)}`),
  ];
}

const empty = { isWord: false, base: '', constants: [], functions: [] } as const;

/** Members in one place: a C union, behind its number where that stands before them. */
export function sharedView(model: Model, type: UnionType | VariantType): TypeView {
  const name = typeName(model, type.name);
  const before = type.kind === 'variant' && type.field === null;
  const members = type.kind === 'union' ? unionMembers(model, type) : variantMembers(model, type);
  // Readers and writers of what takes the size of its case stand in a header of their own.
  if (type.kind === 'variant' && type.exact) return described(type.doc, exactLines(model, type));
  return {
    ...empty,
    docs: commentLines(type.doc),
    name,
    isComment: false,
    opening: before ? structOpening(name, attributes(type)) : `typedef union ${name} {`,
    fields: members,
    assertions: [
      ...sizeAssertion(name, type.size),
      ...(before && type.size > type.bodyOffset && members.length > 1
        ? offsetAssertion(name, 'body', type.bodyOffset)
        : []),
    ],
  };
}

/** A number in network order is bytes in C, which align nothing. */
function attributes(type: UnionType | VariantType): readonly string[] {
  return type.kind === 'variant' && type.tag.byteOrder === 'big' ? [`aligned(${type.align})`] : [];
}

/** C has no type for it: what it is made of, as a comment. */
function described(doc: string, lines: readonly string[]): TypeView {
  const text = [...commentLines(doc), ...lines.flatMap((line) => commentLines(line))];
  return {
    ...empty,
    docs: [],
    name: '',
    isComment: true,
    opening: '',
    fields: [],
    assertions: [],
    functions: text.map((line) => `// ${line}`),
  };
}

export function recordView(model: Model, type: RecordType): TypeView {
  return described(type.doc, recordLines(model, type));
}

function exactLines(model: Model, { name, tag, bodyOffset, cases, field }: VariantType): string[] {
  const number = `${storedType(model, tag.type)} at offset ${tag.offset}`;
  const place = field === null ? `cases from offset ${bodyOffset}` : `its field ${field}`;
  return [
    `${typeName(model, name)} takes the size of its case, which a ${number} tells, ${place}:`,
    ...cases.map((one) => `    ${one.name}: ${one.type === null ? 'nothing more' : one.type.name}`),
  ];
}

type TagConstant = { readonly name: string; readonly value: string; readonly doc: string };

/** `kScopeReportKeyboard`, or `…First` and `…Last` of a run; numbered where a case has several. */
export function tagConstants(model: Model, type: VariantType): TagConstant[] {
  const { tag } = type;
  const scalar = tag.type.kind === 'scalar' ? tag.type.scalar : tag.type.base;
  return type.cases.flatMap(({ name, tags, doc }) =>
    tags.flatMap(({ first, last }, index) => {
      const number = index === 0 ? '' : String(index + 1);
      const stem = `k${typeName(model, type.name)}${pascal(name)}${number}`;
      const value = (text: number | string): string => integerLiteral(scalar, text);
      return first === last
        ? [{ name: stem, value: value(first), doc }]
        : [
            { name: `${stem}First`, value: value(first), doc },
            { name: `${stem}Last`, value: value(last), doc },
          ];
    }),
  );
}
