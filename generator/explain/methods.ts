// A method: what carries its arguments and results, and what a call of it costs.
import { guardNotes } from '../emit/guard-text.js';
import { countsText, placeText } from '../emit/slot-text.js';
import { COMPLETION_HEADER_WORDS, MAX_INLINE } from '../model/limits.js';
import type {
  CompletionAnswer,
  Method,
  Model,
  Payload,
  ScalarSlot,
  StructCarrier,
} from '../model/model.js';
import type { Carrier, Cost, Explanation, Limit } from './explanation.js';
import { completionLayouts, payloadLayouts } from './layouts.js';
import { type Direction, lengthCarriers, structCarrier } from './transfer.js';

/** The schema asked for scalars of its own. */
function spanCarriers(slot: ScalarSlot, direction: Direction): Carrier[] {
  if (slot.packing === 'word') return [];
  const carrier = `${direction} ${placeText(slot)}`;
  if (slot.packing === 'memory')
    return [
      {
        what: slot.name,
        carrier,
        because: `the driver gets a descriptor of the app's own memory, ${slot.access}`,
        rule: 'contract §1.10',
      },
    ];
  const because =
    slot.packing === 'bytes'
      ? `the schema spreads its ${slot.type.size} bytes over ${slot.words === 1 ? 'a scalar' : `${slot.words} scalars`}`
      : 'the schema says so';
  return [{ what: slot.name, carrier, because, rule: '' }];
}

function payloadCarriers({ scalars, struct }: Payload, direction: Direction): Carrier[] {
  const carriers: Carrier[] = [];
  if (scalars.length > 0) {
    const plain = scalars.filter(({ packing }) => packing === 'word');
    if (plain.length > 0)
      carriers.push({
        what: plain.map(({ name }) => name).join(', '),
        carrier: `${direction} ${plain.length === 1 ? 'scalar' : 'scalars'}`,
        because: 'numbers, booleans and enums fit one 64-bit word each',
        rule: 'contract §1.2',
      });
    carriers.push(...scalars.flatMap((slot) => spanCarriers(slot, direction)));
  }
  if (struct !== null) carriers.push(structCarrier(struct, direction));
  carriers.push(...lengthCarriers(struct, direction));
  return carriers;
}

const firstWord = ({ layout }: CompletionAnswer): number =>
  layout === 'raw' ? 0 : COMPLETION_HEADER_WORDS;

function completionCarriers({ output, answer, completion, timeoutMs }: Method): Carrier[] {
  const wait = timeoutMs === null ? 'for ever' : `${timeoutMs} ms`;
  const first = answer === null ? 0 : firstWord(answer);
  const names = [...output.scalars, ...(output.struct === null ? [] : [output.struct])];
  const without = completion === 'optional' ? '; without a completion the call itself answers' : '';
  return [
    {
      what: names.map(({ name }) => name).join(', ') || 'the result',
      carrier: `words of a completion, from word ${first}`,
      because: `the method is asynchronous; the client waits ${wait}${without}`,
      rule: 'contract §1.7, §1.9',
    },
  ];
}

const completionWords = ({ answer }: Method): number => answer?.words ?? 0;

function structBytes(struct: StructCarrier | null): number {
  if (struct === null) return 0;
  return struct.kind === 'fixed' ? struct.type.size : struct.max;
}

function payloadLimits(payload: Payload, direction: Direction): Limit[] {
  const counts = countsText(payload);
  const limits: Limit[] = [
    {
      limit: `${direction} scalars`,
      used: counts === '' ? String(payload.count) : `${payload.count}; accepted: ${counts}`,
      most: '16',
      rule: 'contract §0.2',
    },
  ];
  const bytes = structBytes(payload.struct);
  if (bytes > 0) {
    const inline = bytes <= MAX_INLINE;
    limits.push({
      limit: inline ? `${direction} struct, inline` : `${direction} struct, descriptor`,
      used: `${bytes} bytes`,
      most: inline ? `${MAX_INLINE} bytes` : '2147483647 bytes',
      rule: 'contract §0.2',
    });
  }
  return limits;
}

