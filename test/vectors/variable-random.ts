// Random values of what varies in size, as the generated client has them.
import type {
  ArrayPart,
  NamedType,
  RecordPart,
  RecordRef,
  RecordType,
  TextPart,
  Type,
  VariantCase,
  VariantType,
} from '../../generator/model/index.js';
import { boundsOf, type Random, sampleOf, sampleOfType, type Value } from './random.js';

type Context = { readonly types: ReadonlyMap<string, NamedType>; readonly random: Random };

type Counted = ArrayPart | TextPart;

/** A number of elements that its limits, its field and its steps allow; the edges often. */
function countIn({ random }: Context, part: Counted, capped: boolean): number {
  const { count, min, max } = part;
  const [, most] = count === null ? [0, 1_000_000] : boundsOf(count.scalar).map(Number);
  const { times = 1, plus = 0 } = count ?? {};
  // A limit of the whole is met by few elements.
  const reach = capped ? Math.min(max, 5) : max;
  const choices = Array.from({ length: reach - min + 1 }, (_, i) => min + i).filter((n) => {
    const field = (n - plus) / times;
    return Number.isInteger(field) && field >= 0 && field <= (most ?? 0);
  });
  const edge = random(4);
  const index = edge === 0 ? 0 : edge === 1 ? choices.length - 1 : random(choices.length);
  return choices[index] ?? min;
}

const letters = ['a', 'Z', '0', ' ', '~', 'é', '€', '🦊'];

/** At most so many bytes with the NUL, if there has to be one; exactly so many where a count is shared. */
function textOf({ random }: Context, { text }: TextPart, bytes: number): string {
  const room = text.terminated === 'required' ? bytes - 1 : bytes;
  let value = '';
  for (let i = 0; i < bytes; i++) {
    const letter = letters[random(text.encoding === 'ascii' ? 5 : letters.length)] ?? '';
    if (new TextEncoder().encode(value + letter).length <= room) value += letter;
  }
  return value;
}

function elementOf(context: Context, element: Type | RecordRef): Value {
  if (element.kind === 'record') return varyingValue(context, element.name);
  return sampleOfType(context, element).whole;
}

export function varyingValue(context: Context, name: string): Value {
  const type = context.types.get(name);
  if (type?.kind === 'record') return recordValue(context, type);
  if (type?.kind === 'variant') return variantValue(context, type);
  throw new Error(`${name} does not vary in size`);
}

const pathOf = (part: RecordPart): string | null =>
  (part.kind === 'array' || part.kind === 'text') && part.count !== null
    ? `${part.count.part} ${part.count.path.join('.')}`
    : null;

function withoutPath(value: Value, [head = '', ...rest]: readonly string[]): Value {
  const { [head]: inner, ...others } = value as Record<string, Value>;
  return rest.length === 0 ? others : { ...others, [head]: withoutPath(inner, rest) };
}

function fixedValue(context: Context, type: RecordType, index: number): Value {
  const part = type.parts[index];
  const struct = part?.kind === 'fixed' ? context.types.get(part.struct.name) : undefined;
  if (struct?.kind !== 'struct') return {};
  const paths = new Set(type.parts.flatMap((one) => pathOf(one) ?? []));
  return [...paths]
    .filter((path) => path.startsWith(`${index} `))
    .map((path) => path.slice(path.indexOf(' ') + 1).split('.'))
    .reduce<Value>(withoutPath, sampleOf(context, struct).whole);
}

export function recordValue(context: Context, type: RecordType): Value {
  const counts = new Map<string, number>();
  const countFor = (part: Counted): number => {
    const path = pathOf(part);
    const known = path === null ? undefined : counts.get(path);
    const count = known ?? countIn(context, part, type.capped);
    if (path !== null) counts.set(path, count);
    return count;
  };
  const value: Record<string, Value> = {};
  type.parts.forEach((part, index) => {
    if (part.kind === 'fixed') Object.assign(value, fixedValue(context, type, index));
    else if (part.kind === 'record') value[part.name] = varyingValue(context, part.type.name);
    else if (part.kind === 'text') value[part.name] = textOf(context, part, countFor(part));
    else {
      const items = Array.from({ length: countFor(part) }, () => elementOf(context, part.element));
      const bytes = part.element.kind === 'scalar' && part.element.scalar === 'u8';
      value[part.name] = bytes ? Uint8Array.from(items as number[]) : items;
    }
  });
  return value;
}

/** A number of the case; of one for all others, a number that no case has. */
function tagOf({ random }: Context, type: VariantType, { tags }: VariantCase): bigint {
  const { tag } = type;
  const scalar = tag.type.kind === 'scalar' ? tag.type.scalar : tag.type.base;
  const run = tags[random(Math.max(1, tags.length))];
  const [first, last] =
    run === undefined ? boundsOf(scalar) : [BigInt(run.first), BigInt(run.last)];
  const number = first + (BigInt(random(0x10000)) % (last - first + 1n));
  const taken = type.cases.some((one) =>
    one.tags.some((each) => number >= BigInt(each.first) && number <= BigInt(each.last)),
  );
  return run === undefined && taken ? last : number;
}

/** The number as the field has it: under its name where that is an enum. */
function fieldValue({ types }: Context, { tag }: VariantType, number: bigint): Value {
  const named = tag.type.kind === 'enum' ? types.get(tag.type.name) : undefined;
  const values = named?.kind === 'enum' ? named.values : [];
  return values.find((one) => BigInt(one.value) === number)?.name ?? Number(number);
}

export function variantValue(context: Context, type: VariantType): Value {
  const one = type.cases[context.random(type.cases.length)];
  if (one === undefined) throw new Error(`${type.name} has no cases`);
  const number = tagOf(context, type, one);
  const single = one.tags.length === 1 && one.tags[0]?.first === one.tags[0]?.last;
  const tag = type.field === null && !single ? { tag: Number(number) } : {};
  if (one.type === null) return { kind: one.name, ...tag };
  const body = context.types.get(one.type.name);
  const whole =
    body?.kind === 'struct' ? sampleOf(context, body).whole : varyingValue(context, one.type.name);
  if (type.field === null) return { kind: one.name, ...tag, value: whole };
  const { [type.field]: _, ...others } = whole as Record<string, Value>;
  const own = single ? {} : { [type.field]: fieldValue(context, type, number) };
  return { kind: one.name, value: { ...others, ...own } };
}
