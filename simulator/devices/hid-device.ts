// HID from both ends: devices that TypeScript plays, and the system behind devices that drivers make, which takes
// their reports and asks for others.
import { type FamilySession, OPERATION } from './family-session.js';
import { findNode, type RegistryNode } from './registry-nodes.js';
import { SimulatorError } from './session.js';
import type { BodyReader, BodyWriter, Value } from './wire.js';

export const HID_REPORT = { input: 0, output: 1, feature: 2 } as const;
export type HidReportType = (typeof HID_REPORT)[keyof typeof HID_REPORT];

export type HidReport = {
  readonly type: HidReportType;
  /** 0 where the device numbers no reports; otherwise the first of the bytes, too. */
  readonly bytes: Buffer;
  /** Nanoseconds, as the driver gave it. */
  readonly timestamp: bigint;
};

export type HidReportRequest = { readonly type: HidReportType; readonly id: number };

export type HidDevice = {
  readonly name?: string;
  readonly reportDescriptor: Uint8Array;
  /** VendorID, ProductID, Transport, …: what personalities match. Usages come from the descriptor. */
  readonly properties?: { readonly [key: string]: Value };
  /** The driver sends a report; 'unsupported' refuses it. */
  setReport?(
    request: HidReportRequest,
    report: Buffer,
  ): undefined | 'unsupported' | Promise<undefined | 'unsupported'>;
  getReport?(
    request: HidReportRequest,
    length: number,
  ): Uint8Array | 'unsupported' | Promise<Uint8Array | 'unsupported'>;
};

export type PluggedHidDevice = {
  readonly id: bigint;
  /** Registry entry of its IOHIDInterface. */
  readonly interface: bigint;
  /** Resolves when the kernel process has handed it on: whether a driver, or somebody who follows it, took it. */
  send(report: Uint8Array, type?: HidReportType): Promise<boolean>;
  unplug(): Promise<void>;
};

/** An event that a driver has dispatched; pointer distances are numbers with 16 bits behind the point. */
export type HidEvent = {
  readonly kind: string;
  readonly fields: { readonly [key: string]: Value };
};

/** A HID device or event service as the system sees it. */
export type FollowedHid = {
  readonly id: bigint;
  readonly name: string;
  readonly properties: { readonly [key: string]: Value };
  /** Everything since it was followed. */
  readonly reports: readonly HidReport[];
  readonly events: readonly HidEvent[];
  readonly gone: boolean;
  setReport(type: HidReportType, id: number, report: Uint8Array, timeoutMs?: number): Promise<void>;
  getReport(type: HidReportType, id: number, length: number, timeoutMs?: number): Promise<Buffer>;
};

const UNSUPPORTED = 0xe00002c7;

async function answerReport(
  device: HidDevice,
  body: BodyReader,
): Promise<(reply: BodyWriter) => BodyWriter> {
  const id = body.u64();
  const get = body.u8() !== 0;
  const request: HidReportRequest = { type: body.u32() as HidReportType, id: body.u32() };
  const length = body.u32();
  const report = body.bytes();
  const answer = get
    ? ((await device.getReport?.(request, length)) ?? 'unsupported')
    : device.setReport === undefined
      ? 'unsupported'
      : ((await device.setReport(request, report)) ?? new Uint8Array(0));
  const status = answer === 'unsupported' ? UNSUPPORTED : 0;
  const bytes = answer === 'unsupported' ? new Uint8Array(0) : answer;
  return (reply) => reply.u64(id).i32(status).bytes(bytes);
}

export async function plugHidDevice(
  session: FamilySession,
  device: HidDevice,
): Promise<PluggedHidDevice> {
  const answer = await session.request(OPERATION.hidPlug, 0n, (body) =>
    body
      .string(device.name ?? 'IOHIDDevice')
      .value(device.properties ?? {})
      .bytes(device.reportDescriptor),
  );
  const id = answer.u64();
  const inner = answer.u64();
  session.listen(id, (operation, body) => {
    if (operation !== OPERATION.hidAsked) return;
    void answerReport(device, body).then((fill) => session.send(OPERATION.hidAnswer, id, fill));
  });
  return {
    id,
    interface: inner,
    send: async (report, type = HID_REPORT.input) => {
      const answer = await session.request(OPERATION.hidSend, id, (body) =>
        body.u64(process.hrtime.bigint()).u32(type).bytes(report),
      );
      return answer.u8() !== 0;
    },
    unplug: () => session.unplug(id),
  };
}

/** What is looked for: a registry name, properties, or both. */
export type HidQuery = {
  readonly name?: string;
  readonly properties?: { readonly [key: string]: Value };
  /** Milliseconds to wait for it; 5000. */
  readonly timeout?: number;
};

function isAsked(node: RegistryNode, query: HidQuery): boolean {
  const isHid = /HID(User)?Device$|HIDEvent(Service|Driver)$/.test(node.class);
  if (!isHid || node.state !== 'matched') return false;
  // The system makes a device known itself; of an event service its driver has to register it.
  if (/HIDEvent(Service|Driver)$/.test(node.class) && !node.registered) return false;
  if (query.name !== undefined && node.name !== query.name) return false;
  return Object.entries(query.properties ?? {}).every(
    ([key, value]) => node.properties[key] === value,
  );
}

/** Waits for a HID device or event service and takes what it sends from then on. */
export async function followHidDevice(
  session: FamilySession,
  registry: () => Promise<Value>,
  query: HidQuery,
): Promise<FollowedHid> {
  const node = await findNode(registry, (each) => isAsked(each, query), query.timeout ?? 5000);
  if (node === undefined) {
    throw new SimulatorError(`no HID device appeared: ${JSON.stringify(query)}`, null);
  }
  const id = BigInt(node.entry);
  const reports: HidReport[] = [];
  const events: HidEvent[] = [];
  let gone = false;
  session.listen(id, (operation, body) => {
    if (operation === OPERATION.hidReported) {
      const timestamp = body.u64();
      const type = body.u32() as HidReportType;
      reports.push({ timestamp, type, bytes: body.bytes() });
    }
    if (operation === OPERATION.hidDispatched) {
      const kind = body.string();
      events.push({ kind, fields: body.value() as HidEvent['fields'] });
    }
    if (operation === OPERATION.hidGone) {
      gone = true;
      session.forget(id);
    }
  });
  await session.request(OPERATION.hidFollow, id);
  const DEFAULT_TIMEOUT = 1000;
  return {
    id,
    name: node.name,
    properties: node.properties,
    reports,
    events,
    get gone() {
      return gone;
    },
    setReport: async (type, report, bytes, timeout = DEFAULT_TIMEOUT) => {
      await session.request(OPERATION.hidSystemSet, id, (body) =>
        body.u32(type).u32(report).u32(timeout).bytes(bytes),
      );
    },
    getReport: async (type, report, length, timeout = DEFAULT_TIMEOUT) =>
      (
        await session.request(OPERATION.hidSystemGet, id, (body) =>
          body.u32(type).u32(report).u32(timeout).u32(length),
        )
      ).bytes(),
  };
}
