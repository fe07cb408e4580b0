// User text as the model has it.
import { type Report, type SourceNode, stringOf } from '../source/index.js';

/** User text without the line ending that block scalars leave at its end. */
export function textOf(node: SourceNode | null): string {
  return (stringOf(node) ?? '').trimEnd();
}

/** The version of the interface that something came with: `1.1`, as text; empty when nothing is said. */
export function sinceOf(node: SourceNode | null, report: Report): string {
  if (node === null) return '';
  const text = node.kind === 'scalar' ? node.text : '';
  if (/^\d+\.\d+$/.test(text)) return text;
  const message = '"since" is a version of the interface, major.minor';
  report({ code: 'DK434', at: node.span, message, hint: 'write it as in "since: 1.1".' });
  return '';
}
