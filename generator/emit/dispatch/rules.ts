// The checks of the dispatch as rows of data: what a scalar may be, which fields of a struct need a look, and
// which bytes of an outgoing struct are padding. Only rows that something refers to are printed.
import type {
  ArrayPart,
  Field,
  Model,
  SpanSlot,
  StructType,
  Type,
  VariantType,
} from '../../model/model.js';
import { pascal, typeName } from '../c-names.js';
import { wrapBraces } from '../c-text.js';
import { isWord } from '../words.js';
import { createValueTables, type Narrowed, nestedBraces, type ValueTables } from './value-rules.js';
import { type VariantRuleView, variantRule, variantRuleName } from './variant-rules.js';

/** A table that rules of values point to, as its lines. */
export type ValuesView = { readonly lines: readonly string[] };
export type StructRuleView = {
  readonly isVariant: false;
  readonly name: string;
  readonly size: number;
  readonly hasFields: boolean;
  /** Lines. */
  readonly fields: readonly string[];
  readonly fieldsName: string;
  readonly fieldCount: number;
  readonly hasPadding: boolean;
  readonly padding: readonly string[];
  readonly paddingName: string;
  readonly paddingCount: number;
};

export type Rules = {
  /** The members of a ValueRule. */
  readonly value: (value: Narrowed) => readonly string[];
  /** `&kPacketRule` if values of the struct need a check, else `nullptr`. */
  readonly check: (struct: string) => string;
  /** `&kPacketRule` if the struct has padding, else `nullptr`. */
  readonly scrub: (struct: string) => string;
  /** The rule of a struct that has values to check or padding, else `nullptr`. */
  readonly both: (struct: string) => string;
  /** The same for any type, under a name of its own where it is no struct. */
  readonly element: (name: string, type: Type, part: ArrayPart) => string;
  /** `&kReportVariant`. */
  readonly variant: (name: string) => string;
  /** `&kReadTaskCdbRule` if a value over several scalars needs a check, else `nullptr`. */
  readonly span: (owner: string, slot: SpanSlot) => string;
  /** Everything that was referred to so far, in dependency order. */
  readonly views: () => {
    readonly enums: readonly ValuesView[];
    readonly structs: readonly RuleView[];
  };
};

export type RuleView = StructRuleView | VariantRuleView;

type State = {
  readonly values: ValueTables;
  readonly structs: Map<string, StructType>;
  readonly variants: ReadonlyMap<string, VariantType>;
  readonly usedVariants: Set<string>;
  /** Structs of one field that stand for elements which are none. */
  readonly elements: StructType[];
  readonly record: (name: string) => string;
  /** Kinds of handles by name: their places in the model. */
  readonly handles: ReadonlyMap<string, number>;
  readonly checked: Map<string, boolean>;
  readonly scrubbed: Map<string, boolean>;
};

export function createRules(model: Model): Rules {
  const state: State = {
    values: createValueTables(model),
    structs: new Map(
      model.types.flatMap((type) => (type.kind === 'struct' ? [[type.name, type]] : [])),
    ),
    variants: new Map(
      model.types.flatMap((type) => (type.kind === 'variant' ? [[type.name, type]] : [])),
    ),
    usedVariants: new Set(),
    elements: [],
    record: (name) => `&${recordRuleName(model, name)}`,
    handles: new Map(model.handles.map(({ name }, index) => [name, index])),
    checked: new Map(),
    scrubbed: new Map(),
  };
  return {
    value: (value) => state.values.value(value),
    check: (struct) => (needsCheck(state, struct) ? `&${ruleName(struct)}` : 'nullptr'),
    scrub: (struct) => (needsScrub(state, struct) ? `&${ruleName(struct)}` : 'nullptr'),
    both: (struct) => bothRules(state, struct),
    element: (name, type, { byteOrder, each }) =>
      elementRule(state, { name, type, byteOrder, ...(each === undefined ? {} : { each }) }),
    span: (owner, slot) => spanRule(state, owner, slot),
    variant: (name) => useVariant(state, name),
    views: () => {
      // Printing a struct's fields may refer to tables, so the structs come first.
      const declared = model.types.flatMap((type): readonly RuleView[] => {
        if (type.kind === 'struct') return structRule(state, type);
        return type.kind === 'variant' ? variantView(state, type) : [];
      });
      const structs = [...declared, ...state.elements.flatMap((type) => structRule(state, type))];
      return { enums: state.values.tables(), structs };
    },
  };
}

