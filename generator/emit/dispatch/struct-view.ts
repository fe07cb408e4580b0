// The struct of a call in the dispatch: what its row says of it, and how the trampoline hands it to the hook.
import type { Model, StructCarrier } from '../../model/model.js';
import { storedType } from '../c-names.js';
import { largest, lengthScalar, smallest } from '../carriers.js';
import { readerType, writerType } from '../struct-parameters.js';
import type { Rules } from './rules.js';

const VARIABLE = 'kIOUserClientVariableStructureSize';

/** A row can state one size or none; a range of sizes is the Method's (contract §1.3). */
export function checkedSize(model: Model, struct: StructCarrier | null): string {
  if (struct === null) return '0';
  return struct.kind === 'fixed' ? `sizeof(${storedType(model, struct.type)})` : VARIABLE;
}

/** What a Method says of its input; members that are left out have their defaults. */
export function inputColumns(struct: StructCarrier | null, rules: Rules): readonly string[] {
  if (struct === null) return [];
  const fixed = struct.kind === 'fixed';
  const rule = fixed && struct.type.kind === 'struct' ? rules.check(struct.type.name) : 'nullptr';
  return [
    `.input = dextgen::Carrier::${fixed ? 'Fixed' : 'Bytes'}`,
    `.inputMin = ${smallest(struct)}`,
    `.inputMax = ${largest(struct)}`,
    ...(rule === 'nullptr' ? [] : [`.inputRule = ${rule}`]),
  ];
}

export function outputColumns(struct: StructCarrier | null, rules: Rules): readonly string[] {
  if (struct === null) return [];
  const fixed = struct.kind === 'fixed';
  const length = lengthScalar(struct);
  const rule = fixed && struct.type.kind === 'struct' ? rules.scrub(struct.type.name) : 'nullptr';
  return [
    `.output = dextgen::Carrier::${fixed ? 'Fixed' : 'Bytes'}`,
    `.outputMax = ${largest(struct)}`,
    ...(length === null ? [] : [`.lengthScalar = ${length}`]),
    ...(rule === 'nullptr' ? [] : [`.outputRule = ${rule}`]),
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
      return ['call->input', 'call->inputSize'];
    case 'text':
      return ['reinterpret_cast<const char *>(call->input)', 'call->inputSize'];
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
      return ['call->output', `&${LENGTH}`];
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
  if (output?.kind === 'bytes' || output?.kind === 'text')
    locals.push(`uint64_t ${LENGTH} = call->outputCapacity;`);
  if (output?.kind === 'variable' && output.type.kind === 'record')
    locals.push(
      `${writerType(model, output.type.name)} ${WRITER}(call->output, call->outputCapacity);`,
    );
  return locals;
}

/** How the trampoline ends, once the hook has returned `status`. */
export function finish(output: StructCarrier | null): string {
  switch (output?.kind) {
    case undefined:
    case 'fixed':
      return 'return status;';
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
