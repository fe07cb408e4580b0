// Gives every method of a class its meaning, by what the base classes declare; reports what does not fit.
import type { Annotation } from './annotations.js';
import {
  ancestorsOf,
  findInherited,
  isLocalOnly,
  isLocalOnlyClass,
  rootClass,
  rootMethods,
} from './inheritance.js';
import type { ClassModel } from './model.js';
import type { Program } from './program.js';
import {
  queueOf,
  type Resolving,
  resolveAction,
  resolveNew,
  resolveOverride,
} from './resolve-message.js';
import { sameParameters } from './signature.js';
import { IigError } from './source.js';
import type { ClassDeclaration, Method, Parameter } from './syntax.js';

export function resolveClass(declaration: ClassDeclaration, program: Program): ClassModel {
  const ancestors = ancestorsOf(declaration, program);
  refuseLongName(declaration, program);
  const resolving: Resolving = {
    program,
    declaration,
    ancestors,
    messages: [],
    actions: [],
    locals: [],
  };
  for (const method of declaration.methods) {
    try {
      resolveMethod(method, resolving);
    } catch (error) {
      if (!(error instanceof IigError)) throw error;
      program.errors.push(error);
    }
  }
  const { messages, actions, locals } = resolving;
  const queueNames = [...messages, ...actions].flatMap(({ queueName }) => queueName ?? []);
  for (const { method } of locals) queueNames.push(...queueOf(method));
  return {
    declaration,
    name: declaration.name,
    base: declaration.base ?? rootClass,
    messages,
    actions,
    locals,
    isLocalOnly: isLocalOnlyClass(declaration),
    queueNames: [...new Set(queueNames)],
  };
}

/** A class's description has room for this many bytes of its name, and a zero (contract §9.4). */
const longestClassName = 95;
/** Names of methods and queues have a byte for their length. */
const longestName = 255;

const bytesOf = (text: string): number => Buffer.byteLength(text);

function refuseLongName({ name, at }: ClassDeclaration, { errors }: Program): void {
  if (bytesOf(name) > longestClassName)
    errors.push(
      new IigError(
        at,
        `the name ${name} has ${bytesOf(name)} bytes; shorten it to ${longestClassName}, which is all that the description of a class holds`,
      ),
    );
}

function refuseLongNames(method: Method, { declaration }: Resolving): void {
  const { at, name } = method;
  const action = `OSAction_${declaration.name}_${name}`;
  if (method.annotations.has('TYPE') && bytesOf(action) > longestClassName)
    throw new IigError(
      at,
      `the class of its actions, ${action}, has a name of ${bytesOf(action)} bytes; shorten ${name} until that is ${longestClassName}`,
    );
  for (const text of [name, ...queueOf(method)])
    if (bytesOf(text) > longestName)
      throw new IigError(
        at,
        `the name ${text} has ${bytesOf(text)} bytes; shorten it to ${longestName}`,
      );
}

function resolveMethod(method: Method, resolving: Resolving): void {
  const { declaration, ancestors, locals } = resolving;
  refuseConflicts(method);
  refuseLongNames(method, resolving);
  const inherited = findInherited(method, ancestors);
  const isRoot = rootMethods.has(method.name);
  if (method.isOverride && inherited === undefined && !isRoot)
    throw new IigError(
      method.at,
      `${method.name} overrides nothing: no base class of ${declaration.name} declares it; leave out "override", or correct the name`,
    );
  const localOnly =
    method.annotations.has('LOCALONLY') ||
    isLocalOnlyClass(declaration) ||
    isRoot ||
    (inherited !== undefined && isLocalOnly(inherited.method, inherited.owner, ancestors));
  refuseDuplicate(method, resolving, localOnly);
  if (localOnly) {
    if (
      inherited !== undefined &&
      method.isVirtual &&
      !isLocalOnly(inherited.method, inherited.owner, ancestors)
    )
      throw new IigError(
        method.at,
        `${method.name} is a message of ${inherited.owner.name} and cannot be LOCALONLY here; leave it out`,
      );
    locals.push({
      method,
      isOverride: isRoot || overridesLocal(method, ancestors),
    });
  } else if (method.annotations.has('TYPE')) resolveAction(method, resolving);
  else if (inherited !== undefined) resolveOverride(method, inherited, resolving);
  else resolveNew(method, resolving);
}

