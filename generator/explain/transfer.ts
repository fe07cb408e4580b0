// How the struct of a call travels, and why: the platform goes by its size alone (contract §0.2, §1.2).
import { largest, smallest } from '../emit/carriers.js';
import { carrierName } from '../emit/variable-text.js';
import { MAX_INLINE } from '../model/limits.js';
import type { StructCarrier } from '../model/model.js';
import type { Carrier } from './explanation.js';

export type Direction = 'input' | 'output';

function sizesText(struct: StructCarrier): string {
  const [min, max] = [smallest(struct), largest(struct)];
  const sizes = min === max ? `${max}` : `${min} to ${max}`;
  const named = struct.kind === 'variable' ? `${carrierName(struct)}, ` : '';
  const what = struct.kind === 'fixed' ? 'struct of ' : struct.kind === 'text' ? 'text of ' : named;
  const longer = 'longer' in struct && struct.longer ? ', and more that is ignored' : '';
  return struct.kind === 'bytes' ? `${sizes} bytes` : `${what}${sizes} bytes${longer}`;
}

/** Above the inline limit the kernel passes memory, whatever either side would like. */
const MEMORY = 'contract §0.3, rules 3 and 4';

function inlineReason(struct: StructCarrier): string {
  return struct.kind === 'fixed'
    ? `a struct of at most ${MAX_INLINE} bytes travels inside the call`
    : `its maximum is at most ${MAX_INLINE}, so that it always fits into the call`;
}

function descriptorReason(struct: StructCarrier, direction: Direction): string {
  if (struct.kind !== 'fixed' && direction === 'output')
    return `the schema asks for it: the driver refuses an app that offers room for ${MAX_INLINE} bytes or fewer`;
  return `above ${MAX_INLINE} bytes the kernel passes memory instead of a copy`;
}

function eitherReason(struct: StructCarrier, direction: Direction): string {
  const asked = struct.kind !== 'fixed' && struct.transferDeclared ? 'the schema says so: ' : '';
  if (direction === 'input')
    return `${asked}the client chooses by the actual length, and the driver accepts both`;
  const room = `the client offers room for ${largest(struct)} bytes, which is memory`;
  return `${asked}${room}; an app that offers ${MAX_INLINE} or fewer is answered inline`;
}

function reason(struct: StructCarrier, direction: Direction): Pick<Carrier, 'because' | 'rule'> {
  if (struct.kind === 'bytes' && struct.direct)
    return {
      because: 'the schema says direct: the driver gets the descriptor, and nothing is copied',
      rule: 'contract §1.2',
    };
  if (struct.transfer === 'inline') return { because: inlineReason(struct), rule: 'contract §0.2' };
  const because =
    struct.transfer === 'descriptor'
      ? descriptorReason(struct, direction)
      : eitherReason(struct, direction);
  return { because, rule: MEMORY };
}

const ways = {
  inline: 'inline',
  descriptor: 'memory descriptor',
  either: `inline up to ${MAX_INLINE}, else memory descriptor`,
} as const;

export function structCarrier(struct: StructCarrier, direction: Direction): Carrier {
  return {
    what: struct.name,
    carrier: `${sizesText(struct)}, ${ways[struct.transfer]}`,
    ...reason(struct, direction),
  };
}

/** Where the length of an answer stands. */
export function lengthCarriers(struct: StructCarrier | null, direction: Direction): Carrier[] {
  if (struct === null || struct.kind === 'fixed' || direction === 'input') return [];
  const { name, lengthScalar, lengthName, max } = struct;
  const what = `length of ${name}`;
  if (lengthScalar !== null) {
    const called = lengthName === '' ? '' : `, ${lengthName}`;
    const because =
      lengthName === ''
        ? 'the size of an output descriptor never comes back'
        : 'the schema names it for the length; the dispatch fills it in';
    return [
      { what, carrier: `output scalar ${lengthScalar}${called}`, because, rule: 'contract §1.6' },
    ];
  }
  if (max <= MAX_INLINE) return [];
  const because =
    struct.kind === 'variable'
      ? 'the schema has no place for it: the data itself has to say where it ends'
      : 'the schema has no place for it: the app sees all of the room that it offered';
  return [{ what, carrier: 'nowhere', because, rule: 'contract §1.6' }];
}
