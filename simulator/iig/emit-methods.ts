// The macros of a class: identifiers, argument lists, and the three groups of method declarations (contract §9.4).
import {
  handlerParameters,
  macro,
  messageId,
  returnText,
  stubParameters,
  stubReturn,
  withDefault,
} from './emit-text.js';
import type { ActionMethod, ClassModel, LocalMethod, Message } from './model.js';
import type { Method } from './syntax.js';

export function emitIdentifiers({ name, messages, actions }: ClassModel): readonly string[] {
  const own = [...messages.filter(({ isNew }) => isNew), ...actions];
  return own.map(
    ({ method, isKernel }) =>
      `#define ${name}_${method.name}_ID            ${messageId(name, method, isKernel)}`,
  );
}

export function emitArguments({ name, messages, actions }: ClassModel): readonly string[] {
  return [...messages, ...actions].flatMap(({ method, argumentList }) => {
    const list = argumentList.map(
      (argument, index) => `        ${argument}${index < argumentList.length - 1 ? ',' : ''}`,
    );
    return [
      list.length === 0
        ? `#define ${name}_${method.name}_Args`
        : macro(`${name}_${method.name}_Args`, list),
      '',
    ];
  });
}

export function emitMethods(model: ClassModel): string {
  const { name, messages, actions, locals, isLocalOnly } = model;
  const news = messages.filter(({ isNew }) => isNew);
  const local = messages.filter(({ isImplemented, isKernel }) => isImplemented && !isKernel);
  return macro(`${name}_Methods`, [
    '',
    'public:',
    '',
    ...(isLocalOnly ? [] : dispatchDeclarations(name)),
    ...news.flatMap(stub),
    ...locals
      .filter(({ method }) => !method.isVirtual)
      .flatMap(({ method }) => localDeclaration(method, '')),
    ...actions.flatMap(({ method }) => createAction(method)),
    '',
    'protected:',
    '    /* _Impl methods */',
    '',
    ...local.flatMap(implementation),
    ...actions.filter(({ isKernel }) => !isKernel).flatMap(implementation),
    '',
    'public:',
    '    /* _Invoke methods */',
    '',
    ...news.flatMap(invocation),
    '',
  ]);
}

export function emitKernelMethods({ name, messages, actions }: ClassModel): string {
  const kernel = messages.filter(({ isImplemented, isKernel }) => isImplemented && isKernel);
  return macro(`${name}_KernelMethods`, [
    '',
    'protected:',
    '    /* _Impl methods */',
    '',
    ...kernel.flatMap(implementation),
    ...actions.filter(({ isKernel }) => isKernel).flatMap(implementation),
    '',
  ]);
}

export function emitVirtualMethods({ name, locals }: ClassModel): string {
  const virtuals = locals.filter(({ method }) => method.isVirtual && !method.isPure);
  return macro(`${name}_VirtualMethods`, [
    '',
    'public:',
    '',
    ...virtuals.flatMap(({ method }) => localDeclaration(method, ' APPLE_KEXT_OVERRIDE')),
    '',
  ]);
}

/** Virtual methods that are introduced here are pure in the interface, so that `override` holds in the class. */
export function emitInterface({ name, locals }: ClassModel): readonly string[] {
  const introduced = locals.filter(
    ({ method, isOverride }: LocalMethod) => method.isVirtual && !isOverride,
  );
  return [
    `class ${name}Interface : public OSInterface`,
    '{',
    'public:',
    ...introduced.flatMap(({ method }) => localDeclaration(method, ' = 0')),
    ...introduced.flatMap(({ method }) => callThrough(method)),
    '};',
  ];
}

/** `Name_Call`, for who has the interface only. */
function callThrough(method: Method): readonly string[] {
  if (method.parameters.some(({ name }) => name === '')) return []; // `...`, or a callback without a name
  const list = method.parameters.map((parameter) => parameter.name).join(', ');
  const parameters = method.parameters.map(withDefault).join(', ');
  const tail = method.isConst ? ' const' : '';
  return [
    `    ${returnText(method)}`,
    `    ${method.name}_Call(${parameters})${tail} { return ${method.name}(${list}); }`,
    '',
  ];
}

function dispatchDeclarations(name: string): readonly string[] {
  return [
    '    virtual kern_return_t',
    '    Dispatch(const IORPC rpc) APPLE_KEXT_OVERRIDE;',
    '',
    '    static kern_return_t',
    `    _Dispatch(${name} * self, const IORPC rpc);`,
    '',
  ];
}

function declaration(head: string, parameters: readonly string[], tail: string): readonly string[] {
  const [first, ...rest] = parameters;
  if (first === undefined) return [`${head}(`, `)${tail};`, ''];
  const all = [first, ...rest].map(
    (text, index) => `        ${text}${index < rest.length ? ',' : `)${tail};`}`,
  );
  return [`${head}(`, ...all, ''];
}

function stub(message: Message): readonly string[] {
  const { method } = message;
  const parameters = stubParameters(message, withDefault);
  const supermethod = method.isStatic ? [] : ['OSDispatchMethod supermethod = NULL'];
  return [
    `    ${method.isStatic ? 'static ' : ''}${stubReturn(message)}`,
    ...declaration(
      `    ${method.name}`,
      [...parameters, ...supermethod],
      method.isConst ? ' const' : '',
    ),
  ];
}

function localDeclaration(method: Method, tail: string): readonly string[] {
  const keyword = method.isStatic ? 'static ' : method.isVirtual ? 'virtual ' : '';
  return [
    `    ${keyword}${returnText(method)}`,
    ...declaration(
      `    ${method.name}`,
      method.parameters.map(withDefault),
      `${method.isConst ? ' const' : ''}${tail}`,
    ),
  ];
}

function createAction(method: Method): readonly string[] {
  return [
    '    kern_return_t',
    `    CreateAction${method.name}(size_t referenceSize, OSAction ** action);`,
    '',
  ];
}

function implementation({ method, owner, ownerMethod }: Message | ActionMethod): readonly string[] {
  const list = method.parameters.length === 0 ? '' : `${owner}_${ownerMethod}_Args`;
  return [
    `    ${method.isStatic ? 'static ' : ''}${returnText(method)}`,
    `    ${method.name}_Impl(${list});`,
    '',
  ];
}

function invocation(message: Message): readonly string[] {
  const { method, target } = message;
  const handler = `    typedef ${returnText(method)} (*${method.name}_Handler)(${handlerParameters(message)});`;
  const object = method.isStatic ? [] : ['        OSMetaClassBase * target,'];
  const head = [
    '    static kern_return_t',
    `    ${method.name}_Invoke(const IORPC rpc,`,
    ...object,
  ];
  const plain = [...head, `        ${method.name}_Handler func);`, ''];
  const typed = [
    ...head,
    `        ${method.name}_Handler func,`,
    '        const OSMetaClass * targetActionClass);',
    '',
  ];
  return [handler, ...(target === undefined ? [] : typed), ...plain];
}
