// Text, comments and values as XML property-list source: the one place that escapes for XML.
import type { PlistEntry, PlistValue } from '../../model/model.js';

// XML 1.0 has no way to write most control characters, nor lone surrogates.
const unprintable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

export function xmlText(text: string): string {
  return (
    text
      .replace(unprintable, '')
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      // A reader would make a line feed of it.
      .replaceAll('\r', '&#13;')
  );
}

/** Inside a comment `--` is not allowed, nor a `-` at its end. */
export function xmlComment(text: string): string {
  return text.replace(unprintable, '').replace(/-(?=-|$)/g, '- ');
}

/**
 * The lines of one element, as deep as they nest in each other. Numbers are integers: the kernel's property lists have
 * no other (contract §5.5, §6.4).
 */
export function plistLines(value: PlistValue): readonly string[] {
  switch (value.kind) {
    case 'string':
      return [`<string>${xmlText(value.value)}</string>`];
    case 'integer':
      return [`<integer>${value.value}</integer>`];
    case 'boolean':
      return [value.value ? '<true/>' : '<false/>'];
    case 'data':
      return [`<data>${base64(value.hex)}</data>`];
    case 'array':
      return nested('array', value.items.flatMap(plistLines));
    case 'dictionary':
      return nested('dict', entryLines(value.entries));
    default:
      return value satisfies never;
  }
}

/** Keys and values, in their order. */
export function entryLines(entries: readonly PlistEntry[]): readonly string[] {
  return entries.flatMap(({ key, value }) => [`<key>${xmlText(key)}</key>`, ...plistLines(value)]);
}

function nested(element: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [`<${element}/>`];
  return [`<${element}>`, ...lines.map((line) => `\t${line}`), `</${element}>`];
}

const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function base64(hex: string): string {
  const bits = [...hex].map((digit) => Number.parseInt(digit, 16).toString(2).padStart(4, '0'));
  const groups = bits.join('').match(/.{1,6}/g) ?? [];
  const text = groups.map((group) => letters[Number.parseInt(group.padEnd(6, '0'), 2)]).join('');
  return text.padEnd(Math.ceil(text.length / 4) * 4, '=');
}
