// The command line as data. yargs parses and writes the help; what the user got wrong is worded here.
import yargs from 'yargs';
import { type Format, formats } from '../diagnostics/index.js';
import type { Tool } from './tool.js';
import { tools } from './tools.js';
import { explainFault, parserConfiguration } from './usage-faults.js';

export type Command =
  | { readonly kind: 'gen'; readonly named: readonly string[]; readonly out: string | null }
  | { readonly kind: 'watch'; readonly named: readonly string[]; readonly out: string | null }
  | { readonly kind: 'check'; readonly named: readonly string[]; readonly out: string | null }
  | { readonly kind: 'model'; readonly named: readonly string[] }
  | {
      readonly kind: 'tool';
      readonly tool: Tool;
      readonly named: readonly string[];
      readonly flags: Readonly<Record<string, unknown>>;
    };

export type Arguments =
  | { readonly kind: 'run'; readonly command: Command; readonly format: Format }
  /** Text the user asked for: help or the version. */
  | { readonly kind: 'print'; readonly text: string }
  | { readonly kind: 'wrong'; readonly message: string };

const commands = ['gen', 'model', 'sim', ...tools.map(({ name }) => name)];
const options = [
  ...['--check', '--format', '--help', '--out', '--version', '--watch'],
  ...tools.flatMap((tool) => Object.keys(tool.options).map((name) => `--${name}`)),
];

const known = { commands, options };

export function parseArguments(argv: readonly string[], version: string): Arguments {
  const parser = makeParser(version);
  let result: Arguments = { kind: 'wrong', message: 'no command' };
  try {
    parser.parse([...argv], {}, (error, parsed, output) => {
      if (output !== '' && !error) result = { kind: 'print', text: `${output}\n` };
      else if (error) result = { kind: 'wrong', message: explainFault(error.message, argv, known) };
      else result = toArguments(parsed as unknown as Parsed);
    });
  } catch (error) {
    result = { kind: 'wrong', message: explainFault((error as Error).message, argv, known) };
  }
  return result;
}

type Parsed = {
  readonly _: readonly (string | number)[];
  readonly schema?: readonly string[] | string;
  readonly out?: string;
  readonly check?: boolean;
  readonly watch?: boolean;
  readonly format?: Format;
};

/** The words behind the command stand under the name that its usage gives them. */
const wordsOf = ({ positional }: Tool): string => positional.replace(/[<>[\].]/g, '');

function toolArguments(tool: Tool, parsed: Parsed): Arguments {
  const flags = parsed as unknown as Readonly<Record<string, unknown>>;
  const given = flags[wordsOf(tool)] as string | string[] | undefined;
  const named = given === undefined ? [] : [given].flat();
  if (named.includes('')) return { kind: 'wrong', message: 'an argument is empty' };
  const command: Command = { kind: 'tool', tool, named, flags };
  return { kind: 'run', command, format: parsed.format ?? 'human' };
}

/** An option that takes one value has it once; only the words behind a command may be several. */
function repeatedOption(parsed: Parsed, words: string): string | null {
  const repeated = Object.entries(parsed).find(
    ([name, value]) => Array.isArray(value) && name !== '_' && name !== words,
  );
  return repeated?.[0] ?? null;
}

function toArguments(parsed: Parsed): Arguments {
  // The launcher has taken what begins with it.
  if (parsed._[0] === 'sim') return { kind: 'wrong', message: '`sim` comes before its options' };
  const tool = tools.find(({ name }) => name === parsed._[0]);
  const repeated = repeatedOption(parsed, tool === undefined ? 'schema' : wordsOf(tool));
  if (repeated !== null) return { kind: 'wrong', message: `--${repeated} is given twice` };
  if (tool !== undefined) return toolArguments(tool, parsed);
  const { _, schema, out, check, watch, format } = parsed;
  const named = schema === undefined ? [] : [schema].flat();
  if (named.includes('')) return { kind: 'wrong', message: 'the path of a schema is empty' };
  if (out === '') return { kind: 'wrong', message: '--out needs a folder' };
  if (check && watch)
    return { kind: 'wrong', message: '--check changes nothing, so it does not go with --watch' };
  const kind = check ? 'check' : watch ? 'watch' : 'gen';
  const command: Command =
    _[0] === 'model' ? { kind: 'model', named } : { kind, named, out: out ?? null };
  return { kind: 'run', command, format: format ?? 'human' };
}

function makeParser(version: string) {
  const parser = yargs()
    .scriptName('dextgen')
    .usage('dextgen: one schema for a DriverKit user client, and every copy of it written for you')
    .command('gen [schema..]', 'Generate every file of the interfaces', (command) =>
      command
        .positional('schema', {
          type: 'string',
          array: true,
          describe: 'Schema files, or folders of them',
          defaultDescription: 'schema/',
        })
        .option('out', {
          type: 'string',
          requiresArg: true,
          describe: 'Folder to write to',
          defaultDescription: 'generated',
        })
        .option('check', {
          type: 'boolean',
          describe: 'Change nothing; fail when anything is out of step',
        })
        .option('watch', {
          type: 'boolean',
          describe: 'Generate again whenever a schema changes, until Ctrl-C',
        })
        .option('format', formatOption),
    )
    .command('model [schema]', 'Print the resolved model of an interface as JSON', (command) =>
      command
        .positional('schema', {
          type: 'string',
          describe: 'Schema file; needed when there are several',
        })
        .option('format', formatOption),
    );
  for (const tool of tools) {
    const { name, positional, positionalHelp, help } = tool;
    parser.command(`${name} ${positional}`, help, (command) =>
      command
        .positional(wordsOf(tool), {
          type: 'string',
          array: positional.includes('..'),
          describe: positionalHelp,
        })
        .options(tool.options)
        .option('format', { ...formatOption, choices: tool.formats }),
    );
  }
  return parser
    .command('sim', 'Run dexts on this machine, and look inside: dextgen sim --help')
    .demandCommand(1, 'no command')
    .strict()
    .version(version)
    .help()
    .alias({ help: 'h' })
    .epilogue('Exit codes: 0 done, 1 the schema or the output is wrong, 2 wrong usage')
    .detectLocale(false)
    .wrap(100)
    .exitProcess(false)
    .showHelpOnFail(false)
    .parserConfiguration(parserConfiguration);
}

const formatOption = {
  choices: formats,
  describe: 'How messages are printed',
  defaultDescription: 'human',
  requiresArg: true,
} as const;
