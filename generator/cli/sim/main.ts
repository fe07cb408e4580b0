// `dextgen sim`: parses, runs, prints, decides the exit code.
import { BuildError, RecordingError, SimulatorError } from '../../../simulator/devices/index.js';
import { kill, plug, unplug } from './act.js';
import { type Command, parseArguments } from './arguments.js';
import { DeviceFileError } from './device-field.js';
import { findSimulator } from './find.js';
import { log, type Output, ps, registry } from './look.js';
import { run } from './run.js';

type Context = {
  readonly version: string;
  /** The launcher, for processes that play devices. */
  readonly program: string;
};

const print = (text: string): void => void process.stdout.write(text);

function interruption(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => done());
  });
}

/** Of a simulator that runs. */
async function act(command: Exclude<Command, { kind: 'run' }>, context: Context): Promise<number> {
  const simulator = await findSimulator(command.simulator);
  const output: Output = { print, interrupted: interruption() };
  try {
    switch (command.kind) {
      case 'ps':
        print(await ps(simulator, command.json));
        return 0;
      case 'registry':
        print(await registry(simulator, command));
        return 0;
      case 'log':
        await log(simulator, command, output);
        return 0;
      case 'plug':
        await plug(simulator, command, { output, program: context.program });
        return 0;
      case 'unplug':
        print(await unplug(simulator, command.device, command.json));
        return 0;
      case 'kill':
        print(await kill(simulator, command));
        return 0;
      case 'stop':
        await simulator.stop();
        return 0;
      default:
        return command satisfies never;
    }
  } finally {
    simulator.close();
  }
}

/** Those whose message is for the user. */
const known = [BuildError, SimulatorError, RecordingError, DeviceFileError];

/** Resolves with the exit code: 0 done, 1 it cannot be done, 2 wrong usage. */
export async function main(argv: readonly string[], context: Context): Promise<number> {
  // A reader that closes early, like `head`, is no fault.
  process.stdout.on('error', () => process.exit(0));
  const parsed = parseArguments(argv, context.version);
  if (parsed.kind === 'print') {
    print(parsed.text);
    return 0;
  }
  if (parsed.kind === 'wrong') {
    process.stderr.write(`dextgen: ${parsed.message}\nTry: dextgen sim --help\n`);
    return 2;
  }
  const { command } = parsed;
  try {
    if (command.kind !== 'run') return await act(command, context);
    return await run(command, { print, interrupted: interruption() });
  } catch (error) {
    if (!known.some((kind) => error instanceof kind)) throw error;
    process.stderr.write(`dextgen: ${(error as Error).message}\n`);
    return 1;
  }
}
