// A method of the schema as a method of the client: checks, words, the call, the answer.
import type {
  MethodDeclarationStructure,
  OptionalKind,
  ParameterDeclarationStructure,
} from 'ts-morph';
import type {
  FixedCarrier,
  Method,
  Payload,
  ScalarSlot,
  StructCarrier,
  TextCarrier,
} from '../../model/model.js';
import { largest, MAX_INLINE } from '../carriers.js';
import { guardNotes } from '../guard-text.js';
import { access, key, quote, toDocs } from './jsdoc.js';
import { type Names, nameOf } from './names.js';
import { codecName } from './variant-context.js';
import {
  askedScalars,
  defaultOf,
  isConstant,
  isOmissible,
  memoryLines,
  scalarLines,
  slotMember,
  slotText,
} from './words.js';

export function methodStructure(
  names: Names,
  method: Method,
): OptionalKind<MethodDeclarationStructure> {
  if (isOpaque(method)) return opaqueStructure(names, method);
  const optional = method.completion === 'optional';
  const options = optional ? 'dextgen.CompletionOptions' : 'dextgen.CallOptions';
  return {
    name: nameOf(names.methods, method.name),
    isAsync: true,
    docs: toDocs({ doc: method.doc, notes: notes(method) }),
    parameters: [...inputParameters(names, method), { name: 'options?', type: options }],
    returnType: `Promise<${outputType(names, method) ?? 'void'}>`,
    statements: [...requestLines(names, method), ...answerLines(names, method)],
  };
}

/** An unchecked method that says nothing of its arguments: they travel as they are. */
const isOpaque = ({ unchecked, input, output }: Method): boolean =>
  unchecked !== null &&
  [input, output].every(({ count, struct }) => count === 0 && struct === null);

function opaqueStructure(names: Names, method: Method): OptionalKind<MethodDeclarationStructure> {
  return {
    name: nameOf(names.methods, method.name),
    isAsync: true,
    docs: toDocs({ doc: method.doc, notes: notes(method) }),
    parameters: [
      { name: 'request', type: 'dextgen.RawRequest', initializer: '{}' },
      { name: 'options?', type: 'dextgen.CallOptions' },
    ],
    returnType: 'Promise<dextgen.RawAnswer>',
    statements: [`return this.raw.call(${method.selector}, request, options);`],
  };
}

type Member = { readonly name: string; readonly type: string; readonly omissible: boolean };

function members(names: Names, { scalars, struct }: Payload, given: boolean): Member[] {
  const shown = given ? scalars.filter((slot) => !isConstant(slot)) : scalars;
  const list = shown.map((slot) => slotMember(names, slot, given));
  if (struct !== null)
    list.push({ name: struct.name, type: carrierType(names, struct, given), omissible: false });
  return list;
}

/** The object of the inputs, if there are any; one of which everything may be left out may be left out itself. */
export function inputParameters(
  names: Names,
  method: Method,
): OptionalKind<ParameterDeclarationStructure>[] {
  const input = members(names, method.input, true);
  if (input.length === 0) return [];
  const parameter = { name: 'input', type: objectType(input) };
  return input.every(({ omissible }) => omissible)
    ? [{ ...parameter, initializer: '{}' }]
    : [parameter];
}

/** The object of the outputs, of those that come at once too; null without any. */
export function outputType(names: Names, { output, accepted }: Method): string | null {
  const list = [...members(names, accepted, false), ...members(names, output, false)];
  return list.length === 0 ? null : objectType(list);
}

function carrierType(names: Names, carrier: StructCarrier, given: boolean): string {
  if (carrier.kind === 'text') return 'string';
  if (carrier.kind === 'bytes') return 'Uint8Array';
  const { name } = carrier.type;
  return (given ? names.inputs.get(name) : undefined) ?? nameOf(names.types, name);
}

