// What a client throws. `kind` tells a program what to do; the message tells a person what happened.
import {
  type ArgumentInfo,
  argumentPlace,
  type Contract,
  findMethod,
  type MethodInfo,
  type Rule,
  rules,
} from './contract.js';
import { describeCode, type ErrorKind, kindOfCode } from './io-return.js';
import type { NativeError, NativeRejection } from './native.js';

export class ClientError extends Error {
  override readonly name: string = 'ClientError';
  readonly kind: ErrorKind;
  /** Unsigned IOReturn, where one was behind it. */
  readonly code: number | undefined;

  constructor(kind: ErrorKind, message: string, code?: number, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
    this.code = code;
  }
}

/** No driver is running: none is installed, or its device is not plugged in. */
export class NoDeviceError extends ClientError {
  override readonly name = 'NoDeviceError';
}

/** The device or its driver went away. Nothing further comes from this connection; open a new one. */
export class DeviceGoneError extends ClientError {
  override readonly name = 'DeviceGoneError';
  constructor(message: string, code?: number, options?: ErrorOptions) {
    super('gone', message, code, options);
  }
}

/** The driver and the app were generated from different schemas. */
export class ContractMismatchError extends ClientError {
  override readonly name = 'ContractMismatchError';
  /** `unknown` when both call their version the same. */
  readonly older: 'driver' | 'app' | 'unknown';
  constructor(older: ContractMismatchError['older'], message: string) {
    super('unsupported', message);
    this.older = older;
  }
}

/** The app may not open this driver. */
export class AccessDeniedError extends ClientError {
  override readonly name = 'AccessDeniedError';
  constructor(message: string, code: number) {
    super('denied', message, code);
  }
}

export class TimeoutError extends ClientError {
  override readonly name = 'TimeoutError';
  constructor(message: string) {
    super('timeout', message);
  }
}

/** The operation was ended by this side: its connection was closed. */
export class AbortedError extends ClientError {
  override readonly name = 'AbortedError';
  constructor(message: string, code?: number) {
    super('aborted', message, code);
  }
}

/** An event of a connection has one reader; it has one already. */
export class BusyError extends ClientError {
  override readonly name = 'BusyError';
  constructor(message: string) {
    super('busy', message);
  }
}

/** An argument was refused in this process, before anything was sent. */
export class ArgumentError extends ClientError {
  override readonly name = 'ArgumentError';
  readonly method: string;
  readonly argument: string;

  constructor(method: string, argument: string, problem: string) {
    super('bad-argument', `${method}: ${argument} ${problem}`);
    this.method = method;
    this.argument = argument;
  }
}

/** The driver refused, with a code of its own or of the platform. */
export class DriverError extends ClientError {
  override readonly name = 'DriverError';
  /** Name of the error in the schema, if it is declared there. */
  readonly error: string | undefined;

  constructor(message: string, code: number, error?: string) {
    // A driver that declares kIOReturnNotReady is there to say so.
    const kind = kindOfCode(code);
    super(error !== undefined && kind === 'gone' ? 'io' : kind, message, code);
    this.error = error;
  }
}

/** The driver's generated validation refused a call before the driver's own code ran. */
export class RejectedError extends ClientError {
  override readonly name = 'RejectedError';
  readonly method: string;
  /** Name of the argument; undefined when the rule is not about one. */
  readonly argument: string | undefined;
  readonly rule: Rule;
  readonly limit: number | bigint;
  readonly actual: number | bigint;

  constructor(contract: Contract, rejection: NativeRejection, code: number) {
    const place = locate(contract, rejection);
    const rule = rules[Number(rejection.rule)] ?? 'none';
    const limit = toValue(rejection.limit, place.type);
    // Too few elements may be less than none.
    const actual = toValue(rejection.actual, rule === 'count' ? 'i64' : place.type);
    const subject = [place.method, place.argument].filter((part) => part !== undefined).join(': ');
    const facts = { contract, rejection, rule, limit, actual };
    super(kindOfRule(rule), `${subject} ${explainRule(facts)}`, code);
    this.method = place.method;
    this.argument = place.argument;
    this.rule = rule;
    this.limit = limit;
    this.actual = actual;
  }
}

type Place = {
  readonly method: string;
  readonly argument: string | undefined;
  readonly type: ArgumentInfo['type'] | undefined;
};

function locate(contract: Contract, rejection: NativeRejection): Place {
  const selector = Number(rejection.selector);
  const method = findMethod(contract, selector);
  if (method === undefined)
    return { method: `selector ${selector}`, argument: undefined, type: undefined };
  const { argument } = rejection;
  if (argument === argumentPlace.structOutput || argument === argumentPlace.scalarOutput)
    return { method: method.name, argument: 'the answer', type: undefined };
  if (argument === argumentPlace.role)
    return { method: method.name, argument: undefined, type: undefined };
  const scalar = argument < argumentPlace.role ? scalarAt(method, Number(argument)) : undefined;
  if (scalar !== undefined)
    return { method: method.name, argument: scalar.name, type: scalar.type };
  if (argument === argumentPlace.struct)
    return { method: method.name, argument: method.struct || undefined, type: undefined };
  const offset = Number(argument - argumentPlace.struct - 1n);
  const field = method.fields.find((f) => offset >= f.offset && offset < f.offset + f.size);
  return { method: method.name, argument: field?.name, type: field?.type };
}

/** The argument that a word belongs to. */
function scalarAt({ scalars }: MethodInfo, index: number): ArgumentInfo | undefined {
  let end = 0;
  return scalars.find(({ words }) => {
    end += words;
    return index < end;
  });
}

