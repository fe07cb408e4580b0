// One method of the dispatch: its row and its trampoline, both as text that the template only places.
import type { EnumRef, Method, Model, Payload, ScalarType } from '../../model/model.js';
import { methodWordsConstant, parameterType, selectorConstant, storedType } from '../c-names.js';
import { commentText, wrap } from '../c-text.js';
import { type HookParameters, hookParameters, memberNames, type Parameter } from '../hooks.js';
import type { Rules } from './rules.js';

export type MethodView = {
  readonly docs: string;
  readonly functionName: string;
  readonly body: readonly string[];
  readonly hasScalars: boolean;
  readonly scalarsName: string;
  readonly scalars: readonly { readonly rule: string; readonly name: string }[];
  readonly selector: string;
  readonly completion: number;
  readonly scalarInputs: number;
  readonly inputSize: string;
  readonly scalarOutputs: number;
  readonly outputSize: string;
  readonly input: string;
  readonly inputMin: number;
  readonly inputMax: number;
  readonly inputRule: string;
  readonly output: string;
  readonly outputMax: number;
  readonly outputRule: string;
  readonly lengthScalar: number;
  readonly completionWords: string;
};

const VARIABLE = 'kIOUserClientVariableStructureSize';

export function methodView(model: Model, method: Method, rules: Rules): MethodView {
  const hook = memberNames.hook(method);
  const isAsync = method.kind === 'async';
  const output: Payload = isAsync ? { scalars: [], struct: null } : method.output;
  const scalars = method.input.scalars.map(({ name, type, range }) => ({
    rule: rules.value(type, range),
    name: commentText(name),
  }));
  return {
    docs: commentText(method.name),
    functionName: `${hook}Call`,
    body: trampoline(model, method),
    hasScalars: scalars.length > 0,
    scalarsName: scalars.length > 0 ? `k${hook}Scalars` : 'nullptr',
    scalars,
    selector: selectorConstant(model, method),
    completion: isAsync ? 1 : 0,
    scalarInputs: scalars.length,
    scalarOutputs: outputCount(output),
    ...inputColumns(model, method.input, rules),
    ...outputColumns(model, output, rules),
    completionWords: isAsync ? methodWordsConstant(model, method) : '0',
  };
}

/** Named scalars, and the length of bytes that may leave through a descriptor (contract §1.6). */
function outputCount({ scalars, struct }: Payload): number {
  const length = struct?.kind === 'bytes' && struct.lengthScalar !== null ? 1 : 0;
  return scalars.length + length;
}

type InputColumns = Pick<MethodView, 'input' | 'inputSize' | 'inputMin' | 'inputMax' | 'inputRule'>;

function inputColumns(model: Model, { struct }: Payload, rules: Rules): InputColumns {
  if (struct === null) {
    return { input: 'None', inputSize: '0', inputMin: 0, inputMax: 0, inputRule: 'nullptr' };
  }
  if (struct.kind === 'bytes') {
    const { min: inputMin, max: inputMax } = struct;
    return { input: 'Bytes', inputSize: VARIABLE, inputMin, inputMax, inputRule: 'nullptr' };
  }
  return {
    input: 'Fixed',
    inputSize: `sizeof(${storedType(model, struct.type)})`,
    inputMin: struct.type.size,
    inputMax: struct.type.size,
    inputRule: rules.check(struct.type.name),
  };
}

type OutputColumns = Pick<
  MethodView,
  'output' | 'outputSize' | 'outputMax' | 'outputRule' | 'lengthScalar'
>;

function outputColumns(model: Model, { struct }: Payload, rules: Rules): OutputColumns {
  if (struct === null) {
    return {
      output: 'None',
      outputSize: '0',
      outputMax: 0,
      outputRule: 'nullptr',
      lengthScalar: -1,
    };
  }
  if (struct.kind === 'bytes') {
    return {
      output: 'Bytes',
      outputSize: VARIABLE,
      outputMax: struct.max,
      outputRule: 'nullptr',
      lengthScalar: struct.lengthScalar ?? -1,
    };
  }
  return {
    output: 'Fixed',
    outputSize: `sizeof(${storedType(model, struct.type)})`,
    outputMax: struct.type.size,
    outputRule: rules.scrub(struct.type.name),
    lengthScalar: -1,
  };
}

/** Statements of the function that carries one call to its hook. */
function trampoline(model: Model, method: Method): readonly string[] {
  const parameters = hookParameters(model, method);
  const call = (head: string, tail: string) =>
    wrap(
      `${head}DriverOf(call)->${memberNames.hook(method)}`,
      callArguments(model, method, parameters),
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
  const length = parameters.outputStruct[1];
  const locals = [
    ...scalars.map(
      (slot, i) =>
        `${parameterType(model, slot.type)} ${nameAt(parameters.outputs, i)} = ${zero(slot.type)};`,
    ),
    ...(isBytes && length !== undefined ? [`uint64_t ${length.name} = call->outputCapacity;`] : []),
  ];
  if (locals.length === 0) return call('return ', ';');
  return [
    ...locals,
    ...call('const kern_return_t status = ', ';'),
    ...scalars.map(
      ({ index }, i) => `call->out[${index}] = dextgen::ToWord(${nameAt(parameters.outputs, i)});`,
    ),
    isBytes && length !== undefined
      ? `return dextgen::CallFinishBytes(call, status, ${length.name});`
      : 'return status;',
  ];
}

const nameAt = (parameters: readonly Parameter[], index: number): string =>
  parameters[index]?.name ?? '';

function zero(type: ScalarType | EnumRef): string {
  return type.kind === 'scalar' && type.scalar === 'bool' ? 'false' : '0';
}

function callArguments(
  model: Model,
  method: Method,
  parameters: HookParameters,
): readonly string[] {
  return [
    'ClientOf(call)',
    ...(method.kind === 'async' ? ['call->token'] : []),
    ...method.input.scalars.map(({ type, index }) => fromWord(model, type, `call->in[${index}]`)),
    ...inputArguments(model, method.input),
    ...parameters.outputs.map(({ name }) => `&${name}`),
    ...outputArguments(model, method, parameters),
  ];
}

function fromWord(model: Model, type: ScalarType | EnumRef, word: string): string {
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

function outputArguments(
  model: Model,
  method: Method,
  parameters: HookParameters,
): readonly string[] {
  const { struct } = method.output;
  if (method.kind === 'async' || struct === null) return [];
  if (struct.kind === 'bytes') return ['call->output', `&${nameAt(parameters.outputStruct, 1)}`];
  return [`reinterpret_cast<${storedType(model, struct.type)} *>(call->output)`];
}