/** Of several overloads only the one with the same parameters is overridden; the others are hidden. */
function overridesLocal(method: Method, ancestors: readonly ClassDeclaration[]): boolean {
  return ancestors.some(({ methods }) =>
    methods.some(
      ({ name, isVirtual, isConst, parameters }) =>
        name === method.name &&
        isVirtual &&
        isConst === method.isConst &&
        sameParameters(parameters, method.parameters),
    ),
  );
}

/** Pairs that contradict each other: where a method runs, and whether it is a message at all. */
const conflicts: readonly (readonly [Annotation, Annotation])[] = [
  ['KERNEL', 'LOCAL'],
  ['KERNEL', 'LOCALONLY'],
  ['LOCAL', 'LOCALONLY'],
  ['LOCAL', 'REMOTE'],
  ['LOCALONLY', 'REMOTE'],
  ['LOCALONLY', 'LOCALHOST'],
  ['LOCALONLY', 'TYPE'],
  ['LOCALONLY', 'REPLY'],
  ['LOCALONLY', 'INVOKEREPLY'],
];

function refuseConflicts(method: Method): void {
  const { annotations, at, name, isStatic, isVirtual, isPure } = method;
  const pair = conflicts.find(([one, other]) => annotations.has(one) && annotations.has(other));
  if (pair !== undefined)
    throw new IigError(at, `${name} cannot be both ${pair[0]} and ${pair[1]}; keep one of them`);
  if (isStatic && isVirtual)
    throw new IigError(at, `${name} cannot be both static and virtual; keep one of them`);
  if (isPure && !isVirtual)
    throw new IigError(at, `${name} is pure but not virtual; write "virtual" in front of it`);
  if (annotations.has('TYPE') && isStatic)
    throw new IigError(at, `${name} has a TYPE and cannot be static: an action calls an object`);
  for (const parameter of method.parameters) refuseMisplaced(parameter);
  refuseNames(method);
}

/** Names that C++ would take for another thing, or that generated code has for itself. */
function refuseNames({ name, at, returns, parameters }: Method): void {
  if ([returns, ...parameters.map(({ type }) => type)].some((type) => type.name === name))
    throw new IigError(at, `${name} is the name of a type here; give the method another one`);
  for (const [index, parameter] of parameters.entries()) {
    const earlier = parameters.slice(0, index);
    if (parameter.name !== '' && earlier.some((other) => other.name === parameter.name))
      throw new IigError(
        parameter.at,
        `two parameters are called ${parameter.name}; give one of them another name`,
      );
    if (parameter.defaultValue === undefined && earlier.at(-1)?.defaultValue !== undefined)
      throw new IigError(
        parameter.at,
        `${parameter.name} follows a parameter with a default value; give it one as well`,
      );
    if (parameter.name === 'supermethod')
      throw new IigError(
        parameter.at,
        'every message has a parameter called supermethod; give this one another name',
      );
  }
}

function refuseMisplaced({ annotations, type, name, at }: Parameter): void {
  if (annotations.has('TYPE') && (type.name !== 'OSAction' || type.pointers.length === 0))
    throw new IigError(at, `TYPE belongs on an OSAction *, and ${name} is none; leave it out`);
  for (const port of ['PORTMAKESEND', 'PORTCOPYSEND'] as const)
    if (annotations.has(port) && type.name !== 'mach_port_t')
      throw new IigError(at, `${port} belongs on a mach_port_t, and ${name} is none; leave it out`);
}

function refuseDuplicate(
  method: Method,
  { messages, actions, locals }: Resolving,
  localOnly: boolean,
): void {
  const others = [...messages, ...actions, ...(localOnly ? [] : locals)].map(
    (other) => other.method,
  );
  if (others.some((other) => other.name === method.name))
    throw new IigError(
      method.at,
      `${method.name} is declared twice: messages cannot be overloaded; give one of them another name`,
    );
  if (
    locals.some(
      (other) =>
        other.method.name === method.name &&
        sameParameters(other.method.parameters, method.parameters) &&
        other.method.isConst === method.isConst,
    )
  )
    throw new IigError(
      method.at,
      `${method.name} is declared twice with the same parameters; leave one of them out`,
    );
}
