// Types that let through more than they seem to, or ask for more than they need: LINT020, LINT021 and LINT022.
import { layOut } from '../model/layout.js';
import type { Model, NamedType, ScalarSlot, StructType, Type } from '../model/model.js';
import { entryAt, type Finding, type Rule, type Subject, spanAt } from './finding.js';

type Types = ReadonlyMap<string, NamedType>;

const typesOf = ({ types }: Model): Types => new Map(types.map((type) => [type.name, type]));

/** The open enum or set of flags that a value is, or null. */
function openType(types: Types, type: Type): NamedType | null {
  const named = 'name' in type ? types.get(type.name) : undefined;
  if (named?.kind !== 'enum' && named?.kind !== 'flags') return null;
  return named.open ? named : null;
}

function openFindings({ model, root }: Subject): Finding[] {
  const types = typesOf(model);
  const findings = model.methods.flatMap(({ name, input, setterOf }) =>
    input.scalars.flatMap((slot): Finding[] => {
      const type = setterOf === null ? openType(types, slot.type) : null;
      if (type === null) return [];
      const what = type.kind === 'enum' ? 'Numbers' : 'Bits';
      return [
        {
          code: 'LINT020',
          at: spanAt(root, 'methods', name, 'in', slot.name),
          message: `${what.toLowerCase()} of "${type.name}" that have no name reach the code of "${name}"`,
          hint: 'let the code refuse what it does not know, and say so with a suppression; or close the type.',
        },
      ];
    }),
  );
  return findings;
}

const SAFE = 2n ** 53n - 1n;

function couldBeSafe({ type, range, rules }: ScalarSlot): boolean {
  if (type.kind !== 'scalar' || !/^[ui]64$/.test(type.scalar)) return false;
  if (rules?.safe === true || range?.max == null || BigInt(range.max) > SAFE) return false;
  return type.scalar === 'u64' || (range.min !== null && BigInt(range.min) >= -SAFE);
}

function safeFindings({ model, root }: Subject): Finding[] {
  return model.methods
    .filter(({ setterOf }) => setterOf === null)
    .flatMap(({ name, input }) =>
      input.scalars.filter(couldBeSafe).map((slot) => ({
        code: 'LINT021' as const,
        at: spanAt(root, 'methods', name, 'in', slot.name),
        message: `"${slot.name}" of "${name}" is a bigint in TypeScript, although a number holds its range`,
        hint: 'add "safe: true".',
      })),
    );
}

const sameLayout = (type: StructType): boolean => {
  const natural = layOut(type.fields);
  return (
    natural.align > 1 &&
    natural.size === type.size &&
    natural.fields.every(({ offset }, i) => offset === type.fields[i]?.offset)
  );
};

const innermost = (type: Type): Type => (type.kind === 'array' ? innermost(type.element) : type);

/** Structs in structs: their alignment decides where they lie. */
function containedIn({ types }: Model): ReadonlySet<string> {
  const structs = types.filter((type): type is StructType => type.kind === 'struct');
  const inside = structs.flatMap(({ fields }) => fields.map((field) => innermost(field.type)));
  return new Set(inside.flatMap((type) => (type.kind === 'struct' ? [type.name] : [])));
}

function packedFindings({ model, root }: Subject): Finding[] {
  const contained = containedIn(model);
  return model.types.flatMap((type): Finding[] => {
    const entry = entryAt(root, 'types', type.name);
    if (type.kind !== 'struct' || type.layout !== 'packed' || entry === null) return [];
    if (contained.has(type.name) || !sameLayout(type)) return [];
    return [
      {
        code: 'LINT022',
        at: entry.keySpan,
        message: `"${type.name}" has no gaps to leave out, and no pointer to a field of a packed struct is aligned`,
        hint: 'remove "layout: packed".',
      },
    ];
  });
}

export const checkNarrowTypes: Rule = (subject) => [
  ...openFindings(subject),
  ...safeFindings(subject),
  ...packedFindings(subject),
];
