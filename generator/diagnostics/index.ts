// What the rest of the compiler uses of diagnostics/.
export { type Code, codes, type Phase } from './codes.js';
export {
  type Diagnostic,
  hasErrors,
  type Note,
  type Place,
  type Severity,
  sortDiagnostics,
} from './diagnostic.js';
export { type DriftCode, driftCodes } from './drift-codes.js';
export { type Format, formatDiagnostics, formats } from './format.js';
export { gatherDiagnostics } from './gather.js';
export { type LintCode, lintCodes } from './lint-codes.js';
export { didYouMean, suggest } from './suggest.js';
