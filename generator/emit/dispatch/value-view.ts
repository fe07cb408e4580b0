// The scalars of a call in the trampoline: words into the hook's arguments, and its outputs into words.
import type { Model, Payload, ScalarSlot, SpanSlot, Type, WordType } from '../../model/model.js';
import { arraySuffix, parameterType, storedType } from '../c-names.js';
import { wrapBraces } from '../c-text.js';
import { isNullable } from '../hooks.js';
import { isWord } from '../words.js';
import type { Rules } from './rules.js';

/** A user's name as a local variable, which can hide nothing that the function needs. */
const inLocal = (name: string): string => `${name}In`;
const outLocal = (name: string): string => `${name}Out`;

function zero(type: WordType): string {
  return type.kind === 'scalar' && type.scalar === 'bool' ? 'false' : '0';
}

export function fromWord(model: Model, type: WordType, word: string): string {
  if (type.kind === 'handle') return word;
  if (type.kind === 'scalar') {
    if (type.scalar === 'bool') return `${word} != 0`;
    if (type.scalar === 'u64') return word;
    if (type.scalar === 'f32') return `dextgen::WordToFloat(${word})`;
    if (type.scalar === 'f64') return `dextgen::WordToDouble(${word})`;
  }
  return `static_cast<${parameterType(model, type)}>(${word})`;
}

/** Index of the low half first. */
const halvesOf = ({ index, packing }: SpanSlot): readonly [number, number] =>
  packing === 'low-high' ? [index, index + 1] : [index + 1, index];

const halfBits = ({ type }: SpanSlot): number => type.size * 4;

/** A value that is one for C++: a word, or two halves of one. */
function wordValue(model: Model, slot: ScalarSlot): string {
  const { type, name, index } = slot;
  if (!isWord(type)) throw new Error(`${name} is no value of a word`);
  if (slot.packing === 'word') return fromWord(model, type, `call->in[${index}]`);
  if (slot.packing === 'memory') throw new Error(`${name} is no value`);
  const [low, high] = halvesOf(slot);
  const joined = `dextgen::FromHalves(call->in[${low}], call->in[${high}], ${halfBits(slot)})`;
  return fromWord(model, type, joined);
}

const isOneValue = ({ packing }: ScalarSlot): boolean => packing !== 'bytes' && packing !== 'each';

const declaration = (model: Model, type: Type, name: string): string =>
  `${storedType(model, type)} ${name}${arraySuffix(type)}`;

/** `call->in + 2`. */
const wordsFrom = (words: string, index: number): string =>
  index === 0 ? words : `${words} + ${index}`;

/** Statements before the hook: what is put together, or read through a pointer, has a place of its own. */
export function inputLocals(model: Model, { scalars }: Payload): readonly string[] {
  return scalars.flatMap((slot) => {
    const { name, type, index } = slot;
    const local = inLocal(name);
    if (slot.packing === 'memory') return [];
    if (isOneValue(slot)) {
      if (!isLocal(slot)) return [];
      return assignment(`const ${parameterType(model, type)} ${local}`, wordValue(model, slot));
    }
    if (slot.packing === 'bytes')
      return [
        `${declaration(model, type, local)} = {};`,
        `memcpy(&${local}, ${wordsFrom('call->in', index)}, sizeof ${local});`,
      ];
    const head = `const ${declaration(model, type, local)} = `;
    return wrapBraces(head, elements(model, slot), ';', 4);
  });
}

const isLocal = (slot: ScalarSlot): boolean => slot.packing !== 'word' || isNullable(slot);

/** On two lines where one is too long. */
function assignment(head: string, value: string): readonly string[] {
  const line = `${head} = ${value};`;
  return line.length + 4 <= 100 ? [line] : [`${head} =`, `    ${value};`];
}

function elements(model: Model, { type, name, index }: ScalarSlot): string[] {
  if (type.kind !== 'array' || !isWord(type.element)) throw new Error(`${name} is no array`);
  const { element, length } = type;
  return Array.from({ length }, (_, i) => fromWord(model, element, `call->in[${index + i}]`));
}

/** Arrays and texts are pointers already. */
const address = ({ type }: ScalarSlot, local: string): string =>
  type.kind === 'array' || type.kind === 'string' ? local : `&${local}`;

export function inputValues(model: Model, { scalars }: Payload): readonly string[] {
  let range = 0;
  return scalars.flatMap((slot) => {
    if (slot.packing === 'memory') {
      const number = range++;
      return [`call->ranges[${number}]`, `call->rangeLengths[${number}]`];
    }
    const pointer = address(slot, inLocal(slot.name));
    if (isNullable(slot)) return `call->inCount > ${slot.index} ? ${pointer} : nullptr`;
    if (!isOneValue(slot)) return pointer;
    return isLocal(slot) ? inLocal(slot.name) : wordValue(model, slot);
  });
}

export function outputLocals(model: Model, { scalars }: Payload): readonly string[] {
  return scalars.map((slot) => {
    const { name, type } = slot;
    if (isOneValue(slot) && isWord(type))
      return `${parameterType(model, type)} ${outLocal(name)} = ${zero(type)};`;
    return `${declaration(model, type, outLocal(name))} = {};`;
  });
}

export function outputValues({ scalars }: Payload): readonly string[] {
  return scalars.map((slot) => address(slot, outLocal(slot.name)));
}

/** Statements that put outputs into `words`; what a hook left in padding stays behind. */
export function outputWords(
  { scalars }: Payload,
  { rules, words }: { readonly rules: Rules | null; readonly words: string },
  local: (name: string) => string = outLocal,
): readonly string[] {
  return scalars.flatMap((slot) => {
    const { index, type } = slot;
    const name = local(slot.name);
    switch (slot.packing) {
      case 'word':
        return [`${words}[${index}] = dextgen::ToWord(${name});`];
      case 'low-high':
      case 'high-low': {
        const [low, high] = halvesOf(slot).map((i) => `&${words}[${i}]`);
        return [`dextgen::ToHalves(dextgen::ToWord(${name}), ${halfBits(slot)}, ${low}, ${high});`];
      }
      case 'each':
        return Array.from(
          { length: slot.words },
          (_, i) => `${words}[${index + i}] = dextgen::ToWord(${name}[${i}]);`,
        );
      case 'bytes': {
        const scrub = type.kind === 'struct' ? (rules?.scrub(type.name) ?? 'nullptr') : 'nullptr';
        const place = wordsFrom(words, index);
        const clear =
          scrub === 'nullptr' ? [] : [`dextgen::ClearPadding(${scrub.slice(1)}, ${place});`];
        return [`memcpy(${place}, ${address(slot, name)}, ${type.size});`, ...clear];
      }
      case 'memory':
        throw new Error(`${slot.name} is no output`);
      default:
        return slot satisfies never;
    }
  });
}