/** `kScopeBatchRecord`, which records.cpp defines for all of the interface. */
export function recordRuleName(model: Model, name: string): string {
  return `k${typeName(model, name)}Record`;
}

/** A value over several scalars is checked as a struct that holds nothing else. */
function spanRule(state: State, owner: string, slot: SpanSlot): string {
  const { name, type, doc, unit, since, range, rules } = slot;
  if (type.kind === 'struct')
    return needsCheck(state, type.name) ? `&${ruleName(type.name)}` : 'nullptr';
  const { size, align } = type;
  const place = { offset: 0, size, byteOrder: 'little' } as const;
  const field: Field = { name, type, doc, unit, since, range, rules, ...place };
  if (!isNarrowed(state, field)) return 'nullptr';
  // No type has an underscore in its name.
  const stem = `In_${owner}_${pascal(name)}`;
  const facts = { kind: 'struct', name: stem, doc, since, size, align } as const;
  const struct: StructType = { ...facts, layout: 'natural', fields: [field], padding: [] };
  state.structs.set(stem, struct);
  state.elements.push(struct);
  state.checked.set(stem, true);
  return `&${ruleName(stem)}`;
}

const ruleName = (struct: string): string => `k${pascal(struct)}Rule`;

/** The element of an array of arrays, and how many of them lie behind each other. */
function flatten(type: Type): {
  readonly element: Exclude<Type, { kind: 'array' }>;
  readonly count: number;
} {
  if (type.kind !== 'array') return { element: type, count: 1 };
  const { element, count } = flatten(type.element);
  return { element, count: count * type.length };
}

function isNarrowed(state: State, field: Field): boolean {
  const { element } = flatten(field.type);
  switch (element.kind) {
    case 'struct':
      return needsCheck(state, element.name);
    case 'variant':
      return useVariant(state, element.name) !== '';
    case 'string':
    case 'handle':
      return true;
    case 'union':
    case 'wide':
      return false;
    default:
      return state.values.isNarrowed({ ...field, type: element });
  }
}

/** Remembered per struct, so that the whole stays linear. */
function needsCheck(state: State, name: string): boolean {
  const known = state.checked.get(name);
  if (known !== undefined) return known;
  const fields = state.structs.get(name)?.fields ?? [];
  // Every field is asked: asking is what marks the structs inside as referred to.
  const needs = fields.map((field) => isNarrowed(state, field)).includes(true);
  state.checked.set(name, needs);
  return needs;
}

function needsScrub(state: State, name: string): boolean {
  const known = state.scrubbed.get(name);
  if (known !== undefined) return known;
  const type = state.structs.get(name);
  const inside = (type?.fields ?? []).map(({ type: field }) => {
    const { element } = flatten(field);
    if (element.kind === 'variant') return useVariant(state, element.name) !== '';
    return element.kind === 'struct' && needsScrub(state, element.name);
  });
  const needs = (type?.padding.length ?? 0) > 0 || inside.includes(true);
  state.scrubbed.set(name, needs);
  return needs;
}

function bothRules(state: State, name: string): string {
  const [checked, scrubbed] = [needsCheck(state, name), needsScrub(state, name)];
  return checked || scrubbed ? `&${ruleName(name)}` : 'nullptr';
}

type ElementOf = Pick<Field, 'name' | 'type' | 'byteOrder'> & Pick<ArrayPart, 'each'>;

