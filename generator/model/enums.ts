// Enums: a base and values that fit it, each name and each number once.
import {
  child,
  type Entry,
  entriesOf,
  integerOf,
  type Report,
  type SourceNode,
} from '../source/index.js';
import { isScalarName, scalars } from './layout.js';
import type { EnumType, IntegerName } from './model.js';
import { describeBounds, toModelNumber } from './ranges.js';
import { textOf } from './text.js';

export type EnumDeclaration = {
  readonly name: string;
  readonly base: string;
  readonly doc: string;
  readonly node: SourceNode;
};

export function isIntegerName(name: string): name is IntegerName {
  return isScalarName(name) && scalars[name].bounds !== null;
}

/** The node of a value, which stands alone or with a doc. */
function valueNode({ value }: Entry): SourceNode {
  return child(value, 'value') ?? value;
}

function checkValue(entry: Entry, base: IntegerName, report: Report): bigint | null {
  const node = valueNode(entry);
  const value = integerOf(node);
  const { bounds } = scalars[base];
  if (value !== null && bounds !== null && value >= bounds.min && value <= bounds.max) return value;
  report({
    code: 'DK405',
    at: node.span,
    message: `${node.kind === 'scalar' ? node.text : 'this'} does not fit ${base}`,
    hint: `a ${base} is a whole number from ${describeBounds(base)}; choose a wider base or another value.`,
  });
  return null;
}

/** Null when a value is wrong; shape checks have seen to the base. */
export function enumOf(declaration: EnumDeclaration, report: Report): EnumType | null {
  const { name, base, doc, node } = declaration;
  if (!isIntegerName(base)) return null;
  const first = new Map<bigint, Entry>();
  let sound = true;
  const values = entriesOf(child(node, 'values')).map((entry) => {
    const value = checkValue(entry, base, report);
    const earlier = value === null ? undefined : first.get(value);
    if (value === null || earlier !== undefined) sound = false;
    if (value !== null && earlier === undefined) first.set(value, entry);
    if (earlier !== undefined) {
      report({
        code: 'DK406',
        at: valueNode(entry).span,
        message: `"${entry.key}" and "${earlier.key}" are both ${value}`,
        notes: [{ message: 'first used here', at: valueNode(earlier).span }],
        hint: 'give each name a number of its own.',
      });
    }
    return {
      name: entry.key,
      since: textOf(child(entry.value, 'since')),
      value: toModelNumber(value ?? 0n),
      doc: textOf(child(entry.value, 'doc')),
    };
  });
  return sound
    ? {
        kind: 'enum',
        name,
        base,
        size: scalars[base].size,
        doc,
        since: textOf(child(node, 'since')),
        values,
        ranges: [],
        reserved: [],
        open: false,
      }
    : null;
}
