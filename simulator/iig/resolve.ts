// Gives every method of a class its meaning, by what the base classes declare; reports what does not fit.
import { argumentText, carrierOf } from './carrier.js';
import type { ActionMethod, ClassModel, LocalMethod, Message } from './model.js';
import { isVoid } from './parse-class.js';
import type { Program } from './program.js';
import { IigError } from './source.js';
import type { ClassDeclaration, Method, Parameter } from './syntax.js';

/** Virtual methods of the hand-written root. */
const rootMethods = new Set(['retain', 'release', 'isEqualTo', 'getMetaClass', 'Dispatch']);
export const rootClass = 'OSMetaClassBase';

type Resolving = {
  readonly program: Program;
  readonly declaration: ClassDeclaration;
  readonly ancestors: readonly ClassDeclaration[];
  readonly messages: Message[];
  readonly actions: ActionMethod[];
  readonly locals: LocalMethod[];
};

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

function ancestorsOf(declaration: ClassDeclaration, program: Program): readonly ClassDeclaration[] {
  const ancestors: ClassDeclaration[] = [];
  for (let child = declaration; child.base !== rootClass; ) {
    if (child.base === undefined)
      return fail(
        child,
        program,
        `class ${child.name} has no base class; derive it from OSObject or one of its subclasses`,
      );
    const base = program.classes.get(child.base)?.declaration;
    if (base === undefined)
      return fail(
        child,
        program,
        `base class ${child.base} is not declared in any included .iig file`,
      );
    if (base === declaration || ancestors.includes(base))
      return fail(declaration, program, `class ${declaration.name} derives from itself`);
    ancestors.push(base);
    child = base;
  }
  return ancestors;
}

function fail(child: ClassDeclaration, program: Program, message: string): readonly [] {
  program.errors.push(new IigError(child.baseAt, message));
  return [];
}

export const isLocalOnlyClass = ({ annotations }: ClassDeclaration): boolean =>
  annotations.has('LOCALONLY');

function queueOf(method: Method): readonly string[] {
  const name = method.annotations.get('QUEUENAME');
  return name === undefined ? [] : [name.replace(/^"|"$/g, '')];
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
      isOverride: isRoot || inherited?.method.isVirtual === true,
    });
  } else if (method.annotations.has('TYPE')) resolveAction(method, resolving);
  else if (inherited !== undefined) resolveOverride(method, inherited, resolving);
  else resolveNew(method, resolving);
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

type Inherited = { readonly method: Method; readonly owner: ClassDeclaration };

/** The nearest declaration of the same name; of several overloads, the one with the same parameters. */
function findInherited(
  method: Method,
  ancestors: readonly ClassDeclaration[],
): Inherited | undefined {
  for (const owner of ancestors) {
    const named = owner.methods.filter(({ name, isStatic }) => name === method.name && !isStatic);
    const found =
      named.find(({ parameters }) => sameParameters(parameters, method.parameters)) ?? named[0];
    if (found === undefined || method.isStatic) continue;
    return { method: found, owner };
  }
  return undefined;
}

function isLocalOnly(
  method: Method,
  owner: ClassDeclaration,
  ancestors: readonly ClassDeclaration[],
): boolean {
  if (
    method.annotations.has('LOCALONLY') ||
    isLocalOnlyClass(owner) ||
    rootMethods.has(method.name)
  )
    return true;
  const above = findInherited(method, ancestors.slice(ancestors.indexOf(owner) + 1));
  return above !== undefined && isLocalOnly(above.method, above.owner, ancestors);
}

/** Of the declaration that introduced a message: overrides in between have no identifier. */
function origin({ method, owner }: Inherited, ancestors: readonly ClassDeclaration[]): Inherited {
  const above = findInherited(method, ancestors.slice(ancestors.indexOf(owner) + 1));
  return above === undefined ? { method, owner } : origin(above, ancestors);
}

function isKernelMethod(method: Method, declaration: ClassDeclaration): boolean {
  if (method.annotations.has('KERNEL')) return true;
  return (
    declaration.annotations.has('KERNEL') &&
    !declaration.annotations.has('LOCAL') &&
    !method.annotations.has('LOCAL')
  );
}

function resolveNew(method: Method, { program, declaration, messages }: Resolving): void {
  const parameters = method.parameters.map((parameter) => ({
    parameter,
    carrier: carrierOf(parameter, method.parameters, program.names),
  }));
  if (method.returns.pointers.length > 0)
    throw new IigError(
      method.returns.at,
      `${method.name} returns a pointer, which a message cannot carry; use an output parameter, or make it LOCALONLY`,
    );
  messages.push({
    method,
    owner: declaration.name,
    ownerMethod: method.name,
    shape: method,
    parameters,
    isNew: true,
    argumentList: argumentList(method, method, program),
    isImplemented: !method.isPure,
    isKernel: isKernelMethod(method, declaration),
    target: targetOf(method),
    queueName: queueOf(method)[0],
  });
}

