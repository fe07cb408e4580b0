// Whether an app passes a completion to a method, and what that completion carries (contract §1.7, §1.9).
import {
  child,
  entriesOf,
  integerOf,
  type Report,
  type SourceNode,
  type Span,
  stringOf,
} from '../source/index.js';
import { COMPLETION_HEADER_WORDS, MAX_COMPLETION_WORDS, MIN_COMPLETION_WORDS } from './limits.js';
import type { CompletionAnswer, Method, Payload } from './model.js';

export type Completion = Pick<Method, 'completion' | 'kind'>;

const words = new Set(['none', 'required', 'optional', 'ignored']);

/** `completion`, or its older spelling `async: true`. */
export function completionOf(node: SourceNode, report: Report): Completion {
  const async = child(node, 'async');
  const declared = child(node, 'completion');
  if (async !== null && declared !== null)
    report({
      code: 'DK208',
      at: async.span,
      message: '"async" says what "completion" says',
      hint: 'remove "async": completion: required means the same as async: true.',
    });
  const isAsync = async?.kind === 'scalar' && async.value === true;
  const word = stringOf(declared) ?? (isAsync ? 'required' : 'none');
  const completion = (words.has(word) ? word : 'none') as Method['completion'];
  const kind = completion === 'required' || completion === 'optional' ? 'async' : 'sync';
  return { completion, kind };
}

/** Keys that mean something for a method with a completion only. */
export function refuseAnswerKeys(node: SourceNode, kind: Method['kind'], report: Report): void {
  if (kind === 'async' || node.kind !== 'map') return;
  for (const key of ['layout', 'words', 'accepted']) {
    const entry = node.entries.get(key);
    if (entry === undefined) continue;
    report({
      code: 'DK205',
      at: entry.keySpan,
      message: `"${key}" means nothing without a completion`,
      hint: `write "completion: required", or remove "${key}".`,
    });
  }
}

type Optional = {
  readonly node: SourceNode;
  readonly completion: Method['completion'];
  readonly output: Payload;
};

/** With a completion or without, the outputs are the same. */
export function checkOptional({ node, completion, output }: Optional, report: Report): void {
  if (completion !== 'optional') return;
  const accepted = node.kind === 'map' ? node.entries.get('accepted') : undefined;
  if (accepted !== undefined)
    report({
      code: 'DK560',
      at: accepted.keySpan,
      message: 'a call whose completion is optional answers once: in it, or without it itself',
      hint: 'move these to "out", or write "completion: required".',
    });
  if (output.struct !== null)
    report({
      code: 'DK560',
      at: outputAt({ node, output }, output.struct.name),
      message: `the outputs of a method whose completion is optional are scalars, and "${output.struct.name}" is none`,
      hint: 'write "completion: required", or let a second method read the data.',
    });
}

type Answered = { readonly node: SourceNode; readonly output: Payload };

function outputAt({ node }: Answered, name: string): Span {
  return entriesOf(child(node, 'out')).find(({ key }) => key === name)?.keySpan ?? node.span;
}

function tooManyWords(answered: Answered, room: number, report: Report): void {
  const { output } = answered;
  const excess = output.scalars.find(({ index, words }) => index + words > room);
  const name = excess?.name ?? output.struct?.name ?? '';
  const besides = room === MAX_COMPLETION_WORDS ? '' : ' besides its header';
  report({
    code: 'DK507',
    at: outputAt(answered, name),
    message: `a completion has ${room} words${besides}; "${name}" is one too many`,
    hint: 'complete with fewer, and let a second method read the rest.',
  });
}

/** The completion of an asynchronous method: its words are counted, and hold nothing that varies in size. */
export function answerOf(answered: Answered, report: Report): CompletionAnswer {
  const { node, output } = answered;
  const layout = stringOf(child(node, 'layout')) === 'raw' ? 'raw' : 'header';
  const header = layout === 'raw' ? 0 : COMPLETION_HEADER_WORDS;
  const { struct } = output;
  if (struct !== null && struct.kind !== 'fixed') {
    report({
      code: 'DK506',
      at: outputAt(answered, struct.name),
      message: `the outputs of an asynchronous method are words of its completion, and "${struct.name}" varies in size`,
      hint: 'complete with a result, and let a second method read the data.',
    });
    return { layout, words: MIN_COMPLETION_WORDS };
  }
  const needed = output.count + Math.ceil((struct?.type.size ?? 0) / 8);
  if (header + needed > MAX_COMPLETION_WORDS)
    tooManyWords(answered, MAX_COMPLETION_WORDS - header, report);
  const least = layout === 'raw' ? needed : Math.max(MIN_COMPLETION_WORDS, header + needed);
  return { layout, words: wordsOf(child(node, 'words'), { layout, least }, report) };
}

type Least = { readonly layout: 'header' | 'raw'; readonly least: number };

/** The exact number that a raw layout declares, or as many as the payload needs. */
export function wordsOf(node: SourceNode | null, { layout, least }: Least, report: Report): number {
  const declared = integerOf(node);
  if (node === null || declared === null) return least;
  if (layout === 'header') {
    report({
      code: 'DK561',
      at: node.span,
      message: 'behind the header the payload decides how many words there are',
      hint: 'remove "words", or write "layout: raw".',
    });
    return least;
  }
  if (declared >= BigInt(least) && declared <= BigInt(MAX_COMPLETION_WORDS))
    return Number(declared);
  const message =
    declared < BigInt(least)
      ? `the payload takes ${least} words, and "words" is ${declared}`
      : `a completion has at most ${MAX_COMPLETION_WORDS} words, and "words" is ${declared}`;
  const hint = `write a number from ${least} to ${MAX_COMPLETION_WORDS}, or leave it out.`;
  report({ code: 'DK561', at: node.span, message, hint });
  return least;
}
