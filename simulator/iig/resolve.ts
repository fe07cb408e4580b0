// Gives every method of a class its meaning, by what the base classes declare; reports what does not fit.
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
import type { ClassDeclaration, Method } from './syntax.js';

export function resolveClass(declaration: ClassDeclaration, program: Program): ClassModel {
  const ancestors = ancestorsOf(declaration, program);
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

function resolveMethod(method: Method, resolving: Resolving): void {
  const { declaration, ancestors, locals } = resolving;
  refuseConflicts(method);
  const inherited = findInherited(method, ancestors);
  const isRoot = rootMethods.has(method.name);
  if (method.isOverride && inherited === undefined && !isRoot)
    throw new IigError(
      method.at,
      `${method.name} overrides nothing: no base class of ${declaration.name} declares it`,
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
        `${method.name} is a message of ${inherited.owner.name} and cannot be LOCALONLY here`,
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

function refuseConflicts({ annotations, at, name, isStatic, isVirtual, isPure }: Method): void {
  const homes = (['KERNEL', 'LOCAL', 'LOCALONLY'] as const).filter((home) => annotations.has(home));
  if (homes.length > 1) throw new IigError(at, `${name} cannot be both ${homes.join(' and ')}`);
  if (isStatic && isVirtual) throw new IigError(at, `${name} cannot be both static and virtual`);
  if (isPure && !isVirtual) throw new IigError(at, `${name} is pure but not virtual`);
  if (annotations.has('TYPE') && isStatic)
    throw new IigError(at, `${name} has a TYPE and cannot be static`);
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
      `${method.name} is declared twice: messages cannot be overloaded`,
    );
  if (
    locals.some(
      (other) =>
        other.method.name === method.name &&
        sameParameters(other.method.parameters, method.parameters) &&
        other.method.isConst === method.isConst,
    )
  )
    throw new IigError(method.at, `${method.name} is declared twice with the same parameters`);
}
