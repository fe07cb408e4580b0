// What HID devices said and heard, as recordings hold it.
import type { RecordedHidDevice, RecordedReportRequest } from './recorded.js';
import { type Event, type Events, hex, ms, plistValue, type Reader } from './recording-event.js';

function plug(reader: Reader, event: Event): void {
  reader.devices.set(Number(event.device), {
    family: 'hid',
    number: Number(event.device),
    plugged: ms(event.t),
    unplugged: null,
    name: String(event.name),
    properties: plistValue(event.properties) as RecordedHidDevice['properties'],
    reportDescriptor: hex(event.reportDescriptor),
    reports: [],
    requests: [],
  });
}

function report(reader: Reader, event: Event): void {
  const device = reader.of('hid', event);
  device.reports.push({
    ...reader.answerOf(event, device),
    type: Number(event.type),
    taken: event.taken === 1,
  });
}

function request(reader: Reader, event: Event, get: boolean): void {
  const device = reader.of('hid', event);
  const asked: RecordedReportRequest = {
    line: reader.line,
    get,
    type: Number(event.type),
    id: Number(event.id),
    length: Number(event.length ?? 0),
    data: hex(event.data),
    answer: null,
  };
  device.requests.push(asked);
  reader.expect(event, device, asked);
}

export const hidEvents = (reader: Reader): Events => ({
  'hid-plug': (event) => plug(reader, event),
  'hid-report': (event) => report(reader, event),
  'hid-get': (event) => request(reader, event, true),
  'hid-set': (event) => request(reader, event, false),
});