function objectType(list: readonly Member[]): string {
  const member = ({ name, type, omissible }: Member): string =>
    omissible ? `readonly ${key(name)}?: ${type} | undefined` : `readonly ${key(name)}: ${type}`;
  return `{ ${list.map(member).join('; ')} }`;
}

/** Selector, what the arguments and results mean, what it throws. */
function notes(method: Method): string[] {
  const argument = (kind: string) => (value: ScalarSlot | StructCarrier) => {
    const unit = 'unit' in value && value.unit !== '' ? ` [${value.unit}]` : '';
    const range = 'range' in value ? rangeText(value) : lengthText(value);
    const text = [`${value.name}${unit}`, range, absenceText(value), value.doc]
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
    ...guardNotes(method),
  ];
}

function absenceText(value: ScalarSlot | StructCarrier): string {
  if (!('packing' in value) || !isOmissible(value)) return '';
  const standIn = defaultOf(value);
  return standIn === null ? 'may be left out' : `${standIn} when left out`;
}

function rangeText({ range, rules }: ScalarSlot): string {
  // A boolean's type says it.
  if (range === null || rules?.boolean === true) return '';
  if (range.min !== null && range.max !== null) return `${range.min} to ${range.max}`;
  return range.min !== null ? `at least ${range.min}` : `at most ${range.max}`;
}

function lengthText(carrier: StructCarrier): string {
  return carrier.kind === 'fixed' ? '' : `${carrier.min} to ${carrier.max} bytes`;
}

/** Statements that check the inputs and turn them into `scalars` and `struct`. */
export function requestLines(names: Names, method: Method): string[] {
  const { scalars, struct } = method.input;
  if (scalars.length === 0 && struct === null) return padding(method.input);
  if (struct === null && scalars.every(isConstant)) return scalarLines(names, method.input);
  const lines = [
    `const at = dextgen.argumentsOf(${quote(method.name)});`,
    'dextgen.checkObject(input, at);',
  ];
  if (scalars.length > 0) lines.push(...scalarLines(names, method.input));
  lines.push(...memoryLines(method.input));
  if (struct !== null) lines.push(...structLines(names, struct));
  return lines;
}

/** A call without arguments whose driver wants scalars all the same. */
function padding({ counts }: Payload): string[] {
  const least = counts[0]?.first ?? 0;
  return least === 0 ? [] : [`const scalars = new BigUint64Array(${least});`];
}

function structLines(names: Names, struct: StructCarrier): string[] {
  const value = access('input', struct.name);
  const member = quote(struct.name);
  if (struct.kind !== 'fixed') return [`const struct = ${variableText(names, struct)};`];
  const name = nameOf(names.types, struct.type.name);
  return [
    `const struct = new Uint8Array(${struct.type.size});`,
    'const view = new DataView(struct.buffer);',
    `encode${name}(view, 0, ${value}, dextgen.inside(at, ${member}));`,
  ];
}

/** What varies in size, as the bytes that travel. */
function variableText(names: Names, struct: Exclude<StructCarrier, FixedCarrier>): string {
  const value = access('input', struct.name);
  const member = quote(struct.name);
  const limits = `[${struct.min}, ${struct.max}]`;
  switch (struct.kind) {
    case 'bytes':
      return `dextgen.checkBytes(${value}, at, ${member}, ${limits})`;
    case 'text':
      return `dextgen.textBytes(${value}, at, ${member}, ${limits}, ${rulesText(struct)})`;
    case 'variable': {
      const name = nameOf(names.types, struct.type.name);
      return struct.type.kind === 'variant'
        ? `dextgen.encodeCase(${codecName(names, struct.type)}, encode${name}, ${value}, at, ${member})`
        : `dextgen.encodeRecord(encode${name}, ${value}, at, ${member}, ${struct.max})`;
    }
    default:
      return struct satisfies never;
  }
}

function rulesText({ text }: TextCarrier): string {
  return `{ encoding: '${text.encoding}', terminated: '${text.terminated}' }`;
}

