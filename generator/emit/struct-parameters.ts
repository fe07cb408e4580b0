// The struct of a call as parameters of a hook: what the driver engineer gets for each kind of carrier.
import type { Method, Model, StructCarrier } from '../model/model.js';
import { storedType, typeName } from './c-names.js';

export type Parameter = { readonly type: string; readonly name: string };

/** Picks a name in order; one that is taken gets the suffix of its role. */
export type Pick = (name: string, suffix: string) => string;

/** Memory that the driver maps or hands on by itself. */
export const DESCRIPTOR = 'IOMemoryDescriptor';

export const value = (type: string, name: string): Parameter => ({ type: `${type} `, name });
export const pointer = (type: string, name: string): Parameter => ({ type: `${type} * `, name });

/** `ScopeBatchReader`: a record or variant of varying size, read in place. */
export function readerType(model: Model, name: string): string {
  return `${typeName(model, name)}Reader`;
}

/** `ScopeBatchWriter`: the same, written part by part. */
export function writerType(model: Model, name: string): string {
  return `${typeName(model, name)}Writer`;
}

export function inputParameters(model: Model, struct: StructCarrier, pick: Pick): Parameter[] {
  const name = pick(struct.name, 'In');
  const length = (): Parameter => value('uint64_t', pick(`${name}Length`, 'In'));
  switch (struct.kind) {
    case 'fixed':
      return [pointer(`const ${storedType(model, struct.type)}`, name)];
    case 'bytes':
      return [pointer(struct.direct ? DESCRIPTOR : 'const uint8_t', name), length()];
    case 'text':
      return [pointer('const char', name), length()];
    case 'variable':
      return struct.type.kind === 'variant'
        ? [pointer(`const ${typeName(model, struct.type.name)}`, name), length()]
        : [pointer(`const ${readerType(model, struct.type.name)}`, name)];
    default:
      return struct satisfies never;
  }
}

export function outputParameters(model: Model, struct: StructCarrier, pick: Pick): Parameter[] {
  const name = pick(struct.name, 'Out');
  const length = (): Parameter => pointer('uint64_t', pick(`${name}Length`, 'Out'));
  switch (struct.kind) {
    case 'fixed':
      return [pointer(storedType(model, struct.type), name)];
    case 'bytes':
      return [pointer(struct.direct ? DESCRIPTOR : 'uint8_t', name), length()];
    case 'text':
      return [pointer('char', name), length()];
    case 'variable':
      return struct.type.kind === 'variant'
        ? [pointer(typeName(model, struct.type.name), name)]
        : [pointer(writerType(model, struct.type.name), name)];
    default:
      return struct satisfies never;
  }
}

/** Whether there are types whose rules, readers and writers stand in a file of their own. */
export function hasRecords({ types }: Model): boolean {
  return types.some(({ kind }) => kind === 'record' || kind === 'variant');
}

function takesDescriptor({ input, output, accepted }: Method): boolean {
  const direct = [input, output, accepted].some(
    ({ struct }) => struct?.kind === 'bytes' && struct.direct,
  );
  return direct || input.scalars.some(({ packing }) => packing === 'memory');
}

/** Classes of readers and writers that hooks of these methods take. */
export function accessorClasses(model: Model, methods: readonly Method[]): readonly string[] {
  const recordOf = (struct: StructCarrier | null): string | null =>
    struct?.kind === 'variable' && struct.type.kind === 'record' ? struct.type.name : null;
  const descriptor = methods.some(takesDescriptor) ? [DESCRIPTOR] : [];
  const names = methods.flatMap(({ input, output }) => {
    const [read, written] = [recordOf(input.struct), recordOf(output.struct)];
    return [
      ...(read === null ? [] : [readerType(model, read)]),
      ...(written === null ? [] : [writerType(model, written)]),
    ];
  });
  return [...new Set([...descriptor, ...names])].sort();
}
