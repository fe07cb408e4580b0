// Types that are harder to use than they need to be: LINT009 and LINT011.
import { layOut } from '../model/layout.js';
import type { NumberRange, StructType } from '../model/model.js';
import { child, entriesOf, type SourceNode } from '../source/index.js';
import { entryAt, type Finding, type Rule } from './finding.js';

const total = (padding: StructType['padding']): number =>
  padding.reduce((sum, { size }) => sum + size, 0);

/** What a better order would give, or null when there is none. */
function betterOrder({ fields, size, padding }: StructType): string | null {
  const ordered = fields.toSorted((a, b) => b.type.align - a.type.align);
  const better = layOut(ordered);
  if (total(better.padding) >= total(padding)) return null;
  const names = ordered.map(({ name }) => name).join(', ');
  const saved = better.size < size ? ` and takes ${better.size} bytes instead of ${size}` : '';
  return `in the order ${names} it has ${total(better.padding)}${saved}; only before anybody uses it.`;
}

/** Whoever gives offsets or a size knows of the bytes between. */
function isPlaced(node: SourceNode): boolean {
  if (child(node, 'size') !== null) return true;
  return entriesOf(child(node, 'struct')).some(({ value }) => child(value, 'offset') !== null);
}

const checkPadding: Rule = ({ model, root }) =>
  model.types.flatMap((type): Finding[] => {
    const entry = entryAt(root, 'types', type.name);
    if (type.kind !== 'struct' || type.padding.length === 0 || entry === null) return [];
    if (isPlaced(entry.value)) return [];
    const bytes = total(type.padding);
    const places = type.padding.map(({ offset }) => offset).join(', ');
    const reserve =
      'name the bytes, as in "reserved: u8[3]", so that a later version may use them.';
    return [
      {
        code: 'LINT011',
        at: entry.keySpan,
        message: `"${type.name}" has ${bytes} ${bytes === 1 ? 'byte' : 'bytes'} of padding (at ${places})`,
        hint: betterOrder(type) ?? reserve,
      },
    ];
  });

const hasZero = ({ first, last }: NumberRange): boolean =>
  BigInt(first) <= 0n && BigInt(last) >= 0n;

const checkZero: Rule = ({ model, root }) =>
  model.types.flatMap((type): Finding[] => {
    const entry = entryAt(root, 'types', type.name);
    if (type.kind !== 'enum' || entry === null) return [];
    if (type.values.some(({ value }) => value === 0) || type.open) return [];
    if (type.ranges.some(hasZero)) return [];
    return [
      {
        code: 'LINT009',
        at: entry.keySpan,
        message: `no value of "${type.name}" is 0, so memory that was only cleared holds none of them`,
        hint: 'add a value 0, such as "unknown: 0".',
      },
    ];
  });

export const checkTypes: Rule = (subject) => [...checkZero(subject), ...checkPadding(subject)];
