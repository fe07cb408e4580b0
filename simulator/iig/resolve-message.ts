// Messages and callbacks: what a method that is not LOCALONLY becomes.
import { argumentText, carrierOf } from './carrier.js';
import { findInherited, type Inherited, origin } from './inheritance.js';
import type { ActionMethod, LocalMethod, Message } from './model.js';
import { isVoid } from './parse-class.js';
import type { Program } from './program.js';
import { parameterType, sameParameters, typeText } from './signature.js';
import { IigError } from './source.js';
import type { ClassDeclaration, Method, Parameter } from './syntax.js';

export type Resolving = {
  readonly program: Program;
  readonly declaration: ClassDeclaration;
  readonly ancestors: readonly ClassDeclaration[];
  readonly messages: Message[];
  readonly actions: ActionMethod[];
  readonly locals: LocalMethod[];
};

export function queueOf(method: Method): readonly string[] {
  const name = method.annotations.get('QUEUENAME');
  return name === undefined ? [] : [name.replace(/^"|"$/g, '')];
}

/** Of a class that lives in the kernel, what is not LOCAL, or REMOTE in a class that is. */
function isKernelMethod(
  { annotations }: Method,
  { annotations: ofClass }: ClassDeclaration,
): boolean {
  if (annotations.has('KERNEL')) return true;
  if (!ofClass.has('KERNEL') || annotations.has('LOCAL')) return false;
  return annotations.has('REMOTE') || !ofClass.has('LOCAL');
}

export function resolveNew(method: Method, { program, declaration, messages }: Resolving): void {
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
    throw new IigError(
      second.at,
      `${method.name} has two parameters with TARGET; one of them is the message's`,
    );
  if (target === undefined) return undefined;
  if (target.type.name !== 'OSAction' || target.type.pointers.length !== 1)
    throw new IigError(
      target.at,
      `TARGET belongs on an OSAction *, and ${target.name} is none; leave it out`,
    );
  if (!isVoid(method.returns))
    throw new IigError(
      method.at,
      `${method.name} has a TARGET and must return void: nobody waits for it`,
    );
  return target.name;
}

export function resolveOverride(
  method: Method,
  inherited: Inherited,
  { program, declaration, ancestors, messages }: Resolving,
): void {
  const { method: shape, owner } = origin(inherited, ancestors);
  if (!shape.isVirtual)
    throw new IigError(
      method.at,
      `${method.name} of ${owner.name} is not virtual and cannot be overridden; give the method another name`,
    );
  if (!sameParameters(shape.parameters, method.parameters))
    throw new IigError(
      method.at,
      `the parameters of ${method.name} differ from those in ${owner.name}: messages cannot be overloaded; declare (${shape.parameters.map(parameterType).join(', ')}), or give it another name`,
    );
  if (typeText(shape.returns) !== typeText(method.returns))
    throw new IigError(
      method.returns.at,
      `${method.name} returns ${typeText(shape.returns)} in ${owner.name}; declare the same here`,
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

export function resolveAction(
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
      `TYPE(${type}): ${owner === undefined ? `no included .iig file declares class ${ownerName}; include its .iig` : `class ${ownerName} has no method ${methodName}; TYPE takes Class::Method`}`,
    );
  // TARGET may be left out here: it stands where the declared callback has it.
  const isAction = ({ type: { name, pointers } }: Parameter): boolean =>
    name === 'OSAction' && pointers.length === 1;
  if (!method.parameters.some(isAction))
    throw new IigError(
      method.at,
      `${method.name} has a TYPE and needs an OSAction * among its parameters; put "OSAction * action TARGET" first`,
    );
  if (!isVoid(method.returns))
    throw new IigError(
      method.at,
      `${method.name} has a TYPE and must return void: nobody waits for it`,
    );
  if (targetOf(shape) === undefined)
    throw new IigError(
      method.at,
      `TYPE(${type}) is not a callback: it has no parameter with TARGET; name a method that has one`,
    );
  if (!sameParameters(shape.parameters, method.parameters))
    throw new IigError(
      method.at,
      `the parameters of ${method.name} differ from those of ${type}; declare (${shape.parameters.map(parameterType).join(', ')})`,
    );
  const base = findInherited(method, ancestors);
  if (base !== undefined && !base.method.isPure)
    throw new IigError(
      method.at,
      `${method.name} is already declared in ${base.owner.name}; give the callback another name`,
    );
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
