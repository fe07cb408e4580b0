// A message's structures, the stub that sends it and the function that takes it apart.
import { type Carrier, parameterText } from './carrier.js';
import { emitReceive } from './emit-receive.js';
import {
  hasReturnValue,
  isKernReturn,
  returnText,
  stubParameters,
  stubReturn,
} from './emit-text.js';
import type { Message, MessageParameter } from './model.js';
import { isVoid } from './parse-class.js';

const INTEGER = /^u?int(8|16|32|64)_t$/;

const prefix = ({ owner, method }: Message): string => `${owner}_${method.name}`;

export function emitMessage(message: Message): readonly string[] {
  return [...emitStructures(message), '', ...emitStub(message), '', ...emitReceive(message), ''];
}

function emitStructures(message: Message): readonly string[] {
  const name = prefix(message);
  const objects = message.parameters.filter(({ carrier }) => carrier.kind === 'object');
  return [
    ...structure(name, 'Msg', [
      '    OSObjectRef __object;',
      ...objects.map(({ parameter }) => `    OSObjectRef ${parameter.name};`),
      ...message.parameters.flatMap(inputField),
    ]),
    ...structure(name, 'Rpl', [
      ...(hasReturnValue(message.method) ? [`    ${returnText(message.method)} __return;`] : []),
      ...message.parameters.flatMap(outputField),
    ]),
  ];
}

function structure(
  name: string,
  kind: 'Msg' | 'Rpl',
  fields: readonly string[],
): readonly string[] {
  return [
    `struct ${name}_${kind}_Content`,
    '{',
    '    IORPCMessage __hdr;',
    ...fields,
    '};',
    `struct ${name}_${kind}`,
    '{',
    '    IORPCMessageMach mach;',
    `    struct ${name}_${kind}_Content content;`,
    '};',
  ];
}

