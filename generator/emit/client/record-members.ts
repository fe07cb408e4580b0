// The members of a record's TypeScript type. Fields that count are none: the lengths of what they count say the same.
import { type InterfaceDeclarationStructure, StructureKind } from 'ts-morph';
import type { ArrayType, Field, RecordPart, RecordType } from '../../model/model.js';
import { key, quote, toDocs } from './jsdoc.js';
import { fieldTypeText } from './members-of-types.js';
import { below, countsIn, nameIn, type RecordContext, structOf } from './record-context.js';

/** The type of a struct without the fields that count. */
function reducedType(
  context: RecordContext,
  name: string,
  paths: readonly string[],
  prefix: string,
): string {
  const heads = [...below(paths, prefix)];
  const own = nameIn(context, name);
  if (heads.length === 0) return own;
  const struct = structOf(context, name);
  const kept = heads.flatMap((head) => {
    if (paths.includes(prefix + head)) return [];
    const type = struct.fields.find((field) => field.name === head)?.type;
    if (type?.kind !== 'struct') return [];
    const inner = reducedType(context, type.name, paths, `${prefix}${head}.`);
    return [`readonly ${key(head)}: ${inner}`];
  });
  const omitted = `Omit<${own}, ${heads.map(quote).join(' | ')}>`;
  return kept.length === 0 ? omitted : `${omitted} & { ${kept.join('; ')} }`;
}

type Member = {
  readonly name: string;
  readonly type: string;
  readonly docs: string[];
  readonly optional: boolean;
};

function fieldMember(context: RecordContext, field: Field, paths: readonly string[]): Member {
  const { type, rules, name, doc, unit } = field;
  const { names, given } = context;
  const optional = given && (rules?.default ?? null) !== null;
  const counted = type.kind === 'struct' && below(paths, `${name}.`).size > 0;
  const text =
    type.kind === 'struct' && counted
      ? reducedType(context, type.name, paths, `${name}.`)
      : fieldTypeText(names, field, given);
  return {
    name,
    type: optional ? `${text} | undefined` : text,
    docs: toDocs({ doc, unit, notes: optional ? [`${rules?.default} unless given.`] : [] }),
    optional,
  };
}

function fieldMembers(context: RecordContext, part: RecordPart, index: number): Member[] {
  if (part.kind !== 'fixed') return [];
  const paths = [...countsIn(context, index).keys()];
  const fields = structOf(context, part.struct.name).fields.filter(
    ({ name, rules }) =>
      !paths.includes(name) && !(context.given && (rules?.const ?? null) !== null),
  );
  return fields.map((field) => fieldMember(context, field, paths));
}

function variableMember(
  context: RecordContext,
  part: Exclude<RecordPart, { kind: 'fixed' }>,
): Member {
  const unit = part.kind === 'array' ? part.unit : '';
  const docs = toDocs({ doc: part.doc, unit, notes: limitNotes(part) });
  const member = (type: string): Member => ({ name: part.name, type, docs, optional: false });
  if (part.kind === 'text') return member('string');
  if (part.kind === 'record') return member(nameIn(context, part.type.name));
  const { element } = part;
  if (element.kind === 'record') return member(`readonly ${nameIn(context, element.name)}[]`);
  const type: ArrayType = { kind: 'array', element, length: 0, size: 0, align: 1 };
  const rules = part.each?.rules ?? null;
  return member(fieldTypeText(context.names, { type, rules }, context.given));
}

function limitNotes(part: Exclude<RecordPart, { kind: 'fixed' }>): string[] {
  if (part.kind === 'record') return [];
  return [`${part.min} to ${part.max} ${part.kind === 'text' ? 'bytes' : 'elements'}.`];
}

function membersOf(context: RecordContext): readonly Member[] {
  return context.type.parts.flatMap((part, index) =>
    part.kind === 'fixed' ? fieldMembers(context, part, index) : [variableMember(context, part)],
  );
}

export function notesOf({ min, max, since }: RecordType): string[] {
  return [`${min} to ${max} bytes.`, ...(since === '' ? [] : [`Since ${since}.`])];
}

export function interfaceOf(
  context: RecordContext,
  name: string,
  docs: string[],
): InterfaceDeclarationStructure {
  return {
    kind: StructureKind.Interface,
    name,
    isExported: true,
    docs,
    properties: membersOf(context).map((member) => ({
      name: key(member.name),
      isReadonly: true,
      hasQuestionToken: member.optional,
      type: member.type,
      docs: member.docs,
    })),
  };
}