function elementRule(state: State, { name, type, byteOrder, each }: ElementOf): string {
  if (type.kind === 'struct') return bothRules(state, type.name);
  if (!state.structs.has(name)) {
    const { size, align } = type;
    const field: Field = {
      ...{ name, type, offset: 0, size, doc: '', unit: '', since: '' },
      ...{ byteOrder, range: each?.range ?? null, rules: each?.rules ?? null },
    };
    const facts = { kind: 'struct', name, size, align, doc: '', since: '' } as const;
    const struct: StructType = { ...facts, layout: 'natural', fields: [field], padding: [] };
    state.structs.set(name, struct);
    state.elements.push(struct);
  }
  return bothRules(state, name);
}

/** Marks the variant, and the structs of its cases, as referred to. */
function useVariant(state: State, name: string): string {
  if (!state.usedVariants.has(name)) {
    state.usedVariants.add(name);
    for (const { type } of state.variants.get(name)?.cases ?? [])
      if (type?.kind === 'struct') bothRules(state, type.name);
  }
  return `&${variantRuleName(name)}`;
}

function variantView(state: State, type: VariantType): VariantRuleView[] {
  if (!state.usedVariants.has(type.name)) return [];
  const struct = (name: string): string => bothRules(state, name);
  return [variantRule(type, { struct, record: state.record })];
}

function structRule(state: State, type: StructType): StructRuleView[] {
  const fields = state.checked.get(type.name) === true ? fieldRules(state, type) : [];
  const padding = state.scrubbed.get(type.name) === true ? paddingRules(state, type) : [];
  if (fields.length === 0 && padding.length === 0) return [];
  const stem = `k${pascal(type.name)}`;
  return [
    {
      isVariant: false,
      name: ruleName(type.name),
      size: type.size,
      hasFields: fields.length > 0,
      fields: fields.flat(),
      fieldsName: fields.length > 0 ? `${stem}Fields` : 'nullptr',
      fieldCount: fields.length,
      hasPadding: padding.length > 0,
      padding,
      paddingName: padding.length > 0 ? `${stem}Padding` : 'nullptr',
      paddingCount: padding.length,
    },
  ];
}

function fieldRules(state: State, type: StructType): (readonly string[])[] {
  return type.fields.flatMap((field) => {
    if (!isNarrowed(state, field)) return [];
    const { element, count } = flatten(field.type);
    const rule = elementRules(state, { field, owner: type.name, element });
    const place = [`.offset = ${field.offset}`, `.count = ${count}`, `.stride = ${element.size}`];
    return [wrapBraces('', [...place, ...rule], ',', 4)];
  });
}

type Element = {
  readonly field: Field;
  /** The struct that the field is in. */
  readonly owner: string;
  readonly element: ReturnType<typeof flatten>['element'];
};

function elementRules(state: State, { field, owner, element }: Element): readonly string[] {
  // No type has an underscore in its name, so no table of one is called like this.
  const name = `${pascal(owner)}_${pascal(field.name)}`;
  if (element.kind === 'struct') return [`.nested = &${ruleName(element.name)}`];
  if (element.kind === 'variant') return [`.variant = ${useVariant(state, element.name)}`];
  if (element.kind === 'string')
    return [`.text = ${state.values.text(name, element, field.rules)}`];
  if (!isWord(element)) return [];
  const value = state.values.value({ ...field, type: element, owner: name });
  const order = field.byteOrder === 'big' && element.size > 1 ? ['.bigEndian = true'] : [];
  const kind = element.kind === 'handle' ? [`.handle = ${state.handles.get(element.name)}`] : [];
  return [...nestedBraces('.value', value), ...order, ...kind];
}

function paddingRules(state: State, type: StructType): string[] {
  const own = type.padding.map(
    ({ offset, size }) => `{.offset = ${offset}, .size = ${size}, .count = 1, .stride = 0},`,
  );
  const nested = type.fields.flatMap((field) => {
    const { element, count } = flatten(field.type);
    const place = `.offset = ${field.offset}, .size = 0, .count = ${count}, .stride = ${element.size}`;
    if (element.kind === 'variant')
      return [`{${place}, .variant = ${useVariant(state, element.name)}},`];
    if (element.kind !== 'struct' || !needsScrub(state, element.name)) return [];
    return [`{${place}, .nested = &${ruleName(element.name)}},`];
  });
  return [...own, ...nested];
}
