// Text, comments and values as XML property-list source: the one place that escapes for XML.

// XML 1.0 has no way to write most control characters, nor lone surrogates.
const unprintable =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it removes
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

export function xmlText(text: string): string {
  return text
    .replace(unprintable, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;');
}

/** Inside a comment `--` is not allowed, nor a `-` at its end. */
export function xmlComment(text: string): string {
  return text.replace(unprintable, '').replace(/-(?=-|$)/g, '- ');
}

/** One element. Numbers are integers: the kernel's property lists have no other (contract §5.5, §6.4). */
export function plistValue(value: string | number | boolean): string {
  if (typeof value === 'string') return `<string>${xmlText(value)}</string>`;
  if (typeof value === 'boolean') return value ? '<true/>' : '<false/>';
  if (Number.isSafeInteger(value)) return `<integer>${value}</integer>`;
  throw new Error(`${value} is no integer, so it cannot be a matching value`);
}
