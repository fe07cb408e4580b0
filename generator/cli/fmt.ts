// `dextgen fmt`: schemas in the canonical style.
import { type Diagnostic, formats, hasErrors } from '../diagnostics/index.js';
import { type Formatted, formatSchema } from '../fmt/format.js';
import { findSchemas, relocate, type Schema } from '../io/schemas.js';
import { openSource } from '../source/index.js';
import { printOutcome, rewriteSchema } from './schema-tool.js';
import type { Tool, ToolInput, ToolResult } from './tool.js';

type Done = { readonly diagnostics: readonly Diagnostic[]; readonly rewritten: boolean };

/** The first line that would be written differently. */
function unformatted({ shown, text }: Schema, formatted: string): Diagnostic {
  const lines = openSource({ path: shown, text }).text.split('\n');
  const wanted = formatted.split('\n');
  const index = lines.findIndex((line, i) => line !== wanted[i]);
  const line = index < 0 ? lines.length : index + 1;
  const excerpt = lines[line - 1] ?? '';
  const endColumn = excerpt.length + 1;
  return {
    code: 'DK916',
    severity: 'error',
    message: 'not in the canonical style from here on',
    at: { file: shown, line, column: 1, endLine: line, endColumn, excerpt },
    notes: [],
    hint: 'run: dextgen fmt',
  };
}

function formatOne(schema: Schema, check: boolean, cwd: string): Done {
  const { text, diagnostics }: Formatted = formatSchema(schema);
  if (text === null) return { diagnostics: relocate(diagnostics, schema), rewritten: false };
  const current = schema.text.replaceAll('\r\n', '\n') === text;
  if (current) return { diagnostics: [], rewritten: false };
  if (check) return { diagnostics: [unformatted(schema, text)], rewritten: false };
  const failure = rewriteSchema(schema, text, cwd);
  return failure === null
    ? { diagnostics: [], rewritten: true }
    : { diagnostics: [failure], rewritten: false };
}

function run({ named, flags, format, cwd }: ToolInput): ToolResult {
  const { schemas, diagnostics: missing } = findSchemas(named, cwd);
  // JSON has formatters of its own.
  const written = schemas.filter(({ path }) => !path.endsWith('.json'));
  const done = written.map((schema) => formatOne(schema, flags.check === true, cwd));
  const diagnostics = [...missing, ...done.flatMap((one) => one.diagnostics)];
  const rewritten = written.filter((_, i) => done[i]?.rewritten).map(({ shown }) => shown);
  const rest = written.length - rewritten.length;
  const unchanged = rest === 1 ? '1 schema unchanged' : `${rest} schemas unchanged`;
  const changed = rewritten.map((path) => `${path}: formatted`);
  const summary = hasErrors(diagnostics) ? changed : [...changed, ...(rest > 0 ? [unchanged] : [])];
  return printOutcome({ command: 'fmt', diagnostics, rewritten, summary }, format);
}

export const fmtTool: Tool = {
  name: 'fmt',
  positional: '[schema..]',
  positionalHelp: 'Schema files, or folders of them; JSON is left alone',
  help: 'Write schemas in the canonical style, with their comments and their meaning',
  options: {
    check: { type: 'boolean', describe: 'Change nothing; fail when a schema is not in that style' },
  },
  formats,
  run,
};
