// The header of a .iig file: its own text, with every class replaced by its generated form (contract §9.4).
import { basename } from 'node:path';
import {
  emitArguments,
  emitIdentifiers,
  emitInterface,
  emitKernelMethods,
  emitMethods,
  emitVirtualMethods,
} from './emit-methods.js';
import { lines } from './emit-text.js';
import type { ClassModel } from './model.js';
import type { LoadedFile } from './program.js';
import { placeOf, type SourceFile } from './source.js';
import type { BlockTypedef } from './syntax.js';

export function emitHeader(
  { source, parsed }: LoadedFile,
  models: readonly ClassModel[],
  version: string,
): string {
  const parts = [`/* iig(${version}) generated from ${basename(source.path)} */\n\n`];
  let offset = 0;
  const classes = models.map((model) => ({ ...model.declaration, text: emitClass(model, source) }));
  const extensions = parsed.extensions.map((extension) => ({ ...extension, text: '' }));
  const pieces = [...classes, ...extensions].sort((a, b) => a.start - b.start);
  for (const { start, end, text } of pieces) {
    parts.push(passThrough(source, { start: offset, end: start }, parsed.blockTypedefs), text);
    offset = end;
  }
  parts.push(passThrough(source, { start: offset, end: source.text.length }, parsed.blockTypedefs));
  return parts.join('');
}

/** Text outside of classes stays, apart from the two things a C++ compiler cannot read. */
function passThrough(
  source: SourceFile,
  range: { start: number; end: number },
  blocks: readonly BlockTypedef[],
): string {
  let text = '';
  let offset = range.start;
  for (const { name, start, end } of blocks) {
    if (start < offset || end > range.end) continue;
    text += source.text.slice(offset, start);
    text += `#if __BLOCKS__\n${source.text.slice(start, end)}\n#else\ntypedef struct OSBlockUnavailable_${name} * ${name}; /* only NULL fits */\n#endif`;
    offset = end;
  }
  text += source.text.slice(offset, range.end);
  return text
    .replaceAll('\r\n', '\n')
    .replace(
      /^([ \t]*#[ \t]*)(?:include|import)([ \t]*[<"][^>"\n]+)\.iig([>"])/gm,
      '$1include$2.h$3  /* .iig include */',
    );
}

function emitClass(model: ClassModel, source: SourceFile): string {
  const { declaration, actions } = model;
  const { start, end } = declaration;
  const first = placeOf({ file: source, offset: start }).line;
  const last = placeOf({ file: source, offset: end }).line;
  const where = `${basename(source.path)}:${first}-${last}`;
  return lines([
    ...(actions.length > 0 ? ['#include <DriverKit/OSAction.h>', ''] : []),
    `/* source class ${model.name} ${where} */`,
    '',
    '#if __DOCUMENTATION__',
    '#define KERNEL IIG_KERNEL',
    '',
    source.text.slice(start, end).replaceAll('\r\n', '\n'),
    '',
    '#undef KERNEL',
    '#else /* __DOCUMENTATION__ */',
    '',
    `/* generated class ${model.name} ${where} */`,
    '',
    emitIdentifiers(model),
    '',
    emitArguments(model),
    emitMethods(model),
    '',
    emitKernelMethods(model),
    '',
    emitVirtualMethods(model),
    '',
    `class ${model.name};`,
    metaClass(model.name, !model.isLocalOnly || hasStatics(model)),
    '',
    emitInterface(model),
    '',
    classDefinition({ name: model.name, base: model.base, nested: declaration.nested }),
    ...actions.flatMap(({ actionClass }) => ['', emitActionClass(actionClass)]),
    '',
    '#endif /* !__DOCUMENTATION__ */',
  ]).trimEnd();
}

export const hasStatics = ({ messages }: ClassModel): boolean =>
  messages.some(({ method }) => method.isStatic);

function metaClass(name: string, dispatches: boolean): readonly string[] {
  return [
    `extern OSMetaClass          * g${name}MetaClass;`,
    `extern const OSClassLoadInformation ${name}_Class;`,
    '',
    `class ${name}MetaClass : public OSMetaClass`,
    '{',
    'public:',
    '    virtual kern_return_t',
    '    New(OSObject * instance) override;',
    ...(dispatches ? ['    virtual kern_return_t', '    Dispatch(const IORPC rpc) override;'] : []),
    '};',
  ];
}

type Definition = {
  readonly name: string;
  readonly base: string;
  readonly nested: readonly string[];
};

function classDefinition({ name, base, nested }: Definition): readonly string[] {
  return [
    `struct ${name}_IVars;`,
    `struct ${name}_LocalIVars;`,
    '',
    `class ${name} : public ${base}, public ${name}Interface`,
    '{',
    `    friend class ${name}MetaClass;`,
    '',
    'public:',
    ...nested.map((text) => `    ${text}`),
    `#ifdef ${name}_DECLARE_IVARS`,
    `${name}_DECLARE_IVARS`,
    `#else /* ${name}_DECLARE_IVARS */`,
    '    union',
    '    {',
    `        ${name}_IVars * ivars;`,
    `        ${name}_LocalIVars * lvars;`,
    '    };',
    `#endif /* ${name}_DECLARE_IVARS */`,
    '    static OSMetaClass *',
    `    sGetMetaClass() { return g${name}MetaClass; }`,
    '    virtual const OSMetaClass *',
    `    getMetaClass() const APPLE_KEXT_OVERRIDE { return OSTypeID(${name}); }`,
    '',
    `    using super = ${base};`,
    '',
    `    ${name}_Methods`,
    `    ${name}_KernelMethods`,
    `    ${name}_VirtualMethods`,
    '};',
  ];
}

/** An action of its own class, so that a callback can be told from others of the same shape. */
function emitActionClass(name: string): string {
  return lines([
    `#define ${name}_Methods \\`,
    '\\',
    'public:\\',
    '\\',
    '    virtual kern_return_t\\',
    '    Dispatch(const IORPC rpc) APPLE_KEXT_OVERRIDE;\\',
    '\\',
    '    static kern_return_t\\',
    `    _Dispatch(${name} * self, const IORPC rpc);\\`,
    '',
    `#define ${name}_KernelMethods`,
    `#define ${name}_VirtualMethods`,
    '',
    metaClass(name, true),
    '',
    [`class ${name}Interface : public OSInterface`, '{', '};'],
    '',
    classDefinition({ name, base: 'OSAction', nested: [] }),
  ]).trimEnd();
}
