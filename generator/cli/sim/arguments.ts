// The command line of `dextgen sim` as data. yargs parses and writes the help; what the user got wrong is worded here.
import yargs from 'yargs';
import { ASSUMPTIONS, assumptionName } from '../../../simulator/devices/assumptions.js';
import { didYouMean } from '../../diagnostics/index.js';
import { explainFault, parserConfiguration } from '../usage-faults.js';

/** What every command takes: which simulator is meant, and who reads the output. */
type Common = { readonly simulator: string | null; readonly json: boolean };

export type RunCommand = Common & {
  readonly kind: 'run';
  /** Interfaces and drivers to build, or bundles. */
  readonly dexts: readonly string[];
  /** Build settings that the property lists of a driver name. */
  readonly settings: Readonly<Record<string, string>>;
  readonly devices: readonly string[];
  readonly entitlements: string | null;
  readonly record: string | null;
  readonly replay: string | null;
  /** KEY=VALUE: how the system behaves where nobody knows. */
  readonly assume: readonly string[];
  /** Program and arguments behind `--`; empty: until it is interrupted. */
  readonly program: readonly string[];
};
export type RegistryCommand = Common & {
  readonly kind: 'registry';
  readonly named: string | null;
  readonly long: boolean;
};
export type LogCommand = Common & { readonly kind: 'log'; readonly follow: boolean };
export type PlugCommand = Common & {
  readonly kind: 'plug';
  readonly file: string;
  readonly foreground: boolean;
};
export type UnplugCommand = Common & { readonly kind: 'unplug'; readonly device: string };
export type KillCommand = Common & {
  readonly kind: 'kill';
  readonly dext: string;
  readonly signal: string;
};

export type Command =
  | RunCommand
  | (Common & { readonly kind: 'ps' })
  | RegistryCommand
  | LogCommand
  | PlugCommand
  | UnplugCommand
  | KillCommand
  | (Common & { readonly kind: 'stop' });

export type Arguments =
  | { readonly kind: 'run'; readonly command: Command }
  | { readonly kind: 'print'; readonly text: string }
  | { readonly kind: 'wrong'; readonly message: string };

const NAMES = ['run', 'ps', 'registry', 'log', 'plug', 'unplug', 'kill', 'stop'];
const OPTIONS = [
  ...['--simulator', '--json', '--help', '--version', '--device', '--entitlements', '--record'],
  ...['--replay', '--assume', '--setting', '--long', '--follow', '--foreground', '--signal'],
];

const REPEATED = ['_', 'dext', 'device', 'assume', 'setting'];

type Parsed = {
  readonly _: readonly string[];
  readonly simulator?: string;
  readonly json?: boolean;
  readonly dext?: string | readonly string[];
  readonly device?: string | readonly string[];
  readonly entitlements?: string;
  readonly record?: string;
  readonly replay?: string;
  readonly assume?: string | readonly string[];
  readonly setting?: string | readonly string[];
  readonly entry?: string;
  readonly long?: boolean;
  readonly follow?: boolean;
  readonly file?: string;
  readonly foreground?: boolean;
  readonly signal?: string;
};

const known = { commands: NAMES, options: OPTIONS };

export function parseArguments(argv: readonly string[], version: string): Arguments {
  const split = argv.indexOf('--');
  const own = split < 0 ? argv : argv.slice(0, split);
  const program = split < 0 ? [] : argv.slice(split + 1);
  let result: Arguments = { kind: 'wrong', message: 'no command' };
  try {
    makeParser(version).parse([...own], {}, (error, parsed, output) => {
      if (output !== '' && !error) result = { kind: 'print', text: `${output}\n` };
      else if (error) result = { kind: 'wrong', message: explainFault(error.message, own, known) };
      else result = toArguments(parsed as unknown as Parsed, program);
    });
  } catch (error) {
    result = { kind: 'wrong', message: explainFault((error as Error).message, own, known) };
  }
  return result;
}

const list = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : [value].flat();

/** '' or what is wrong with KEY=VALUE. */
function whyNotAssumed(text: string): string {
  const [key = '', value = ''] = text.split('=');
  const known = Object.entries(ASSUMPTIONS).map(([name, values]) => [assumptionName(name), values]);
  const values = known.find(([name]) => name === key)?.[1] as readonly string[] | undefined;
  if (values === undefined) {
    const near = didYouMean(
      key,
      known.map(([name]) => `${name}`),
    );
    return `--assume does not know "${key}"${near === null ? '' : `; ${near}`}`;
  }
  return values.includes(value) ? '' : `--assume ${key} is ${values.join(' or ')}, not "${value}"`;
}

