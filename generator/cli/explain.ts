// `dextgen explain`: a code of a diagnostic, or how something of an interface travels.
import { didYouMean } from '../diagnostics/index.js';
import { type Entry, parseEntries, printEntry } from '../explain/entries.js';
import { readDiagnosticsPage } from '../io/documentation.js';
import { type Tool, type ToolInput, type ToolResult, wrongUsage } from './tool.js';

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

function run(input: ToolInput): ToolResult {
  const [word, ...others] = input.named;
  if (word === undefined || others.length > 0) {
    return wrongUsage('explain takes one code, or one name of an interface');
  }
  const entries = parseEntries(readDiagnosticsPage(input.packageRoot));
  return explainCode(entries, word, input);
}

export const explainTool: Tool = {
  name: 'explain',
  positional: '<what>',
  positionalHelp: 'Code of a diagnostic (DK501), or a method, event, type, buffer or property',
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
