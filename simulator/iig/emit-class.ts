// A class's description, metaclass, dispatch and callbacks.

import { hasStatics } from './emit-header.js';
import { handlerParameters, lines, returnText, targetName } from './emit-text.js';
import type { ActionMethod, ClassModel, Message } from './model.js';

/** Options of a method in the description: number of its queue, and whether it stands for the kernel's. */
const kernelOption = 0x100;

type Row = { readonly id: string; readonly name: string; readonly options: number };

export function emitDescription(model: ClassModel): readonly string[] {
  const { name, base, queueNames } = model;
  const rows = rowsOf(model);
  const options =
    rows.length === 0
      ? []
      : [
          `static const uint64_t ${name}_MethodOptions[] = {`,
          ...rows.map(({ id, options: value }) => `    ${id}, 0x${value.toString(16)},`),
          '};',
        ];
  return [
    `#define ${name}_QueueNames  ""${pascalStrings(queueNames)}`,
    `#define ${name}_MethodNames  ""${pascalStrings(rows.map((row) => row.name))}`,
    '',
    ...options,
    `static const OSClassDescription OSClassDescription_${name} = {`,
    `    .descriptionSize = sizeof(OSClassDescription),`,
    `    .name = "${name}",`,
    `    .superName = "${base}",`,
    `    .methodCount = ${rows.length},`,
    `    .methodOptions = ${rows.length === 0 ? 'NULL' : `${name}_MethodOptions`},`,
    `    .queueNames = ${name}_QueueNames,`,
    `    .queueNamesSize = sizeof(${name}_QueueNames),`,
    `    .methodNames = ${name}_MethodNames,`,
    `    .methodNamesSize = sizeof(${name}_MethodNames),`,
    `    .flags = ${model.isLocalOnly ? '0' : 'kOSClassCanRemote'},`,
    '};',
    '',
  ];
}

function rowsOf({ name, messages, actions, queueNames }: ClassModel): readonly Row[] {
  const implemented = messages.filter(
    ({ isImplemented, method }) => isImplemented && !method.isStatic,
  );
  return [
    ...implemented.map(({ owner, ownerMethod, ...rest }) =>
      row(`${owner}_${ownerMethod}_ID`, rest, queueNames),
    ),
    ...actions.map((action) => row(`${name}_${action.method.name}_ID`, action, queueNames)),
  ];
}

type Optioned = Pick<Message, 'method' | 'isKernel' | 'queueName'>;

function row(
  id: string,
  { method, isKernel, queueName }: Optioned,
  queueNames: readonly string[],
): Row {
  const queue = queueName === undefined ? 0 : queueNames.indexOf(queueName) + 1;
  return { id, name: method.name, options: queue | (isKernel ? kernelOption : 0) };
}

/** A length byte in front of each, as in the real description. */
function pascalStrings(names: readonly string[]): string {
  return names
    .map((name) => ` \\\n    "\\${Buffer.byteLength(name).toString(8).padStart(3, '0')}" "${name}"`)
    .join('');
}

export function emitMetaClass(
  name: string,
  base: string,
  statics: readonly Message[] | undefined,
): string {
  return lines([
    `static ${name}MetaClass ${name}_MetaClassInstance;`,
    `OSMetaClass * g${name}MetaClass = &${name}_MetaClassInstance;`,
    '',
    `const OSClassLoadInformation ${name}_Class = {`,
    `    .description = &OSClassDescription_${name},`,
    `    .metaPointer = &g${name}MetaClass,`,
    `    .superPointer = ${base === 'OSMetaClassBase' ? 'NULL' : `&g${base}MetaClass`},`,
    '    .version = 1,',
    `    .instanceSize = sizeof(${name}),`,
    '};',
    `static const OSClassRegistration ${name}_Registration(&${name}_Class);`,
    '',
    'kern_return_t',
    `${name}MetaClass::New(OSObject * instance)`,
    '{',
    `    return OSObjectConstruct<${name}>(instance);`,
    '}',
    ...(statics === undefined ? [] : ['', ...metaDispatch(name, statics)]),
  ]);
}

