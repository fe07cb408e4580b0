// The shape: what schema/interface.schema.json says, through ajv. Turning its errors into diagnostics is shape-faults.ts's.
import { Ajv, type Options, type ValidateFunction } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import schema from '../../schema/interface.schema.json' with { type: 'json' };
import { type Report, type SourceNode, toPlain } from '../source/index.js';
import { reportShapeFaults } from './shape-faults.js';
import { checkTypeKinds } from './type-kinds.js';

const options: Options = {
  allErrors: true,
  verbose: true,
  meta: false,
  validateSchema: false,
  strict: false,
  inlineRefs: false,
  // Messages are our own, and optimizing costs more time than one validation saves.
  messages: false,
  code: { optimize: false },
};

let compiled: ValidateFunction | null = null;

/** Compiled once per process. A test checks the schema itself, so that no run has to. */
function validator(): ValidateFunction {
  compiled ??= new Ajv(options).compile(schema);
  return compiled;
}

/** The validator as the source of a CommonJS module, for a program that wants to start without compiling it. */
export function validatorSource(): string {
  const ajv = new Ajv({ ...options, code: { ...options.code, source: true } });
  return standaloneCode.default(ajv, ajv.compile(schema));
}

/** Takes what a module of `validatorSource` exports. */
export function useValidator(validate: ValidateFunction): void {
  compiled = validate;
}

export function checkShape(root: SourceNode, report: Report): void {
  const validate = validator();
  if (!validate(toPlain(root))) reportShapeFaults(validate.errors ?? [], root, report);
  checkTypeKinds(root, report);
}
