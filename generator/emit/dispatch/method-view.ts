// One method of the dispatch: its row and its trampoline, both as text that the template only places.
import type {
  MemorySlot,
  Method,
  Model,
  Payload,
  ScalarSlot,
  WordType,
} from '../../model/model.js';
import { methodWordsConstant, pascal, selectorConstant } from '../c-names.js';
import { commentText, wrap, wrapBraces } from '../c-text.js';
import { atOnce } from '../carriers.js';
import { memberNames } from '../hooks.js';
import { isWord } from '../words.js';
import type { Numbers } from './extras.js';
import { extrasOf, isExact } from './guard-view.js';
import type { Rules } from './rules.js';
import {
  checkedSize,
  finish,
  inputArguments,
  inputColumns,
  outputArguments,
  outputColumns,
  PLAIN_END,
  structLocals,
  textRule,
} from './struct-view.js';
import { inputLocals, inputValues, outputLocals, outputValues, outputWords } from './value-view.js';

export type MethodView = {
  readonly functionName: string;
  /** Of an unchecked method, with a space in front. */
  readonly argumentsName: string;
  readonly body: readonly string[];
  readonly hasScalars: boolean;
  readonly scalarsName: string;
  readonly scalars: readonly { readonly name: string; readonly lines: readonly string[] }[];
  /** Lines of the rules of texts. */
  readonly texts: readonly string[];
  /** What the row refers to. */
  readonly hasTables: boolean;
  readonly tables: readonly string[];
  readonly selector: string;
  readonly completion: string;
  readonly scalarInputs: string;
  readonly inputSize: string;
  readonly scalarOutputs: string;
  readonly outputSize: string;
  /** Members of the Method beyond its dispatch row; those that are left out have their defaults. */
  readonly columns: readonly string[];
};

export type MethodContext = {
  readonly model: Model;
  readonly rules: Rules;
  readonly numbers: Numbers;
};

export function methodView(method: Method, { model, rules, numbers }: MethodContext): MethodView {
  const hook = memberNames.hook(method);
  const isAsync = method.kind === 'async';
  const output = atOnce(method);
  const scalars = method.unchecked === null ? wordViews(hook, method.input, rules) : [];
  const { tables, columns } = extrasOf({ model, method, rules }, numbers);
  const [inputText, outputText] = [`k${hook}InputText`, `k${hook}OutputText`];
  const view = {
    functionName: `${hook}Call`,
    argumentsName: method.unchecked === null ? '' : ' arguments',
    body: trampoline(model, method, rules),
    hasScalars: scalars.length > 0,
    scalarsName: `k${hook}Scalars`,
    scalars,
    texts: [...textRule(inputText, method.input.struct), ...textRule(outputText, output.struct)],
    hasTables: tables.length > 0,
    tables,
    selector: selectorConstant(model, method),
  };
  if (method.unchecked !== null) return { ...view, ...openRow, columns };
  return {
    ...view,
    completion: completionColumn(method),
    scalarInputs: checkedCount(method.input),
    inputSize: checkedSize(model, method.input.struct),
    scalarOutputs: checkedCount(output),
    outputSize: checkedSize(model, output.struct),
    columns: [
      ...columns,
      ...inputColumns(model, method.input.struct, { rules, text: inputText }),
      ...outputColumns(model, output.struct, { rules, text: outputText }),
      ...(isAsync ? [`.completionWords = ${methodWordsConstant(model, method)}`] : []),
      ...answerColumns(method, rules),
    ],
  };
}

/** "Don't care" of a row (contract §1.3). */
const ANY = 'kIOUserClientVariableStructureSize';

const openRow = {
  completion: ANY,
  scalarInputs: ANY,
  inputSize: ANY,
  scalarOutputs: ANY,
  outputSize: ANY,
};

const checkedCount = (payload: Payload): string => (isExact(payload) ? String(payload.count) : ANY);

/** A rule for each word, in the order of the words; what lies over several of them has another for the whole. */
function wordViews(hook: string, { scalars }: Payload, rules: Rules): MethodView['scalars'] {
  return scalars
    .flatMap((slot) => slotViews(hook, slot, rules))
    .sort((a, b) => a.index - b.index)
    .map(({ view }) => view);
}

type WordView = { readonly index: number; readonly view: MethodView['scalars'][number] };

