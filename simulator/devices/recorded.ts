// What a recording holds, as data: each device, what it said and what it heard.
import type { UsbSpeed } from './descriptors.js';
import type { Value } from './wire.js';

/** What the device answered, with the line of the recording that says so. */
export type RecordedAnswer = {
  readonly line: number;
  /** Milliseconds since the device was plugged in. */
  readonly at: number;
  readonly status: number;
  readonly data: Buffer;
  /** How many OUT transfers and control requests the device had been sent before. */
  readonly after: number;
};
export type RecordedTransfer = RecordedAnswer & { readonly length: number };
export type RecordedRequest = {
  readonly line: number;
  readonly setup: Buffer;
  readonly data: Buffer;
  answer: RecordedAnswer | null;
};
export type RecordedOut = {
  readonly line: number;
  readonly data: Buffer;
  answer: RecordedAnswer | null;
};

export type RecordedFrames = {
  readonly line: number;
  /** Bytes of each frame that the host asked for, or sent. */
  readonly lengths: readonly number[];
  readonly data: Buffer;
  answer:
    | (RecordedAnswer & {
        readonly statuses: readonly number[];
        readonly lengths: readonly number[];
      })
    | null;
};

export type RecordedDevice = {
  readonly family: 'usb';
  readonly number: number;
  /** Milliseconds since the recording began. */
  readonly plugged: number;
  /** Null: it was plugged in to the end. */
  unplugged: number | null;
  readonly speed: UsbSpeed;
  readonly descriptor: Buffer;
  readonly configurations: readonly Buffer[];
  readonly strings: Readonly<Record<number, Buffer>>;
  /** By endpoint address. */
  readonly in: Map<number, RecordedTransfer[]>;
  readonly out: Map<number, RecordedOut[]>;
  readonly control: RecordedRequest[];
  readonly isochronous: Map<number, RecordedFrames[]>;
};

/** What a HID device sent of itself: not asked for, and `taken` when a driver, or whoever followed it, was there. */
export type RecordedReport = RecordedAnswer & { readonly type: number; readonly taken: boolean };
/** A report that the host asked for, or sent. */
export type RecordedReportRequest = {
  readonly line: number;
  readonly get: boolean;
  readonly type: number;
  readonly id: number;
  /** Of a report that is asked for. */
  readonly length: number;
  readonly data: Buffer;
  answer: RecordedAnswer | null;
};

export type RecordedHidDevice = {
  readonly family: 'hid';
  readonly number: number;
  readonly plugged: number;
  unplugged: number | null;
  readonly name: string;
  readonly properties: { readonly [key: string]: Value };
  readonly reportDescriptor: Buffer;
  readonly reports: RecordedReport[];
  readonly requests: RecordedReportRequest[];
};
