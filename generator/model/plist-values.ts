// Values of property lists as the schema spells them: texts, whole numbers, truth values, lists and maps; bytes as
// `{ $data: "0A 0B" }`. The registry has nothing else (contract §6.4).
import {
  child,
  entriesOf,
  type Report,
  type SourceNode,
  type Span,
  stringOf,
} from '../source/index.js';
import type { PlistEntry, PlistValue } from './model.js';
import { toModelNumber } from './numbers.js';

const LARGEST = 0xffff_ffff_ffff_ffffn;
const SMALLEST = -0x8000_0000_0000_0000n;

function bad(report: Report, node: SourceNode, message: string): PlistValue {
  const hint =
    'write text, a whole number, true, false, a list, a map, or bytes as { $data: "0A 0B" }.';
  report({ code: 'DK713', at: node.span, message, hint });
  return { kind: 'string', value: '' };
}

const unwritable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it finds
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** Of a key or a text: XML 1.0 has no way to write these characters, not even as references. */
export function checkPlistText(text: string, at: Span, report: Report): void {
  const found = unwritable.exec(text)?.[0].charCodeAt(0);
  if (found === undefined) return;
  const name = `U+${found.toString(16).toUpperCase().padStart(4, '0')}`;
  const message = `a property list cannot hold the character ${name}`;
  report({ code: 'DK713', at, message, hint: 'leave it out, or write bytes: { $data: "0A 0B" }.' });
}

function dataOf(node: SourceNode, report: Report): PlistValue {
  const hex = (stringOf(node) ?? '').replace(/\s+/g, '').toLowerCase();
  if (/^([0-9a-f]{2})*$/.test(hex) && stringOf(node) !== null) return { kind: 'data', hex };
  return bad(report, node, 'bytes are pairs of hexadecimal digits');
}

function scalarOf(node: SourceNode & { readonly kind: 'scalar' }, report: Report): PlistValue {
  const { value } = node;
  if (typeof value === 'string') {
    checkPlistText(value, node.span, report);
    return { kind: 'string', value };
  }
  if (typeof value === 'boolean') return { kind: 'boolean', value };
  const whole = typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value;
  if (typeof whole !== 'bigint')
    return bad(
      report,
      node,
      value === null ? 'nothing stands here' : `${node.text} has a fraction`,
    );
  if (whole >= SMALLEST && whole <= LARGEST)
    return { kind: 'integer', value: toModelNumber(whole) };
  return bad(report, node, `${node.text} does not fit 64 bits`);
}

export function plistValueOf(node: SourceNode, report: Report): PlistValue {
  if (node.kind === 'scalar') return scalarOf(node, report);
  if (node.kind === 'list')
    return { kind: 'array', items: node.items.map((item) => plistValueOf(item, report)) };
  const data = child(node, '$data');
  if (data !== null && node.entries.size === 1) return dataOf(data, report);
  return { kind: 'dictionary', entries: plistEntriesOf(node, report) };
}

/** In the order of the text. */
export function plistEntriesOf(node: SourceNode | null, report: Report): readonly PlistEntry[] {
  return entriesOf(node).map(({ key, keySpan, value }) => {
    checkPlistText(key, keySpan, report);
    return { key, value: plistValueOf(value, report) };
  });
}