function targetOf(method: Method): string | undefined {
  const targets = method.parameters.filter(({ annotations }) => annotations.has('TARGET'));
  const [target, second] = targets;
  if (second !== undefined)
    throw new IigError(second.at, `${method.name} has two parameters with TARGET`);
  if (target === undefined) return undefined;
  if (target.type.name !== 'OSAction' || target.type.pointers.length !== 1)
    throw new IigError(target.at, `TARGET belongs on an OSAction *, and ${target.name} is none`);
  if (!isVoid(method.returns))
    throw new IigError(method.at, `${method.name} has a TARGET and must return void`);
  return target.name;
}

function resolveOverride(
  method: Method,
  inherited: Inherited,
  { program, declaration, ancestors, messages }: Resolving,
): void {
  const { method: shape, owner } = origin(inherited, ancestors);
  if (!shape.isVirtual)
    throw new IigError(
      method.at,
      `${method.name} of ${owner.name} is not virtual and cannot be overridden`,
    );
  if (!sameParameters(shape.parameters, method.parameters))
    throw new IigError(
      method.at,
      `the parameters of ${method.name} differ from those in ${owner.name}: messages cannot be overloaded`,
    );
  if (typeText(shape.returns) !== typeText(method.returns))
    throw new IigError(
      method.returns.at,
      `${method.name} returns ${typeText(shape.returns)} in ${owner.name}`,
    );
  messages.push({
    method,
    owner: owner.name,
    ownerMethod: shape.name,
    shape,
    parameters: [],
    isNew: false,
    argumentList: argumentList(method, shape, program),
    isImplemented: !method.isPure,
    isKernel: isKernelMethod(method, declaration),
    target: undefined,
    queueName: queueOf(method)[0] ?? queueOf(shape)[0],
  });
}

function resolveAction(
  method: Method,
  { program, declaration, ancestors, actions }: Resolving,
): void {
  const type = method.annotations.get('TYPE') ?? '';
  const [, ownerName = declaration.name, methodName = ''] = /^(?:(\w+)::)?(\w+)$/.exec(type) ?? [];
  const owner =
    ownerName === declaration.name ? declaration : program.classes.get(ownerName)?.declaration;
  const shape = owner?.methods.find(({ name }) => name === methodName);
  if (owner === undefined || shape === undefined)
    throw new IigError(
      method.at,
      `TYPE(${type}): ${owner === undefined ? `no included .iig file declares class ${ownerName}` : `class ${ownerName} has no method ${methodName}`}`,
    );
  if (targetOf(method) === undefined)
    throw new IigError(
      method.at,
      `${method.name} has a TYPE and needs a parameter "OSAction * action TARGET"`,
    );
  if (targetOf(shape) === undefined)
    throw new IigError(
      method.at,
      `TYPE(${type}) is not a callback: it has no parameter with TARGET`,
    );
  if (!sameParameters(shape.parameters, method.parameters))
    throw new IigError(method.at, `the parameters of ${method.name} differ from those of ${type}`);
  const base = findInherited(method, ancestors);
  if (base !== undefined && !base.method.isPure)
    throw new IigError(method.at, `${method.name} is already declared in ${base.owner.name}`);
  actions.push({
    method,
    actionClass: `OSAction_${declaration.name}_${method.name}`,
    owner: owner.name,
    ownerMethod: shape.name,
    shape,
    argumentList: argumentList(method, shape, program),
    isKernel: isKernelMethod(method, declaration),
    queueName: queueOf(method)[0],
  });
}

/** `shape` declared the message: its INVOKEREPLY decides whether the implementation gets the message itself. */
function argumentList(
  { parameters }: Method,
  shape: Method,
  { names }: Program,
): readonly string[] {
  const list = parameters.map((parameter) => argumentText(parameter, parameters, names));
  return shape.annotations.has('INVOKEREPLY') ? ['const IORPC rpc', ...list] : list;
}

function sameParameters(some: readonly Parameter[], others: readonly Parameter[]): boolean {
  return (
    some.length === others.length &&
    some.every((parameter, index) => {
      const other = others[index];
      return other !== undefined && parameterType(parameter) === parameterType(other);
    })
  );
}

export function parameterType({ type, extents, verbatim }: Parameter): string {
  return verbatim ?? `${typeText(type)}${extents.map((extent) => `[${extent}]`).join('')}`;
}

const elaboration = /\b(?:struct|class|enum|union)\b\s*/g;

/** Two declarations of the same type give the same text; `IOReturn` and `kern_return_t` are the same type. */
export function typeText(type: Method['returns']): string {
  const name = type.name === 'IOReturn' ? 'kern_return_t' : type.name.replace(elaboration, '');
  const pointers = type.pointers
    .map(({ operator, isConst }) => `${operator}${isConst ? 'const' : ''}`)
    .join('');
  return `${type.isConst ? 'const ' : ''}${name}${pointers}`;
}
