// Properties: values in the registry, readable without opening. An app sets them through a method (contract §6.3).
import { didYouMean } from '../diagnostics/index.js';
import {
  child,
  type Entry,
  entriesOf,
  type Report,
  type SourceNode,
  stringOf,
} from '../source/index.js';
import { personalityKeys } from '../validate/matching.js';
import { type Constants, numberNode } from './constants.js';
import { isIntegerName } from './enums.js';
import { type FieldDeclaration, readField } from './field-declaration.js';
import { isScalarName, scalarOf } from './layout.js';
import { setterName } from './methods.js';
import type { Driver, Property, Range, ScalarName } from './model.js';
import { toModelNumber, valueWithin } from './numbers.js';
import { rangeOf } from './ranges.js';

export type PropertyContext = {
  readonly report: Report;
  readonly constants: Constants;
  readonly drivers: readonly Driver[];
};

/** OSNumber has no float (contract §6.4). */
function storable(field: FieldDeclaration, report: Report): ScalarName | null {
  const name = field.type?.text.trim() ?? '';
  if (isScalarName(name) && (name === 'bool' || isIntegerName(name))) return name;
  report({
    code: 'DK611',
    at: field.type?.at ?? field.nameAt,
    message: `the registry holds integers and booleans, and "${name}" is neither`,
    hint: 'choose u8 … i64 or bool; let a method return anything else.',
  });
  return null;
}

function within(value: bigint, { min, max }: Range): boolean {
  return (min === null || value >= BigInt(min)) && (max === null || value <= BigInt(max));
}

type Default = {
  readonly field: FieldDeclaration;
  readonly node: SourceNode | null;
  readonly scalar: ScalarName;
  readonly range: Range | null;
};

function badDefault({ field, node }: Default, report: Report): void {
  report({
    code: 'DK612',
    at: node?.span ?? field.nameAt,
    message:
      node === null
        ? `"${field.name}" is 0 unless it has a default, and 0 is outside its range`
        : `the default of "${field.name}" is no valid value of it`,
    hint:
      node === null
        ? 'add a default.'
        : 'choose a default that its type and its min and max allow.',
  });
}

function defaultOf(declared: Default, report: Report): Property['default'] {
  const { node, scalar, range } = declared;
  if (scalar === 'bool') {
    const value = node?.kind === 'scalar' ? node.value : false;
    if (typeof value === 'boolean') return value;
    badDefault(declared, report);
    return false;
  }
  const value = node === null ? 0n : valueWithin(node, scalar);
  if (typeof value === 'bigint' && (range === null || within(value, range)))
    return toModelNumber(value);
  badDefault(declared, report);
  return 0;
}

/** An app would read one or the other, depending on how it asks (contract §6.1). */
function checkKey({ key, keySpan }: Entry, driver: Driver | undefined, report: Report): void {
  const matched = driver?.personalities.some(({ match, properties }) =>
    [...match, ...properties].some((one) => one.key === key),
  );
  if (!personalityKeys.has(key) && matched !== true) return;
  report({
    code: 'DK613',
    at: keySpan,
    message: `"${key}" is a key of the personality, which this property would hide`,
    hint: 'choose another name.',
  });
}

/** The first driver, unless the property says which. */
function driverNamed(
  node: SourceNode,
  drivers: readonly Driver[],
  report: Report,
): Driver | undefined {
  const at = child(node, 'driver');
  const name = stringOf(at);
  const found = name === null ? drivers[0] : drivers.find((driver) => driver.name === name);
  if (found !== undefined || at === null) return found;
  report({
    code: 'DK718',
    at: at.span,
    message: `there is no driver "${name}"`,
    hint:
      didYouMean(
        name ?? '',
        drivers.map((driver) => driver.name),
      ) ?? `there are ${drivers.map((driver) => driver.name).join(', ')}.`,
  });
  return drivers[0];
}

function propertyOf(entry: Entry, context: PropertyContext): Property | null {
  const { report, drivers } = context;
  const field = readField(entry, context.constants);
  const driver = driverNamed(entry.value, drivers, report);
  checkKey(entry, driver, report);
  const scalar = storable(field, report);
  if (scalar === null) return null;
  const type = scalarOf(scalar);
  const range = rangeOf(field, type, report);
  const node = numberNode(child(entry.value, 'default'), context.constants);
  return {
    name: field.name,
    driver: driver?.name ?? '',
    type,
    default: defaultOf({ field, node, scalar, range }, report),
    range,
    doc: field.doc,
    unit: field.unit,
    setter: child(entry.value, 'setter') === null ? null : setterName(field.name),
  };
}

/** In the order of the text. */
export function resolveProperties(
  node: SourceNode | null,
  context: PropertyContext,
): readonly Property[] {
  return entriesOf(node)
    .map((entry) => propertyOf(entry, context))
    .filter((property) => property !== null);
}
