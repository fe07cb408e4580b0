// Methods in the reference: a table of all by selector, then each with every value and the carrier it travels in.
import type { Method, Payload, ScalarSlot } from '../../model/model.js';
import { guardNotes } from '../guard-text.js';
import { ruleTexts } from '../rule-text.js';
import { absenceText, countsText, placeText } from '../slot-text.js';
import { typeText } from '../type-text.js';
import { blocks, code, markdownParagraphs, markdownText, type Section, table } from './markdown.js';
import { carrierSize, carrierText, carrierType, payloadText, rangeText } from './types.js';

export function methodTable(methods: readonly Method[]): string {
  const rows = methods.map((method) => [
    String(method.selector),
    code(method.name),
    payloadText(method.input),
    payloadText(method.output),
    markdownText(method.doc),
  ]);
  return table(['selector', 'method', 'in', 'out', ''], rows);
}

export function methodSection(method: Method): Section {
  const { answer, accepted } = method;
  const firstWord = answer === null ? null : answer.layout === 'raw' ? 0 : 2;
  const rows = [
    ...payloadRows('in', method.input, null),
    ...payloadRows('out', method.output, firstWord),
    ...payloadRows('accepted', accepted, null),
  ];
  const errors = method.errors.map(({ name }) => code(name)).join(', ');
  return {
    title: `${method.selector} · ${markdownText(method.name)}`,
    body: blocks(
      markdownParagraphs(method.doc),
      kindText(method),
      table(['', 'name', 'type', 'carrier', 'range', 'unit', ' '], rows),
      ...countLines(method),
      guardNotes(method).map(markdownText).join(' '),
      errors === '' ? '' : `Errors: ${errors}`,
    ),
  };
}

/** Numbers of scalars other than the declared ones. */
function countLines({ input, output, kind }: Method): string[] {
  const line = (what: string, text: string): string[] =>
    text === '' ? [] : [`A call may have ${text} scalars as ${what}.`];
  return [
    ...line('input', countsText(input)),
    ...(kind === 'sync' ? line('output', countsText(output)) : []),
  ];
}

function kindText(method: Method): string {
  const setter = method.setterOf === null ? '' : `; setter of ${code(method.setterOf)}`;
  const { timeoutMs, completion, answer } = method;
  const ignored =
    completion === 'ignored' ? ' A completion may come with it, and is never used.' : '';
  if (answer === null) return `Synchronous${setter}.${ignored}`;
  const limit = timeoutMs === null ? 'without a time limit' : `within ${timeoutMs / 1000} s`;
  const usual = answer.layout === 'header' && method.output.struct === null;
  const words = usual ? '' : ` of ${answer.words} words${answer.layout === 'raw' ? ', raw' : ''}`;
  const without =
    completion === 'optional' ? ' Without a completion the call answers by itself.' : '';
  return `Asynchronous${setter}: the answer is a completion${words}, ${limit}.${without}`;
}

/** What stands for a value that is left out is said with its place. */
function slotNarrowing({ range, rules }: ScalarSlot): string {
  return [rangeText(range), ...ruleTexts(rules, false)].filter((text) => text !== '').join(', ');
}

/** `firstWord`: where the outputs of an asynchronous method begin in its completion. */
function payloadRows(way: string, payload: Payload, firstWord: number | null): readonly string[][] {
  const rows = payload.scalars.map((slot) => [
    way,
    code(slot.name),
    code(typeText(slot.type)),
    firstWord === null ? placeText(slot) : placeText(slot, 'word', firstWord),
    slotNarrowing(slot),
    markdownText(slot.unit),
    markdownText([absenceText(slot), slot.doc].filter((text) => text !== '').join('. ')),
  ]);
  const { struct } = payload;
  if (struct === null) return rows;
  const size = struct.kind === 'fixed' ? '' : carrierSize(struct);
  const type = code(carrierType(struct));
  return [
    ...rows,
    [way, code(struct.name), type, carrierText(struct), size, '', markdownText(struct.doc)],
  ];
}
