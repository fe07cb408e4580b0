// The members of the driver class that an interface asks for: parameter lists, spelt once for the .iig that declares
// them and for the dispatch that calls or defines them.
import type {
  Buffer,
  ChildService,
  Event,
  Field,
  HandleType,
  Method,
  Model,
  Property,
  Role,
  ScalarSlot,
  StateMachine,
  StructType,
  Type,
} from '../model/model.js';
import {
  bufferType,
  hookName,
  parameterType,
  pascal,
  scalarType,
  storedType,
  typeName,
} from './c-names.js';
import { wrap } from './c-text.js';
import { atOnce } from './carriers.js';
import { clientClass } from './sides.js';
import {
  DESCRIPTOR,
  inputParameters,
  outputParameters,
  type Parameter,
  type Pick,
  pointer,
  value,
} from './struct-parameters.js';
import { isWord } from './words.js';

/** Picks names in order; one that is taken gets the suffix of its role. */
function namer(reserved: readonly string[]): Pick {
  const taken = new Set(reserved);
  return (name, suffix) => {
    let free = name;
    while (taken.has(free)) free += suffix;
    taken.add(free);
    return free;
  };
}

export type HookParameters = {
  readonly fixed: readonly Parameter[];
  readonly inputs: readonly Parameter[];
  readonly inputStruct: readonly Parameter[];
  readonly outputs: readonly Parameter[];
  readonly outputStruct: readonly Parameter[];
};

/** Everything a hook takes, by where it comes from. An asynchronous one answers later, all but what comes at once. */
export function hookParameters(model: Model, method: Method): HookParameters {
  if (method.unchecked !== null) return uncheckedParameters(model, method);
  const isAsync = method.kind === 'async';
  const { scalars, struct } = atOnce(method);
  const pick = namer(['client', 'call', 'status', 'target', 'reference']);
  const fixed = [pointer(clientClass(model, method), 'client')];
  if (isAsync) fixed.push(value('uint64_t', 'call'));
  return {
    fixed,
    inputs: method.input.scalars.flatMap((slot) => inputScalar(model, slot, pick)),
    inputStruct:
      method.input.struct === null ? [] : inputParameters(model, method.input.struct, pick),
    outputs: scalars.map((slot) => pointer(elementType(model, slot.type), pick(slot.name, 'Out'))),
    outputStruct: struct === null ? [] : outputParameters(model, struct, pick),
  };
}

function uncheckedParameters(model: Model, method: Method): HookParameters {
  const fixed = [
    pointer(clientClass(model, method), 'client'),
    pointer('IOUserClientMethodArguments', 'arguments'),
  ];
  return { fixed, inputs: [], inputStruct: [], outputs: [], outputStruct: [] };
}

/** An input that may be left out, with nothing to stand for it: the hook sees a null pointer. */
export function isNullable({ optional, rules }: ScalarSlot): boolean {
  return optional && (rules === null || rules.default === null);
}

/** Of an array, its elements' type: the hook gets a pointer to the first. */
function elementType(model: Model, type: Type): string {
  return isWord(type) ? parameterType(model, type) : storedType(model, type);
}

function inputScalar(model: Model, slot: ScalarSlot, pick: Pick): Parameter[] {
  const name = pick(slot.name, 'In');
  if (slot.packing === 'memory')
    return [pointer(DESCRIPTOR, name), value('uint64_t', pick(`${name}Length`, 'In'))];
  const type = elementType(model, slot.type);
  const byValue = isWord(slot.type) && !isNullable(slot);
  return [byValue ? value(type, name) : pointer(`const ${type}`, name)];
}

export function allParameters(parameters: HookParameters): readonly Parameter[] {
  const { fixed, inputs, inputStruct, outputs, outputStruct } = parameters;
  return [...fixed, ...inputs, ...inputStruct, ...outputs, ...outputStruct];
}

/** `CompleteSelfTest(uint64_t call, kern_return_t status, bool passed, uint16_t failures)`. */
export function completeParameters(model: Model, method: Method): readonly Parameter[] {
  const pick = namer(['call', 'status', 'words', 'Core']);
  return [
    value('uint64_t', 'call'),
    value('kern_return_t', 'status'),
    ...method.output.scalars.map((slot) => {
      const name = pick(slot.name, 'Out');
      const type = elementType(model, slot.type);
      return isWord(slot.type) ? value(type, name) : pointer(`const ${type}`, name);
    }),
    ...(method.output.struct === null ? [] : inputParameters(model, method.output.struct, pick)),
  ];
}

const structsOf = new WeakMap<Model, ReadonlyMap<string, StructType>>();

/** The struct of a name. The table is made once per model: an interface may have thousands of events. */
function structNamed(model: Model, name: string): StructType {
  const known =
    structsOf.get(model) ??
    new Map(model.types.flatMap((type) => (type.kind === 'struct' ? [[type.name, type]] : [])));
  structsOf.set(model, known);
  const type = known.get(name);
  if (type === undefined) throw new Error(`there is no struct ${name} for a payload`);
  return type;
}

export function payloadOf(model: Model, event: Event): StructType {
  return structNamed(model, event.payload.name);
}

/** A payload of nothing but plain values. */
export function isPlainPayload(model: Model, name: string): boolean {
  return structNamed(model, name).fields.every((field: Field) => isWord(field.type));
}

/** An event of a few plain values is emitted by value; a ring takes many records at once. */
export function isEmittedByValue(model: Model, event: Event): boolean {
  return event.delivery.kind === 'completion' && isPlainPayload(model, event.payload.name);
}