function inputField({ parameter: { name }, carrier }: MessageParameter): readonly string[] {
  switch (carrier.kind) {
    case 'value':
      return /[(^]/.test(carrier.type)
        ? [`    ${carrier.type};`]
        : [`    ${carrier.type} ${name};`];
    case 'pointerIn':
      return [`    ${carrier.type} ${name};`];
    case 'pointerOut':
      return carrier.isCount ? [`    ${carrier.type} ${name};`] : [];
    case 'string':
      return [`    char ${name}[${carrier.extent}];`];
    case 'arrayIn':
      return [`    ${carrier.element} ${name}[${carrier.extent}];`];
    case 'objectArray':
      return [`    ${carrier.className} * ${name}[${carrier.extent}];`];
    default:
      return [];
  }
}

function outputField({ parameter: { name }, carrier }: MessageParameter): readonly string[] {
  switch (carrier.kind) {
    case 'pointerOut':
      return [`    ${carrier.type} ${name};`];
    case 'objectOut':
      return [`    ${carrier.className} * ${name};`];
    case 'arrayOut':
      return [`    ${carrier.element} ${name}[${carrier.extent}];`];
    default:
      return [];
  }
}

function emitStub(message: Message): readonly string[] {
  const { owner, method, parameters, target } = message;
  const list = stubParameters(message, parameterText);
  const all = method.isStatic ? list : [...list, 'OSDispatchMethod supermethod'];
  const name = prefix(message);
  return [
    stubReturn(message),
    `${owner}::${method.name}(${all.length > 0 ? `\n        ${all.join(',\n        ')}` : ''})${method.isConst ? ' const' : ''}`,
    '{',
    ...checks(message),
    `    struct ${name}_Msg message_ = {};`,
    `    struct ${name}_Rpl reply_ = {};`,
    `    message_.content.__hdr.msgid = ${name}_ID;`,
    `    message_.content.__hdr.flags = ${flags(message)};`,
    `    message_.content.__hdr.objectRefs = ${1 + parameters.filter(({ carrier }) => carrier.kind === 'object').length};`,
    ...(method.isStatic
      ? []
      : ['    message_.content.__object = reinterpret_cast<OSObjectRef>(this);']),
    ...parameters.flatMap((parameter) => fill(message, parameter)),
    '    const IORPC rpc_ = IORPCMake(&message_.mach, sizeof(message_), &reply_.mach, sizeof(reply_));',
    ...(method.annotations.has('REPLY') ? ['    (void) rpc;'] : []),
    `    const kern_return_t status_ = ${send(message, target)};`,
    ...finish(message),
    '}',
  ];
}

function flags({ isKernel, target, method }: Message): string {
  const names = [
    ...(method.annotations.has('LOCALHOST') ? ['kIORPCMessageLocalHost'] : []),
    ...(isKernel ? ['kIORPCMessageKernel'] : []),
    ...(target === undefined ? [] : ['kIORPCMessageOneway']),
  ];
  return names.join(' | ') || '0';
}

function send({ method, owner }: Message, target: string | undefined): string {
  if (method.isStatic) return `OSMTypeID(${owner})->Invoke(rpc_)`;
  const self = method.isConst ? `const_cast<${owner} *>(this)` : 'this';
  const invoke =
    target === undefined
      ? method.isConst
        ? `${self}->Invoke(rpc_)`
        : 'Invoke(rpc_)'
      : `${target}->Invoke(rpc_)`;
  return `supermethod ? supermethod(${self}, rpc_) : ${invoke}`;
}

/** What cannot be put into the message at all (contract §1.5, §1.9). */
function checks(message: Message): readonly string[] {
  const failure = (code: string) =>
    returnsStatus(message)
      ? `return ${code};`
      : isVoid(message.method.returns)
        ? 'return;'
        : 'return {};';
  const missing = [
    ...(message.target === undefined
      ? []
      : [`    if (NULL == ${message.target}) { ${failure('kIOReturnBadArgument')} }`]),
    // Generated code writes and reads these unasked: on a Mac a NULL here is a crash (contract §9.4).
    ...message.parameters
      .filter(({ carrier }) => carrier.kind === 'objectOut' || isRequired(message, carrier))
      .map(
        ({ parameter: { name } }) =>
          `    if (NULL == ${name}) { IORPCMissing("${message.owner}::${message.method.name}", "${name}"); }`,
      ),
  ];
  const counts = message.parameters.flatMap(({ carrier }) => {
    if (carrier.kind !== 'arrayIn' && carrier.kind !== 'arrayOut' && carrier.kind !== 'objectArray')
      return [];
    const count = countExpression(message, carrier.count);
    if (count === undefined) return [];
    return [
      `    if (${count} > static_cast<size_t>(${carrier.extent})) { ${failure('kIOReturnOverrun')} }`,
    ];
  });
  return [...missing, ...counts];
}

function returnsStatus({ method }: Message): boolean {
  return isKernReturn(method) || method.annotations.has('REPLY');
}

function countExpression({ parameters }: Message, count: string | undefined): string | undefined {
  const found = parameters.find(({ parameter }) => parameter.name === count);
  if (found === undefined) return undefined;
  return found.carrier.kind === 'pointerOut'
    ? `(${count} ? static_cast<size_t>(*${count}) : 0)`
    : `static_cast<size_t>(${count})`;
}

/** Static methods that make a kernel's object have a front of their own, which may look first. */
function isRequired({ method }: Message, carrier: Carrier): boolean {
  return carrier.kind === 'string' && !method.isStatic;
}

function fill(
  message: Message,
  { parameter: { name }, carrier }: MessageParameter,
): readonly string[] {
  const field = `message_.content.${name}`;
  switch (carrier.kind) {
    case 'object':
      return [`    ${field} = reinterpret_cast<OSObjectRef>(${name});`];
    case 'value':
      return [`    ${field} = ${name};`];
    case 'pointerIn':
      return [`    if (${name}) { ${field} = *${name}; }`];
    case 'pointerOut':
      if (carrier.isCount) return [`    if (${name}) { ${field} = *${name}; }`];
      // What the implementation leaves alone stays what the caller had. Of other types a value that
      // was never set must not even be read.
      return INTEGER.test(carrier.type)
        ? [`    if (${name}) { reply_.content.${name} = *${name}; }`]
        : [];
    case 'string': {
      const copy = `strlcpy(${field}, ${name}, sizeof(${field}));`;
      return [isRequired(message, carrier) ? `    ${copy}` : `    if (${name}) { ${copy} }`];
    }
    case 'arrayIn':
    case 'objectArray':
      return [`    IORPCCopyArray(${field}, ${name}, ${elements(carrier)});`];
    default:
      return [];
  }
}

function elements({
  count,
  extent,
}: {
  readonly count: string | undefined;
  readonly extent: string;
}): string {
  return `static_cast<size_t>(${count ?? extent})`;
}

function finish(message: Message): readonly string[] {
  const { method, parameters } = message;
  const outputs = parameters.flatMap((parameter) => copyOut(message, parameter));
  const copies =
    outputs.length === 0 ? [] : ['    if (kIOReturnSuccess == status_) {', ...outputs, '    }'];
  if (returnsStatus(message)) return [...copies, '    return status_;'];
  if (isVoid(method.returns))
    return [...copies, ...(outputs.length === 0 ? ['    (void) status_;'] : [])];
  return [...copies, '    (void) status_;', '    return reply_.content.__return;'];
}

function copyOut(
  message: Message,
  { parameter: { name }, carrier }: MessageParameter,
): readonly string[] {
  const field = `reply_.content.${name}`;
  switch (carrier.kind) {
    case 'pointerOut':
      if (carrier.isCount)
        return [`        if (${name} && ${field} < *${name}) { *${name} = ${field}; }`];
      return [`        if (${name}) { *${name} = ${field}; }`];
    case 'objectOut': {
      const give = `IORPCGiveObject(${field}, OSTypeID(${carrier.className}), *${name})`;
      return [
        returnsStatus(message)
          ? `        if (!${give}) { return kIOReturnBadArgument; }`
          : `        (void) ${give};`,
      ];
    }
    case 'arrayOut': {
      const count = countExpression(message, carrier.count);
      return [
        `        IORPCCopyArray(${name}, ${field}, ${count ?? `static_cast<size_t>(${carrier.extent})`});`,
      ];
    }
    default:
      return [];
  }
}
