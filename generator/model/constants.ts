// Named numbers and texts, and the numbers of a schema that may be one of them by name.
import { didYouMean } from '../diagnostics/index.js';
import {
  child,
  type Entry,
  entriesOf,
  type Report,
  type ScalarNode,
  type SourceNode,
  stringOf,
} from '../source/index.js';
import type { Constant } from './model.js';
import { toModelNumber } from './numbers.js';
import { textOf } from './text.js';

export type ConstantEntry = Constant & { readonly node: ScalarNode };

export type Constants = {
  readonly byName: ReadonlyMap<string, ConstantEntry>;
  readonly report: Report;
};

const MIN = -(2n ** 63n);
const MAX = 2n ** 64n - 1n;

function kindOf({ value }: ScalarNode): Constant['kind'] | null {
  if (typeof value === 'string') return value === '' ? null : 'text';
  if (typeof value === 'bigint') return value >= MIN && value <= MAX ? 'integer' : null;
  return typeof value === 'number' && Number.isFinite(value) ? 'float' : null;
}

function constantOf({ key, value }: Entry, report: Report): ConstantEntry | null {
  const node = child(value, 'value') ?? value;
  const kind = node.kind === 'scalar' ? kindOf(node) : null;
  if (node.kind === 'scalar' && kind !== null) {
    const exact = node.value as bigint | number | string;
    const plain = typeof exact === 'string' ? exact : toModelNumber(exact);
    return { name: key, kind, value: plain, doc: textOf(child(value, 'doc')), node };
  }
  report({
    code: 'DK421',
    at: node.span,
    message: `"${key}" is no number of 64 bits and no text`,
    hint: 'write a number, or a text in quotes.',
  });
  return null;
}

export function resolveConstants(section: SourceNode | null, report: Report): Constants {
  const all = entriesOf(section).map((entry) => constantOf(entry, report));
  const sound = all.filter((constant) => constant !== null);
  return { byName: new Map(sound.map((constant) => [constant.name, constant])), report };
}

const identifier = /^[A-Za-z_]\w*$/;

export function unknownConstant(name: string, node: SourceNode, constants: Constants): null {
  const known = [...constants.byName.keys()];
  constants.report({
    code: 'DK420',
    at: node.span,
    message: `there is no constant "${name}"`,
    hint: didYouMean(name, known) ?? 'declare it below "constants", or write the number.',
  });
  return null;
}

/**
 * The node of a number: itself, or what the constant of that name stands for, in its place. Null when there is no such
 * constant; texts that are no names ("1 MiB", "0x80-0xFE") stay as they are.
 */
export function numberNode(node: SourceNode | null, constants: Constants): SourceNode | null {
  const name = stringOf(node);
  if (node === null || name === null || !identifier.test(name)) return node;
  const constant = constants.byName.get(name);
  if (constant === undefined) return unknownConstant(name, node, constants);
  if (constant.kind !== 'text') {
    return { kind: 'scalar', value: constant.node.value, text: name, span: node.span };
  }
  constants.report({
    code: 'DK421',
    at: node.span,
    message: `the constant "${name}" is a text; a number belongs here`,
    notes: [{ message: 'declared here', at: constant.node.span }],
    hint: 'choose a constant that is a number, or write the number.',
  });
  return null;
}

/** What a `const` or `default` says: a constant of that name unless the type knows the word itself. */
export function literalNode(
  node: SourceNode | null,
  constants: Constants,
  own: (word: string) => boolean,
): SourceNode | null {
  const name = stringOf(node);
  if (node === null || name === null || own(name)) return node;
  const constant = constants.byName.get(name);
  if (constant === undefined) return node;
  return { kind: 'scalar', value: constant.node.value, text: name, span: node.span };
}
