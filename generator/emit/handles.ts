// Which kinds of handles a method takes or gives, inside structs too. For every emitter, and for what explains a model.
import type { Method, Model, NamedType, RecordRef, StructCarrier, Type } from '../model/model.js';

type Within = ReadonlyMap<string, readonly string[]>;

const known = new WeakMap<Model, Within>();

/** The parts of a named type, each a type that was declared before it. */
function partsOf(type: NamedType): readonly (Type | RecordRef)[] {
  switch (type.kind) {
    case 'struct':
      return type.fields.map((field) => field.type);
    case 'variant':
      return type.cases.flatMap((one) => (one.type === null ? [] : [one.type]));
    case 'record':
      return type.parts.flatMap((part): (Type | RecordRef)[] => {
        if (part.kind === 'text') return [];
        if (part.kind === 'fixed') return [part.struct];
        return [part.kind === 'array' ? part.element : part.type];
      });
    // Nothing looks into a union, so no handle stands in one.
    default:
      return [];
  }
}

function within(type: Type | RecordRef, table: Within): readonly string[] {
  if (type.kind === 'array') return within(type.element, table);
  if (type.kind === 'handle') return [type.name];
  return 'name' in type ? (table.get(type.name) ?? []) : [];
}

/** Of each named type, the kinds of handles inside it. Types are in dependency order. */
function tableOf(model: Model): Within {
  const made = known.get(model);
  if (made !== undefined) return made;
  const table = new Map<string, readonly string[]>();
  for (const type of model.handles.length === 0 ? [] : model.types) {
    const names = new Set(partsOf(type).flatMap((part) => within(part, table)));
    if (names.size > 0) table.set(type.name, [...names]);
  }
  known.set(model, table);
  return table;
}

function inCarrier(carrier: StructCarrier | null, table: Within): readonly string[] {
  return carrier?.kind === 'fixed' || carrier?.kind === 'variable'
    ? within(carrier.type, table)
    : [];
}

/** Names; those inside structs and those that are scalars. */
export function handlesOf(model: Model, { input, output, accepted }: Method): readonly string[] {
  if (model.handles.length === 0) return [];
  const table = tableOf(model);
  return [input, output, accepted].flatMap(({ scalars, struct }) => [
    ...scalars.flatMap(({ type }) => within(type, table)),
    ...inCarrier(struct, table),
  ]);
}

/** The kinds of handles inside a type. */
export function handlesWithin(model: Model, type: Type | RecordRef): readonly string[] {
  return within(type, tableOf(model));
}
