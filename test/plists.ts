// Property lists as the tests write them.

export type PlistValue = string | number | boolean | readonly PlistValue[] | PlistDict;
export type PlistDict = { readonly [key: string]: PlistValue };

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');

function element(value: PlistValue): string {
  if (typeof value === 'string') return `<string>${escaped(value)}</string>`;
  if (typeof value === 'number') return `<integer>${value}</integer>`;
  if (typeof value === 'boolean') return value ? '<true/>' : '<false/>';
  if (Array.isArray(value)) return `<array>${value.map(element).join('')}</array>`;
  const members = Object.entries(value).map(([key, v]) => `<key>${key}</key>${element(v)}`);
  return `<dict>\n${members.join('\n')}\n</dict>`;
}

export const plist = (value: PlistValue): string =>
  `<?xml version="1.0"?>\n<plist version="1.0">${element(value)}</plist>\n`;
