// The cases of a variant as rows: the runs of numbers that lead to each, its size and what it is made of.
import type { VariantCase, VariantType } from '../../model/model.js';
import { pascal } from '../c-names.js';
import { integerLiteral, wrapBraces } from '../c-text.js';
import { scalarNames } from './scalar-names.js';

export type VariantRuleView = {
  readonly isVariant: true;
  readonly name: string;
  readonly casesName: string;
  /** Lines. */
  readonly cases: readonly string[];
  readonly hasCases: boolean;
  readonly caseCount: number;
  readonly hasOther: boolean;
  readonly otherName: string;
  readonly other: readonly string[];
  readonly members: readonly string[];
};

export const variantRuleName = (name: string): string => `k${pascal(name)}Variant`;

export type CasePointers = {
  /** `&kPacketRule`, or `nullptr` for a struct without rules. */
  readonly struct: (name: string) => string;
  readonly record: (name: string) => string;
};

const word = (value: number | string): string =>
  integerLiteral('u64', BigInt.asUintN(64, BigInt(value)));

function sizeOf(type: VariantType, { type: body }: VariantCase): number {
  if (body === null) return type.tag.offset + type.tag.type.size;
  return body.kind === 'struct' ? type.bodyOffset + body.size : 0;
}

function row(
  type: VariantType,
  { one, shape, first, last }: Run,
  pointers: CasePointers,
): readonly string[] {
  const { type: body, tags } = one;
  const check = body?.kind === 'struct' ? pointers.struct(body.name) : 'nullptr';
  const single = tags.length === 1 && tags[0]?.first === tags[0]?.last;
  return [
    `.first = ${first}`,
    `.last = ${last}`,
    `.size = ${sizeOf(type, one)}`,
    `.shape = ${shape}`,
    ...(single ? ['.single = true'] : []),
    ...(check === 'nullptr' ? [] : [`.check = ${check}`]),
    ...(body?.kind === 'record' ? [`.record = ${pointers.record(body.name)}`] : []),
  ];
}

type Run = {
  readonly one: VariantCase;
  readonly shape: number;
  readonly first: string;
  readonly last: string;
};

/** Every run of numbers, in the order of the cases. */
export function runsOf({ cases }: VariantType): readonly Run[] {
  return cases.flatMap((one, shape) =>
    one.tags.map((tag) => ({ one, shape, first: word(tag.first), last: word(tag.last) })),
  );
}

/** Number of a case's first run; the case for every other number stands behind all of them. */
export function runIndex(type: VariantType, name: string): number {
  const runs = runsOf(type);
  const index = runs.findIndex(({ one }) => one.name === name);
  return index < 0 ? runs.length : index;
}

export function variantRule(type: VariantType, pointers: CasePointers): VariantRuleView {
  const stem = `k${pascal(type.name)}`;
  const runs = runsOf(type);
  const shape = type.cases.findIndex(({ tags }) => tags.length === 0);
  const other = type.cases[shape];
  const otherRun = other && { one: other, shape, first: '0', last: '0' };
  const { tag } = type;
  const scalar = tag.type.kind === 'scalar' ? tag.type.scalar : tag.type.base;
  return {
    isVariant: true,
    name: variantRuleName(type.name),
    casesName: `${stem}Cases`,
    cases: runs.flatMap((run) => wrapBraces('', row(type, run, pointers), ',', 4)),
    hasCases: runs.length > 0,
    caseCount: runs.length,
    hasOther: otherRun !== undefined,
    otherName: `${stem}Other`,
    other:
      otherRun === undefined
        ? []
        : wrapBraces(
            `constexpr dextgen::CaseRule ${stem}Other = `,
            row(type, otherRun, pointers),
            ';',
          ),
    members: [
      `.scalar = dextgen::Scalar::${scalarNames[scalar]}`,
      `.offset = ${tag.offset}`,
      `.body = ${type.bodyOffset}`,
      `.cases = ${runs.length > 0 ? `${stem}Cases` : 'nullptr'}`,
      `.caseCount = ${runs.length}`,
      ...(otherRun === undefined ? [] : [`.other = &${stem}Other`]),
      ...(tag.byteOrder === 'big' ? ['.bigEndian = true'] : []),
      `.size = ${type.exact ? 0 : type.size}`,
    ],
  };
}
