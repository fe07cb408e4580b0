// The shape: what schema/interface.schema.json says, through ajv. Turning its errors into diagnostics is shape-faults.ts's.
import { Ajv, type ValidateFunction } from 'ajv';
import schema from '../../schema/interface.schema.json' with { type: 'json' };
import { type Report, type SourceNode, toPlain } from '../source/index.js';
import { reportShapeFaults } from './shape-faults.js';

let compiled: ValidateFunction | null = null;

/** Compiled once per process. A test checks the schema itself, so that no run has to. */
function validator(): ValidateFunction {
  compiled ??= new Ajv({
    allErrors: true,
    verbose: true,
    meta: false,
    validateSchema: false,
    strict: false,
    inlineRefs: false,
    // Messages are our own, and optimizing costs more time than one validation saves.
    messages: false,
    code: { optimize: false },
  }).compile(schema);
  return compiled;
}

export function checkShape(root: SourceNode, report: Report): void {
  const validate = validator();
  if (validate(toPlain(root))) return;
  reportShapeFaults(validate.errors ?? [], root, report);
}
