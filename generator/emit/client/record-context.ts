// What is asked of a record while its type, its decoder and its encoder are printed: names, counts, alignment.
import type {
  ArrayPart,
  CountRef,
  RecordPart,
  RecordType,
  StructType,
  TextPart,
} from '../../model/model.js';
import { alignIn } from '../layouts.js';
import { type Names, nameOf } from './names.js';

export type Structs = ReadonlyMap<string, StructType>;

export type RecordContext = {
  readonly names: Names;
  readonly structs: Structs;
  readonly type: RecordType;
  /** What a caller passes rather than what it gets. */
  readonly given: boolean;
};

/** The TypeScript type of a named one, as it is read or given. */
export function nameIn({ names, given }: RecordContext, name: string): string {
  return (given ? names.inputs.get(name) : undefined) ?? nameOf(names.types, name);
}

export type Counted = (ArrayPart | TextPart) & { readonly count: CountRef };

export const isCounted = (part: RecordPart): part is Counted =>
  (part.kind === 'array' || part.kind === 'text') && part.count !== null;

/** Members that a field of part `index` counts, by the path of that field: `header.count`. */
export function countsIn(
  { type }: RecordContext,
  index: number,
): ReadonlyMap<string, readonly Counted[]> {
  const counts = new Map<string, Counted[]>();
  for (const part of type.parts.filter(isCounted)) {
    if (part.count.part !== index) continue;
    const path = part.count.path.join('.');
    counts.set(path, [...(counts.get(path) ?? []), part]);
  }
  return counts;
}

export function structOf({ structs }: RecordContext, name: string): StructType {
  const struct = structs.get(name);
  if (struct === undefined) throw new Error(`there is no struct ${name}`);
  return struct;
}

/** Counting fields below one of `prefix`, by their first name. */
export function below(paths: Iterable<string>, prefix: string): ReadonlySet<string> {
  const inside = [...paths].filter((path) => path.startsWith(prefix));
  return new Set(inside.map((path) => path.slice(prefix.length).split('.')[0] ?? ''));
}

/** Local variables of the codec, which no name of the schema can hide: `part0`. */
export const local = (index: number): string => `part${index}`;

export const alignOf = ({ type }: RecordContext, align: number): number =>
  alignIn(type.layout, align);

export function limits({ min, max }: { readonly min: number; readonly max: number }): string {
  return `[${min}, ${max}]`;
}
