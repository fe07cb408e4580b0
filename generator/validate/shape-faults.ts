// What ajv says about the shape → diagnostics: one for each fault, at the key or value that is wrong.
import type { ErrorObject } from 'ajv';
import { didYouMean, suggest } from '../diagnostics/index.js';
import type { Entry, Fault, Report, ScalarNode, SourceNode, Span } from '../source/index.js';
import { placesOf } from './key-places.js';

/** Where an error of ajv points: the value, and the key it stands below. */
type Spot = {
  readonly node: SourceNode;
  /** Null for the root and for items of a list. */
  readonly entry: Entry | null;
  readonly subject: string;
};

const decodePart = (part: string): string => part.replaceAll('~1', '/').replaceAll('~0', '~');

function spotOf(pointer: string, root: SourceNode): Spot {
  let spot: Spot = { node: root, entry: null, subject: 'the schema' };
  for (const part of pointer.split('/').slice(1).map(decodePart)) {
    const entry = spot.node.kind === 'map' ? spot.node.entries.get(part) : undefined;
    const item = spot.node.kind === 'list' ? spot.node.items[Number(part)] : undefined;
    if (entry !== undefined) spot = { node: entry.value, entry, subject: `"${entry.key}"` };
    else if (item !== undefined)
      spot = { node: item, entry: null, subject: `an item of ${spot.subject}` };
  }
  return spot;
}

/** The key when there is one: a map as a whole is too much to point at. */
const keySpan = ({ node, entry }: Spot): Span =>
  entry?.keySpan ?? { start: node.span.start, end: node.span.start };

const valueSpan = (spot: Spot): Span =>
  spot.node.kind === 'scalar' ? spot.node.span : keySpan(spot);

const typeHints: Readonly<Record<string, string>> = {
  object: 'write "key: value" below it, further in, or in braces',
  array: 'write a list in brackets: [a, b]',
  string: 'write text',
  integer: 'write a number without quotes and fraction',
  number: 'write a number without quotes',
  boolean: 'write true or false',
};

const typeNames: Readonly<Record<string, string>> = {
  object: 'a map',
  array: 'a list',
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
};

function describe(node: SourceNode): string {
  if (node.kind !== 'scalar') return node.kind === 'map' ? 'a map' : 'a list';
  if (node.value === null) return 'empty';
  if (typeof node.value === 'string') return `the text "${node.text}"`;
  return typeof node.value === 'boolean' ? String(node.value) : `the number ${node.text}`;
}

