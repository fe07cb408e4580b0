// Pieces of C++ that several emitters print.
import { createHash } from 'node:crypto';
import { parameterText, typeWithPointers } from './carrier.js';
import type { Message } from './model.js';
import { isVoid } from './parse-class.js';
import { parameterType } from './signature.js';
import type { Method, Parameter } from './syntax.js';

/** Bit 63 marks messages for the kernel, as in the real IORPC.h. */
export function messageId(owner: string, method: Method, isKernel: boolean): string {
  const signature = `${owner}::${method.name}(${method.parameters.map(parameterType).join(',')})`;
  const digest = createHash('sha256').update(signature).digest();
  digest[0] = ((digest[0] ?? 0) & 0x7f) | (isKernel ? 0x80 : 0);
  return `0x${digest.subarray(0, 8).toString('hex')}ULL`;
}

export function withDefault(parameter: Parameter): string {
  const value = parameter.defaultValue === undefined ? '' : ` = ${parameter.defaultValue}`;
  return parameterText(parameter) + value;
}

/** The body of a macro: every line but the last ends in a backslash. */
export function macro(name: string, lines: readonly string[]): string {
  return [`#define ${name}`, ...lines].join(' \\\n').replace(/ \\\n/g, '\\\n').replace('\\', ' \\');
}

export const returnText = ({ returns }: Method): string => typeWithPointers(returns);

/** How a stub and `_Impl` return: a reply message has a status of its own. */
export function stubReturn({ method }: Message): string {
  return method.annotations.has('REPLY') ? 'kern_return_t' : returnText(method);
}

export function stubParameters(
  { method }: Message,
  print: (parameter: Parameter) => string,
): readonly string[] {
  const parameters = method.parameters.map(print);
  return method.annotations.has('REPLY') ? ['IORPC rpc', ...parameters] : parameters;
}

export const isKernReturn = ({ returns }: Method): boolean =>
  returns.pointers.length === 0 &&
  (returns.name === 'kern_return_t' || returns.name === 'IOReturn');

/** What a reply has to carry besides outputs. */
export const hasReturnValue = (method: Method): boolean =>
  !isKernReturn(method) && !isVoid(method.returns);

/** Name of the object in a handler's signature; a parameter may have the usual one. */
export function targetName({ parameters }: Method): string {
  return parameters.some(({ name }) => name === 'target') ? 'target_' : 'target';
}

/** The parameters of a `_Handler`: the object for methods of objects, then the message's. */
export function handlerParameters({
  shape,
  owner,
  ownerMethod,
}: Pick<Message, 'shape' | 'owner' | 'ownerMethod'>): string {
  const hasArguments = shape.parameters.length > 0 || shape.annotations.has('INVOKEREPLY');
  const list = shape.isStatic ? [] : [`OSMetaClassBase * ${targetName(shape)}`];
  if (hasArguments) list.push(`${owner}_${ownerMethod}_Args`);
  return list.join(', ');
}

export function lines(parts: readonly (string | readonly string[])[]): string {
  return `${parts.flat().join('\n')}\n`;
}