function methodLimits(method: Method): Limit[] {
  const output: Limit[] =
    method.kind === 'sync'
      ? payloadLimits(method.output, 'output')
      : [
          {
            limit: 'completion words',
            used: String(completionWords(method)),
            most: '16',
            rule: 'contract §0.2, §7.6',
          },
        ];
  const pending = method.guards.pending;
  const flight: Limit[] =
    method.kind === 'async' && pending !== null
      ? [{ limit: 'calls in flight', used: String(pending), most: '32', rule: '' }]
      : [];
  return [...payloadLimits(method.input, 'input'), ...output, ...flight];
}

/** By how a payload of the largest size travels. */
const isDirect = (struct: StructCarrier): boolean => struct.kind === 'bytes' && struct.direct;

function inputCopies(struct: StructCarrier | null): string[] {
  if (struct === null || isDirect(struct)) return [];
  const own = 'input: the generated code into memory of its own, which the app cannot change';
  return struct.transfer === 'inline'
    ? [
        'input: the app into the message of the call (contract §1.5)',
        'input: the kernel into the message to the driver (contract §1.5)',
        own,
      ]
    : [`${own}, out of a mapping of the app's memory (contract §1.2)`];
}

function outputCopies(struct: StructCarrier | null): string[] {
  if (struct === null || isDirect(struct)) return [];
  return struct.transfer === 'inline'
    ? [
        'output: the generated code into an OSData (contract §1.2)',
        'output: the kernel out of the message of the driver (contract §1.5)',
        'output: the kernel into the reply, and so into the buffer of the app (contract §1.5)',
      ]
    : ["output: the generated code into a mapping of the app's memory (contract §1.2)"];
}

function costNotes(method: Method): string[] {
  const { kind, errors, input, output } = method;
  const either = [input.struct, output.struct].some((struct) => struct?.transfer === 'either');
  const small = `Up to ${MAX_INLINE} bytes travel inline instead: three copies, and no mapping.`;
  const error =
    'An error carries nothing but its code: outputs are dropped (contract §0.3, rule 1).';
  return [
    ...(either ? [small] : []),
    ...(errors.length > 0 ? [error] : []),
    kind === 'sync'
      ? 'The calling thread waits in the kernel, without a time limit (contract §1.8).'
      : 'The completion is one message to the kernel, and one from there to the app (contract §1.9).',
  ];
}

function costOf(method: Method): Cost {
  const { input, output, kind } = method;
  const async = kind === 'async';
  const back = async ? completionWords(method) : output.count;
  return {
    // The app asks the kernel and the kernel the driver, each with an answer (contract §1.5).
    messages: async ? 6 : 4,
    words: input.count + back,
    // The struct of a completion lies in its words.
    bytes:
      8 * (input.count + back) +
      structBytes(input.struct) +
      (async ? 0 : structBytes(output.struct)),
    copies: [...inputCopies(input.struct), ...(async ? [] : outputCopies(output.struct))],
    notes: costNotes(method),
  };
}

export function explainMethod(model: Model, method: Method): Explanation {
  const { name, doc, selector, kind, input, output, setterOf, answer } = method;
  const setter = setterOf === null ? '' : `, sets the property ${setterOf}`;
  return {
    kind: 'method',
    name,
    interface: model.name,
    doc,
    summary: `selector ${selector}, ${kind === 'sync' ? 'synchronous' : 'asynchronous'}${setter}`,
    carriers: [
      ...payloadCarriers(input, 'input'),
      ...(kind === 'sync' ? payloadCarriers(output, 'output') : completionCarriers(method)),
      ...payloadCarriers(method.accepted, 'output'),
    ],
    layouts: [
      ...payloadLayouts(model, input, 'input'),
      ...(answer === null
        ? payloadLayouts(model, output, 'output')
        : completionLayouts(model, output, firstWord(answer))),
      ...payloadLayouts(model, method.accepted, 'accepted'),
    ],
    conditions: guardNotes(method),
    limits: methodLimits(method),
    cost: costOf(method),
    per: 'per call',
  };
}