function slotViews(hook: string, slot: ScalarSlot, rules: Rules): readonly WordView[] {
  const owner = `In_${hook}_${pascal(slot.name)}`;
  const at = (index: number, parts: readonly string[]): WordView => ({
    index,
    view: { name: commentText(slot.name), lines: wrapBraces('', parts, ',', 4) },
  });
  const times = (parts: readonly string[]) =>
    Array.from({ length: slot.words }, (_, i) => at(slot.index + i, parts));
  switch (slot.packing) {
    case 'word':
      return [at(slot.index, rules.value({ ...slot, owner }))];
    case 'each':
      return times(rules.value({ ...slot, type: elementOf(slot), owner }));
    case 'bytes':
      return times(['.scalar = dextgen::Scalar::U64']);
    case 'low-high':
    case 'high-low':
      return times([`.scalar = dextgen::Scalar::U${slot.type.size * 4}`]);
    case 'memory':
      return memoryRules(slot).map(([index, parts]) => at(index, parts));
    default:
      return slot satisfies never;
  }
}

/** An address, and a length within its limits. */
function memoryRules({
  index,
  words,
  order,
  range,
  lengthAt,
}: MemorySlot): readonly (readonly [number, readonly string[]])[] {
  const word = (min: string, max: string): string[] => [
    '.scalar = dextgen::Scalar::U64',
    `.bounds = ${max === '' ? 'dextgen::kHasMin' : 'dextgen::kHasMin | dextgen::kHasMax'}`,
    `.min = {.u = ${min}}`,
    ...(max === '' ? [] : [`.max = {.u = ${max}}`]),
  ];
  const address = word('1', '');
  const length = word(`${range?.min}`, `${range?.max}`);
  if (words === 1)
    return lengthAt === null
      ? [[index, address]]
      : [
          [index, address],
          [lengthAt, length],
        ];
  return order === 'address-length'
    ? [
        [index, address],
        [index + 1, length],
      ]
    : [
        [index, length],
        [index + 1, address],
      ];
}

function elementOf({ type, name }: ScalarSlot): WordType {
  if (type.kind !== 'array' || !isWord(type.element)) throw new Error(`${name} is no array`);
  return type.element;
}

/** What is not usual about a completion. */
function answerColumns({ answer, output }: Method, rules: Rules): readonly string[] {
  if (answer === null) return [];
  const { struct, count } = output;
  const scrub = struct?.kind === 'fixed' ? rules.scrub(struct.type.name) : 'nullptr';
  return [
    ...(answer.layout === 'raw' ? ['.completionRaw = true'] : []),
    ...(scrub === 'nullptr' ? [] : [`.answerRule = ${scrub}`, `.answerWord = ${count}`]),
  ];
}

/** Required, absent, or either (contract §1.3). */
function completionColumn({ completion }: Method): string {
  if (completion === 'required') return '1';
  return completion === 'none' ? '0' : ANY;
}

/** Statements of the function that carries one call to its hook. */
function trampoline(model: Model, method: Method, rules: Rules): readonly string[] {
  const { input } = method;
  const output = atOnce(method);
  const call = (head: string, tail: string) =>
    wrap(
      `${head}DriverOf(call)->${memberNames.hook(method)}`,
      callArguments(model, method),
      tail,
      4,
    );
  if (method.unchecked !== null) return call('return ', ';');
  const opening = [
    'const kern_return_t opened = dextgen::CallOpen(call);',
    'if (opened != kIOReturnSuccess) {',
    '    return opened;',
    '}',
  ];
  const locals = [
    ...(method.kind === 'async' ? opening : []),
    ...structLocals(model, input.struct, output.struct),
    ...inputLocals(model, input),
    ...outputLocals(model, output),
  ];
  const end = finish(output.struct);
  if (output.scalars.length === 0 && end === PLAIN_END) return [...locals, ...call('return ', ';')];
  return [
    ...locals,
    ...call('const kern_return_t status = ', ';'),
    ...outputWords(output, { rules, words: 'call->out' }),
    end,
  ];
}

function callArguments(model: Model, method: Method): readonly string[] {
  if (method.unchecked !== null) return ['ClientOf(call)', 'arguments'];
  const isAsync = method.kind === 'async';
  const output = atOnce(method);
  return [
    'ClientOf(call)',
    ...(isAsync ? ['call->token'] : []),
    ...inputValues(model, method.input),
    ...inputArguments(model, method.input.struct),
    ...outputValues(output),
    ...outputArguments(model, output.struct),
  ];
}