function toArguments(parsed: Parsed, program: readonly string[]): Arguments {
  const repeated = Object.entries(parsed).find(
    ([name, value]) => Array.isArray(value) && !REPEATED.includes(name),
  );
  if (repeated !== undefined) return { kind: 'wrong', message: `--${repeated[0]} is given twice` };
  const kind = parsed._[0] as Command['kind'];
  if (program.length > 0 && kind !== 'run') {
    return { kind: 'wrong', message: 'only `run` starts a program behind --' };
  }
  const wrong = list(parsed.assume)
    .map(whyNotAssumed)
    .find((text) => text !== '');
  if (wrong !== undefined) return { kind: 'wrong', message: wrong };
  const unset = list(parsed.setting).find((text) => !/^\w+=/.test(text));
  if (unset !== undefined) {
    return { kind: 'wrong', message: `--setting is NAME=VALUE, not "${unset}"` };
  }
  const empty = [...list(parsed.dext), ...list(parsed.device), parsed.file, parsed.simulator];
  if (empty.includes('')) return { kind: 'wrong', message: 'an argument is empty' };
  const common: Common = { simulator: parsed.simulator ?? null, json: parsed.json === true };
  return { kind: 'run', command: toCommand(kind, common, parsed, program) };
}

function toCommand(
  kind: Command['kind'],
  common: Common,
  parsed: Parsed,
  program: readonly string[],
): Command {
  switch (kind) {
    case 'run':
      return {
        ...common,
        kind,
        dexts: list(parsed.dext),
        settings: Object.fromEntries(list(parsed.setting).map((text) => text.split(/=(.*)/s))),
        devices: list(parsed.device),
        entitlements: parsed.entitlements ?? null,
        record: parsed.record ?? null,
        replay: parsed.replay ?? null,
        assume: list(parsed.assume),
        program,
      };
    case 'registry':
      return { ...common, kind, named: parsed.entry ?? null, long: parsed.long === true };
    case 'log':
      return { ...common, kind, follow: parsed.follow === true };
    case 'plug':
      return { ...common, kind, file: parsed.file ?? '', foreground: parsed.foreground === true };
    case 'unplug':
      return { ...common, kind, device: list(parsed.device)[0] ?? '' };
    case 'kill':
      return {
        ...common,
        kind,
        dext: list(parsed.dext)[0] ?? '',
        signal: parsed.signal ?? 'KILL',
      };
    case 'ps':
    case 'stop':
      return { ...common, kind };
    default:
      return kind satisfies never;
  }
}

const path = { type: 'string', requiresArg: true } as const;

function makeParser(version: string) {
  return yargs()
    .scriptName('dextgen sim')
    .usage('dextgen sim: run dexts on this machine, and look inside')
    .command('run [dext..]', 'Start a simulator; Ctrl-C ends it', (command) =>
      command
        .positional('dext', {
          type: 'string',
          array: true,
          describe: 'Interfaces and folders of drivers to build, or folders of bundles',
        })
        .options({
          device: { ...path, describe: 'Plug in the device of this file; may be repeated' },
          entitlements: {
            ...path,
            describe: 'Entitlements of the app',
            defaultDescription: 'the ones generated for the first interface',
          },
          record: { ...path, describe: 'Write device traffic and client calls to this file' },
          replay: { ...path, describe: 'Play the devices of this recording' },
          setting: {
            ...path,
            describe: 'NAME=VALUE of a build setting that the plists of a driver name; repeatable',
          },
          assume: { ...path, describe: 'KEY=VALUE, may be repeated: docs/simulator.md lists them' },
        })
        .example('$0 run scope --device scope.yaml', 'Build the Scope and plug its device in')
        .example('$0 run scope -- npm test', 'End with the program, and with its exit code'),
    )
    .command('ps', 'List its processes: kernel, dexts, clients, devices')
    .command('registry [entry]', 'Print the registry as a tree', (command) =>
      command
        .positional('entry', {
          type: 'string',
          describe: 'Only below entries of this name or class',
        })
        .option('long', { type: 'boolean', alias: 'l', describe: 'Print properties, too' }),
    )
    .command('log', 'Print the system log', (command) =>
      command.option('follow', { type: 'boolean', alias: 'f', describe: 'Go on with what comes' }),
    )
    .command('plug <file>', 'Plug in the device that a file describes', (command) =>
      command
        .positional('file', { type: 'string', describe: 'YAML or JSON: docs/simulator.md' })
        .option('foreground', {
          type: 'boolean',
          describe: 'Play the device here until Ctrl-C, which unplugs it',
        }),
    )
    .command('unplug <device>', 'Pull a cable', (command) =>
      command.positional('device', {
        type: 'string',
        describe: 'Registry id, name, vendor:product, or `all`',
      }),
    )
    .command('kill [dext]', 'Kill dexts; the kernel starts them again', (command) =>
      command
        .positional('dext', {
          type: 'string',
          describe: 'Name of a server, bundle or service',
          defaultDescription: 'all',
        })
        .option('signal', { ...path, describe: 'Name of a signal', defaultDescription: 'KILL' }),
    )
    .command('stop', 'End the simulator')
    .options({
      simulator: {
        ...path,
        describe: 'Name of the simulator, or the path of its socket',
        defaultDescription: '$DEXTGEN_SIM_SOCKET, or the one that runs',
      },
      json: { type: 'boolean', describe: 'Print JSON' },
    })
    .demandCommand(1, 'no command')
    .strict()
    .version(version)
    .help()
    .alias({ help: 'h' })
    .epilogue('Exit codes: 0 done, 1 it cannot be done, 2 wrong usage')
    .detectLocale(false)
    .wrap(100)
    .exitProcess(false)
    .showHelpOnFail(false)
    .parserConfiguration({ ...parserConfiguration, 'strip-aliased': true });
}
