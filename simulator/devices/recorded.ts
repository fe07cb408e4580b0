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

/** A driver's access to a register that the device answers. */
export type RecordedAccess = {
  readonly line: number;
  readonly writes: boolean;
  readonly bar: number;
  readonly offset: number;
  readonly width: number;
  /** Of a write. */
  readonly value: bigint;
  answer: RecordedAnswer | null;
};
export type RecordedConfigWrite = {
  readonly line: number;
  readonly offset: number;
  readonly width: number;
  readonly value: bigint;
};
/** What a PCI function did of itself; `data` is what it moved or stored. */
export type RecordedDeed = RecordedAnswer &
  (
    | { readonly kind: 'interrupt'; readonly message: number; readonly taken: boolean }
    | { readonly kind: 'dma-read' | 'dma-write'; readonly address: bigint }
    | { readonly kind: 'store'; readonly bar: number; readonly offset: number }
  );

export type RecordedPciDevice = {
  readonly family: 'pci';
  readonly number: number;
  readonly plugged: number;
  unplugged: number | null;
  readonly config: Buffer;
  readonly bars: readonly {
    readonly bar: number;
    readonly type: number;
    readonly size: number;
    readonly registers: boolean;
  }[];
  readonly accesses: RecordedAccess[];
  readonly configWrites: RecordedConfigWrite[];
  readonly deeds: RecordedDeed[];
};

export type RecordedScsiAnswer = RecordedAnswer & {
  readonly immediate: number;
  readonly completion: number;
  readonly service: number;
  readonly transferred: number;
  readonly sense: Buffer;
  /** Of a task management function. */
  readonly response: number;
};
/** What the system asked of a controller; `after` counts the answers that it had by then. */
export type RecordedScsiTask = {
  readonly line: number;
  readonly at: number;
  readonly after: number;
  readonly target: bigint;
  readonly lun: bigint;
  answer: RecordedScsiAnswer | null;
} & (
  | {
      readonly kind: 'task';
      readonly command: Buffer;
      readonly attribute: number;
      readonly timeout: number;
      readonly data: Buffer;
      readonly length: number;
    }
  | { readonly kind: 'manage'; readonly function: number; readonly tag: bigint }
);

/** A controller that a driver makes: what is played is the system above it. */
export type RecordedScsiBus = {
  readonly family: 'scsi';
  readonly number: number;
  readonly line: number;
  readonly plugged: number;
  unplugged: number | null;
  readonly name: string;
  readonly tasks: RecordedScsiTask[];
};

export type Recorded = RecordedDevice | RecordedHidDevice | RecordedPciDevice | RecordedScsiBus;
