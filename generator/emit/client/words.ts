// Scalars of a call: values into words, words into values, and how many of them a call sends.
import type { CountRange, Payload, ScalarSlot, SpanSlot } from '../../model/model.js';
import { isWord } from '../words.js';
import { decodeText, encodeLines } from './codecs.js';
import { access, quote } from './jsdoc.js';
import { fieldTypeText, numbersOf } from './members-of-types.js';
import type { Names } from './names.js';
import { fromWordText, givenLiteral, toWordText } from './scalars.js';
import { checkText } from './value-checks.js';

/** Whether a caller may leave the value out. */
export const isOmissible = (slot: ScalarSlot): boolean => slot.optional || defaultOf(slot) !== null;

/** What stands for a value that is left out. */
export const defaultOf = ({ rules }: ScalarSlot) => rules?.default ?? null;

/** Always the same, so that no caller gives it. */
export const isConstant = ({ rules }: ScalarSlot): boolean => (rules?.const ?? null) !== null;

const isPlain = (slot: ScalarSlot): boolean => slot.packing === 'word' && !isOmissible(slot);

/** Statements that make `scalars` of `input`. */
export function scalarLines(names: Names, { scalars, counts, count }: Payload): string[] {
  if (scalars.every(isPlain) && isExact(counts, count))
    return [
      'const scalars = BigUint64Array.of(',
      ...scalars.map((slot) => `  ${wordOf(names, slot, access('input', slot.name))},`),
      ');',
    ];
  const room = Math.max(count, ...counts.map(({ first }) => first));
  const all = scalars.flatMap((slot) => slotLines(names, slot));
  return isExact(counts, count)
    ? [`const scalars = new BigUint64Array(${room});`, ...all]
    : [
        `const words = new BigUint64Array(${room});`,
        ...all.map(toWords),
        ...sentLines(scalars, counts),
      ];
}

const toWords = (line: string): string => line.replace(/\bscalars\b/, 'words');

const isExact = (counts: readonly CountRange[], count: number): boolean =>
  counts.length === 1 && counts[0]?.first === count && counts[0].last === count;

/** The smallest count that the driver takes and that has everything given. */
function sentLines(scalars: readonly ScalarSlot[], counts: readonly CountRange[]): string[] {
  const accepted = counts.map(({ first, last }) => `[${first}, ${last}]`).join(', ');
  const rows = scalars.map((slot) => {
    const given = isOmissible(slot) ? `${access('input', slot.name)} !== undefined` : 'true';
    const end = slot.index + slot.words;
    return `  [${quote(slot.name)}, ${end}, ${given}, ${defaultOf(slot) !== null}],`;
  });
  return [`const scalars = dextgen.sentWords(words, at, [${accepted}], [`, ...rows, ']);'];
}

/** Statements that make `memories` of `input`: their addresses are known to the addon alone. */
export function memoryLines({ scalars }: Payload): string[] {
  const rows = scalars.flatMap((slot) => {
    if (slot.packing !== 'memory') return [];
    const { name, index, words, order, access: rights, range, lengthAt } = slot;
    const limits = `[${range?.min}, ${range?.max}]`;
    const bytes = `dextgen.checkBytes(${access('input', name)}, at, ${quote(name)}, ${limits})`;
    const [address, length] = order === 'address-length' ? [index, index + 1] : [index + 1, index];
    const place =
      words === 1
        ? `address: ${index}, length: ${lengthAt ?? -1}`
        : `address: ${address}, length: ${length}`;
    return [`  { ${place}, bytes: ${bytes}, written: ${rights !== 'read-only'} },`];
  });
  return rows.length === 0 ? [] : ['const memories = [', ...rows, '];'];
}

function slotLines(names: Names, slot: ScalarSlot): string[] {
  const member = access('input', slot.name);
  const lines = valueLines(names, slot, standIn(names, slot, member));
  if (!slot.optional || defaultOf(slot) !== null) return lines;
  return [`if (${member} !== undefined) {`, ...lines.map((line) => `  ${line}`), '}'];
}

function standIn(names: Names, slot: ScalarSlot, member: string): string {
  const { type, rules } = slot;
  const value = defaultOf(slot);
  if (value === null) return member;
  const text = isWord(type) ? givenLiteral(names, { type, rules }, value) : quote(String(value));
  return `${member} ?? ${text}`;
}

