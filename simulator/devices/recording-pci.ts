// What PCI functions and their drivers did to each other, as recordings hold it.
import type {
  RecordedAccess,
  RecordedAnswer,
  RecordedDeed,
  RecordedPciDevice,
} from './recorded.js';
import { type Event, type Events, hex, ms, type Reader, word } from './recording-event.js';

function plug(reader: Reader, event: Event): void {
  reader.devices.set(Number(event.device), {
    family: 'pci',
    number: Number(event.device),
    plugged: ms(event.t),
    unplugged: null,
    config: hex(event.config),
    bars: event.bars as RecordedPciDevice['bars'],
    accesses: [],
    configWrites: [],
    deeds: [],
  });
}

function access(reader: Reader, event: Event, writes: boolean): void {
  const device = reader.of('pci', event);
  const asked: RecordedAccess = {
    line: reader.line,
    writes,
    bar: Number(event.bar),
    offset: Number(event.offset),
    width: Number(event.width),
    value: word(event.value),
    answer: null,
  };
  device.accesses.push(asked);
  // A device answers one after the other.
  reader.expect(event, device, asked, 'registers');
}

function configure(reader: Reader, event: Event): void {
  const device = reader.of('pci', event);
  device.configWrites.push({
    line: reader.line,
    offset: Number(event.offset),
    width: Number(event.width),
    value: word(event.value),
  });
  reader.hear(device);
}

function deed(reader: Reader, event: Event, made: (answer: RecordedAnswer) => RecordedDeed): void {
  const device = reader.of('pci', event);
  device.deeds.push(made(reader.answerOf(event, device)));
}

export const pciEvents = (reader: Reader): Events => ({
  'pci-plug': (event) => plug(reader, event),
  'pci-read': (event) => access(reader, event, false),
  'pci-write': (event) => access(reader, event, true),
  'pci-config': (event) => configure(reader, event),
  'pci-interrupt': (event) =>
    deed(reader, event, (answer) => ({
      ...answer,
      kind: 'interrupt',
      message: Number(event.message),
      taken: event.taken === 1,
    })),
  'pci-dma-read': (event) =>
    deed(reader, event, (answer) => ({
      ...answer,
      kind: 'dma-read',
      address: word(event.address),
    })),
  'pci-dma-write': (event) =>
    deed(reader, event, (answer) => ({
      ...answer,
      kind: 'dma-write',
      address: word(event.address),
    })),
  'pci-store': (event) =>
    deed(reader, event, (answer) => ({
      ...answer,
      kind: 'store',
      bar: Number(event.bar),
      offset: Number(event.offset),
    })),
});
