// `dextgen explain`: a code of a diagnostic, or how something of an interface travels.
import { resolveSchema } from '../compile.js';
import { didYouMean, hasErrors } from '../diagnostics/index.js';
import { type Entry, parseEntries, printEntry } from '../explain/entries.js';
import { explainName, namesOf } from '../explain/explain.js';
import { printExplanation } from '../explain/print.js';
import { readDiagnosticsPage } from '../io/documentation.js';
import { findSchemas, relocate } from '../io/schemas.js';
import type { Model } from '../model/model.js';
import {
  diagnosticsResult,
  type Tool,
  type ToolInput,
  type ToolResult,
  wrongUsage,
} from './tool.js';

const done = (stdout: string): ToolResult => ({ stdout, stderr: '', exitCode: 0 });

function explainCode(entries: readonly Entry[], word: string, input: ToolInput): ToolResult {
  const code = word.toUpperCase();
  const entry = entries.find((one) => one.code === code);
  if (entry !== undefined) {
    return done(
      input.format === 'json' ? `${JSON.stringify(entry, null, 2)}\n` : printEntry(entry),
    );
  }
  const hint = didYouMean(
    code,
    entries.map((one) => one.code),
  );
  return wrongUsage(`there is no code ${code}${hint === null ? '' : `: ${hint}`}`);
}

/** DK501 and LINT001, but no name that an interface could have. */
const looksLikeCode = (word: string): boolean => /^(DK|LINT)\d+$/i.test(word);

function explainInSchemas(word: string, input: ToolInput): ToolResult {
  const { flags, format, cwd } = input;
  const named = typeof flags.schema === 'string' ? [flags.schema] : [];
  const { schemas, diagnostics: missing } = findSchemas(named, cwd);
  const resolved = schemas.map((schema) => ({ schema, ...resolveSchema(schema) }));
  const diagnostics = [
    ...missing,
    ...resolved.flatMap(({ schema, diagnostics }) => relocate(diagnostics, schema)),
  ];
  if (hasErrors(diagnostics)) return diagnosticsResult(diagnostics, format);
  const models = resolved.flatMap(({ model }) => model ?? []);
  const found = models.flatMap((model) => explainName(model, word));
  if (found.length === 0) return unknownName(word, models);
  return done(
    format === 'json'
      ? `${JSON.stringify(found, null, 2)}\n`
      : found.map(printExplanation).join('\n'),
  );
}

function unknownName(word: string, models: readonly Model[]): ToolResult {
  const hint = didYouMean(word, models.flatMap(namesOf)) ?? 'dextgen model lists what there is';
  const where = models.map(({ name }) => name).join(', ') || 'the schemas';
  const stderr = `dextgen: nothing in ${where} is called "${word}": ${hint}\n`;
  return { stdout: '', stderr, exitCode: 1 };
}

function run(input: ToolInput): ToolResult {
  const [word, ...others] = input.named;
  if (word === undefined || others.length > 0) {
    return wrongUsage('explain takes one code, or one name of an interface');
  }
  if (!looksLikeCode(word)) return explainInSchemas(word, input);
  return explainCode(parseEntries(readDiagnosticsPage(input.packageRoot)), word, input);
}

export const explainTool: Tool = {
  name: 'explain',
  positional: '<what>',
  positionalHelp: 'Code of a diagnostic (DK501), or whatever has a name in a schema',
  help: 'Say what a code means, or how something of an interface travels and what it costs',
  options: {
    schema: {
      type: 'string',
      requiresArg: true,
      describe: 'Schema file or folder that declares the name',
      defaultDescription: 'schema/',
    },
  },
  formats: ['human', 'json'],
  run,
};
