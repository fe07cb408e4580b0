// Memory in the dispatch: the table of buffers with what an app may choose of a type, the way to a driver that supplies
// memory, and the members of the driver that map and forget it.
import type { Buffer, Model } from '../../model/model.js';
import { bufferType, interfaceTable, memoryConstant, pascal } from '../c-names.js';
import { wrap, wrapBraces } from '../c-text.js';
import { declare, hasBufferType, keyParameters, mapParameters, memberNames } from '../hooks.js';
import { type ClientSide, clientClass, driverClass, sideOf } from '../sides.js';
import type { Rules } from './rules.js';
import { fromWord } from './value-view.js';

export type Definition = {
  readonly signature: readonly string[];
  readonly body: readonly string[];
};

export type BufferView = {
  readonly hasParts: boolean;
  readonly partsName: string;
  /** Lines of the table of parts. */
  readonly parts: readonly string[];
  readonly hasSupply: boolean;
  /** Lines of the function that asks the driver. */
  readonly supply: readonly string[];
  /** Lines of the row. */
  readonly row: readonly string[];
};

function partLines(buffer: Buffer, rules: Rules): readonly string[] {
  return buffer.parts.flatMap(({ name, at, width, type, range, rules: narrowed }) => {
    const owner = `${pascal(buffer.name)}_${pascal(name)}`;
    const value = rules.value({ owner, type, range, rules: narrowed });
    const last = value.length - 1;
    const braced = value.map(
      (text, i) => `${i === 0 ? '.value = {' : ''}${text}${i === last ? '}' : ''}`,
    );
    return wrapBraces('', [`.at = ${at}`, `.width = ${width}`, ...braced], ',', 4);
  });
}

const supplyName = (buffer: Buffer): string => `${pascal(buffer.name)}Supply`;

function supplyLines(model: Model, buffer: Buffer): readonly string[] {
  const { source, parts, shared } = buffer;
  if (source.kind === 'generated') return [];
  const driver = `static_cast<${driverClass(model, buffer)} *>(driver)`;
  const isBar = source.kind === 'bar';
  const chosen = isBar && 'part' in source ? source.part : null;
  const partIndex = parts.findIndex(({ name }) => name === chosen);
  const head = wrap(
    `kern_return_t ${supplyName(buffer)}`,
    [
      'OSObject * driver',
      `IOUserClient *${isBar || shared ? '' : ' client'}`,
      `const uint64_t *${(isBar && chosen === null) || parts.length === 0 ? '' : ' parts'}`,
      'IOMemoryDescriptor ** memory',
    ],
    ' {',
  );
  const hook = [
    ...(shared ? [] : [`static_cast<${clientClass(model, buffer)} *>(client)`]),
    ...parts.map(({ type }, index) => fromWord(model, type, `parts[${index}]`)),
    'memory',
  ];
  const bar = isBar && 'index' in source ? source.index : `parts[${partIndex}]`;
  const call = isBar
    ? wrap('return dextgen::CopyBar', [driver, String(bar), 'memory'], ';', 4)
    : wrap(`return ${driver}->${memberNames.supply(buffer)}`, hook, ';', 4);
  return [...head, ...call.map((line) => `    ${line}`), '}'];
}

function rowParts(model: Model, buffer: Buffer): readonly string[] {
  const { sizing, parts, source } = buffer;
  const index = sizing.kind === 'part' ? parts.findIndex(({ name }) => name === sizing.part) : -1;
  return [
    `.memoryType = ${memoryConstant(model, buffer)}`,
    `.size = ${buffer.size}`,
    `.readOnly = ${buffer.access === 'read-only'}`,
    `.shared = ${buffer.shared}`,
    ...(buffer.anyType ? ['.any = true'] : []),
    ...(sizing.kind === 'exact' ? [] : ['.exact = false']),
    ...(sizing.kind === 'exact' && !buffer.wholePages ? ['.partialPages = true'] : []),
    ...(parts.length > 0
      ? [`.parts = k${pascal(buffer.name)}Parts`, `.partCount = ${parts.length}`]
      : []),
    ...(sizing.kind === 'part' ? [`.sizePart = ${index}`, `.sizeUnit = ${sizing.unit}`] : []),
    ...(source.kind === 'generated' ? [] : [`.supply = ${supplyName(buffer)}`]),
  ];
}

