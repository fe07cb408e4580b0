// Where simulators that were started from the command line are: one private folder per user, in it one per
// simulator. Finds the one that is meant.
import { lstatSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import {
  connectSimulator,
  type RunningSimulator,
  SimulatorError,
} from '../../../simulator/devices/index.js';
import { suggestion } from './suggestion.js';

export const DEFAULT_NAME = 'default';

const fail = (text: string): never => {
  throw new SimulatorError(text, null);
};

/** The user's folder of simulators; made when it is missing. Nobody else may have made it. */
export function runtimeFolder(): string {
  const { uid } = userInfo();
  const base = process.env.XDG_RUNTIME_DIR ?? tmpdir();
  const folder = join(base, `dextgen-sim-${uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const status = lstatSync(folder);
  if (!status.isDirectory() || (uid >= 0 && status.uid !== uid) || (status.mode & 0o077) !== 0) {
    fail(`${folder} must be a folder that belongs to you alone (chmod 700)`);
  }
  return folder;
}

export const socketIn = (folder: string): string => join(folder, 'kernel.sock');

export function answers(socket: string): Promise<boolean> {
  return new Promise((done) => {
    const attempt = connect(socket);
    attempt.once('connect', () => {
      attempt.destroy();
      done(true);
    });
    attempt.once('error', () => done(false));
  });
}

/** The folder for a simulator of this name; what a killed one left there is removed. */
export async function claimFolder(name: string): Promise<string> {
  if (!/^[\w.-]+$/.test(name)) fail(`"${name}" is no name: letters, digits, ".", "_" and "-"`);
  const folder = join(runtimeFolder(), name);
  if (await answers(socketIn(folder))) {
    fail(
      `the simulator "${name}" runs already; end it with \`dextgen sim stop\`, or take another --simulator`,
    );
  }
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700 });
  return folder;
}

/** Names of those that answer. */
async function runningNames(): Promise<readonly string[]> {
  const folder = runtimeFolder();
  const names = readdirSync(folder);
  const alive = await Promise.all(names.map((name) => answers(socketIn(join(folder, name)))));
  return names.filter((_, i) => alive[i]);
}

async function findSocket(wanted: string | null): Promise<string> {
  if (wanted?.includes('/')) return wanted;
  if (wanted !== null) return socketIn(join(runtimeFolder(), wanted));
  const { DEXTGEN_SIM_SOCKET } = process.env;
  if (DEXTGEN_SIM_SOCKET !== undefined && DEXTGEN_SIM_SOCKET !== '') return DEXTGEN_SIM_SOCKET;
  const names = await runningNames();
  const [only, ...others] = names;
  if (only === undefined) return fail('no simulator runs; start one with `dextgen sim run`');
  if (others.length > 0)
    fail(`several simulators run, choose one with --simulator: ${names.join(', ')}`);
  return socketIn(join(runtimeFolder(), only));
}

/** Connects to the simulator that is meant. */
export async function findSimulator(wanted: string | null): Promise<RunningSimulator> {
  const socket = await findSocket(wanted);
  if (wanted !== null && !(await answers(socket))) {
    const names = await runningNames();
    const running = names.length === 0 ? 'none runs' : `those that run: ${names.join(', ')}`;
    const what = wanted.includes('/') ? `answers at ${socket}` : `is called ${wanted}`;
    fail(`no simulator ${what}${suggestion(wanted, names)}; ${running}`);
  }
  return connectSimulator(socket);
}
