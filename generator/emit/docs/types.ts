// How types, ranges and carriers read in the reference.
import type {
  ByteOrder,
  Payload,
  Range,
  StructCarrier,
  Type,
  ValueRules,
} from '../../model/model.js';
import { ruleTexts, storageTexts } from '../rule-text.js';
import { typeText } from '../type-text.js';
import { carrierName, textNote } from '../variable-text.js';
import { code } from './markdown.js';

export function rangeText(range: Range | null): string {
  if (range === null) return '';
  if (range.min !== null && range.max !== null) return `${range.min}…${range.max}`;
  if (range.min !== null) return `≥ ${range.min}`;
  return range.max === null ? '' : `≤ ${range.max}`;
}

type Narrowed = {
  readonly type: Type;
  readonly range: Range | null;
  readonly rules: ValueRules | null;
  readonly byteOrder?: ByteOrder;
};

/** The range and everything else that narrows a value. */
export function narrowingText({ type, range, rules, byteOrder = 'little' }: Narrowed): string {
  const texts = [rangeText(range), ...ruleTexts(rules), ...storageTexts(type, byteOrder)];
  return texts.filter((text) => text !== '').join(', ');
}

export function bytesText(bytes: number): string {
  if (bytes > 0 && bytes % 1048576 === 0) return `${bytes / 1048576} MiB`;
  if (bytes > 0 && bytes % 1024 === 0) return `${bytes / 1024} KiB`;
  return `${bytes} B`;
}

/** `hz: u32`, one per value: the short form of a method's table. */
export function payloadText(payload: Payload): string {
  const names = payload.scalars.map(({ name, type }) => `${name}: ${typeText(type)}`);
  if (payload.struct !== null) names.push(`${payload.struct.name}: ${carrierType(payload.struct)}`);
  return names.map(code).join(', ');
}

export const carrierType = carrierName;

export function carrierSize(carrier: StructCarrier): string {
  if (carrier.kind === 'fixed') return bytesText(carrier.type.size);
  return carrier.min > 0
    ? `${bytesText(carrier.min)} to ${bytesText(carrier.max)}`
    : `up to ${bytesText(carrier.max)}`;
}

const transfers = {
  inline: 'inline',
  descriptor: 'memory descriptor',
  either: 'inline up to 4096 B, memory descriptor above',
} as const;

export function carrierText(carrier: StructCarrier): string {
  const base = `struct, ${transfers[carrier.transfer]}`;
  if (carrier.kind === 'fixed') return base;
  const { lengthScalar, lengthName, text } = { text: null, ...carrier };
  const called = lengthName === '' ? '' : ` (\`${lengthName}\`)`;
  const length = lengthScalar === null ? [] : [`length in scalar ${lengthScalar}${called}`];
  return [base, ...(text === null ? [] : [textNote(text)]), ...length].join('; ');
}
