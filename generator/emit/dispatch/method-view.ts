// One method of the dispatch: its row and its trampoline, both as text that the template only places.
import type { Method, Model, Payload, WordType } from '../../model/model.js';
import { methodWordsConstant, parameterType, selectorConstant, storedType } from '../c-names.js';
import { commentText, wrap, wrapBraces } from '../c-text.js';
import { memberNames } from '../hooks.js';
import type { Rules } from './rules.js';

export type MethodView = {
  readonly functionName: string;
  readonly body: readonly string[];
  readonly hasScalars: boolean;
  readonly scalarsName: string;
  readonly scalars: readonly { readonly name: string; readonly lines: readonly string[] }[];
  readonly selector: string;
  readonly completion: number;
  readonly scalarInputs: number;
  readonly inputSize: string;
  readonly scalarOutputs: number;
  readonly outputSize: string;
  /** Members of the Method beyond its dispatch row; those that are left out have their defaults. */
  readonly columns: readonly string[];
};

const VARIABLE = 'kIOUserClientVariableStructureSize';

export function methodView(model: Model, method: Method, rules: Rules): MethodView {
  const hook = memberNames.hook(method);
  const isAsync = method.kind === 'async';
  const output: Payload = isAsync ? { scalars: [], struct: null } : method.output;
  const scalars = method.input.scalars.map(({ name, type, range }) => ({
    name: commentText(name),
    lines: wrapBraces('', rules.value(type, range), ',', 4),
  }));
  return {
    functionName: `${hook}Call`,
    body: trampoline(model, method),
    hasScalars: scalars.length > 0,
    scalarsName: `k${hook}Scalars`,
    scalars,
    selector: selectorConstant(model, method),
    completion: isAsync ? 1 : 0,
    scalarInputs: scalars.length,
    inputSize: checkedSize(model, method.input),
    scalarOutputs: outputCount(output),
    outputSize: checkedSize(model, output),
    columns: [
      ...inputColumns(method.input, rules),
      ...outputColumns(output, rules),
      ...(isAsync ? [`.completionWords = ${methodWordsConstant(model, method)}`] : []),
    ],
  };
}

/** Named scalars, and the length of bytes that may leave through a descriptor (contract §1.6). */
function outputCount({ scalars, struct }: Payload): number {
  const length = struct?.kind === 'bytes' && struct.lengthScalar !== null ? 1 : 0;
  return scalars.length + length;
}

/** A row can state one size or none; the range of bytes is the Method's (contract §1.3). */
function checkedSize(model: Model, { struct }: Payload): string {
  if (struct === null) return '0';
  return struct.kind === 'bytes' ? VARIABLE : `sizeof(${storedType(model, struct.type)})`;
}

function inputColumns({ struct }: Payload, rules: Rules): readonly string[] {
  if (struct === null) return [];
  const isBytes = struct.kind === 'bytes';
  const [min, max] = isBytes ? [struct.min, struct.max] : [struct.type.size, struct.type.size];
  const rule = isBytes ? 'nullptr' : rules.check(struct.type.name);
  return [
    `.input = dextgen::Carrier::${isBytes ? 'Bytes' : 'Fixed'}`,
    `.inputMin = ${min}`,
    `.inputMax = ${max}`,
    ...(rule === 'nullptr' ? [] : [`.inputRule = ${rule}`]),
  ];
}

function outputColumns({ struct }: Payload, rules: Rules): readonly string[] {
  if (struct === null) return [];
  if (struct.kind === 'bytes') {
    const { max, lengthScalar } = struct;
    const length = lengthScalar === null ? [] : [`.lengthScalar = ${lengthScalar}`];
    return ['.output = dextgen::Carrier::Bytes', `.outputMax = ${max}`, ...length];
  }
  const rule = rules.scrub(struct.type.name);
  return [
    '.output = dextgen::Carrier::Fixed',
    `.outputMax = ${struct.type.size}`,
    ...(rule === 'nullptr' ? [] : [`.outputRule = ${rule}`]),
  ];
}

/** Statements of the function that carries one call to its hook. */
function trampoline(model: Model, method: Method): readonly string[] {
  const call = (head: string, tail: string) =>
    wrap(
      `${head}DriverOf(call)->${memberNames.hook(method)}`,
      callArguments(model, method),
      tail,
      4,
    );
  if (method.kind === 'async') {
    return [
      'const kern_return_t opened = dextgen::CallOpen(call);',
      'if (opened != kIOReturnSuccess) {',
      '    return opened;',
      '}',
      ...call('const kern_return_t status = ', ';'),
      'return dextgen::CallOpened(call, status);',
    ];
  }
  const { scalars, struct } = method.output;
  const isBytes = struct?.kind === 'bytes';
  const locals = [
    ...scalars.map(
      ({ name, type }) => `${parameterType(model, type)} ${local(name)} = ${zero(type)};`,
    ),
    ...(isBytes ? [`uint64_t ${LENGTH} = call->outputCapacity;`] : []),
  ];
  if (locals.length === 0) return call('return ', ';');
  return [
    ...locals,
    ...call('const kern_return_t status = ', ';'),
    ...scalars.map(({ name, index }) => `call->out[${index}] = dextgen::ToWord(${local(name)});`),
    isBytes ? `return dextgen::CallFinishBytes(call, status, ${LENGTH});` : 'return status;',
  ];
}

const LENGTH = 'outputLength';

/** A user's name as a local variable, which can hide nothing that the function needs. */
const local = (name: string): string => `${name}Out`;

function zero(type: WordType): string {
  return type.kind === 'scalar' && type.scalar === 'bool' ? 'false' : '0';
}

function callArguments(model: Model, method: Method): readonly string[] {
  const isAsync = method.kind === 'async';
  return [
    'ClientOf(call)',
    ...(isAsync ? ['call->token'] : []),
    ...method.input.scalars.map(({ type, index }) => fromWord(model, type, `call->in[${index}]`)),
    ...inputArguments(model, method.input),
    ...(isAsync ? [] : method.output.scalars.map(({ name }) => `&${local(name)}`)),
    ...(isAsync ? [] : outputArguments(model, method.output)),
  ];
}

function fromWord(model: Model, type: WordType, word: string): string {
  if (type.kind === 'scalar') {
    if (type.scalar === 'bool') return `${word} != 0`;
    if (type.scalar === 'u64') return word;
    if (type.scalar === 'f32') return `dextgen::WordToFloat(${word})`;
    if (type.scalar === 'f64') return `dextgen::WordToDouble(${word})`;
  }
  return `static_cast<${parameterType(model, type)}>(${word})`;
}

function inputArguments(model: Model, { struct }: Payload): readonly string[] {
  if (struct === null) return [];
  if (struct.kind === 'bytes') return ['call->input', 'call->inputSize'];
  return [`reinterpret_cast<const ${storedType(model, struct.type)} *>(call->input)`];
}

function outputArguments(model: Model, { struct }: Payload): readonly string[] {
  if (struct === null) return [];
  if (struct.kind === 'bytes') return ['call->output', `&${LENGTH}`];
  return [`reinterpret_cast<${storedType(model, struct.type)} *>(call->output)`];
}
