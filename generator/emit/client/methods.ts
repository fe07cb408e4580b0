// A method of the schema as a method of the client: checks, words, the call, the answer.
import type { MethodDeclarationStructure, OptionalKind } from 'ts-morph';
import type { Method, ScalarSlot, StructCarrier } from '../../model/model.js';
import { largest, scalarCount } from '../carriers.js';
import { access, key, quote, toDocs } from './jsdoc.js';
import { type Names, nameOf } from './names.js';
import { fromWordText, scalarTypeText, toWordText } from './scalars.js';
import { checkText } from './value-checks.js';

export function methodStructure(
  names: Names,
  method: Method,
): OptionalKind<MethodDeclarationStructure> {
  const input = members(names, method.input.scalars, method.input.struct);
  const output = members(names, method.output.scalars, method.output.struct);
  const parameters = [{ name: 'options?', type: 'dextgen.CallOptions' }];
  if (input.length > 0) parameters.unshift({ name: 'input', type: objectType(input) });
  return {
    name: nameOf(names.methods, method.name),
    isAsync: true,
    docs: toDocs({ doc: method.doc, notes: notes(method) }),
    parameters,
    returnType: `Promise<${output.length > 0 ? objectType(output) : 'void'}>`,
    statements: [...requestLines(names, method), ...answerLines(names, method)],
  };
}

type Member = { readonly name: string; readonly type: string };

function members(
  names: Names,
  scalars: readonly ScalarSlot[],
  struct: StructCarrier | null,
): Member[] {
  const list = scalars.map(({ name, type }) => ({ name, type: scalarTypeText(names, type) }));
  if (struct !== null) list.push({ name: struct.name, type: carrierType(names, struct) });
  return list;
}

function carrierType(names: Names, carrier: StructCarrier): string {
  return carrier.kind === 'fixed' ? nameOf(names.types, carrier.type.name) : 'Uint8Array';
}

function objectType(list: readonly Member[]): string {
  return `{ ${list.map(({ name, type }) => `readonly ${key(name)}: ${type}`).join('; ')} }`;
}

/** Selector, what the arguments and results mean, what it throws. */
function notes(method: Method): string[] {
  const argument = (kind: string) => (value: ScalarSlot | StructCarrier) => {
    const unit = 'unit' in value && value.unit !== '' ? ` [${value.unit}]` : '';
    const range = 'range' in value ? rangeText(value) : lengthText(value);
    const text = [`${value.name}${unit}`, range, value.doc]
      .filter((part) => part !== '')
      .join(', ');
    return `${kind} ${text}`;
  };
  const inputs = [...method.input.scalars, ...(method.input.struct ? [method.input.struct] : [])];
  const outputs = [
    ...method.output.scalars,
    ...(method.output.struct ? [method.output.struct] : []),
  ];
  return [
    ...inputs.map(argument('In:')),
    ...outputs.map(argument('Out:')),
    ...(method.errors.length > 0
      ? [`Errors: ${method.errors.map((e) => e.name).join(', ')}.`]
      : []),
  ];
}

function rangeText({ range }: ScalarSlot): string {
  if (range === null) return '';
  if (range.min !== null && range.max !== null) return `${range.min} to ${range.max}`;
  return range.min !== null ? `at least ${range.min}` : `at most ${range.max}`;
}

function lengthText(carrier: StructCarrier): string {
  return carrier.kind === 'bytes' ? `${carrier.min} to ${carrier.max} bytes` : '';
}

function requestLines(names: Names, method: Method): string[] {
  const { scalars, struct } = method.input;
  if (scalars.length === 0 && struct === null) return [];
  const lines = [
    `const at = dextgen.argumentsOf(${quote(method.name)});`,
    'dextgen.checkObject(input, at);',
  ];
  if (scalars.length > 0) {
    lines.push('const scalars = BigUint64Array.of(');
    for (const slot of scalars) {
      const checked = checkText(names, slot, access('input', slot.name), quote(slot.name));
      lines.push(`  ${toWordText(slot.type, checked)},`);
    }
    lines.push(');');
  }
  if (struct !== null) lines.push(...structLines(names, struct));
  return lines;
}

function structLines(names: Names, struct: StructCarrier): string[] {
  const value = access('input', struct.name);
  const member = quote(struct.name);
  if (struct.kind !== 'fixed')
    return [
      `const struct = dextgen.checkBytes(${value}, at, ${member}, [${struct.min}, ${struct.max}]);`,
    ];
  const name = nameOf(names.types, struct.type.name);
  return [
    `const struct = new Uint8Array(${struct.type.size});`,
    'const view = new DataView(struct.buffer);',
    `encode${name}(view, 0, ${value}, dextgen.inside(at, ${member}));`,
  ];
}

function answerLines(names: Names, method: Method): string[] {
  const { scalars, struct } = method.output;
  const empty = scalars.length === 0 && struct === null;
  const async = method.kind === 'async';
  const call = async ? 'complete' : 'call';
  const options =
    async && method.timeoutMs !== null
      ? `dextgen.withTimeout(options, ${method.timeoutMs})`
      : 'options';
  const words = async ? 'answer.words' : 'answer.scalars';
  const lines = [
    `${empty ? '' : 'const answer = '}await this.#connection.${call}(`,
    `  ${method.selector},`,
    `  ${requestText(method)},`,
    `  ${quote(method.name)},`,
    `  ${options},`,
    ');',
  ];
  if (empty) return lines;
  const word = (index: number) => `dextgen.wordAt(${words}, ${index})`;
  lines.push('return {');
  for (const slot of scalars)
    lines.push(`  ${key(slot.name)}: ${fromWordText(names, slot.type, word(slot.index))},`);
  if (struct !== null) lines.push(`  ${key(struct.name)}: ${resultText(names, struct, word)},`);
  lines.push('};');
  return lines;
}

function requestText(method: Method): string {
  const parts: string[] = [];
  if (method.input.scalars.length > 0) parts.push('scalars');
  if (method.input.struct !== null) parts.push('struct');
  // The outputs of an async method are words of its completion.
  if (method.kind === 'sync') {
    const { struct } = method.output;
    const outputs = scalarCount(method.output);
    if (outputs > 0) parts.push(`scalarOutputs: ${outputs}`);
    if (struct !== null) parts.push(`structOutput: ${largest(struct)}`);
  }
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
}

function resultText(names: Names, struct: StructCarrier, word: (index: number) => string): string {
  if (struct.kind === 'fixed') {
    const { name, size } = struct.type;
    return `decode${nameOf(names.types, name)}(dextgen.viewOf(answer.struct, ${size}))`;
  }
  return struct.lengthScalar === null
    ? 'answer.struct'
    : `dextgen.bytesOf(answer.struct, ${word(struct.lengthScalar)})`;
}