/** The fields of a plain payload, in order. */
export function valueParameters(model: Model, name: string): readonly Parameter[] {
  const pick = namer(['payload', 'client', 'Core']);
  return structNamed(model, name).fields.map((field) =>
    value(parameterType(model, field.type), pick(field.name, 'In')),
  );
}

/** Statements that put them into `payload`. */
export function assignValues(
  model: Model,
  name: string,
  parameters: readonly Parameter[],
): readonly string[] {
  return structNamed(model, name).fields.map((field, i) => {
    const given = parameters[i]?.name ?? '';
    const isBool = field.type.kind === 'scalar' && field.type.scalar === 'bool';
    return `payload.${field.name} = ${isBool ? `${given} ? 1 : 0` : given};`;
  });
}

export function emitParameters(model: Model, event: Event): readonly Parameter[] {
  const { name } = event.payload;
  if (isEmittedByValue(model, event)) return valueParameters(model, name);
  return [pointer(`const ${typeName(model, name)}`, 'records'), value('uint32_t', 'count')];
}

/** A shared buffer belongs to the driver, a private one to a client. */
export function mapParameters(model: Model, buffer: Buffer): readonly Parameter[] {
  const size = buffer.sizing.kind === 'exact' ? [] : [pointer('uint64_t', 'size')];
  const type = hasBufferType(buffer) ? bufferType(model, buffer) : 'void';
  return [...keyParameters(model, buffer), ...size, { type: `${type} ** `, name: 'buffer' }];
}

/** What tells one memory of a buffer from another: the client that has it, and the parts of its type. */
export function keyParameters(model: Model, buffer: Buffer): readonly Parameter[] {
  const pick = namer(['client', 'size', 'buffer', 'memory', 'type', 'status', 'address', 'Core']);
  const client = buffer.shared ? [] : [pointer(clientClass(model, buffer), 'client')];
  return [
    ...client,
    ...buffer.parts.map((part) => value(parameterType(model, part.type), pick(part.name, 'In'))),
  ];
}

/** The driver gives the memory away with a reference. */
export function supplyParameters(model: Model, buffer: Buffer): readonly Parameter[] {
  return [...keyParameters(model, buffer), { type: 'IOMemoryDescriptor ** ', name: 'memory' }];
}

/** A buffer of any size, of which nothing more is said, is bytes. */
export function hasBufferType({ sizing, sections }: Buffer): boolean {
  return sizing.kind === 'exact' || sections.length > 0;
}

/** Classes of user clients may share what concerns a client. */
export const anyClientParameters: readonly Parameter[] = [pointer('IOUserClient', 'client')];

export const objectParameters: readonly Parameter[] = [
  ...anyClientParameters,
  value('uint64_t', 'object'),
];

export function findParameters(model: Model, handle: HandleType): readonly Parameter[] {
  return [
    ...anyClientParameters,
    value(typeName(model, handle.name), 'handle'),
    pointer('uint64_t', 'object'),
  ];
}

export function makeParameters(model: Model, handle: HandleType): readonly Parameter[] {
  return [...objectParameters, pointer(typeName(model, handle.name), 'handle')];
}

/** The answer may come when nobody waits any more; then what it would have made handles of stays the driver's. */
export function givesObjects({ kind, output }: Method): boolean {
  return (
    kind === 'async' &&
    output.scalars.some((slot) => slot.packing === 'word' && slot.handle === 'creates')
  );
}

/** What a driver with `clientHooks` keeps for a client. */
export const contextParameters: readonly Parameter[] = [
  ...anyClientParameters,
  { type: 'void * ', name: 'context' },
];

/** A machine of the driver's own has one state for all clients. */
export function stateParameters({ scope }: StateMachine): readonly Parameter[] {
  return scope === 'driver' ? [] : anyClientParameters;
}

export function publishParameters(property: Property): readonly Parameter[] {
  return [value(scalarType(property.type.scalar), 'value')];
}

/** The new service belongs to the caller, who releases it (contract §4.1). */
export const createParameters: readonly Parameter[] = [{ type: 'IOService ** ', name: 'service' }];
type Named = { readonly name: string };

export const memberNames = {
  hook: hookName,
  complete: (method: Method) => `Complete${pascal(method.name)}`,
  emit: (event: Named) => `Emit${pascal(event.name)}`,
  subscribers: (event: Named) => `${pascal(event.name)}Subscribers`,
  map: (buffer: Buffer) => `Map${pascal(buffer.name)}`,
  setState: (machine: StateMachine) => `SetState${pascal(machine.name)}`,
  getState: (machine: StateMachine) => `GetState${pascal(machine.name)}`,
  roleLost: (role: Role) => `${pascal(role.name)}Lost`,
  release: (handle: HandleType) => `Release${pascal(handle.name)}`,
  forget: (handle: HandleType) => `Forget${pascal(handle.name)}`,
  find: (handle: HandleType) => `Find${pascal(handle.name)}`,
  make: (handle: HandleType) => `Make${pascal(handle.name)}`,
  supply: (buffer: Buffer) => `Supply${pascal(buffer.name)}`,
  drop: (buffer: Buffer) => `Drop${pascal(buffer.name)}`,
  publish: (property: Property) => `Publish${pascal(property.name)}`,
  create: (service: ChildService) => `Create${pascal(service.name)}`,
} as const;

export function declare(
  head: string,
  parameters: readonly Parameter[],
  tail: string,
  indent = 0,
): readonly string[] {
  return wrap(
    head,
    parameters.map(({ type, name }) => type + name),
    tail,
    indent,
  );
}
