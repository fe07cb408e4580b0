// The struct of a call in the dispatch: what its row says of it, and how the trampoline hands it to the hook.
import type { FixedCarrier, Model, StructCarrier } from '../../model/model.js';
import { storedType } from '../c-names.js';
import { wrapBraces } from '../c-text.js';
import { largest, lengthScalar, MAX_INLINE, smallest } from '../carriers.js';
import { readerType, writerType } from '../struct-parameters.js';
import { textFlags } from './record-rules.js';
import { type Rules, recordRuleName } from './rules.js';

const VARIABLE = 'kIOUserClientVariableStructureSize';

/** A row can state one size or none; a range of sizes is the Method's (contract §1.3). */
export function checkedSize(model: Model, struct: StructCarrier | null): string {
  if (struct === null) return '0';
  return struct.kind === 'fixed' && !struct.longer
    ? `sizeof(${storedType(model, struct.type)})`
    : VARIABLE;
}

/** Members of a Method; those that are left out have their defaults. */
type Columns = readonly string[];

/** The rule of a struct, if it has one. */
const ruleOf = (struct: FixedCarrier, find: (name: string) => string): string =>
  struct.type.kind === 'struct' ? find(struct.type.name) : 'nullptr';

/** What the bytes are walked by; the room of a variant is that of its largest case. */
function shapeColumns(
  model: Model,
  struct: StructCarrier,
  { way, text }: { readonly way: 'input' | 'output'; readonly text: string },
): Columns {
  if (struct.kind === 'text') return [`.${way}Record = &${text}`];
  if (struct.kind !== 'variable') return [];
  const rule = `.${way}Record = &${recordRuleName(model, struct.type.name)}`;
  return struct.type.kind === 'variant'
    ? [rule, `.${way}Room = sizeof(${storedType(model, struct.type)})`]
    : [rule];
}

/** More bytes may come than the struct has. */
const isLonger = (struct: StructCarrier): boolean =>
  (struct.kind === 'fixed' || struct.kind === 'variable') && struct.longer;

/** Handed over as the descriptor that it came as. */
const isDirect = (struct: StructCarrier): boolean => struct.kind === 'bytes' && struct.direct;

export type Naming = {
  readonly rules: Rules;
  /** Name of the rule of a text, which `textRule` declares. */
  readonly text: string;
};

export function inputColumns(
  model: Model,
  struct: StructCarrier | null,
  { rules, text }: Naming,
): Columns {
  if (struct === null) return [];
  const rule = struct.kind === 'fixed' ? ruleOf(struct, rules.check) : 'nullptr';
  const shape = shapeColumns(model, struct, { way: 'input', text });
  return [
    `.input = dextgen::Carrier::${struct.kind === 'fixed' ? 'Fixed' : 'Bytes'}`,
    `.inputMin = ${smallest(struct)}`,
    `.inputMax = ${largest(struct)}`,
    ...(isLonger(struct) ? ['.inputLonger = true'] : []),
    ...(isDirect(struct) ? ['.inputDirect = true'] : []),
    ...(rule === 'nullptr' ? [] : [`.inputRule = ${rule}`]),
    ...shape,
    // The hook finds a NUL behind every text.
    ...(struct.kind === 'text' ? ['.inputExtra = 1'] : []),
    ...(struct.kind === 'variable' && struct.capped ? ['.inputCapped = true'] : []),
  ];
}

export function outputColumns(
  model: Model,
  struct: StructCarrier | null,
  { rules, text }: Naming,
): Columns {
  if (struct === null) return [];
  const length = lengthScalar(struct);
  const rule = struct.kind === 'fixed' ? ruleOf(struct, rules.scrub) : 'nullptr';
  const variable = struct.kind !== 'fixed';
  const untold = variable && length === null && struct.max > MAX_INLINE;
  return [
    `.output = dextgen::Carrier::${variable ? 'Bytes' : 'Fixed'}`,
    `.outputMax = ${largest(struct)}`,
    ...(isDirect(struct) ? ['.outputDirect = true'] : []),
    ...(rule === 'nullptr' ? [] : [`.outputRule = ${rule}`]),
    ...shapeColumns(model, struct, { way: 'output', text }),
    ...(variable && struct.transfer === 'descriptor' ? ['.outputDescriptor = true'] : []),
    ...(untold ? ['.lengthUntold = true'] : []),
    ...(length === null ? [] : [`.lengthScalar = ${length}`]),
  ];
}

