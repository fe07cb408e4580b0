// What the system asked of SCSI controllers that drivers make, as recordings hold it.
import type { RecordedScsiBus, RecordedScsiTask } from './recorded.js';
import { type Event, type Events, hex, ms, type Reader, word } from './recording-event.js';

function start(reader: Reader, event: Event): void {
  reader.devices.set(Number(event.device), {
    family: 'scsi',
    number: Number(event.device),
    line: reader.line,
    plugged: ms(event.t),
    unplugged: null,
    name: String(event.name),
    tasks: [],
  });
}

const common = (reader: Reader, event: Event, bus: RecordedScsiBus) => {
  const { line, at, after } = reader.answerOf(event, bus);
  return { line, at, after, target: word(event.target), lun: word(event.lun), answer: null };
};

/** The system has heard the answer: what it asked then may be asked. */
function expect(reader: Reader, event: Event, task: RecordedScsiTask | null): void {
  const bus = reader.of('scsi', event);
  if (task !== null) bus.tasks.push(task);
  reader.await(event, bus, (answer, done) => {
    if (task === null) return;
    reader.hear(bus);
    task.answer = {
      ...answer,
      immediate: Number(done.immediate ?? 0),
      completion: Number(done.completion ?? 0),
      service: Number(done.service ?? 0),
      transferred: Number(done.transferred ?? 0),
      sense: hex(done.sense),
      response: Number(done.response ?? 0),
    };
  });
}

function task(reader: Reader, event: Event): void {
  // The system asks its own questions again.
  if (event.probe === 1) {
    expect(reader, event, null);
    return;
  }
  expect(reader, event, {
    ...common(reader, event, reader.of('scsi', event)),
    kind: 'task',
    command: hex(event.command),
    attribute: Number(event.attribute),
    timeout: Number(event.timeout),
    data: hex(event.data),
    length: Number(event.length),
  });
}

function manage(reader: Reader, event: Event): void {
  expect(reader, event, {
    ...common(reader, event, reader.of('scsi', event)),
    kind: 'manage',
    function: Number(event.function),
    tag: word(event.tag),
  });
}

export const scsiEvents = (reader: Reader): Events => ({
  'scsi-start': (event) => start(reader, event),
  'scsi-task': (event) => task(reader, event),
  'scsi-manage': (event) => manage(reader, event),
  'scsi-done': (event) => reader.answer(event),
  'scsi-managed': (event) => reader.answer(event),
});
