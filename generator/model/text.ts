// User text as the model has it.
import { type SourceNode, stringOf } from '../source/index.js';

/** User text without the line ending that block scalars leave at its end. */
export function textOf(node: SourceNode | null): string {
  return (stringOf(node) ?? '').trimEnd();
}
