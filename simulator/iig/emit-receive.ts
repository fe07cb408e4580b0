// `_Invoke`: takes a message apart, checks its objects, calls the handler and fills the reply.
import { hasReturnValue, isKernReturn } from './emit-text.js';
import type { Message, MessageParameter } from './model.js';

export function emitReceive(message: Message): readonly string[] {
  const { target } = message;
  if (target === undefined) return receive(message, undefined);
  return [...receive(message, target), '', ...plainReceive(message)];
}

function signature({ owner, method }: Message, withActionClass: boolean): readonly string[] {
  return [
    'kern_return_t',
    `${owner}::${method.name}_Invoke(const IORPC rpc,`,
    ...(method.isStatic ? [] : ['        OSMetaClassBase * target,']),
    `        ${method.name}_Handler func${withActionClass ? ',\n        const OSMetaClass * targetActionClass' : ''})`,
  ];
}

/** Without an action class any action fits. */
function plainReceive(message: Message): readonly string[] {
  return [
    ...signature(message, false),
    '{',
    `    return ${message.method.name}_Invoke(rpc, target, func, OSTypeID(OSAction));`,
    '}',
  ];
}

function receive(message: Message, target: string | undefined): readonly string[] {
  const { owner, method, parameters } = message;
  const name = `${owner}_${method.name}`;
  const usesMessage = parameters.some(
    ({ carrier }) =>
      carrier.kind !== 'objectOut' &&
      (carrier.kind !== 'pointerOut' || carrier.isCount) &&
      carrier.kind !== 'arrayOut',
  );
  const usesReply =
    hasReturnValue(method) || parameters.some(({ carrier }) => /Out$/.test(carrier.kind));
  return [
    ...signature(message, target !== undefined),
    '{',
    `    if (rpc.sendSize < sizeof(struct ${name}_Msg)${usesReply ? ` || rpc.replySize < sizeof(struct ${name}_Rpl)` : ''}) {`,
    '        return kIOReturnIPCError;',
    '    }',
    ...(usesMessage
      ? [
          `    const auto & message_ = reinterpret_cast<const struct ${name}_Msg *>(rpc.message)->content;`,
        ]
      : []),
    ...(usesReply
      ? [`    auto & reply_ = reinterpret_cast<struct ${name}_Rpl *>(rpc.reply)->content;`]
      : []),
    ...parameters.flatMap((parameter) => takeObject(parameter, target)),
    ...parameters.flatMap(prepareCount),
    ...call(message),
    '}',
  ];
}

function takeObject(
  { parameter: { name }, carrier }: MessageParameter,
  target: string | undefined,
): readonly string[] {
  if (carrier.kind !== 'object') return [];
  const meta = name === target ? 'targetActionClass' : `OSTypeID(${carrier.className})`;
  return [
    `    ${carrier.className} * object_${name};`,
    `    if (!IORPCTakeObject(message_.${name}, ${meta}, object_${name})) { return kIOReturnBadArgument; }`,
  ];
}

function prepareCount({ parameter: { name }, carrier }: MessageParameter): readonly string[] {
  return carrier.kind === 'pointerOut' && carrier.isCount
    ? [`    reply_.${name} = message_.${name};`]
    : [];
}

function argument({ parameter: { name }, carrier }: MessageParameter): string {
  switch (carrier.kind) {
    case 'object':
      return `object_${name}`;
    case 'pointerIn':
      return `&message_.${name}`;
    case 'objectOut':
    case 'pointerOut':
      return `&reply_.${name}`;
    case 'arrayOut':
      return `reply_.${name}`;
    case 'objectArray':
      return `const_cast<${carrier.className} **>(&message_.${name}[0])`;
    default:
      return `message_.${name}`;
  }
}

function call({ method, parameters }: Message): readonly string[] {
  const list = [
    ...(method.isStatic ? [] : ['target']),
    ...(method.annotations.has('INVOKEREPLY') ? ['rpc'] : []),
    ...parameters.map(argument),
  ];
  const invocation = `(*func)(${list.join(', ')})`;
  if (isKernReturn(method)) return [`    return ${invocation};`];
  return [
    `    ${hasReturnValue(method) ? 'reply_.__return = ' : ''}${invocation};`,
    '    return kIOReturnSuccess;',
  ];
}
