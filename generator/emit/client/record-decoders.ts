// The body of a record's decoder, over the client's RecordReader.
import type { ArrayPart, RecordPart, TextPart } from '../../model/model.js';
import { decodeText } from './codecs.js';
import { access, key, quote } from './jsdoc.js';
import { numbersOf } from './members-of-types.js';
import { nameOf } from './names.js';
import {
  alignOf,
  below,
  type Counted,
  countsIn,
  isCounted,
  limits,
  local,
  type RecordContext,
  structOf,
} from './record-context.js';

/** `from.count(part0.count, [0, 64])`. */
function countText(part: Counted): string {
  const { count } = part;
  const path = count.path.reduce(access, local(count.part));
  const scale = count.times === 1 && count.plus === 0 ? '' : `, ${count.times}, ${count.plus}`;
  return `from.count(${path}, ${limits(part)}${scale})`;
}

function arrayDecoder(context: RecordContext, part: ArrayPart): string {
  const { names } = context;
  const { element } = part;
  const align = alignOf(context, element.align);
  if (element.kind === 'record') {
    const decode = `decode${nameOf(names.types, element.name)}`;
    return isCounted(part)
      ? `from.records(${countText(part)}, ${align}, ${decode})`
      : `from.recordsToEnd(${limits(part)}, ${align}, ${decode})`;
  }
  const { size } = element;
  const { byteOrder } = part;
  const count = isCounted(part) ? countText(part) : `from.rest(${align}, ${size}, ${limits(part)})`;
  const rules = part.each?.rules ?? null;
  const array = numbersOf({ type: element, rules });
  if (array === 'Uint8Array') return `from.bytes(${count})`;
  if (array !== null) {
    const swapped = byteOrder === 'big' && size > 1 ? ', true' : '';
    return `dextgen.numbersOf(${array}, from, ${count}, ${align}${swapped})`;
  }
  const value = decodeText(names, element, { at: 'place', byteOrder, rules });
  return `from.elements(${count}, [${align}, ${size}], (place) => ${value})`;
}

export function textRules({ text }: TextPart): string {
  return `{ encoding: '${text.encoding}', terminated: '${text.terminated}' }`;
}

function partDecoder(context: RecordContext, part: RecordPart): string {
  switch (part.kind) {
    case 'fixed': {
      const name = nameOf(context.names.types, part.struct.name);
      return `decode${name}(view, from.part(${alignOf(context, part.struct.align)}, ${part.extent}))`;
    }
    case 'text': {
      const count = isCounted(part) ? countText(part) : `from.rest(1, 1, ${limits(part)})`;
      return `from.text(${count}, ${textRules(part)})`;
    }
    case 'record': {
      const decode = `decode${nameOf(context.names.types, part.type.name)}`;
      return `from.record(${alignOf(context, part.type.align)}, ${decode})`;
    }
    case 'array':
      return arrayDecoder(context, part);
    default:
      return part satisfies never;
  }
}

/** A field of a part without the counts inside it. */
function reducedValue(value: string, paths: readonly string[], prefix: string): string {
  const heads = [...below(paths, prefix)];
  return heads.reduce((text, head) => {
    if (paths.includes(prefix + head)) return `dextgen.without(${text}, ${quote(head)})`;
    const inner = reducedValue(access(value, head), paths, `${prefix}${head}.`);
    return `{ ...${text}, ${key(head)}: ${inner} }`;
  }, value);
}

function resultLines(context: RecordContext): string[] {
  return context.type.parts.flatMap((part, index) => {
    if (part.kind !== 'fixed') return [`  ${key(part.name)}: ${local(index)},`];
    const paths = [...countsIn(context, index).keys()];
    return structOf(context, part.struct.name).fields.flatMap(({ name }) => {
      if (paths.includes(name)) return [];
      const value = access(local(index), name);
      return [`  ${key(name)}: ${reducedValue(value, paths, `${name}.`)},`];
    });
  });
}

export function decodeLines(context: RecordContext): string[] {
  const fixed = context.type.parts.some(({ kind }) => kind === 'fixed');
  return [
    ...(fixed || usesView(context) ? ['const { view } = from;'] : []),
    ...context.type.parts.map(
      (part, index) => `const ${local(index)} = ${partDecoder(context, part)};`,
    ),
    ...(context.type.capped ? [`from.atMost(${context.type.max});`] : []),
    'return {',
    ...resultLines(context),
    '};',
  ];
}

/** Elements that are no numbers are decoded where they lie. */
function usesView({ type }: RecordContext): boolean {
  return type.parts.some(
    (part) =>
      part.kind === 'array' &&
      part.element.kind !== 'record' &&
      numbersOf({ type: part.element, rules: part.each?.rules ?? null }) === null,
  );
}
