// `ps`, `registry`, `log`: what is in a simulator.
import { type RunningSimulator, SimulatorError } from '../../../simulator/devices/index.js';
import type { LogCommand, RegistryCommand } from './arguments.js';
import { type Entry, entriesNamed, hexId, ioreg, namesIn, table, toJson } from './print.js';
import { suggestion } from './suggestion.js';

export type Output = {
  readonly print: (text: string) => void;
  /** Resolves when the user interrupts. */
  readonly interrupted: Promise<void>;
};

function namesBelow(tree: Entry): ReadonlyMap<number, string> {
  return new Map([
    [tree.entry, tree.name],
    ...tree.children.flatMap((child) => [...namesBelow(child)]),
  ]);
}

async function readTree(simulator: RunningSimulator): Promise<Entry> {
  return (await simulator.registry()) as unknown as Entry;
}

/** Everything that runs: `what` names the registry entries that are its own. */
async function processes(simulator: RunningSimulator) {
  const names = namesBelow(await readTree(simulator));
  const named = (ids: readonly number[]): string[] =>
    ids.map((id) => `${names.get(id) ?? '?'} ${hexId(id)}`);
  const dexts = (await simulator.processes()).map(({ pid, name, services }) => ({
    pid,
    kind: 'dext',
    name,
    what: named(services),
  }));
  const sessions = (await simulator.sessions())
    .filter(({ role }) => role !== 'control')
    .filter(({ role, devices }) => role !== 'device' || devices.length > 0)
    .map(({ role, pid, name, connections, devices }) => ({
      pid,
      kind: role,
      name,
      what: role === 'kernel' ? [simulator.socket] : named([...connections, ...devices]),
    }));
  const order = ['kernel', 'dext', 'client', 'device'];
  return [...dexts, ...sessions].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

export async function ps(simulator: RunningSimulator, json: boolean): Promise<string> {
  const rows = await processes(simulator);
  if (json) return toJson(rows);
  const lines = rows.map(({ pid, kind, name, what }) => [`${pid}`, kind, name, what.join(', ')]);
  return table([['PID', 'KIND', 'NAME', 'WHAT'], ...lines]);
}

export async function registry(
  simulator: RunningSimulator,
  { named, long, json }: RegistryCommand,
): Promise<string> {
  const tree = await readTree(simulator);
  const roots = named === null ? [tree] : entriesNamed(tree, named);
  if (roots.length === 0) {
    const hint = suggestion(named ?? '', namesIn(tree));
    throw new SimulatorError(`no entry is called ${named}${hint}`, null);
  }
  if (json) return toJson(named === null ? tree : roots);
  return roots.map((root) => ioreg(root, long)).join('');
}

/** 14:03:22.417, here. */
function onTheWall(time: Date): string {
  const two = (number: number): string => `${number}`.padStart(2, '0');
  const seconds = [time.getHours(), time.getMinutes(), time.getSeconds()].map(two).join(':');
  return `${seconds}.${`${time.getMilliseconds()}`.padStart(3, '0')}`;
}

const SOURCE = /^(.*?): (.*)$/s;

export async function log(
  simulator: RunningSimulator,
  { follow, json }: LogCommand,
  output: Output,
): Promise<void> {
  await simulator.follow((line, time) => {
    const [, source, text] = SOURCE.exec(line) ?? [];
    output.print(
      json ? `${JSON.stringify({ time, source, text })}\n` : `${onTheWall(time)}  ${line}\n`,
    );
  });
  if (follow) await Promise.race([output.interrupted, simulator.ended]);
  // What was there has come before the answer to this.
  else await simulator.counts();
}