const asList = (words: readonly string[], last = 'or'): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1)}`;

/** A selector that would be several numbers, or that something is packed into. */
function manySelectors(spot: Spot): Fault | null {
  const { node, entry } = spot;
  const many = node.kind !== 'scalar' || /[-,|+]/.test(node.text);
  if (entry?.key !== 'selector' || !many) return null;
  return {
    code: 'DK532',
    at: valueSpan(spot),
    message:
      'a selector is one number that names one method; a flag or a handle in it would escape every check',
    hint: 'pass the handle as a scalar; declare a method for each value of a flag, with a selector of its own.',
  };
}

const lowered = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** Text that was not meant to be one: a number in quotes is, true or false is no answer to what is asked. */
function textHint({ value }: ScalarNode, parentSchema: unknown): string {
  const { description = '' } = parentSchema as { description?: string };
  const [asked = ''] = description.split(/[.:](?: |$)/);
  return typeof value !== 'boolean' || asked === ''
    ? 'put it in quotes.'
    : `write text: ${lowered(asked)}.`;
}

function wrongType({ params, parentSchema }: ErrorObject, spot: Spot): Fault {
  const selector = manySelectors(spot);
  if (selector !== null) return selector;
  const types: readonly string[] = [params.type].flat();
  const expected = asList(types.map((type) => typeNames[type] ?? type));
  const scalar = spot.node.kind === 'scalar' && spot.node.value !== null ? spot.node : null;
  const text = types.every((type) => type === 'string') ? scalar : null;
  return {
    code: 'DK201',
    at: valueSpan(spot),
    message: `${spot.subject} is ${describe(spot.node)}; ${expected} belongs here`,
    hint:
      text !== null
        ? textHint(text, parentSchema)
        : `${asList(types.map((type) => typeHints[type] ?? type))}.`,
  };
}

function knownKeys(parentSchema: unknown): readonly string[] {
  const properties = (parentSchema as { properties?: Record<string, unknown> }).properties ?? {};
  return Object.keys(properties).filter((key) => key !== '$schema');
}

/** A key that only stands in the wrong place. */
function elsewhere(key: string): string {
  const places = placesOf(key);
  return places.length === 0 ? '' : `"${key}" belongs to ${asList(places)}; `;
}

function unknownKey({ params, parentSchema }: ErrorObject, spot: Spot): Fault {
  const key = String(params.additionalProperty);
  const entry = spot.node.kind === 'map' ? spot.node.entries.get(key) : undefined;
  const known = knownKeys(parentSchema);
  return {
    code: 'DK202',
    at: entry?.keySpan ?? keySpan(spot),
    message: `${spot.subject} has no key "${key}"`,
    hint: didYouMean(key, known) ?? `${elsewhere(key)}keys here are ${asList(known, 'and')}.`,
  };
}

function missingKey({ params, parentSchema }: ErrorObject, spot: Spot): Fault {
  const key = String(params.missingProperty);
  const { properties = {} } = parentSchema as { properties?: Record<string, { const?: unknown }> };
  const message = `${spot.subject} needs a key "${key}"`;
  // A key with one value only: the version of the language.
  const value = properties[key]?.const ?? '…';
  return { code: 'DK203', at: keySpan(spot), message, hint: `add "${key}: ${value}".` };
}

/** One of several keys is needed: what kind of type it is, or what a bit-field is made of. */
function missingChoice({ schema }: ErrorObject, spot: Spot): Fault {
  const keys = (schema as { required?: readonly string[] }[]).flatMap(
    ({ required }) => required ?? [],
  );
  const kinds = keys.includes('struct');
  return {
    code: 'DK203',
    at: keySpan(spot),
    message: kinds
      ? `${spot.subject} is neither a struct nor an enum`
      : `${spot.subject} needs a key ${asList(keys.map((key) => `"${key}"`))}`,
    hint: kinds
      ? `add "struct:" with its fields, "enum:" with its "values:", or one of ${asList(keys.filter((key) => key !== 'struct' && key !== 'enum'))}.`
      : `add ${asList(keys.map((key) => `"${key}: …"`))}.`,
  };
}

function notAllowed({ params, schemaPath }: ErrorObject, spot: Spot): Fault {
  if (schemaPath.startsWith('#/properties/dextgen/')) {
    const hint = 'write "dextgen: 1", or use a newer dextgen.';
    const message = `this dextgen reads version 1 of the language, not ${describe(spot.node)}`;
    return { code: 'DK206', at: valueSpan(spot), message, hint };
  }
  const allowed = ([params.allowedValues ?? params.allowedValue].flat() as unknown[]).map(String);
  const word = spot.node.kind === 'scalar' ? spot.node.text : '';
  return {
    code: 'DK204',
    at: valueSpan(spot),
    message: `${spot.subject} is ${describe(spot.node)}; ${asList(allowed)} belongs here`,
    hint: didYouMean(word, allowed) ?? 'choose one of them.',
  };
}

function needsKey({ params }: ErrorObject, spot: Spot): Fault {
  const key = String(params.property);
  const missing = String(params.missingProperty);
  const entry = spot.node.kind === 'map' ? spot.node.entries.get(key) : undefined;
  return {
    code: 'DK205',
    at: entry?.keySpan ?? keySpan(spot),
    message: `"${key}" means nothing without "${missing}"`,
    hint: `add "${missing}: …", or remove "${key}".`,
  };
}

function nothingInIt(_: ErrorObject, spot: Spot): Fault {
  const hint = 'add what belongs into it, or remove it.';
  return { code: 'DK207', at: keySpan(spot), message: `${spot.subject} has nothing in it`, hint };
}

/** Keys of a struct that is declared in place. */
const ofStructs: ReadonlySet<string> = new Set(['layout', 'size', 'byteOrder']);

/** The schema forbids a key beside another with `false`. */
function excludedKey(_: ErrorObject, spot: Spot): Fault {
  const own = spot.entry?.key ?? '';
  if (ofStructs.has(own)) {
    const hint = 'give it to the type, or to a struct that is declared here.';
    const message = `"${own}" means nothing without "struct"`;
    return { code: 'DK205', at: keySpan(spot), message, hint };
  }
  const other = spot.entry?.key === 'struct' ? 'enum' : 'struct';
  return {
    code: 'DK208',
    at: keySpan(spot),
    message: `${spot.subject} does not go with "${other}"`,
    hint: 'remove one of the two.',
  };
}

function outOfBounds({ params, keyword }: ErrorObject, spot: Spot): Fault {
  const bound = `at ${keyword === 'minimum' ? 'least' : 'most'} ${params.limit}`;
  const message = `${spot.subject} is ${describe(spot.node)}; it must be ${bound}`;
  return { code: 'DK210', at: valueSpan(spot), message, hint: 'choose another number.' };
}

function badBundleName(_: ErrorObject, spot: Spot): Fault {
  const hint = 'write letters, digits, dots, hyphens and underscores, as in ScopeDriver.';
  return {
    code: 'DK701',
    at: valueSpan(spot),
    message: `${describe(spot.node)} is no file name`,
    hint,
  };
}

function repeatedItem({ params }: ErrorObject, spot: Spot): Fault {
  const items = spot.node.kind === 'list' ? spot.node.items : [];
  const [second, first] = [
    items[Math.max(params.i, params.j)],
    items[Math.min(params.i, params.j)],
  ];
  return {
    code: 'DK510',
    at: second?.span ?? keySpan(spot),
    message: `${spot.subject} lists ${second === undefined ? 'an item' : describe(second)} twice`,
    notes: first === undefined ? [] : [{ message: 'first listed here', at: first.span }],
    hint: 'remove one.',
  };
}

const faults: Readonly<Record<string, (error: ErrorObject, spot: Spot) => Fault>> = {
  type: wrongType,
  additionalProperties: unknownKey,
  required: missingKey,
  enum: notAllowed,
  const: notAllowed,
  dependencies: needsKey,
  minProperties: nothingInIt,
  minLength: nothingInIt,
  minItems: nothingInIt,
  'false schema': excludedKey,
  anyOf: missingChoice,
  minimum: outOfBounds,
  maximum: outOfBounds,
  pattern: badBundleName,
  uniqueItems: repeatedItem,
};

/** A misspelt key is also a missing one: keys that some unknown key of the same map probably means. */
function meantKeys(errors: readonly ErrorObject[]): ReadonlySet<string> {
  const meant = errors
    .filter((error) => error.keyword === 'additionalProperties')
    .map((error) => {
      const key = String(error.params.additionalProperty);
      return `${error.instancePath} ${suggest(key, knownKeys(error.parentSchema))}`;
    });
  return new Set(meant);
}

export function reportShapeFaults(
  errors: readonly ErrorObject[],
  root: SourceNode,
  report: Report,
): void {
  const meant = meantKeys(errors);
  const misspelt = new Set(
    errors.filter((e) => e.keyword === 'additionalProperties').map((e) => e.instancePath),
  );
  const wrongTypes = new Set(errors.filter((e) => e.keyword === 'type').map((e) => e.instancePath));
  for (const error of errors) {
    const { keyword, instancePath, params } = error;
    // An `if` only repeats what its branch said.
    if (keyword === 'if') continue;
    // Nor do the branches of a choice say anything of their own.
    if (error.schemaPath.includes('/anyOf/')) continue;
    if (keyword === 'anyOf' && misspelt.has(instancePath)) continue;
    if (keyword !== 'type' && wrongTypes.has(instancePath)) continue;
    if (meant.has(`${instancePath} ${params.missingProperty}`)) continue;
    const fault = faults[keyword];
    if (fault === undefined) throw new Error(`the schema uses "${keyword}", which has no message`);
    report(fault(error, spotOf(instancePath, root)));
  }
}