function answerLines(names: Names, method: Method): string[] {
  const async = method.kind === 'async';
  const words = async ? 'answer.words' : 'answer.scalars';
  const outputs = [
    ...outputLines(names, method.accepted, 'answer.accepted'),
    ...outputLines(names, method.output, 'answer', words),
  ].map((line) => `  ${line}`);
  const empty = outputs.length === 0;
  const optional = method.completion === 'optional';
  const call = optional ? 'completeOrCall' : async ? 'complete' : 'call';
  const options =
    async && method.timeoutMs !== null
      ? `dextgen.withTimeout(options, ${method.timeoutMs})`
      : 'options';
  const lines = [
    `${empty ? '' : 'const answer = '}await this.#connection.${call}(`,
    `  ${method.selector},`,
    `  ${requestText(method)},`,
    `  ${quote(method.name)},`,
    `  ${options},`,
    ');',
  ];
  return empty ? lines : [...lines, 'return {', ...outputs, '};'];
}

/** Members of the object of the outputs, from what `answer` is the text of. */
export function outputLines(
  names: Names,
  { scalars, struct }: Payload,
  answer: string,
  words = `${answer}.scalars`,
): string[] {
  const word = (index: number) => `dextgen.wordAt(${words}, ${index})`;
  const lines = scalars.map((slot) => `${key(slot.name)}: ${slotText(names, slot, words)},`);
  if (struct !== null)
    lines.push(`${key(struct.name)}: ${resultText(names, { struct, answer }, word)},`);
  return lines;
}

export function requestText(method: Method): string {
  const { input, output, accepted, completion } = method;
  const parts: string[] = [];
  if (input.scalars.length > 0 || (input.counts[0]?.first ?? 0) > 0) parts.push('scalars');
  if (input.struct !== null) parts.push('struct');
  if (input.scalars.some(({ packing }) => packing === 'memory')) parts.push('memories');
  // The outputs of an async method are words of its completion.
  const atOnce = completion === 'optional' || method.kind === 'sync' ? output : accepted;
  const outputs = askedScalars(atOnce);
  if (outputs > 0) parts.push(`scalarOutputs: ${outputs}`);
  if (atOnce.struct !== null) parts.push(`structOutput: ${largest(atOnce.struct)}`);
  const completed = completionText(method);
  if (completed !== '') parts.push(`completion: { ${completed} }`);
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`;
}

/** What is not usual about a completion. */
function completionText({ answer, output }: Method): string {
  if (answer === null) return '';
  const { count, struct } = output;
  const parts = answer.layout === 'raw' ? [`words: ${answer.words}`, 'raw: true'] : [];
  if (struct?.kind === 'fixed') parts.push(`struct: [${count}, ${struct.type.size}]`);
  return parts.join(', ');
}

type Result = { readonly struct: StructCarrier; readonly answer: string };

function resultText(
  names: Names,
  { struct, answer }: Result,
  word: (index: number) => string,
): string {
  if (struct.kind === 'fixed') {
    const { name, size } = struct.type;
    return `decode${nameOf(names.types, name)}(dextgen.viewOf(${answer}.struct, ${size}))`;
  }
  const bytes =
    struct.lengthScalar === null
      ? `${answer}.struct`
      : `dextgen.bytesOf(${answer}.struct, ${word(struct.lengthScalar)})`;
  if (struct.kind === 'bytes') return bytes;
  if (struct.kind === 'text') return `dextgen.decodeText(${bytes}, ${rulesText(struct)})`;
  const name = nameOf(names.types, struct.type.name);
  // Without its length the answer is as long as what was offered.
  const open = struct.lengthScalar === null && struct.max > MAX_INLINE ? ', true' : '';
  return struct.type.kind === 'variant'
    ? `dextgen.decodeCase(${codecName(names, struct.type)}, decode${name}, ${bytes}${open})`
    : `dextgen.decodeRecord(decode${name}, ${bytes}${open})`;
}
