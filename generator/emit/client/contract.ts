// What the runtime needs to know of the interface, as constants. Rows are short texts rather than objects: they are
// read when a call was refused, and an interface may have thousands.
import type { Event, Method, Model, ScalarSlot, StructCarrier, Type } from '../../model/model.js';
import { alternatives, entitlementsOf } from '../guard-text.js';
import { type ClientSide, subscriptionCalls } from '../sides.js';
import { isWord } from '../words.js';
import { fieldRows, recordRows, type TypesByName } from './field-rows.js';
import { quote } from './jsdoc.js';
import { scalarBits } from './scalars.js';

export function typesByName(model: Model): TypesByName {
  return new Map(model.types.map((type) => [type.name, type]));
}

export type ContractParts = {
  readonly model: Model;
  readonly side: ClientSide;
  /** Name of the constant. */
  readonly constant: string;
  readonly types: TypesByName;
};

export function contractText({ model, side, constant, types }: ContractParts): string {
  const { client, driver } = side;
  const methods = [...side.methods, ...subscriptionCalls(side.subscriptions)];
  return [
    `const ${constant}: dextgen.Contract = {`,
    `  name: ${quote(model.name)},`,
    `  id: ${quote(model.id)},`,
    `  service: ${quote(driver.className)},`,
    ...(client.type === null ? [] : [`  type: ${client.type},`]),
    `  bundle: ${quote(model.bundle.identifier)},`,
    ...(client.entitlements.length === 0
      ? []
      : [`  opening: ${quote(alternatives(client.entitlements))},`]),
    `  major: ${model.version.major},`,
    `  minor: ${model.version.minor},`,
    `  hashHigh: 0x${model.contractHash.high}n,`,
    `  hashLow: 0x${model.contractHash.low}n,`,
    `  base: ${model.contract === null ? 'null' : `0x${model.contract.base.toString(16)}`},`,
    ...list(
      'methods',
      methods.map((method) => methodText(types, method)),
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

function structRows(types: TypesByName, struct: StructCarrier): string[] {
  if (struct.kind === 'fixed') return fieldRows(types, struct.type, struct.name);
  const type = struct.kind === 'variable' ? types.get(struct.type.name) : undefined;
  return type?.kind === 'record' || type?.kind === 'variant'
    ? recordRows(types, type, struct.name)
    : [];
}

/** `[name, selector, 'hz: u32, mode: u8', struct, 'image.width: u16 @0+2']`, the last two only where they say something. */
function methodText(types: TypesByName, method: Method): string {
  const { scalars, struct } = method.input;
  const cells = [
    quote(method.name),
    String(method.selector),
    quote(scalars.map(scalarText).join(', ')),
  ];
  const own = errorTexts(method).join(', ');
  if (struct !== null || own !== '') cells.push(quote(struct?.name ?? ''));
  const rows = struct === null ? [] : structRows(types, struct);
  if (rows.length > 0) cells.push(quote(rows.join(', ')));
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
