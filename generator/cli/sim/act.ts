// `plug`, `unplug`, `kill`, `stop`: what is done to a simulator that runs.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { type RunningSimulator, SimulatorError } from '../../../simulator/devices/index.js';
import type { KillCommand, PlugCommand } from './arguments.js';
import { readDeviceFile } from './device-file.js';
import type { Output } from './look.js';
import { type Entry, hexId, toJson } from './print.js';
import { suggestion } from './suggestion.js';

const fail = (text: string): never => {
  throw new SimulatorError(text, null);
};

async function devicesOf(simulator: RunningSimulator): Promise<readonly Entry[]> {
  const tree = (await simulator.registry()) as unknown as Entry;
  const plugged = new Set((await simulator.sessions()).flatMap(({ devices }) => devices));
  return tree.children.filter(({ entry }) => plugged.has(entry));
}

const vendorProduct = ({ properties }: Entry): string =>
  `${hexId(Number(properties.idVendor))}:${hexId(Number(properties.idProduct))}`;

const describe = (entry: Entry): string => {
  const usb = 'idVendor' in entry.properties ? ` (${vendorProduct(entry)})` : '';
  return `${entry.name}${usb}, ${hexId(entry.entry)}`;
};

/** A device is called by its id in the registry, its name, or `vendor:product`. */
function isCalled(entry: Entry, word: string): boolean {
  if (word === 'all' || entry.name === word || String(entry.entry) === word) return true;
  if (word.toLowerCase() === hexId(entry.entry)) return true;
  const [vendor, product] = word.split(':').map(Number);
  return (
    word.includes(':') &&
    vendor === Number(entry.properties.idVendor) &&
    product === Number(entry.properties.idProduct)
  );
}

export async function unplug(
  simulator: RunningSimulator,
  word: string,
  json: boolean,
): Promise<string> {
  const devices = await devicesOf(simulator);
  const found = devices.filter((device) => isCalled(device, word));
  if (found.length === 0) {
    const there = devices.map(describe).join('; ');
    fail(
      `no device is called ${word}${suggestion(
        word,
        devices.map(({ name }) => name),
      )}; ${there === '' ? 'none is plugged in' : `there are ${there}`}`,
    );
  }
  for (const { entry } of found) await simulator.unplug(entry);
  if (json) return toJson(found.map(({ entry, name }) => ({ id: hexId(entry), name })));
  return found.map((device) => `unplugged ${describe(device)}\n`).join('');
}

function signalNumber(name: string): number {
  const wanted = name.toUpperCase().replace(/^SIG/, '');
  const number = constants.signals[`SIG${wanted}` as NodeJS.Signals];
  const known = Object.keys(constants.signals).map((each) => each.replace(/^SIG/, ''));
  return number ?? fail(`there is no signal ${name}${suggestion(wanted, known)}`);
}

/** Names of servers and of their services. */
async function killable(simulator: RunningSimulator): Promise<readonly string[]> {
  const tree = (await simulator.registry()) as unknown as Entry;
  const all = (entry: Entry): readonly Entry[] => [entry, ...entry.children.flatMap(all)];
  const names = new Map(all(tree).map(({ entry, name }) => [entry, name]));
  return (await simulator.processes()).flatMap(({ name, services }) => [
    name,
    ...services.flatMap((id) => names.get(id) ?? []),
  ]);
}

export async function kill(
  simulator: RunningSimulator,
  { dext, signal, json }: KillCommand,
): Promise<string> {
  const before = await simulator.processes();
  const count = await simulator.killDext(dext, signalNumber(signal));
  if (count === 0) {
    const there = before.map(({ name }) => name).join(', ');
    const hint = suggestion(dext, await killable(simulator));
    const others = there === '' ? 'none runs' : `there are ${there}`;
    fail(dext === '' ? 'no dext runs' : `no dext is called ${dext}${hint}; ${others}`);
  }
  return json ? toJson({ killed: count }) : `killed ${count} ${count === 1 ? 'dext' : 'dexts'}\n`;
}

type Plugged = { readonly id: string; readonly name: string; readonly pid: number };

const sayPlugged = ({ id, name, pid }: Plugged): string =>
  `plugged ${name}, ${id}; process ${pid} plays it\n`;

/** Plays the device in this process until it is unplugged or interrupted. */
async function play(
  simulator: RunningSimulator,
  { file, json }: PlugCommand,
  output: Output,
): Promise<void> {
  const cable = await simulator.plug(readDeviceFile(file));
  const entry = (await devicesOf(simulator)).find((each) => BigInt(each.entry) === cable.id);
  const name = entry?.name ?? 'a device';
  const plugged = { id: hexId(cable.id), name, pid: process.pid };
  output.print(json ? `${JSON.stringify(plugged)}\n` : sayPlugged(plugged));
  await Promise.race([cable.unplugged, output.interrupted]);
  await cable.unplug().catch(() => undefined);
}

/** Leaves the device to a process of its own, which ends when it is unplugged. */
async function playApart(
  simulator: RunningSimulator,
  { file, json }: PlugCommand,
  program: string,
): Promise<string> {
  readDeviceFile(file); // complains here, not over there
  const args = [program, 'sim', 'plug', file, '--foreground', '--json'];
  const child = spawn(process.execPath, [...args, '--simulator', simulator.socket], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const ended = once(child, 'close').then(() => null);
  const line = await Promise.race([once(child.stdout, 'data'), ended]);
  if (line === null) return fail(complaint.trim().replace(/^dextgen: /, ''));
  child.stdout.destroy();
  child.stderr.destroy();
  child.unref();
  const plugged = JSON.parse(String(line[0])) as Plugged;
  return json ? toJson(plugged) : sayPlugged(plugged);
}

export async function plug(
  simulator: RunningSimulator,
  command: PlugCommand,
  context: { readonly output: Output; readonly program: string },
): Promise<void> {
  if (command.foreground) return play(simulator, command, context.output);
  context.output.print(await playApart(simulator, command, context.program));
}
