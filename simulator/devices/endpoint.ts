// What a device says on its endpoints: the types that sources, effects, replay and the connection to the
// kernel share.
import type { DeviceClock } from './time.js';

/** Statuses a device can answer with; the host sees them as the completion's IOReturn (contract §10.2). */
export const USB_STATUS = { ok: 0, stalled: 0xe0005000, notResponding: 0xe00002ed } as const;

/** Bytes, `'stall'`, or a status of its own with the bytes that came before it. */
export type Answer = Uint8Array | 'stall' | { readonly status: number; readonly data?: Uint8Array };

export type InRequest = {
  /** The most bytes the host takes in this transfer. */
  readonly length: number;
  /** Aborted when the host gives the transfer up; what is answered afterwards is not delivered. */
  readonly signal: AbortSignal;
};

/**
 * Answers an IN transfer: bytes now, a promise of bytes (the host is NAKed until then), or 'stall'.
 * `returned` is called with the number of bytes the host threw away because it had given up by then;
 * `attach` when the device is plugged in, with the clock of its machine.
 */
export type InEndpoint = {
  take(request: InRequest): Answer | Promise<Answer>;
  returned?(bytes: number): void;
  attach?(clock: DeviceClock): void;
};

type Verdict = undefined | 'stall' | { readonly status: number };

/** Takes the data of an OUT transfer; 'stall' refuses it. */
export type OutEndpoint = (data: Uint8Array) => Verdict | Promise<Verdict>;

export type Setup = {
  /** bmRequestType. */
  readonly requestType: number;
  readonly request: number;
  readonly value: number;
  readonly index: number;
  readonly length: number;
};

/** Answers a control request with the data of its IN stage; `data` is what came with it. */
export type ControlHandler = (setup: Setup, data: Uint8Array) => Answer | Promise<Answer>;

export type Answered = { readonly status: number; readonly data: Uint8Array };

const NOTHING = new Uint8Array(0);

export function toAnswered(answer: Answer): Answered {
  if (answer === 'stall') return { status: USB_STATUS.stalled, data: NOTHING };
  if (answer instanceof Uint8Array) return { status: USB_STATUS.ok, data: answer };
  return { status: answer.status, data: answer.data ?? NOTHING };
}
