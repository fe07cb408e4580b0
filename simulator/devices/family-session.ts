// What the families beyond USB say on a device session: operations (simulator/ipc/families.h is their law) with
// an object in front, and who takes what the kernel process says to an object.
import type { Session } from './session.js';
import { BodyReader, BodyWriter, MESSAGE } from './wire.js';

export const OPERATION = {
  pciPlug: 32,
  pciRegisterDone: 33,
  pciDmaRead: 34,
  pciDmaWrite: 35,
  pciStored: 36,
  pciReadAsked: 48,
  pciWriteAsked: 49,
  pciConfigWritten: 50,
  pciRecording: 51,
  hidPlug: 96,
  hidSend: 97,
  hidAnswer: 98,
  hidFollow: 99,
  hidSystemSet: 100,
  hidSystemGet: 101,
  hidAsked: 112,
  hidReported: 113,
  hidDispatched: 114,
  hidGone: 115,
  scsiSend: 160,
  scsiManage: 161,
  interruptRaise: 208,
  serviceAsk: 256,
} as const;

export type FamilyHandler = (operation: number, body: BodyReader) => void;

export type FamilySession = {
  /** Asks the kernel process; `object` is 0n where there is none yet. */
  request(
    operation: number,
    object: bigint,
    fill?: (body: BodyWriter) => BodyWriter,
  ): Promise<BodyReader>;
  send(operation: number, object: bigint, fill: (body: BodyWriter) => BodyWriter): void;
  /** From now on `handler` takes what is said to `object`, and what was said before anybody listened. */
  listen(object: bigint, handler: FamilyHandler): void;
  forget(object: bigint): void;
  unplug(object: bigint): Promise<void>;
};

/** Early messages of an object that nobody ever asks for are not kept for ever. */
const MAX_EARLY = 1024;

export function familySession(session: Session): FamilySession {
  const handlers = new Map<bigint, FamilyHandler>();
  let early: { readonly object: bigint; readonly operation: number; readonly body: BodyReader }[] =
    [];
  session.onMessage((message) => {
    if (message.type !== MESSAGE.familyDevice) return;
    const body = new BodyReader(message.body);
    const operation = body.u16();
    const object = body.u64();
    const handler = handlers.get(object);
    if (handler !== undefined) handler(operation, body);
    else if (early.length < MAX_EARLY) early.push({ object, operation, body });
  });
  const bodyOf = (
    operation: number,
    object: bigint,
    fill?: (body: BodyWriter) => BodyWriter,
  ): BodyWriter => {
    const body = new BodyWriter().u16(operation).u64(object);
    return fill === undefined ? body : fill(body);
  };
  return {
    request: (operation, object, fill) =>
      session.request(MESSAGE.deviceFamily, bodyOf(operation, object, fill)),
    send: (operation, object, fill) =>
      session.send(MESSAGE.deviceFamily, bodyOf(operation, object, fill)),
    listen: (object, handler) => {
      handlers.set(object, handler);
      const waiting = early.filter((each) => each.object === object);
      early = early.filter((each) => each.object !== object);
      for (const { operation, body } of waiting) handler(operation, body);
    },
    forget: (object) => void handlers.delete(object),
    unplug: async (object) => {
      await session.request(MESSAGE.unplug, new BodyWriter().u64(object));
      handlers.delete(object);
    },
  };
}
