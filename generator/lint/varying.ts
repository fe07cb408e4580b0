// What varies in size or shape, and lets through more than it needs to: LINT030 to LINT033.

import { scalars } from '../model/layout.js';
import { MAX_INLINE } from '../model/limits.js';
import type { Model, NamedType, RecordPart, RecordType } from '../model/model.js';
import { child, type Entry, entriesOf } from '../source/index.js';
import { entryAt, type Finding, type Rule, type Subject, spanAt } from './finding.js';

/** Names of everything that a type is made of. */
function namesIn(type: NamedType): readonly string[] {
  const named = (inner: object | null): string[] => {
    if (inner === null) return [];
    if ('element' in inner) return named(inner.element as object);
    return 'name' in inner ? [String(inner.name)] : [];
  };
  const ofPart = (part: RecordPart): string[] => {
    if (part.kind === 'fixed') return [part.struct.name];
    return part.kind === 'text' ? [] : named(part.kind === 'array' ? part.element : part.type);
  };
  switch (type.kind) {
    case 'struct':
      return type.fields.flatMap((field) => named(field.type));
    case 'union':
      return type.members.flatMap((member) => named(member.type));
    case 'variant':
      return type.cases.flatMap((one) => named(one.type));
    case 'record':
      return type.parts.flatMap(ofPart);
    default:
      return [];
  }
}

/** Names of types that an app sends. */
function sentTypes(model: Model): ReadonlySet<string> {
  const types = new Map(model.types.map((type) => [type.name, type]));
  const sent = new Set<string>();
  const add = (name: string): void => {
    const type = types.get(name);
    if (type === undefined || sent.has(name)) return;
    sent.add(name);
    namesIn(type).forEach(add);
  };
  for (const { input } of model.methods) {
    const { struct } = input;
    if (struct?.kind === 'fixed' || struct?.kind === 'variable') add(struct.type.name);
  }
  return sent;
}

function inputFindings({ model, root }: Subject): Finding[] {
  const sent = sentTypes(model);
  return model.types.flatMap((type): Finding[] => {
    if (!sent.has(type.name)) return [];
    if (type.kind === 'union')
      return [
        {
          code: 'LINT030',
          at: spanAt(root, 'types', type.name),
          message: `nothing in the union "${type.name}" is checked before the code of the driver`,
          hint: 'make it a variant, told apart by a field or a tag; or let the code check it, and say so with a suppression.',
        },
      ];
    const open = type.kind === 'variant' ? type.cases.find(({ tags }) => tags.length === 0) : null;
    if (open === null || open === undefined) return [];
    return [
      {
        code: 'LINT031',
        at: spanAt(root, 'types', type.name, 'cases', open.name),
        message: `numbers of "${type.name}" that nobody declared reach the code of the driver`,
        hint: 'declare the numbers that there are; or let the code refuse the others, and say so with a suppression.',
      },
    ];
  });
}

/** The largest number of elements that the field can say. */
function reach(part: RecordPart): bigint | null {
  if ((part.kind !== 'array' && part.kind !== 'text') || part.count === null) return null;
  const { scalar, times, plus } = part.count;
  const most = scalars[scalar].bounds?.max ?? 0n;
  return most * BigInt(times) + BigInt(plus);
}

function countFindings(type: RecordType, entry: Entry): Finding[] {
  const fields = new Map(entriesOf(child(entry.value, 'struct')).map((one) => [one.key, one]));
  return type.parts.flatMap((part): Finding[] => {
    const most = reach(part);
    if (most === null || (part.kind !== 'array' && part.kind !== 'text')) return [];
    if (BigInt(part.max) <= most) return [];
    const path = part.count?.path.join('.') ?? '';
    return [
      {
        code: 'LINT032',
        at: fields.get(part.name)?.keySpan ?? entry.keySpan,
        message: `"${part.name}" may have ${part.max}, but "${path}" says at most ${most}`,
        hint: `write max: ${most}, or count with a wider field before anybody uses it.`,
      },
    ];
  });
}

function untoldFindings({ model, root }: Subject): Finding[] {
  return model.methods.flatMap(({ name, output }): Finding[] => {
    const { struct } = output;
    if (struct === null || struct.kind === 'fixed') return [];
    if (struct.lengthScalar !== null || struct.max <= MAX_INLINE) return [];
    return [
      {
        code: 'LINT033',
        at: spanAt(root, 'methods', name, 'out', struct.name),
        message: `above ${MAX_INLINE} bytes the app is not told how many bytes of "${struct.name}" there are`,
        hint: 'remove "lengthScalar: none": dextgen then adds a scalar for the length.',
      },
    ];
  });
}

export const checkVarying: Rule = (subject) => [
  ...inputFindings(subject),
  ...subject.model.types.flatMap((type) => {
    const entry = type.kind === 'record' ? entryAt(subject.root, 'types', type.name) : null;
    return type.kind === 'record' && entry !== null ? countFindings(type, entry) : [];
  }),
  ...untoldFindings(subject),
];
