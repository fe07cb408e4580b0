// The constants of the wire header, in groups. Plain literals: macros of C that Swift and bindgen can read too.
import type {
  BitsType,
  Buffer,
  Method,
  Model,
  Constant as NamedConstant,
  Payload,
  Range,
  ScalarName,
  StructType,
  SubscriptionEvent,
  Type,
} from '../../model/model.js';
import {
  errorConstant,
  eventConstant,
  eventWord0Constant,
  eventWordsConstant,
  interfaceNames,
  limitConstant,
  memoryConstant,
  methodWordsConstant,
  namedConstant,
  pascal,
  roleConstant,
  selectorConstant,
  stateConstant,
} from '../c-names.js';
import { commentLines, hexWord, integerLiteral, numberLiteral, stringLiteral } from '../c-text.js';
import { subscriptionCalls } from '../sides.js';
import type { Constant } from './constant.js';
import { tagConstants } from './variable-view.js';

export type Group = { readonly title: string; readonly constants: readonly Constant[] };

const constant = (name: string, value: string, doc = ''): Constant => ({
  name,
  value,
  docs: commentLines(doc),
});

export function identity(model: Model): readonly Constant[] {
  const names = interfaceNames(model);
  return [
    constant(names.hashHigh, hexWord(model.contractHash.high)),
    constant(names.hashLow, hexWord(model.contractHash.low)),
    constant(names.versionMajor, integerLiteral('u32', model.version.major)),
    constant(names.versionMinor, integerLiteral('u32', model.version.minor)),
    ...(model.contract === null
      ? []
      : [constant(names.contractBase, `0x${model.contract.base.toString(16).toUpperCase()}u`)]),
  ];
}

export function groups(model: Model): readonly Group[] {
  const all = [
    { title: 'Constants', constants: model.constants.map((one) => named(model, one)) },
    { title: 'Selectors', constants: selectors(model) },
    { title: 'Errors: iokit_vendor_specific_err(n)', constants: errors(model) },
    { title: 'States, by machine', constants: states(model) },
    { title: 'Roles', constants: roles(model) },
    { title: 'Events', constants: events(model) },
    { title: 'Words of each completion', constants: words(model) },
    { title: 'Memory types of IOConnectMapMemory64', constants: memory(model) },
    { title: 'Numbers of cases', constants: cases(model) },
    { title: 'Limits, inclusive', constants: limits(model) },
  ];
  const filled = all.filter(({ constants }) => constants.length > 0);
  refuseDoubles(filled);
  return filled;
}

/** Two schema names can spell one C name (a + bC, aB + c): that is for the generator's own rules to refuse. */
function refuseDoubles(filled: readonly Group[]): void {
  const seen = new Set<string>();
  for (const { name } of filled.flatMap(({ constants }) => constants)) {
    if (seen.has(name)) throw new Error(`two constants are named ${name}`);
    seen.add(name);
  }
}

function named(model: Model, { name, kind, value, doc }: NamedConstant): Constant {
  return constant(namedConstant(model, { name }), constantLiteral(kind, value), doc);
}

/** The narrowest of int, unsigned and the 64-bit ones, as C would choose for a literal. */
function constantLiteral(kind: NamedConstant['kind'], value: number | string): string {
  if (kind === 'text') return stringLiteral(String(value));
  if (kind === 'float') return numberLiteral('f64', value);
  const exact = BigInt(value);
  if (exact < 0n) return integerLiteral(exact < -(2n ** 31n) ? 'i64' : 'i32', value);
  return integerLiteral(exact < 2n ** 32n ? 'u32' : 'u64', value);
}

function selectors(model: Model): Constant[] {
  return [...model.methods, ...subscriptionCalls(model.subscriptions)].map((method) =>
    constant(selectorConstant(model, method), integerLiteral('u32', method.selector), method.doc),
  );
}

function subscriptionEvents({ subscriptions }: Model): SubscriptionEvent[] {
  return subscriptions.flatMap(({ events: own }) => own);
}

function errors(model: Model): Constant[] {
  // A kern_return_t is signed; the doc has the number it is known by.
  return model.errors.map((error) =>
    constant(
      errorConstant(model, error),
      integerLiteral('i32', error.value | 0),
      `0x${error.value.toString(16).toUpperCase()}. ${error.doc}`,
    ),
  );
}

function states(model: Model): Constant[] {
  return model.states.flatMap(({ name, doc, states: names }) =>
    names.map((state, index) =>
      constant(
        stateConstant(model, name, state),
        integerLiteral('u32', index),
        index === 0 ? doc : '',
      ),
    ),
  );
}

function roles(model: Model): Constant[] {
  return model.roles.map(({ name, doc }, index) =>
    constant(roleConstant(model, name), integerLiteral('u32', index), doc),
  );
}

function events(model: Model): Constant[] {
  const own = subscriptionEvents(model);
  return [
    ...[...model.events, ...own].map((event) =>
      constant(eventConstant(model, event), integerLiteral('u32', event.id), event.doc),
    ),
    ...own.flatMap((event) =>
      event.word0 === null
        ? []
        : [constant(eventWord0Constant(model, event), integerLiteral('u64', event.word0))],
    ),
  ];
}