/** Integers arrive sign-extended, floats as the bits of a double. */
function toValue(word: bigint, type: Place['type']): number | bigint {
  if (type === 'f32' || type === 'f64') {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, word);
    return view.getFloat64(0);
  }
  const value = type?.startsWith('i') ? BigInt.asIntN(64, word) : word;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

type Facts = {
  readonly contract: Contract;
  readonly rejection: NativeRejection;
  readonly rule: Rule;
  readonly limit: number | bigint;
  readonly actual: number | bigint;
};

/** Which states were asked for, and which one is: a mask, and the machine's number above the state's. */
function explainState({ contract, rejection }: Facts): string {
  if (rejection.argument === argumentPlace.role) return explainRole(contract, rejection);
  const [machine, ...states] = contract.states?.[Number(rejection.actual >> 32n)] ?? [];
  if (machine === undefined) return 'is not possible in this state';
  const legal = states.filter((_, i) => (rejection.limit >> BigInt(i)) & 1n);
  const state = states[Number(rejection.actual & 0xffff_ffffn)] ?? 'in no known state';
  return `is not possible while ${machine} is ${state}: it needs ${legal.join(' or ')}`;
}

/** The limit is the role, the actual value says whether anybody has it. */
function explainRole(contract: Contract, { limit, actual }: NativeRejection): string {
  const role = contract.roles?.[Number(limit)] ?? `role ${limit}`;
  return actual === 0n
    ? `needs the role ${role}, which this connection has not`
    : `needs the role ${role}, which another connection has`;
}

function kindOfRule(rule: Rule): ErrorKind {
  if (rule === 'unknownSelector') return 'unsupported';
  if (rule === 'entitlement') return 'denied';
  return rule === 'quota' || rule === 'state' ? 'busy' : 'bad-argument';
}

const explanations: Partial<
  Record<Rule, (limit: number | bigint, actual: number | bigint) => string>
> = {
  unknownSelector: () => 'is unknown to the driver',
  scalarCount: (limit, actual) => `has ${limit} scalars, not ${actual}`,
  structSize: (limit, actual) => `has ${actual} bytes where ${limit} is the limit`,
  completion: (limit) =>
    limit === 1 ? 'needs a completion' : 'is synchronous and takes no completion',
  min: (limit, actual) => `is ${actual}, less than the minimum ${limit}`,
  max: (limit, actual) => `is ${actual}, more than the maximum ${limit}`,
  multipleOf: (limit, actual) => `is ${actual}, not a multiple of ${limit}`,
  enum: (_, actual) => `is ${actual}, which is not one of its values`,
  mask: (limit, actual) =>
    `is 0x${actual.toString(16)}, which has bits other than 0x${limit.toString(16)}`,
  reserved: (limit, actual) =>
    limit === 0 ? `is ${actual}, which is reserved` : `has reserved bits (0x${limit.toString(16)})`,
  stringTerminator: (limit) => `has no NUL within its ${limit} bytes`,
  utf8: () => 'is not encoded as it should be',
  count: (limit, actual) => `counts ${actual} where ${limit} is the limit`,
  handle: (_, actual) => `refers to ${actual}, which is unknown to this connection`,
  quota: (limit) => `is over its limit of ${limit}`,
};

function explainRule(facts: Facts): string {
  const { contract, rule, limit, actual } = facts;
  if (rule === 'state') return explainState(facts);
  if (rule === 'entitlement') {
    const name = contract.entitlements?.[Number(limit)] ?? 'an entitlement';
    return `needs ${name}, which the app's entitlements do not have`;
  }
  const explain = explanations[rule];
  return explain?.(limit, actual) ?? `breaks the rule ${rule} (limit ${limit}, actual ${actual})`;
}

export function isNativeError(error: unknown): error is NativeError {
  return error instanceof Error && typeof (error as Partial<NativeError>).code === 'number';
}

/** A vendor code means the same everywhere, a code of the platform only what the method says. */
function declaredError(contract: Contract, what: string, code: number): string | undefined {
  const vendor = contract.errors.find((error) => error[0] === code)?.[1];
  const row = vendor === undefined ? contract.methods.find(([name]) => name === what) : undefined;
  return vendor ?? (row && findMethod(contract, row[1])?.errors.get(code));
}

/** The error for a code that a method or an operation ended with. */
export function errorOfCode(contract: Contract, what: string, code: number): ClientError {
  const declared = declaredError(contract, what, code);
  if (declared !== undefined)
    return new DriverError(`${what}: the driver reports ${declared}`, code, declared);
  if (kindOfCode(code) === 'gone')
    return new DeviceGoneError(
      `${what}: the device or its driver is gone, ${describeCode(code)}`,
      code,
    );
  if (kindOfCode(code) === 'aborted')
    return new AbortedError(`${what}: the driver aborted it, ${describeCode(code)}`, code);
  return new DriverError(`${what} failed with ${describeCode(code)}`, code);
}

/** What the addon threw, as what the client throws. Errors of other origin pass through. */
export function translateError(contract: Contract, what: string, error: unknown): unknown {
  if (!isNativeError(error)) return error;
  const { code, rejection } = error;
  if (rejection === undefined) return errorOfCode(contract, what, code);
  const rejected = new RejectedError(contract, rejection, code);
  // The schema may say what a call in the wrong state fails with; then that is what it failed with.
  const declared = rejected.rule === 'state' ? declaredError(contract, what, code) : undefined;
  return declared === undefined ? rejected : new DriverError(rejected.message, code, declared);
}