function metaDispatch(name: string, statics: readonly Message[]): readonly string[] {
  const cases = statics.flatMap(({ method, owner, ownerMethod }) => [
    `    case ${owner}_${ownerMethod}_ID:`,
    `        return ${name}::${method.name}_Invoke(rpc_, &${name}::${method.name}_Impl);`,
  ]);
  return [
    'kern_return_t',
    `${name}MetaClass::Dispatch(const IORPC rpc_)`,
    '{',
    ...switchOn(cases, 'OSMetaClass::Dispatch(rpc_)'),
    '}',
  ];
}

function switchOn(cases: readonly string[], otherwise: string): readonly string[] {
  if (cases.length === 0) return [`    return ${otherwise};`];
  return [
    '    switch (IORPCMessageFromMach(rpc_.message, false)->msgid) {',
    ...cases,
    '    default:',
    `        return ${otherwise};`,
    '    }',
  ];
}

export function emitDispatch(model: ClassModel): readonly string[] {
  const { name, base, messages, actions, isLocalOnly } = model;
  if (isLocalOnly) return [];
  const implemented = messages.filter(
    ({ isImplemented, method }) => isImplemented && !method.isStatic,
  );
  const cases = [
    ...implemented.flatMap((message) =>
      dispatchCase(name, `${message.owner}_${message.ownerMethod}_ID`, message),
    ),
    ...actions.flatMap((action) => dispatchCase(name, `${name}_${action.method.name}_ID`, action)),
  ];
  const otherwise =
    base === 'OSMetaClassBase'
      ? 'self_->OSMetaClassBase::Dispatch(rpc_)'
      : 'super::_Dispatch(self_, rpc_)';
  return dispatchFunctions(name, switchOn(cases, otherwise));
}

export function dispatchFunctions(name: string, body: readonly string[]): readonly string[] {
  return [
    'kern_return_t',
    `${name}::Dispatch(const IORPC rpc)`,
    '{',
    '    return _Dispatch(this, rpc);',
    '}',
    '',
    'kern_return_t',
    `${name}::_Dispatch(${name} * self_, const IORPC rpc_)`,
    '{',
    ...body,
    '}',
    '',
  ];
}

function dispatchCase(
  name: string,
  id: string,
  message: Message | ActionMethod,
): readonly string[] {
  const { owner, ownerMethod, shape, method } = message;
  const target = targetName(shape);
  const list = [
    ...(shape.annotations.has('INVOKEREPLY') ? ['rpc'] : []),
    ...shape.parameters.map((parameter) => parameter.name),
  ];
  const action = 'actionClass' in message ? `,\n            OSTypeID(${message.actionClass})` : '';
  return [
    `    case ${id}:`,
    `        return ${owner}::${ownerMethod}_Invoke(rpc_, self_,`,
    `            [](${handlerParameters({ shape, owner, ownerMethod })}) -> ${returnText(shape)} {`,
    `                return static_cast<${name} *>(${target})->${method.name}_Impl(${list.join(', ')});`,
    `            }${action});`,
  ];
}

export function emitAction(
  model: ClassModel,
  { method, actionClass, owner, ownerMethod }: ActionMethod,
): readonly string[] {
  const { name } = model;
  return [
    'kern_return_t',
    `${name}::CreateAction${method.name}(size_t referenceSize, OSAction ** action)`,
    '{',
    `    OSString * typeName_ = OSString::withCString("${actionClass}");`,
    '    if (NULL == typeName_) {',
    '        return kIOReturnNoMemory;',
    '    }',
    `    const kern_return_t status_ = ${actionClass}::CreateWithTypeName(this, ${name}_${method.name}_ID,`,
    `        ${owner}_${ownerMethod}_ID, referenceSize, typeName_, action);`,
    '    typeName_->release();',
    '    return status_;',
    '}',
    '',
    ...emitDescription({
      ...model,
      name: actionClass,
      base: 'OSAction',
      messages: [],
      actions: [],
      queueNames: [],
      isLocalOnly: false,
    }),
    emitMetaClass(actionClass, 'OSAction', []),
    ...dispatchFunctions(actionClass, ['    return super::_Dispatch(self_, rpc_);']),
  ];
}

export const metaStatics = (model: ClassModel): readonly Message[] | undefined =>
  model.isLocalOnly && !hasStatics(model)
    ? undefined
    : model.messages.filter(({ method }) => method.isStatic);
