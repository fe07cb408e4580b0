// Sets of flags: the bits that values have, alone or together, and those that no value may have.
import { child, type Entry, entriesOf, integerOf, type SourceNode } from '../source/index.js';
import { type Constants, numberNode } from './constants.js';
import { described, flagOf, isIntegerName, type TypeDeclaration, valueNode } from './enums.js';
import { scalars } from './layout.js';
import type { EnumValue, FlagsType, UnsignedName } from './model.js';
import { toModelNumber } from './numbers.js';

const SAFE_MASK = 2n ** 53n - 1n;

export function isUnsignedName(name: string): name is UnsignedName {
  return isIntegerName(name) && name.startsWith('u');
}

function bitsIn(node: SourceNode | null, base: UnsignedName, constants: Constants): bigint | null {
  if (node === null) return null;
  const value = integerOf(node);
  const most = scalars[base].bounds?.max ?? 0n;
  if (value !== null && value >= 0n && value <= most) return value;
  constants.report({
    code: 'DK424',
    at: node.span,
    message: `${node.kind === 'scalar' ? node.text : 'this'} is no set of bits of ${base}`,
    hint: `write a whole number from 0 to 0x${most.toString(16)}; a choice of numbers is an enum.`,
  });
  return null;
}

type Reading = {
  readonly base: UnsignedName;
  readonly constants: Constants;
  readonly first: Map<bigint, { readonly key: string; readonly node: SourceNode }>;
};

function flagValue(entry: Entry, { base, constants, first }: Reading): EnumValue | null {
  const node = valueNode(entry, constants);
  const value = bitsIn(node, base, constants);
  if (node === null || value === null) return null;
  const earlier = first.get(value);
  if (earlier !== undefined) {
    constants.report({
      code: 'DK406',
      at: node.span,
      message: `"${entry.key}" and "${earlier.key}" are both ${node.kind === 'scalar' ? node.text : value}`,
      notes: [{ message: 'first used here', at: earlier.node.span }],
      hint: 'give each name bits of its own.',
    });
    return null;
  }
  first.set(value, { key: entry.key, node });
  return {
    name: entry.key,
    value: toModelNumber(value),
    ...described(entry.value, constants),
  };
}

type Masks = { readonly known: bigint; readonly reserved: bigint };

function checkReserved(
  { known, reserved }: Masks,
  node: SourceNode,
  constants: Constants,
): boolean {
  const both = known & reserved;
  if (both === 0n) return true;
  constants.report({
    code: 'DK423',
    at: child(node, 'reserved')?.span ?? node.span,
    message: `the bits 0x${both.toString(16)} are reserved, and values have them`,
    hint: 'let each bit mean one thing.',
  });
  return false;
}

export function flagsOf(declaration: TypeDeclaration, constants: Constants): FlagsType | null {
  const { name, base, node } = declaration;
  if (!isUnsignedName(base)) return null;
  const reading: Reading = { base, constants, first: new Map() };
  const all = entriesOf(child(node, 'values')).map((entry) => flagValue(entry, reading));
  const values = all.filter((value) => value !== null);
  const reservedNode = numberNode(child(node, 'reserved'), constants);
  const reserved = reservedNode === null ? 0n : bitsIn(reservedNode, base, constants);
  if (values.length < all.length || reserved === null) return null;
  const known = values.reduce((bits, { value }) => bits | BigInt(value), 0n);
  if (!checkReserved({ known, reserved }, node, constants)) return null;
  const open = flagOf(child(node, 'open'));
  const safe = safeSet(known, node, base, constants);
  const whole = (safe ? SAFE_MASK : (scalars[base].bounds?.max ?? 0n)) & ~reserved;
  return {
    kind: 'flags',
    name,
    base,
    size: scalars[base].size,
    ...described(node, constants),
    values,
    mask: toModelNumber(open ? whole : known),
    reserved: toModelNumber(reserved),
    open,
    safe,
  };
}

function safeSet(
  known: bigint,
  node: SourceNode,
  base: UnsignedName,
  constants: Constants,
): boolean {
  const wanted = child(node, 'safe');
  if (wanted === null || !flagOf(wanted)) return false;
  if (base === 'u64' && known <= SAFE_MASK) return true;
  constants.report({
    code: 'DK432',
    at: wanted.span,
    message:
      base === 'u64'
        ? 'a value has bits above 52, which a number of TypeScript does not hold'
        : `a set of ${base} is a number in TypeScript anyway`,
    hint: 'remove "safe".',
  });
  return false;
}