/** A text is walked as a record of one part: its rule, as lines; nothing for anything else. */
export function textRule(name: string, struct: StructCarrier | null): readonly string[] {
  if (struct?.kind !== 'text') return [];
  const part = [
    '.kind = dextgen::PartKind::Text',
    `.text = ${textFlags(struct.text)}`,
    ...(struct.min > 0 ? [`.min = ${struct.min}`] : []),
    `.max = ${struct.max}`,
  ];
  const record = [`.max = ${struct.max}`, `.parts = &${name}Part`, '.partCount = 1'];
  return [
    ...wrapBraces(`constexpr dextgen::PartRule ${name}Part = `, part, ';'),
    ...wrapBraces(`constexpr dextgen::RecordRule ${name} = `, record, ';'),
  ];
}

export const LENGTH = 'outputLength';
const READER = 'inputReader';
const WRITER = 'outputWriter';

export function inputArguments(model: Model, struct: StructCarrier | null): readonly string[] {
  switch (struct?.kind) {
    case undefined:
      return [];
    case 'fixed':
      return [`reinterpret_cast<const ${storedType(model, struct.type)} *>(call->input)`];
    case 'bytes':
      return [
        struct.direct ? 'call->arguments->structureInputDescriptor' : 'call->input',
        'call->inputSize',
      ];
    case 'text':
      return [
        'reinterpret_cast<const char *>(call->input)',
        'dextgen::LengthOfText(call->input, call->inputSize)',
      ];
    case 'variable':
      return struct.type.kind === 'variant'
        ? [
            `reinterpret_cast<const ${storedType(model, struct.type)} *>(call->input)`,
            'call->inputSize',
          ]
        : [`&${READER}`];
    default:
      return struct satisfies never;
  }
}

export function outputArguments(model: Model, struct: StructCarrier | null): readonly string[] {
  switch (struct?.kind) {
    case undefined:
      return [];
    case 'fixed':
      return [`reinterpret_cast<${storedType(model, struct.type)} *>(call->output)`];
    case 'bytes':
      return [
        struct.direct ? 'call->arguments->structureOutputDescriptor' : 'call->output',
        `&${LENGTH}`,
      ];
    case 'text':
      return ['reinterpret_cast<char *>(call->output)', `&${LENGTH}`];
    case 'variable':
      return struct.type.kind === 'variant'
        ? [`reinterpret_cast<${storedType(model, struct.type)} *>(call->output)`]
        : [`&${WRITER}`];
    default:
      return struct satisfies never;
  }
}

/** What the trampoline declares before it calls the hook. */
export function structLocals(
  model: Model,
  input: StructCarrier | null,
  output: StructCarrier | null,
): readonly string[] {
  const locals: string[] = [];
  if (input?.kind === 'variable' && input.type.kind === 'record')
    locals.push(
      `const ${readerType(model, input.type.name)} ${READER}(call->input, call->inputSize);`,
    );
  if (output?.kind === 'bytes') locals.push(`uint64_t ${LENGTH} = call->outputCapacity;`);
  if (output?.kind === 'text') locals.push(`uint64_t ${LENGTH} = dextgen::CallTextRoom(call);`);
  if (output?.kind === 'variable' && output.type.kind === 'record')
    locals.push(
      `${writerType(model, output.type.name)} ${WRITER}(call->output, call->outputCapacity);`,
    );
  return locals;
}

export const PLAIN_END = 'return status;';

/** How the trampoline ends, once the hook has returned `status`. */
export function finish(output: StructCarrier | null): string {
  switch (output?.kind) {
    case undefined:
    case 'fixed':
      return PLAIN_END;
    case 'bytes':
      return `return dextgen::CallFinishBytes(call, status, ${LENGTH});`;
    case 'text':
      return `return dextgen::CallFinishText(call, status, ${LENGTH});`;
    case 'variable':
      return output.type.kind === 'variant'
        ? 'return dextgen::CallFinishVariant(call, status);'
        : `return dextgen::CallFinishRecord(call, status, ${WRITER}.Base());`;
    default:
      return output satisfies never;
  }
}
