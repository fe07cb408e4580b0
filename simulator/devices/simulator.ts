// Starts a kernel process of its own, or joins a running one, and speaks the control session.
import { type ChildProcess, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { type Assumptions, assumptionArguments } from './assumptions.js';
import { type AudioQuery, type AudioSystem, openAudioSystem } from './audio-system.js';
import { type BlockDevice, type BlockQuery, openBlockDevice } from './block-device.js';
import { kernelProgram } from './build.js';
import { withPipes } from './children.js';
import { deviceHost } from './device-host.js';
import { familySession } from './family-session.js';
import { newSimulatorFolder } from './folders.js';
import {
  type FollowedHid,
  followHidDevice,
  type HidDevice,
  type HidQuery,
  type PluggedHidDevice,
  plugHidDevice,
} from './hid-device.js';
import { type MachineControls, machineControls } from './machine.js';
import { type MidiQuery, type MidiSystem, openMidiSystem } from './midi-system.js';
import { type PciDevice, type PluggedPciDevice, plugPciDevice } from './pci-device.js';
import { type Replay, type ReplayOptions, replayRecording } from './replay.js';
import { openScsiBus, type ScsiBus, type ScsiQuery } from './scsi-bus.js';
import { openSerialPort, type SerialPort, type SerialQuery } from './serial-port.js';
import { openSession, type Session, SimulatorError } from './session.js';
import type { PluggedDevice, RawUsbDevice, UsbDevice } from './usb-device.js';
import { BodyReader, BodyWriter, MESSAGE, ROLE, type Value } from './wire.js';

export type SimulatorOptions = {
  /** Folders of dext bundles, as `buildDext` returns them. */
  readonly bundles?: readonly string[];
  /** Entitlements plist of the client processes; none means that open is denied (contract §4.3). */
  readonly entitlements?: string;
  /** Gets every line of the system log. */
  readonly log?: (line: string) => void;
  /** Writes device traffic and client calls to this file, from the start. */
  readonly record?: string;
  /** Where its socket is put: a folder of its owner alone, which goes with it. Default: a new temporary one. */
  readonly folder?: string;
  /** Another kernel program, for instance one built with a sanitizer. */
  readonly program?: string;
  /** How the system behaves where nobody outside of Apple knows; docs/simulator.md lists them. */
  readonly assume?: Assumptions;
  /** Further options of the kernel program, as `dextsim --help` lists them. */
  readonly arguments?: readonly string[];
};

export type DextProcess = {
  readonly pid: number;
  readonly name: string;
  readonly bundle: string;
  readonly services: readonly number[];
};

/** A process at the kernel's socket; its devices and connections are registry entries. */
export type SessionProcess = {
  readonly role: 'kernel' | 'client' | 'device' | 'control';
  readonly pid: number;
  readonly name: string;
  readonly connections: readonly number[];
  readonly devices: readonly number[];
};

export type RunningSimulator = MachineControls & {
  readonly socket: string;
  /** Plugs a device in; matching and starting its dext goes on in the background. */
  plug(device: UsbDevice | RawUsbDevice): Promise<PluggedDevice>;
  /** Pulls a cable, whoever plugged it in; by registry entry. */
  unplug(device: bigint | number): Promise<void>;
  /** Plays the device side of a recording. */
  replay(file: string, options?: ReplayOptions): Replay;
  plugPci(device: PciDevice): Promise<PluggedPciDevice>;
  plugHid(device: HidDevice): Promise<PluggedHidDevice>;
  /** Waits for a HID device or event service that a driver has made, and takes what it sends. */
  followHid(query: HidQuery): Promise<FollowedHid>;
  /** Waits for a SCSI controller that a driver has made. */
  openScsi(query?: ScsiQuery): Promise<ScsiBus>;
  /** Waits for a driver of audio devices. */
  openAudio(query?: AudioQuery): Promise<AudioSystem>;
  /** Waits for a block storage device that a driver has made. */
  openBlock(query?: BlockQuery): Promise<BlockDevice>;
  /** Waits for a driver of MIDI devices. */
  openMidi(query?: MidiQuery): Promise<MidiSystem>;
  /** Waits for a serial port that a driver has made, and opens its terminal. */
  openSerial(query?: SerialQuery): Promise<SerialPort>;
  processes(): Promise<readonly DextProcess[]>;
  sessions(): Promise<readonly SessionProcess[]>;
  /**
   * The registry as a tree of { entry, name, class, state, registered, matched, active, busy, busyTime (ns), retain,
   * properties, children }.
   */
  registry(): Promise<Value>;
  /** What the kernel process holds: sessions, services, user clients, memory, file descriptors, … */
  counts(): Promise<Readonly<Record<string, number>>>;
  /** Kills the dext processes of that name (all without a name); resolves with how many there were. */
  killDext(name?: string, signal?: number): Promise<number>;
  load(bundle: string): Promise<void>;
  /** Loads another version of a bundle. A dext of the old one that runs goes on until it is killed or unplugged. */
  replace(bundle: string): Promise<void>;
  /** Every line of the system log so far, and from now on, with its time by the clock on the wall. */
  follow(log: (line: string, time: Date) => void): Promise<void>;
  /** Ends the simulator. */
  stop(): Promise<void>;
  /** Resolves when the simulator is gone, or this session is closed. */
  readonly ended: Promise<void>;
  /** Closes this session; what was plugged through it is unplugged. */
  close(): void;
};

export type Simulator = RunningSimulator &
  AsyncDisposable & {
    /** For child processes: where the simulator is and what they are entitled to. */
    readonly env: Readonly<Record<string, string>>;
    readonly pid: number;
    /** Ends the kernel process and every dext, and waits for it; rejects when it ended badly. */
    shutdown(): Promise<void>;
  };

const SIGKILL = 9;

function control(session: Session, socket: string, devices: Session): RunningSimulator {
  const host = deviceHost(devices);
  const families = familySession(devices);
  const read = async (type: number): Promise<Value> =>
    (await session.request(type, new BodyWriter())).value();
  const openScsi = (query: ScsiQuery = {}): Promise<ScsiBus> =>
    openScsiBus(families, () => read(MESSAGE.readRegistry), query);
  return {
    ...machineControls(session, host),
    socket,
    plug: (device) => host.plug(device),
    unplug: async (device) => {
      await session.request(MESSAGE.unplugDevice, new BodyWriter().u64(BigInt(device)));
    },
    replay: (file, options) =>
      replayRecording({ devices: host, families, openScsi }, file, options),
    sessions: async () => (await read(MESSAGE.listSessions)) as unknown as SessionProcess[],
    plugPci: (device) => plugPciDevice(families, device),
    plugHid: (device) => plugHidDevice(families, device),
    followHid: (query) => followHidDevice(families, () => read(MESSAGE.readRegistry), query),
    openScsi,
    openAudio: (query = {}) => openAudioSystem(families, () => read(MESSAGE.readRegistry), query),
    openBlock: (query = {}) => openBlockDevice(families, () => read(MESSAGE.readRegistry), query),
    openMidi: (query = {}) => openMidiSystem(families, () => read(MESSAGE.readRegistry), query),
    openSerial: (query = {}) => openSerialPort(families, () => read(MESSAGE.readRegistry), query),
    processes: async () => (await read(MESSAGE.listProcesses)) as unknown as DextProcess[],
    registry: () => read(MESSAGE.readRegistry),
    counts: async () => (await read(MESSAGE.readCounts)) as Record<string, number>,
    killDext: async (name = '', signal = SIGKILL) =>
      (await session.request(MESSAGE.killDext, new BodyWriter().string(name).u32(signal))).u32(),
    load: async (bundle) => {
      await session.request(MESSAGE.loadDext, new BodyWriter().string(bundle));
    },
    replace: async (bundle) => {
      await session.request(MESSAGE.replaceDext, new BodyWriter().string(bundle));
    },
    follow: (log) => followLog(session, log),
    stop: async () => {
      await session.request(MESSAGE.shutdown, new BodyWriter());
    },
    ended: new Promise((done) => session.onClose(done)),
    close: () => {
      devices.close();
      session.close();
    },
  };
}

/** Joins a running simulator; `socket` defaults to the one in DEXTGEN_SIM_SOCKET. */
export async function connectSimulator(
  socket = process.env.DEXTGEN_SIM_SOCKET ?? '',
): Promise<RunningSimulator> {
  if (socket === '') {
    throw new SimulatorError('no simulator runs: DEXTGEN_SIM_SOCKET is not set', null);
  }
  const session = await openSession(socket, ROLE.control, 'control');
  const devices = await openSession(socket, ROLE.device, 'device');
  return control(session, socket, devices);
}

/** Resolves at the kernel process's first line; rejects with what it printed when it ends before. */
function started(child: ChildProcess): Promise<void> {
  return new Promise((done, fail) => {
    let complaint = '';
    child.stderr?.on('data', (chunk: Buffer) => {
      complaint += chunk.toString();
    });
    child.once('error', (error) =>
      fail(new SimulatorError(`the simulator does not start: ${error.message}`, null)),
    );
    child.once('exit', (code, signal) =>
      fail(new SimulatorError(complaint.trim() || `the simulator ended (${code ?? signal})`, null)),
    );
    if (child.stdout !== null) createInterface(child.stdout).once('line', () => done());
  });
}

async function followLog(session: Session, log: (line: string, time: Date) => void): Promise<void> {
  session.onMessage((message) => {
    if (message.type !== MESSAGE.logLine) return;
    const body = new BodyReader(message.body);
    const line = body.string();
    log(line, new Date(Number(body.u64() / 1_000_000n)));
  });
  await session.request(MESSAGE.followLog, new BodyWriter());
}

/** Sets the environment of this process, so that an addon in it finds the simulator; returns the way back. */
function adopt(env: Readonly<Record<string, string>>): () => void {
  const before = Object.keys(env).map((key) => [key, process.env[key]] as const);
  Object.assign(process.env, env);
  return () => {
    for (const [key, value] of before) {
      if (value === undefined) delete process.env[key];
      else process.env[key] = value;
    }
  };
}

/**
 * Starts a simulator in a private folder. It ends with `shutdown`, with `await using`, and when this
 * process dies, whatever it dies of.
 */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const folder = options.folder ?? (await newSimulatorFolder());
  const socket = join(folder, 'kernel.sock');
  const bundles = (options.bundles ?? []).flatMap((bundle) => ['--dext', bundle]);
  // Drivers may begin at once, and what they say first belongs to it as well.
  const record = options.record === undefined ? [] : ['--record', resolve(options.record)];
  const further = [
    ...record,
    ...assumptionArguments(options.assume ?? {}),
    ...(options.arguments ?? []),
  ];
  const args = ['--socket', socket, '--exit-with-stdin', ...bundles, ...further];
  const program = options.program ?? kernelProgram();
  const spawned = spawn(program, args, { stdio: 'pipe' });
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  const child = withPipes(program, spawned, (text) => {
    remove();
    return new SimulatorError(text, null);
  });
  const ended = new Promise<string>((done) => {
    // Killed from outside is not its fault.
    const killed = ['SIGKILL', 'SIGTERM'];
    child.once('close', (code, signal) =>
      done(code === 0 || killed.includes(`${signal}`) ? '' : `${code ?? signal}`),
    );
  });
  let complaint = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  try {
    await started(child);
  } catch (error) {
    child.kill('SIGKILL');
    remove();
    throw error;
  }
  const env: Record<string, string> = { DEXTGEN_SIM_SOCKET: socket };
  if (options.entitlements !== undefined) env.DEXTGEN_SIM_ENTITLEMENTS = options.entitlements;
  const restore = adopt(env);
  const session = await openSession(socket, ROLE.control, 'control');
  const devices = await openSession(socket, ROLE.device, 'device');
  if (options.log !== undefined) await followLog(session, options.log);

  const running = control(session, socket, devices);
  const shutdown = async (): Promise<void> => {
    await session.request(MESSAGE.shutdown, new BodyWriter()).catch(() => undefined);
    running.close();
    child.stdin.end();
    const failure = await ended;
    restore();
    remove();
    // A crash, or what a sanitizer found.
    if (failure !== '') {
      throw new SimulatorError(`the simulator ended badly (${failure})\n${complaint}`.trim(), null);
    }
  };
  return { ...running, env, pid: child.pid ?? 0, shutdown, [Symbol.asyncDispose]: shutdown };
}