function valueLines(names: Names, slot: ScalarSlot, value: string): string[] {
  const { index } = slot;
  switch (slot.packing) {
    case 'word':
      return [`scalars[${index}] = ${wordOf(names, slot, value)};`];
    case 'low-high':
    case 'high-low': {
      const place = `${index}, '${slot.packing}', ${slot.type.size * 4}`;
      return [`dextgen.writeHalves(scalars, ${place}, ${wordOf(names, slot, value)});`];
    }
    case 'each':
      return eachLines(names, slot, value);
    case 'bytes': {
      const { type, range, rules } = slot;
      const offset = String(index * 8);
      const member = quote(slot.name);
      const encoded = encodeLines({
        ...{ names, type, range, rules, offset, value, member },
        depth: 0,
      });
      return [
        '{',
        '  const view = new DataView(scalars.buffer);',
        ...encoded.map((l) => `  ${l}`),
        '}',
      ];
    }
    case 'memory':
      return []; // memoryLines has it
    default:
      return slot satisfies never;
  }
}

function wordOf(names: Names, slot: ScalarSlot, value: string): string {
  const { type, range, rules, name } = slot;
  if (!isWord(type)) throw new Error(`${name} is no value of a word`);
  return toWordText(type, checkText(names, { type, range, rules }, value, quote(name)));
}

function eachLines(names: Names, slot: SpanSlot, value: string): string[] {
  const { type, range, rules, name, index } = slot;
  if (type.kind !== 'array' || !isWord(type.element)) throw new Error(`${name} is no array`);
  const checked = checkText(names, { type: type.element, range, rules }, 'item', 'i');
  return [
    `dextgen.encodeArray(${value}, at, ${quote(name)}, ${type.length}, (item, i, at) => {`,
    `  scalars[${index} + i] = ${toWordText(type.element, checked)};`,
    '});',
  ];
}

/** The value of an answer's words. */
export function slotText(names: Names, slot: ScalarSlot, words: string): string {
  const text = valueText(names, slot, words);
  const end = slot.index + slot.words;
  return slot.optional ? `${words}.length >= ${end} ? ${text} : undefined` : text;
}

function valueText(names: Names, slot: ScalarSlot, words: string): string {
  const { index } = slot;
  switch (slot.packing) {
    case 'word':
      return fromWordText(names, slot.type, `dextgen.wordAt(${words}, ${index})`, slot.rules);
    case 'low-high':
    case 'high-low': {
      const { type, packing } = slot;
      if (!isWord(type)) throw new Error(`${slot.name} has no halves`);
      const halves = `${words}, ${index}, '${packing}', ${type.size * 4}`;
      return fromWordText(names, type, `dextgen.readHalves(${halves})`, slot.rules);
    }
    case 'each':
      return elementsText(names, slot, words);
    case 'bytes': {
      const place = { at: '0', byteOrder: 'little', rules: slot.rules } as const;
      const value = decodeText(names, slot.type, place);
      return `dextgen.fromWords(${words}, ${index}, ${slot.words}, (view) => ${value})`;
    }
    case 'memory':
      throw new Error(`${slot.name} is no output`);
    default:
      return slot satisfies never;
  }
}

function elementsText(names: Names, slot: SpanSlot, words: string): string {
  const { type, rules, name, index } = slot;
  if (type.kind !== 'array' || !isWord(type.element)) throw new Error(`${name} is no array`);
  const list = `dextgen.wordsAt(${words}, ${index}, ${type.length})`;
  const each = `(word) => ${fromWordText(names, type.element, 'word', rules)}`;
  const array = numbersOf({ type: type.element, rules });
  return array === null ? `${list}.map(${each})` : `${array}.from(${list}, ${each})`;
}

/** A value as a member of the arguments (`given`) or of the answer. */
export function slotMember(names: Names, slot: ScalarSlot, given: boolean) {
  const { name, optional } = slot;
  const type = slot.packing === 'memory' ? 'Uint8Array' : fieldTypeText(names, slot, given);
  return { name, type, omissible: given ? isOmissible(slot) : optional };
}

/** As many as an answer has, or the next count that the driver takes. */
export function askedScalars({ count, counts }: Payload): number {
  const range = counts.find(({ last }) => last >= count);
  return Math.max(count, range?.first ?? count);
}