export function bufferViews(
  model: Model,
  { buffers }: ClientSide,
  rules: Rules,
): readonly BufferView[] {
  return buffers.map((buffer) => ({
    hasParts: buffer.parts.length > 0,
    partsName: `k${pascal(buffer.name)}Parts`,
    parts: partLines(buffer, rules),
    hasSupply: buffer.source.kind !== 'generated',
    supply: supplyLines(model, buffer),
    row: wrapBraces('', rowParts(model, buffer), ',', 4),
  }));
}

/** The whole number that a memory of the buffer is known by. */
function keyText(model: Model, buffer: Buffer): string {
  const names = keyParameters(model, buffer).slice(buffer.shared ? 0 : 1);
  const added = buffer.parts.map(({ at }, index) => {
    const word = `dextgen::ToWord(${names[index]?.name})`;
    return at === 0 ? word : `(${word} << ${at})`;
  });
  return [memoryConstant(model, buffer), ...added].join(' + ');
}

/** What the driver's class has for a buffer: the memory that is allocated for it, or an end of what it supplied. */
export function memoryDefinition(model: Model, buffer: Buffer, index: number): Definition {
  return buffer.source.kind === 'generated'
    ? map(model, buffer, index)
    : drop(model, buffer, index);
}

const tableOf = (model: Model, buffer: Buffer, index: number): string =>
  `${interfaceTable(sideOf(model, buffer).client)}.buffers[${index}]`;

function map(model: Model, buffer: Buffer, index: number): Definition {
  const { sizing, parts } = buffer;
  const signature = declare(
    `kern_return_t ${driverClass(model, buffer)}::${memberNames.map(buffer)}`,
    mapParameters(model, buffer),
    ' {',
  );
  const type = hasBufferType(buffer) ? bufferType(model, buffer) : 'void';
  const key = keyText(model, buffer);
  const place = buffer.shared ? 'memory.address' : 'address';
  const found = buffer.shared
    ? [
        'dextgen::ClientMemory memory = {};',
        ...wrap(
          'const kern_return_t status = dextgen::CoreMemory',
          ['&Core()->base', tableOf(model, buffer, index), key, '&memory'],
          ';',
          4,
        ),
      ]
    : [
        'void * address = nullptr;',
        ...wrap(
          'const kern_return_t status = client->MapBuffer',
          [`${index}`, key, '&address'],
          ';',
          4,
        ),
      ];
  const sized = sizing.kind === 'part' ? parts.findIndex(({ name }) => name === sizing.part) : -1;
  const names = keyParameters(model, buffer).slice(buffer.shared ? 0 : 1);
  const size =
    sizing.kind === 'part'
      ? [`*size = dextgen::ToWord(${names[sized]?.name}) * ${sizing.unit};`]
      : [];
  const cast = type === 'void' ? place : `static_cast<${type} *>(${place})`;
  return { signature, body: [...found, ...size, `*buffer = ${cast};`, 'return status;'] };
}

function drop(model: Model, buffer: Buffer, index: number): Definition {
  const signature = declare(
    `void ${driverClass(model, buffer)}::${memberNames.drop(buffer)}`,
    keyParameters(model, buffer),
    ' {',
  );
  const key = keyText(model, buffer);
  const body = buffer.shared
    ? wrap(
        'dextgen::MemoryForget',
        ['&Core()->base.shared', tableOf(model, buffer, index), key],
        ';',
        4,
      )
    : wrap('client->ForgetBuffer', [`${index}`, key], ';', 4);
  return { signature, body };
}
