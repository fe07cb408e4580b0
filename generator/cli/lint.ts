// `dextgen lint`: what a schema may say, but seldom should.
import { type Diagnostic, formats } from '../diagnostics/index.js';
import { findSchemas, relocate, type Schema } from '../io/schemas.js';
import { type Linted, lintSchema } from '../lint/lint.js';
import { printOutcome, rewriteSchema } from './schema-tool.js';
import type { Tool, ToolInput, ToolResult } from './tool.js';

type Checked = { readonly diagnostics: readonly Diagnostic[]; readonly rewritten: boolean };

/** With a fix written, what is left is told of the text that the user will find. */
function lintOne(schema: Schema, fix: boolean, cwd: string): Checked {
  const found: Linted = lintSchema(schema);
  if (!fix || found.fixed === null) {
    return { diagnostics: relocate(found.diagnostics, schema), rewritten: false };
  }
  const failure = rewriteSchema(schema, found.fixed, cwd);
  if (failure !== null) return { diagnostics: [failure], rewritten: false };
  const left = lintSchema({ ...schema, text: found.fixed }).diagnostics;
  return { diagnostics: relocate(left, schema), rewritten: true };
}

/** What an imported file is found to say is said once, however many import it. */
function once(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...new Map(diagnostics.map((one) => [JSON.stringify(one), one])).values()];
}

function count(found: readonly Diagnostic[], files: number): string {
  const what = found.length === 1 ? '1 finding' : `${found.length} findings`;
  return `${what} in ${files === 1 ? '1 schema' : `${files} schemas`}`;
}

function run({ named, flags, format, cwd }: ToolInput): ToolResult {
  const { schemas, diagnostics: missing } = findSchemas(named, cwd);
  const checked = schemas.map((schema) => lintOne(schema, flags.fix === true, cwd));
  const diagnostics = once([...missing, ...checked.flatMap((one) => one.diagnostics)]);
  const rewritten = schemas.filter((_, i) => checked[i]?.rewritten).map(({ shown }) => shown);
  const summary = [
    ...rewritten.map((path) => `${path}: fixed what could be`),
    count(diagnostics, schemas.length),
  ];
  return printOutcome({ command: 'lint', diagnostics, rewritten, summary }, format);
}

export const lintTool: Tool = {
  name: 'lint',
  positional: '[schema..]',
  positionalHelp: 'Schema files, or folders of them',
  help: 'Find what a schema may say, but seldom should',
  options: {
    fix: { type: 'boolean', describe: 'Write the fixes that leave the contract as it is' },
  },
  formats,
  run,
};
