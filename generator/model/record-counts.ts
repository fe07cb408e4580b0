// The field that says how many elements follow: found by its path among the parts before, at an offset.
import type { ByteOrder, CountRef, RecordPart, StructType, Type } from './model.js';
import type { CountText } from './variable-members.js';

/** Why a path leads to no count: where it ends, and at what. */
export type CountFault = {
  readonly reason: 'unknown' | 'no-struct' | 'no-integer' | 'factor';
  /** The last name that was looked for. */
  readonly name: string;
  /** Names there are in that place. */
  readonly known: readonly string[];
};

type Lookup = (name: string) => StructType | null;

type Found = { readonly offset: number; readonly type: Type; readonly byteOrder: ByteOrder };

function follow(struct: StructType, path: readonly string[], lookUp: Lookup): Found | CountFault {
  const [name = '', ...rest] = path;
  const field = struct.fields.find((candidate) => candidate.name === name);
  const known = struct.fields.map((candidate) => candidate.name);
  if (field === undefined) return { reason: 'unknown', name, known };
  const { type, offset, byteOrder } = field;
  if (rest.length === 0) return { offset, type, byteOrder };
  const inner = type.kind === 'struct' ? lookUp(type.name) : null;
  if (inner === null) return { reason: 'no-struct', name, known: [] };
  const found = follow(inner, rest, lookUp);
  return 'offset' in found ? { ...found, offset: offset + found.offset } : found;
}

/** The field, or why there is none. The nearest part counts, if two had the name. */
export function findCount(
  { path, times, plus }: CountText,
  parts: readonly RecordPart[],
  lookUp: Lookup,
): CountRef | CountFault {
  let fault: CountFault = { reason: 'unknown', name: path[0] ?? '', known: [] };
  for (const [index, part] of parts.entries()) {
    const struct = part.kind === 'fixed' ? lookUp(part.struct.name) : null;
    if (struct === null) continue;
    const found = follow(struct, path, lookUp);
    if ('offset' in found) {
      const { type, offset, byteOrder } = found;
      if (type.kind !== 'scalar' || !/^[ui]/.test(type.scalar))
        return { reason: 'no-integer', name: path.at(-1) ?? '', known: [] };
      if (times < 1) return { reason: 'factor', name: String(times), known: [] };
      const scalar = type.scalar as CountRef['scalar'];
      return { part: index, path, offset, scalar, byteOrder, times, plus };
    }
    const deeper = found.name !== path[0] || found.reason !== 'unknown';
    fault = deeper ? found : { ...fault, known: [...fault.known, ...found.known] };
    if (deeper) break;
  }
  return fault;
}
