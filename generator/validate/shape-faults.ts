import type { ErrorObject } from 'ajv';
import type { Report, SourceNode } from '../source/index.js';
export function reportShapeFaults(
  errors: readonly ErrorObject[],
  root: SourceNode,
  report: Report,
): void {
  for (const e of errors)
    report({
      code: 'DK201',
      at: root.span,
      message: `${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`,
    });
}
