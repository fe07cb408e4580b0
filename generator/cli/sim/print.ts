// How processes and the registry are shown to people: `ps` as a table, the registry as ioreg prints it.
import type { Value } from '../../../simulator/devices/index.js';

export type Entry = {
  readonly entry: number;
  readonly name: string;
  readonly class: string;
  readonly registered: boolean;
  readonly matched: boolean;
  readonly active: boolean;
  readonly busy: number;
  /** Nanoseconds. */
  readonly busyTime: number;
  readonly retain: number;
  readonly properties: Readonly<Record<string, Value>>;
  readonly children: readonly Entry[];
};

export const hexId = (id: number | bigint): string => `0x${id.toString(16)}`;

/** Columns as wide as their widest cell; the last is not padded. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows
    .map((row) => row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0))))
    .map((cells) => `${cells.join('  ')}\n`)
    .join('');
}

function shown(value: Value): string {
  if (value === null) return '?';
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (typeof value === 'string') return `"${value}"`;
  if (value instanceof Uint8Array) return `<${Buffer.from(value).toString('hex')}>`;
  if (Array.isArray(value)) return `(${value.map(shown).join(',')})`;
  if (typeof value !== 'object') return value.toString();
  const members = Object.entries(value).map(([key, member]) => `"${key}"=${shown(member)}`);
  return `{${members.join(',')}}`;
}

const yesOrNo = (yes: boolean, word: string): string => (yes ? word : `!${word}`);

function head(entry: Entry): string {
  const ms = Math.floor(Number(entry.busyTime) / 1e6);
  const facts = [
    `class ${entry.class}`,
    `id ${hexId(entry.entry)}`,
    yesOrNo(entry.registered, 'registered'),
    yesOrNo(entry.matched, 'matched'),
    entry.active ? 'active' : 'inactive',
    `busy ${entry.busy} (${ms} ms)`,
    `retain ${entry.retain}`,
  ];
  return `${entry.name}  <${facts.join(', ')}>`;
}

/** `bars` stand in front: one for every ancestor with a later sibling. */
function lines(entry: Entry, bars: string, isLast: boolean, long: boolean): string[] {
  const inside = `${bars}${isLast ? ' ' : '|'} `;
  const last = entry.children.length - 1;
  return [
    `${bars}+-o ${head(entry)}`,
    ...(long ? propertyLines(entry, `${inside}${last < 0 ? ' ' : '|'} `) : []),
    ...entry.children.flatMap((child, i) => lines(child, inside, i === last, long)),
  ];
}

function propertyLines({ properties }: Entry, bars: string): string[] {
  const sorted = Object.entries(properties).sort(([a], [b]) => (a < b ? -1 : 1));
  const texts = sorted.map(([key, value]) => `  "${key}" = ${shown(value)}`);
  return ['{', ...texts, '}', ''].map((text) => `${bars}${text}`.trimEnd());
}

export const ioreg = (entry: Entry, long: boolean): string =>
  lines(entry, '', true, long)
    .map((line) => `${line}\n`)
    .join('');

/** Names and classes. */
export const namesIn = (tree: Entry): readonly string[] => [
  tree.name,
  tree.class,
  ...tree.children.flatMap(namesIn),
];

/** Every entry of that name or class, topmost ones only. */
export function entriesNamed(tree: Entry, name: string): readonly Entry[] {
  if (tree.name === name || tree.class === name) return [tree];
  return tree.children.flatMap((child) => entriesNamed(child, name));
}

/** With ids as ioreg writes them, and what JSON cannot hold as text. */
export function toJson(value: unknown): string {
  const plain = (_: string, each: unknown): unknown => {
    if (typeof each === 'bigint') return each.toString();
    return each instanceof Uint8Array ? Buffer.from(each).toString('hex') : each;
  };
  return `${JSON.stringify(value, plain, 2)}\n`;
}
