// `run`: builds what is asked for, starts a simulator under its name, and ends with the user's interruption or with a
// program.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import {
  buildDext,
  buildDriver,
  buildSimulator,
  hasTool,
  isDriverProject,
  readRecording,
  type Simulator,
  SimulatorError,
  startSimulator,
} from '../../../simulator/devices/index.js';
import type { RunCommand } from './arguments.js';
import { readDeviceFile } from './device-file.js';
import { claimFolder, DEFAULT_NAME } from './find.js';
import type { Output } from './look.js';

const fail = (text: string): never => {
  throw new SimulatorError(text, null);
};

const isProject = (word: string): boolean => existsSync(word) && isDriverProject(word);
const isBundle = (word: string): boolean =>
  existsSync(join(word, 'Info.plist')) && !isProject(word);
const isInterface = (word: string): boolean => existsSync(join('generated', word, 'model.json'));

/** A driver of Xcode may use blocks, which only clang has. */
const driverCompiler = (): string | undefined =>
  process.env.CXX ?? (hasTool('clang++') ? 'clang++' : undefined);

function buildProject(folder: string, settings: RunCommand['settings']): Promise<string> {
  const compiler = driverCompiler();
  return buildDriver({ folder, variables: settings, ...(compiler !== undefined && { compiler }) });
}

/** The bundle's folder; an interface, and a driver for Xcode, is built first. */
async function toBundle(
  word: string,
  { settings }: RunCommand,
  say: (text: string) => void,
): Promise<string> {
  if (isBundle(word)) return resolve(word);
  if (isInterface(word)) {
    say(`building the dext of ${word} …\n`);
    return buildDext({ interface: word });
  }
  if (!isProject(word)) {
    fail(
      `${word} is neither a bundle (${join(word, 'Info.plist')}), nor an interface (${join('generated', word, 'model.json')}), nor a driver's folder (.iig files)`,
    );
  }
  say(`building the driver in ${word} …\n`);
  return buildProject(word, settings);
}

/** What the schema's app is entitled to, when an interface was named. */
function entitlementsOf({ entitlements, dexts }: RunCommand): string | null {
  if (entitlements !== null) {
    if (!existsSync(entitlements)) fail(`${entitlements}: no such file`);
    return resolve(entitlements);
  }
  const named = dexts.find((word) => !isBundle(word) && isInterface(word));
  if (named === undefined) return null;
  const folder = join('generated', named, 'plist');
  const file = join(folder, `${capitalised(named)}App-macOS.entitlements`);
  return existsSync(file) ? resolve(file) : null;
}

const capitalised = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}`;

function welcome(simulator: Simulator): string {
  const exports = Object.entries(simulator.env).map(([key, value]) => `  export ${key}=${value}\n`);
  return `running (pid ${simulator.pid}); Ctrl-C ends it. For apps in another terminal:\n${exports.join('')}`;
}

/** Resolves with the program's exit code. */
function runProgram(words: readonly string[], simulator: Simulator): Promise<number> {
  const [program = '', ...args] = words;
  return new Promise((done, giveUp) => {
    const env = { ...process.env, ...simulator.env };
    const child = spawn(program, args, { stdio: 'inherit', env });
    child.once('error', ({ message }) => giveUp(new SimulatorError(message, null)));
    child.once('exit', (code) => done(code ?? 1));
  });
}

async function populate(simulator: Simulator, command: RunCommand): Promise<void> {
  for (const file of command.devices) await simulator.plug(readDeviceFile(file));
  if (command.replay === null) return;
  simulator.replay(command.replay, {
    diverged: ({ line, text }) => {
      const at = line === null ? '' : `:${line}`;
      process.stderr.write(`replay: ${command.replay}${at}: ${text}\n`);
    },
  });
}

/** Resolves with the exit code. */
export async function run(command: RunCommand, output: Output): Promise<number> {
  const say = (text: string): void => void (command.json || output.print(text));
  // What is wrong with the files is said before anything is built.
  for (const file of command.devices) readDeviceFile(file);
  if (command.replay !== null) readRecording(command.replay);
  const entitlements = entitlementsOf(command);
  const folder = await claimFolder(command.simulator ?? DEFAULT_NAME);
  await buildSimulator();
  const bundles: string[] = [];
  for (const word of command.dexts) bundles.push(await toBundle(word, command, say));
  await using simulator = await startSimulator({
    bundles,
    folder,
    ...(entitlements !== null && { entitlements }),
    ...(command.record !== null && { record: command.record }),
    arguments: command.assume.flatMap((assumption) => ['--assume', assumption]),
    ...(!command.json && command.program.length === 0 && { log: (line) => say(`${line}\n`) }),
  });
  if (command.json) {
    const { socket, pid, env } = simulator;
    output.print(`${JSON.stringify({ name: basename(folder), pid, socket, env })}\n`);
  } else if (command.program.length === 0) say(welcome(simulator));
  await populate(simulator, command);
  // The simulator ends after the program, not with this function's promise.
  if (command.program.length > 0) return await runProgram(command.program, simulator);
  await Promise.race([output.interrupted, simulator.ended]);
  return 0;
}
