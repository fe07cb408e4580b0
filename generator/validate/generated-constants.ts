// Constants that generated C has: of calls and their limits, of types, and what every interface has.
// What is spelt here is what emit/c-names.ts spells.
import type { EnumType, Model, Payload, Range, VariantCase } from '../model/model.js';
import { pascal } from '../model/names.js';
import type { Generated } from './generated.js';
import { subscriptionConstants } from './subscription-names.js';

const bounded = (prefix: string, range: Range | null, path: readonly string[]): Generated[] => [
  ...(range?.min == null ? [] : [{ name: `${prefix}Min`, path }]),
  ...(range?.max == null ? [] : [{ name: `${prefix}Max`, path }]),
];

type Call = Pick<Model['methods'][number], 'name' | 'input' | 'output' | 'accepted'>;

type Limited = { readonly name: string; readonly range: Range | null };

const limitedIn = ({ scalars, struct }: Payload): readonly Limited[] =>
  struct?.kind === 'bytes' || struct?.kind === 'text'
    ? [
        ...scalars,
        { name: struct.name, range: { min: String(struct.min), max: String(struct.max) } },
      ]
    : scalars;

/** An output that is called like an input has `Out` behind its name (see emit/wire/constants.ts). */
export function callLimits(
  { name, input, output, accepted }: Call,
  path: readonly string[],
): Generated[] {
  const stem = pascal(name);
  const inputs = limitedIn(input);
  const taken = new Set(inputs.map((one) => pascal(one.name)));
  const answers = [output, accepted]
    .flatMap(limitedIn)
    .map((one) => (taken.has(pascal(one.name)) ? { ...one, name: `${one.name}Out` } : one));
  return [...inputs, ...answers].flatMap((one) =>
    bounded(stem + pascal(one.name), one.range, path),
  );
}

export type Sections = Pick<
  Model,
  'methods' | 'events' | 'subscriptions' | 'polls' | 'buffers' | 'properties'
>;

/** Where each thing of the model stands; a setter stands with its property. */
export const methodPath = ({ name, setterOf }: Model['methods'][number]): readonly string[] =>
  setterOf === null ? ['methods', name] : ['properties', setterOf];

function callConstants(sections: Sections): Generated[] {
  const { methods, events, buffers, properties } = sections;
  return [
    ...subscriptionConstants(sections, callLimits),
    ...methods.flatMap((method) => {
      const [stem, path] = [pascal(method.name), methodPath(method)];
      return [
        { name: `Selector${stem}`, path },
        ...(method.kind === 'async' ? [{ name: `${stem}Words`, path }] : []),
        ...callLimits(method, path),
      ];
    }),
    ...events.flatMap(({ name }) => {
      const [stem, path] = [`Event${pascal(name)}`, ['events', name]];
      return [
        { name: stem, path },
        { name: `${stem}Words`, path },
      ];
    }),
    ...buffers.map(({ name }) => ({ name: `Memory${pascal(name)}`, path: ['buffers', name] })),
    ...properties.flatMap(({ name, range }) =>
      bounded(`Property${pascal(name)}`, range, ['properties', name]),
    ),
  ];
}

function enumNames(
  stem: string,
  path: readonly string[],
  { values, ranges }: Pick<EnumType, 'values' | 'ranges'>,
): Generated[] {
  const at = (name: string): readonly string[] => [...path, 'values', name];
  return [
    ...values.map(({ name }) => ({ name: stem + pascal(name), path: at(name) })),
    ...ranges.flatMap(({ name }) =>
      ['First', 'Last'].map((end) => ({ name: stem + pascal(name) + end, path: at(name) })),
    ),
  ];
}

/** A run has a first and a last number; further ones of a case are counted. */
function caseNames(
  stem: string,
  path: readonly string[],
  { name, tags }: VariantCase,
): Generated[] {
  return tags.flatMap(({ first, last }, index) => {
    const own = stem + pascal(name) + (index === 0 ? '' : String(index + 1));
    const names = first === last ? [own] : [`${own}First`, `${own}Last`];
    return names.map((each) => ({ name: each, path: [...path, 'cases', name] }));
  });
}

function typeConstants({ types }: Model): Generated[] {
  return types.flatMap((type) => {
    const [stem, path] = [pascal(type.name), ['types', type.name]];
    switch (type.kind) {
      case 'enum':
        return enumNames(stem, path, type);
      case 'flags':
        return [...enumNames(stem, path, { ...type, ranges: [] }), { name: `${stem}Mask`, path }];
      case 'bits':
        return type.fields.flatMap(({ name, range }) => {
          const [own, at] = [stem + pascal(name), [...path, 'fields', name]];
          const names = [`${own}Shift`, `${own}Mask`].map((each) => ({ name: each, path: at }));
          return [...names, ...bounded(own, range, at)];
        });
      case 'struct':
        return type.fields.flatMap(({ name, range }) =>
          bounded(stem + pascal(name), range, [...path, 'struct', name]),
        );
      case 'variant':
        return type.cases.flatMap((one) => caseNames(stem, path, one));
      case 'record':
        return type.parts.flatMap((part) =>
          part.kind === 'array' || part.kind === 'text'
            ? bounded(stem + pascal(part.name), part, [...path, 'struct', part.name])
            : [],
        );
      case 'union':
        return [];
      default:
        return type satisfies never;
    }
  });
}

const identity = [
  'ContractHashHigh',
  'ContractHashLow',
  'VersionMajor',
  'VersionMinor',
  'ContractBase',
];

export function constants(model: Model): Generated[] {
  return [
    ...identity.map((name) => ({ name, path: ['interface'] })),
    ...callConstants(model),
    ...model.constants.map(({ name }) => ({ name: pascal(name), path: ['constants', name] })),
    ...model.errors.map(({ name }) => ({ name: `Error${pascal(name)}`, path: ['errors', name] })),
    ...model.states.flatMap(({ name, states }) =>
      states.map((state) => ({
        name: `State${pascal(name)}${pascal(state)}`,
        path: ['states', name],
      })),
    ),
    ...model.roles.map(({ name }) => ({ name: `Role${pascal(name)}`, path: ['roles', name] })),
    ...typeConstants(model),
  ].map(({ name, path }) => ({ name: `k${model.name}${name}`, path }));
}
