// What a test does to the machine: hold and step its clock, arm faults, deny entitlements, record.
import { resolve } from 'node:path';
import type { DeviceHost } from './device-host.js';
import { type Session, SimulatorError } from './session.js';
import { type Duration, milliseconds, nanosecondsToMs } from './time.js';
import { BodyReader, BodyWriter, MESSAGE } from './wire.js';

export type MachineTime = {
  /** Stops the clock of the machine: dexts, kernel and devices. */
  hold(): Promise<void>;
  /** Moves the held clock, from deadline to deadline; resolves when what was due on the way has run. */
  step(by: Duration): Promise<void>;
  resume(): Promise<void>;
  /** Milliseconds, as the dext's `mach_absolute_time` counts them. */
  now(): Promise<number>;
};

/** Where a fault strikes: just before the n-th event from now, counted from 1. */
export type FaultPoint =
  /** The call has reached the dext, whose driver has not seen it. */
  | { readonly call: number; readonly selector?: number; readonly dext?: string }
  /** The dext completes an asynchronous call; nothing of it has left. */
  | { readonly completion: number; readonly dext?: string }
  /** A device's packet, of the endpoint's wMaxPacketSize; its transfer has not reached the dext. */
  | {
      readonly packet: number;
      readonly endpoint?: number;
      readonly device?: { readonly id: bigint };
      readonly dext?: string;
    };

/**
 * The device, the dext or the client that has the call, the completion or the packet; at a packet all clients that have
 * a driver of the device open.
 */
export type FaultAction = 'unplug' | 'kill dext' | 'kill client';

export type Fault = {
  /** Resolves when it has struck, with its description. */
  readonly struck: Promise<string>;
  /** Forgets it, if it has not struck. */
  disarm(): Promise<void>;
};

export type MachineControls = {
  readonly time: MachineTime;
  /** The system sleeps: every dext that takes part is told; resolves when they have come to rest, with their number. */
  sleep(): Promise<number>;
  wake(): Promise<number>;
  fault(action: FaultAction, at: FaultPoint): Promise<Fault>;
  /** What opens and matches from now on does not have the entitlement, whatever its plist says. */
  deny(entitlement: string): Promise<void>;
  /** Takes `deny` back. */
  allow(entitlement: string): Promise<void>;
  /** Writes device traffic and client calls to a file from now on. */
  record(file: string): Promise<void>;
  stopRecording(): Promise<void>;
};

const EVENTS = { call: 1, completion: 2, packet: 3 } as const;
const ACTIONS = { unplug: 1, 'kill dext': 2, 'kill client': 3 } as const;

function eventOf(at: FaultPoint): readonly [number, number] {
  if ('call' in at) return [EVENTS.call, at.call];
  if ('completion' in at) return [EVENTS.completion, at.completion];
  return [EVENTS.packet, at.packet];
}

function faultMessage(action: FaultAction, at: FaultPoint): BodyWriter {
  const [event, number] = eventOf(at);
  if (!Number.isSafeInteger(number) || number < 1) {
    throw new RangeError(`a fault strikes at event 1, 2, …, not at ${number}`);
  }
  const selector = 'call' in at ? at.selector : undefined;
  const [device, endpoint] = 'packet' in at ? [at.device?.id, at.endpoint] : [];
  return new BodyWriter()
    .u32(event)
    .u64(BigInt(number))
    .u32(ACTIONS[action])
    .string(at.dext ?? '')
    .u8(selector === undefined ? 1 : 0)
    .u32(selector ?? 0)
    .u64(device ?? 0n)
    .u8(endpoint ?? 0);
}

function faults(session: Session): MachineControls['fault'] {
  const waiting = new Map<number, (what: string) => void>();
  /** Struck before the answer to ArmFault was taken in. */
  const early = new Map<number, string>();
  session.onMessage((message) => {
    if (message.type !== MESSAGE.faultStruck) return;
    const body = new BodyReader(message.body);
    const fault = body.u32();
    const strike = waiting.get(fault);
    if (strike === undefined) early.set(fault, body.string());
    else strike(body.string());
    waiting.delete(fault);
  });
  return async (action, at) => {
    const fault = (await session.request(MESSAGE.armFault, faultMessage(action, at))).u32();
    const struck = new Promise<string>((done) => {
      const what = early.get(fault);
      early.delete(fault);
      if (what === undefined) waiting.set(fault, done);
      else done(what);
    });
    return {
      struck,
      disarm: async () => {
        if (waiting.delete(fault)) {
          await session.request(MESSAGE.disarmFault, new BodyWriter().u32(fault));
        }
      },
    };
  };
}

function time(session: Session, devices: DeviceHost): MachineTime {
  const held = async (hold: boolean): Promise<void> => {
    const body = await session.request(MESSAGE.holdClock, new BodyWriter().u8(hold ? 1 : 0));
    devices.clock.change(hold, nanosecondsToMs(body.u64()));
    await devices.sync();
  };
  const read = async (): Promise<bigint> => {
    const body = await session.request(MESSAGE.readClock, new BodyWriter());
    body.u8();
    return body.u64();
  };
  const stepTo = async (to: bigint): Promise<bigint> => {
    const reached = (await session.request(MESSAGE.stepClock, new BodyWriter().u64(to))).u64();
    devices.clock.change(true, nanosecondsToMs(reached));
    // What the devices said now is with the dexts before their next timers fire.
    await devices.sync();
    return reached;
  };
  return {
    hold: () => held(true),
    resume: () => held(false),
    now: async () => nanosecondsToMs(await read()),
    step: async (by) => {
      let now = await read();
      const target = now + BigInt(Math.round(milliseconds(by) * 1e6));
      while (now < target) {
        const device = devices.clock.nextDeadline();
        const next = Number.isFinite(device) ? BigInt(Math.ceil(device * 1e6)) : target;
        now = await stepTo(next >= target ? target : next < now ? now : next);
      }
      // The dexts have taken in what the devices sent last.
      await stepTo(target);
    },
  };
}

export function machineControls(session: Session, devices: DeviceHost): MachineControls {
  const deny = async (entitlement: string, denied: boolean): Promise<void> => {
    const body = new BodyWriter().string(entitlement).u8(denied ? 1 : 0);
    await session.request(MESSAGE.denyEntitlement, body);
  };
  const record = async (file: string): Promise<void> => {
    await session.request(MESSAGE.record, new BodyWriter().string(file));
  };
  const power = async (asleep: boolean): Promise<number> =>
    (await session.request(MESSAGE.systemPower, new BodyWriter().u8(asleep ? 1 : 0))).u32();
  return {
    sleep: () => power(true),
    wake: () => power(false),
    time: time(session, devices),
    fault: faults(session),
    deny: (entitlement) => deny(entitlement, true),
    allow: (entitlement) => deny(entitlement, false),
    record: (file) => {
      if (file === '') throw new SimulatorError('a recording needs the path of a file', null);
      return record(resolve(file));
    },
    stopRecording: () => record(''),
  };
}
