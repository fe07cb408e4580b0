// A value of a property list as text that people read: in the reference, and where something is explained.
import type { PlistEntry, PlistValue } from '../model/model.js';

/** How integers are shown: identifiers are mostly known in hexadecimal. */
export type IntegerText = (value: number | string) => string;

export function plistText(value: PlistValue, integerText: IntegerText): string {
  switch (value.kind) {
    case 'string':
    case 'boolean':
      return String(value.value);
    case 'integer':
      return integerText(value.value);
    case 'data':
      return `<${value.hex}>`;
    case 'array':
      return `[${value.items.map((item) => plistText(item, integerText)).join(', ')}]`;
    case 'dictionary':
      return `{ ${entriesText(value.entries, integerText)} }`;
    default:
      return value satisfies never;
  }
}

export const entriesText = (entries: readonly PlistEntry[], integerText: IntegerText): string =>
  entries.map(({ key, value }) => `${key}: ${plistText(value, integerText)}`).join(', ');
