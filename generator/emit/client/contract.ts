// What the runtime needs to know of the interface, as constants. Rows are short texts rather than objects: they are
// read when a call was refused, and an interface may have thousands.
import type { Event, Method, Model, ScalarSlot, StructType, Type } from '../../model/model.js';
import { entitlementsOf } from '../guard-text.js';
import type { ClientSide } from '../sides.js';
import { isWord } from '../words.js';
import { quote } from './jsdoc.js';
import { scalarBits } from './scalars.js';

type Structs = ReadonlyMap<string, StructType>;

export function structsOf(model: Model): Structs {
  return new Map(
    model.types.flatMap((type) => (type.kind === 'struct' ? [[type.name, type]] : [])),
  );
}

export type ContractParts = {
  readonly model: Model;
  readonly side: ClientSide;
  /** Name of the constant. */
  readonly constant: string;
  readonly structs: Structs;
};

export function contractText({ model, side, constant, structs }: ContractParts): string {
  const { client, driver, methods } = side;
  return [
    `const ${constant}: dextgen.Contract = {`,
    `  name: ${quote(model.name)},`,
    `  id: ${quote(model.id)},`,
    `  service: ${quote(driver.className)},`,
    ...(client.type === null ? [] : [`  type: ${client.type},`]),
    `  bundle: ${quote(model.bundle.identifier)},`,
    `  major: ${model.version.major},`,
    `  minor: ${model.version.minor},`,
    `  hashHigh: 0x${model.contractHash.high}n,`,
    `  hashLow: 0x${model.contractHash.low}n,`,
    `  base: ${model.contract === null ? 'null' : `0x${model.contract.base.toString(16)}`},`,
    ...list(
      'methods',
      methods.map((method) => methodText(structs, method)),
    ),
    ...list(
      'errors',
      model.errors
        .filter(({ code }) => code !== null)
        .map((e) => `[0x${e.value.toString(16)}, ${quote(e.name)}]`),
    ),
    ...unlessEmpty(
      'states',
      model.states.map(({ name, states }) => `[${[name, ...states].map(quote).join(', ')}]`),
    ),
    ...unlessEmpty(
      'roles',
      model.roles.map(({ name }) => quote(name)),
    ),
    ...unlessEmpty('entitlements', entitlementsOf(model).map(quote)),
    '};',
  ].join('\n');
}

function unlessEmpty(name: string, rows: readonly string[]): string[] {
  return rows.length === 0 ? [] : list(name, rows);
}

function list(name: string, rows: readonly string[]): string[] {
  if (rows.length === 0) return [`  ${name}: [],`];
  return [`  ${name}: [`, ...rows.map((row) => `    ${row},`), '  ],'];
}

/** `[name, selector, 'hz: u32, mode: u8', struct, 'image.width: u16 @0+2']`, the last two only where they say something. */
function methodText(structs: Structs, method: Method): string {
  const { scalars, struct } = method.input;
  const cells = [
    quote(method.name),
    String(method.selector),
    quote(scalars.map(scalarText).join(', ')),
  ];
  const own = errorTexts(method).join(', ');
  if (struct !== null || own !== '') cells.push(quote(struct?.name ?? ''));
  if (struct?.kind === 'fixed')
    cells.push(quote(fieldTexts(structs, struct.type, struct.name, 0).join(', ')));
  else if (own !== '') cells.push("''");
  if (own !== '') cells.push(quote(own));
  return `[${cells.join(', ')}]`;
}

/** `hz: u32`, or `cdb: u8 x2` over two scalars. */
function scalarText({ name, type, words }: ScalarSlot): string {
  const element = innermost(type);
  const bits = isWord(element) ? scalarBits(element) : 'u8';
  return words === 1 ? `${name}: ${bits}` : `${name}: ${bits} x${words}`;
}

/** Errors of the platform mean what the schema says where a method declares them, and nowhere else. */
function errorTexts({ errors, guards }: Method): string[] {
  const all = [...errors, guards.stateError, guards.roleError].filter((error) => error !== null);
  const own = all.filter(({ code }) => code === null);
  return [...new Set(own.map(({ name, value }) => `${name}: ${value.toString(16)}`))];
}

/** The scalars inside an input struct by their offset, for messages about them; arrays as one field. */
function fieldTexts(structs: Structs, type: Type, path: string, offset: number): string[] {
  if (type.kind === 'struct') {
    const found = structs.get(type.name);
    if (found === undefined) throw new Error(`there is no struct ${type.name}`);
    return found.fields.flatMap((field) =>
      fieldTexts(structs, field.type, `${path}.${field.name}`, offset + field.offset),
    );
  }
  const scalar = innermost(type);
  return !isWord(scalar)
    ? [`${path}: u8 @${offset}+${type.size}`]
    : [`${path}: ${scalarBits(scalar)} @${offset}+${type.size}`];
}

function innermost(type: Type): Exclude<Type, { kind: 'array' }> {
  return type.kind === 'array' ? innermost(type.element) : type;
}

// The driver's default window for records that travel as completions instead of in their ring.
const RING_FALLBACK_WINDOW = 64;

export function eventText(event: Event, constant: string): string {
  const { delivery } = event;
  const ring =
    delivery.kind === 'ring'
      ? `{ capacity: ${delivery.capacity}, dropsOldest: ${delivery.overflow === 'drop-oldest'} }`
      : 'null';
  return [
    `const ${constant}: dextgen.EventInfo = {`,
    `  name: ${quote(event.name)},`,
    `  id: ${event.id},`,
    `  size: ${event.payload.size},`,
    `  inFlight: ${delivery.kind === 'completion' ? delivery.inFlight : RING_FALLBACK_WINDOW},`,
    `  ring: ${ring},`,
    '};',
  ].join('\n');
}
