// One method of the dispatch: its row and its trampoline, both as text that the template only places.
import type { Method, Model, Payload, WordType } from '../../model/model.js';
import { methodWordsConstant, parameterType, pascal, selectorConstant } from '../c-names.js';
import { commentText, wrap, wrapBraces } from '../c-text.js';
import { scalarCount } from '../carriers.js';
import { memberNames } from '../hooks.js';
import type { Rules } from './rules.js';
import {
  checkedSize,
  finish,
  inputArguments,
  inputColumns,
  outputArguments,
  outputColumns,
  structLocals,
  textRule,
} from './struct-view.js';

export type MethodView = {
  readonly functionName: string;
  readonly body: readonly string[];
  readonly hasScalars: boolean;
  readonly scalarsName: string;
  readonly scalars: readonly { readonly name: string; readonly lines: readonly string[] }[];
  /** Lines of the rules of texts. */
  readonly texts: readonly string[];
  readonly selector: string;
  readonly completion: number;
  readonly scalarInputs: number;
  readonly inputSize: string;
  readonly scalarOutputs: number;
  readonly outputSize: string;
  /** Members of the Method beyond its dispatch row; those that are left out have their defaults. */
  readonly columns: readonly string[];
};

export function methodView(model: Model, method: Method, rules: Rules): MethodView {
  const hook = memberNames.hook(method);
  const isAsync = method.kind === 'async';
  const output: Payload = isAsync ? { scalars: [], struct: null } : method.output;
  const scalars = method.input.scalars.map((slot) => {
    const owner = `In_${hook}_${pascal(slot.name)}`;
    return {
      name: commentText(slot.name),
      lines: wrapBraces('', rules.value({ ...slot, owner }), ',', 4),
    };
  });
  const [inputText, outputText] = [`k${hook}InputText`, `k${hook}OutputText`];
  return {
    functionName: `${hook}Call`,
    body: trampoline(model, method),
    hasScalars: scalars.length > 0,
    scalarsName: `k${hook}Scalars`,
    scalars,
    texts: [...textRule(inputText, method.input.struct), ...textRule(outputText, output.struct)],
    selector: selectorConstant(model, method),
    completion: isAsync ? 1 : 0,
    scalarInputs: scalars.length,
    inputSize: checkedSize(model, method.input.struct),
    scalarOutputs: scalarCount(output),
    outputSize: checkedSize(model, output.struct),
    columns: [
      ...inputColumns(model, method.input.struct, { rules, text: inputText }),
      ...outputColumns(model, output.struct, { rules, text: outputText }),
      ...(isAsync ? [`.completionWords = ${methodWordsConstant(model, method)}`] : []),
    ],
  };
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
  const locals = [
    ...structLocals(model, method.input.struct, struct),
    ...scalars.map(
      ({ name, type }) => `${parameterType(model, type)} ${local(name)} = ${zero(type)};`,
    ),
  ];
  if (locals.length === 0) return call('return ', ';');
  return [
    ...locals,
    ...call('const kern_return_t status = ', ';'),
    ...scalars.map(({ name, index }) => `call->out[${index}] = dextgen::ToWord(${local(name)});`),
    finish(struct),
  ];
}

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
    ...inputArguments(model, method.input.struct),
    ...(isAsync ? [] : method.output.scalars.map(({ name }) => `&${local(name)}`)),
    ...(isAsync ? [] : outputArguments(model, method.output.struct)),
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
