// The .iig.cpp: everything of a class that the translator writes and the driver's author does not.
import { basename } from 'node:path';
import {
  emitAction,
  emitDescription,
  emitDispatch,
  emitMetaClass,
  metaStatics,
} from './emit-class.js';
import { emitMessage } from './emit-message.js';
import { lines } from './emit-text.js';
import type { ClassModel } from './model.js';
import type { SourceFile } from './source.js';

export type ImplementationOptions = {
  readonly source: SourceFile;
  readonly models: readonly ClassModel[];
  /** As it stands behind #include. */
  readonly header: string;
  readonly version: string;
};

export function emitImplementation({
  source,
  models,
  header,
  version,
}: ImplementationOptions): string {
  const hasActions = models.some(({ actions }) => actions.length > 0);
  const usesActions =
    hasActions ||
    models.some(({ messages }) => messages.some(({ target }) => target !== undefined));
  return lines([
    `/* iig(${version}) generated from ${basename(source.path)} */`,
    '',
    '#undef  IIG_IMPLEMENTATION',
    `#define IIG_IMPLEMENTATION      ${basename(source.path)}`,
    '',
    '#include <string.h>',
    '#include <DriverKit/IOReturn.h>',
    '#include <DriverKit/OSMetaClass.h>',
    ...(usesActions ? ['#include <DriverKit/OSAction.h>'] : []),
    ...(hasActions ? ['#include <DriverKit/OSString.h>'] : []),
    `#include ${header}`,
    ...implementationLines(source.text),
    '',
    referencedMetaClasses(models),
    '',
    ...models.flatMap(emitModel),
  ]);
}

/** Lines between `@iig implementation` and `@iig end`, which may stand in a comment. */
function implementationLines(text: string): readonly string[] {
  return [...text.matchAll(/@iig implementation\b([\s\S]*?)@iig end\b/g)].flatMap(([, body = '']) =>
    body
      .split(/\r?\n/)
      .filter((line) => line.trim() !== '')
      .map((line) => line.replace(/\.iig([>"])/, '.h$1')),
  );
}

function referencedMetaClasses(models: readonly ClassModel[]): readonly string[] {
  const names = new Set<string>();
  for (const { messages } of models)
    for (const { parameters } of messages)
      for (const { carrier } of parameters)
        if (carrier.kind === 'object' || carrier.kind === 'objectOut') names.add(carrier.className);
  return [...names].sort().map((name) => `extern OSMetaClass * g${name}MetaClass;`);
}

function emitModel(model: ClassModel): readonly string[] {
  const { name, base, messages, actions } = model;
  return [
    ...emitDescription(model),
    emitMetaClass(name, base, metaStatics(model)),
    ...emitDispatch(model),
    ...messages.filter(({ isNew }) => isNew).flatMap(emitMessage),
    ...actions.flatMap((action) => emitAction(model, action)),
  ];
}