function words(model: Model): Constant[] {
  const ofEvents = model.events.flatMap((event) =>
    event.delivery.kind === 'completion'
      ? [constant(eventWordsConstant(model, event), integerLiteral('u32', event.delivery.words))]
      : [],
  );
  const ofMethods = model.methods
    .filter(({ kind }) => kind === 'async')
    .map((method) =>
      constant(
        methodWordsConstant(model, method),
        integerLiteral('u32', method.answer?.words ?? 0),
      ),
    );
  const ofSubscriptions = subscriptionEvents(model).flatMap((event) =>
    event.words.min === event.words.max
      ? [constant(eventWordsConstant(model, event), integerLiteral('u32', event.words.max))]
      : [],
  );
  return [...ofEvents, ...ofSubscriptions, ...ofMethods];
}

function memory(model: Model): Constant[] {
  return model.buffers.map((buffer) =>
    constant(
      memoryConstant(model, buffer),
      integerLiteral('u32', buffer.memoryType),
      [buffer.doc, partsDoc(buffer)].filter((text) => text !== '').join(' '),
    ),
  );
}

function cases(model: Model): Constant[] {
  const variants = model.types.filter((type) => type.kind === 'variant');
  return variants.flatMap((type) =>
    tagConstants(model, type).map(({ name, value, doc }) => constant(name, value, doc)),
  );
}

/** Elements, or bytes, of what varies in size. */
function partLimits(model: Model): Constant[] {
  const records = model.types.filter((type) => type.kind === 'record');
  return records.flatMap((type) =>
    type.parts.flatMap((part) => {
      if (part.kind !== 'array' && part.kind !== 'text') return [];
      const range = { min: part.min > 0 ? part.min : null, max: part.max };
      return bounds({ model, owner: type.name, member: part.name, scalar: 'u64', range });
    }),
  );
}

/** `Plus channel in bits 0 to 3.` */
function partsDoc({ parts, anyType }: Buffer): string {
  if (anyType) return 'Any number that no other buffer has.';
  const texts = parts.map(({ name, at, width }) =>
    width === 1 ? `${name} in bit ${at}` : `${name} in bits ${at} to ${at + width - 1}`,
  );
  return texts.length === 0 ? '' : `Plus ${texts.join(', ')}.`;
}

function limits(model: Model): Constant[] {
  const structs = model.types.filter((type): type is StructType => type.kind === 'struct');
  const bits = model.types.filter((type): type is BitsType => type.kind === 'bits');
  return [
    ...[...model.methods, ...subscriptionCalls(model.subscriptions)].flatMap((method) =>
      methodLimits(model, method),
    ),
    ...partLimits(model),
    ...structs.flatMap((type) =>
      type.fields.flatMap(({ name, type: field, range }) =>
        bounds({ model, owner: type.name, member: name, scalar: scalarOf(field), range }),
      ),
    ),
    ...bits.flatMap((type) =>
      type.fields.flatMap(({ name, type: field, range }) =>
        bounds({ model, owner: type.name, member: name, scalar: scalarOf(field), range }),
      ),
    ),
    ...model.properties.flatMap(({ name, type, range }) =>
      bounds({ model, owner: 'property', member: name, scalar: type.scalar, range }),
    ),
  ];
}

function methodLimits(model: Model, { name: owner, input, output, accepted }: Method): Constant[] {
  const taken = new Set(boundedIn(input).map(({ member }) => pascal(member)));
  // An output called like an input has limits of its own.
  const answers = [output, accepted].flatMap(boundedIn).map((one) => ({
    ...one,
    member: taken.has(pascal(one.member)) ? `${one.member}Out` : one.member,
  }));
  return [...boundedIn(input), ...answers].flatMap((one) => bounds({ model, owner, ...one }));
}

type BoundedArgument = Pick<Bounded, 'member' | 'scalar' | 'range'>;

function boundedIn({ scalars, struct }: Payload): BoundedArgument[] {
  const values = scalars.map(({ name, type, range }) => ({
    ...{ member: name, scalar: scalarOf(type), range },
  }));
  if (struct?.kind !== 'bytes' && struct?.kind !== 'text') return values;
  const { name: member, min, max } = struct;
  return [...values, { member, scalar: 'u64', range: { min, max } }];
}

type Bounded = {
  readonly model: Model;
  readonly owner: string;
  readonly member: string;
  readonly scalar: ScalarName;
  readonly range: Range | null;
};

function bounds({ model, owner, member, scalar, range }: Bounded): Constant[] {
  const one = (bound: 'Min' | 'Max', value: number | string | null | undefined) =>
    value === null || value === undefined
      ? []
      : [constant(limitConstant(model, owner, member, bound), numberLiteral(scalar, value))];
  return [...one('Min', range?.min), ...one('Max', range?.max)];
}

/** The scalar behind a type; only those can have a range. */
function scalarOf(type: Type): ScalarName {
  switch (type.kind) {
    case 'scalar':
      return type.scalar;
    case 'enum':
    case 'flags':
    case 'bits':
    case 'status':
    case 'handle':
      return type.base;
    case 'array':
      return scalarOf(type.element);
    case 'struct':
    case 'string':
    case 'wide':
    case 'union':
    case 'variant':
      return 'u8';
    default:
      return type satisfies never;
  }
}
