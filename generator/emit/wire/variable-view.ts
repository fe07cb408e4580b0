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
import { arraySuffix, pascal, storedType, typeName } from '../c-names.js';
import { integerLiteral } from '../c-text.js';

/** A field of a C struct or union, and what is said of it. */
export type Member = { readonly declaration: string; readonly doc: string };

const declare = (model: Model, type: Type, name: string): string =>
  `${storedType(model, type)} ${name}${arraySuffix(type)};`;

export function unionMembers(model: Model, { members }: UnionType): readonly Member[] {
  return members.map(({ name, type, doc }) => ({ declaration: declare(model, type, name), doc }));
}

function caseMembers(model: Model, cases: readonly VariantCase[]): Member[] {
  return cases.flatMap(({ name, type, doc }) =>
    type?.kind === 'struct' ? [{ declaration: declare(model, type, name), doc }] : [],
  );
}

/** The number before the cases, if it stands there, and the cases in one place. */
export function variantMembers(model: Model, type: VariantType): readonly Member[] {
  const cases = caseMembers(model, type.cases);
  if (type.field !== null) return cases;
  const tag = { declaration: declare(model, type.tag.type, 'tag'), doc: '' };
  if (cases.length === 0) return [tag];
  const inner = cases.map(({ declaration, doc }) => ({ declaration: `    ${declaration}`, doc }));
  return [tag, { declaration: 'union {', doc: '' }, ...inner, { declaration: '} body;', doc: '' }];
}

function counted(part: Extract<RecordPart, { kind: 'array' | 'text' }>): string {
  if (part.count === null) return '…';
  const { path, times, plus } = part.count;
  const factor = times === 1 ? '' : ` * ${times}`;
  const sum = plus === 0 ? '' : ` ${plus < 0 ? '-' : '+'} ${Math.abs(plus)}`;
  return `${path.join('.')}${factor}${sum}`;
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
      const type = element.kind === 'record' ? element.name : storedType(model, element);
      const suffix = element.kind === 'record' ? '' : arraySuffix(element);
      return `${type} ${part.name}[${counted(part)}]${suffix}, at most ${part.max}`;
    }
    default:
      return part satisfies never;
  }
}

/** Lines of a comment: C has no type for it. */
export function recordLines(model: Model, type: RecordType): readonly string[] {
  const packed = type.layout === 'packed' ? ', each right behind the one before' : '';
  return [
    `${typeName(model, type.name)} varies in size, ${type.min} to ${type.max} bytes${packed}:`,
    ...type.parts.map((part) => `    ${partText(model, part)}`),
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
