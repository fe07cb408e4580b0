// The parts of a record as rows of data, for the walk in runtime/dext/records.cpp.

import type { CountRef, Model, RecordPart, RecordType, TextRules } from '../../model/model.js';
import { pascal } from '../c-names.js';
import { integerLiteral, wrapBraces } from '../c-text.js';
import { alignIn } from '../layouts.js';
import { type Rules, recordRuleName } from './rules.js';
import { scalarNames } from './scalar-names.js';

export type RecordRuleView = {
  readonly name: string;
  readonly hasParts: boolean;
  readonly partsName: string;
  /** Lines. */
  readonly counts: readonly string[];
  readonly parts: readonly string[];
  readonly members: readonly string[];
};

const countName = (record: string, index: number): string => `k${pascal(record)}Count${index}`;

/** Records number their fixed parts only: those are the places that the walk remembers. */
function fixedNumber(parts: readonly RecordPart[], index: number): number {
  return parts.slice(0, index).filter(({ kind }) => kind === 'fixed').length;
}

function countOf(part: RecordPart): CountRef | null {
  return part.kind === 'array' || part.kind === 'text' ? part.count : null;
}

function countLines({ name, parts }: RecordType): string[] {
  return parts.flatMap((part, index) => {
    const count = countOf(part);
    if (count === null) return [];
    const members = [
      `.part = ${fixedNumber(parts, count.part)}`,
      `.offset = ${count.offset}`,
      `.scalar = dextgen::Scalar::${scalarNames[count.scalar]}`,
      ...(count.byteOrder === 'big' ? ['.bigEndian = true'] : []),
      ...(count.times === 1 ? [] : [`.times = ${count.times}`]),
      ...(count.plus === 0 ? [] : [`.plus = ${count.plus}`]),
    ];
    const head = `constexpr dextgen::CountRule ${countName(name, index)} = `;
    return [...wrapBraces(head, members, ';')];
  });
}

export function textFlags({ encoding, terminated }: TextRules): string {
  const flags = [
    ...(encoding === 'ascii' ? ['dextgen::kTextAscii'] : []),
    ...(terminated === 'required' ? ['dextgen::kTextTerminated'] : []),
    ...(terminated === 'none' ? ['dextgen::kTextUnterminated'] : []),
  ];
  return flags.length === 0 ? '0' : flags.join(' | ');
}

/** What a part says besides its limits and its count. */
function partMembers({ model, rules, type }: Context, part: RecordPart): readonly string[] {
  const align = (value: number): string[] =>
    alignIn(type.layout, value) === 1 ? [] : [`.align = ${alignIn(type.layout, value)}`];
  const check = (rule: string): string[] => (rule === 'nullptr' ? [] : [`.check = ${rule}`]);
  switch (part.kind) {
    case 'fixed': {
      const { name, align: alignment } = part.struct;
      const size = `.size = ${part.extent}`;
      return [
        '.kind = dextgen::PartKind::Fixed',
        ...align(alignment),
        size,
        ...check(rules.both(name)),
      ];
    }
    case 'text':
      return ['.kind = dextgen::PartKind::Text', `.text = ${textFlags(part.text)}`];
    case 'record':
      return [
        '.kind = dextgen::PartKind::Record',
        ...align(part.type.align),
        `.record = &${recordRuleName(model, part.type.name)}`,
        `.min = ${part.type.min}`,
        `.max = ${part.type.max}`,
      ];
    case 'array': {
      const { element } = part;
      const head = ['.kind = dextgen::PartKind::Array', ...align(element.align)];
      if (element.kind === 'record')
        return [...head, `.record = &${recordRuleName(model, element.name)}`];
      const name = `${type.name}${pascal(part.name)}Element`;
      const rule = rules.element(name, element, part);
      return [...head, `.size = ${element.size}`, ...check(rule)];
    }
    default:
      return part satisfies never;
  }
}

type Context = { readonly model: Model; readonly rules: Rules; readonly type: RecordType };

function partLines(context: Context, part: RecordPart, index: number): readonly string[] {
  const limited = part.kind === 'array' || part.kind === 'text';
  const members = [
    ...partMembers(context, part),
    ...(countOf(part) === null ? [] : [`.count = &${countName(context.type.name, index)}`]),
    ...(limited && part.min > 0 ? [`.min = ${part.min}`] : []),
    ...(limited ? [`.max = ${part.max}`] : []),
  ];
  return wrapBraces('', members, ',', 4);
}

export function recordRule(model: Model, rules: Rules, type: RecordType): RecordRuleView {
  const partsName = `k${pascal(type.name)}Parts`;
  return {
    name: recordRuleName(model, type.name),
    hasParts: type.parts.length > 0,
    partsName,
    counts: countLines(type),
    parts: type.parts.flatMap((part, index) => partLines({ model, rules, type }, part, index)),
    members: [
      `.max = ${integerLiteral('u64', type.max)}`,
      `.parts = ${partsName}`,
      `.partCount = ${type.parts.length}`,
    ],
  };
}
