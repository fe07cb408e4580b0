// An explanation for a terminal: tables of plain text.
import type { Cost, Explanation, Layout } from './explanation.js';

type Cell = string | number;

/** Columns as wide as their widest cell; numbers stand at the right. */
function table(rows: readonly (readonly Cell[])[]): string[] {
  const width = (column: number): number =>
    Math.max(...rows.map((row) => String(row[column] ?? '').length));
  const widths = (rows[0] ?? []).map((_, column) => width(column));
  return rows.map((row) => {
    const cells = row.map((cell, i) =>
      typeof cell === 'number' || cell === '-'
        ? String(cell).padStart(widths[i] ?? 0)
        : cell.padEnd(widths[i] ?? 0),
    );
    return `  ${cells.join('  ')}`.trimEnd();
  });
}

function layoutLines(layout: Layout): string[] {
  const { title, rows, size, unit, atMost = false, closing = '' } = layout;
  const head = unit === 'bit' ? ['bit', 'width'] : ['offset', 'size'];
  const body = rows.map(({ offset, size, field, type, note }): readonly Cell[] => [
    offset ?? '-',
    size,
    field ?? (unit === 'bit' ? '(unused)' : '(padding)'),
    type,
    note,
  ]);
  const heads = [...head, 'field', 'type', ''];
  const bytes = `${size} ${size === 1 ? 'byte' : 'bytes'}`;
  const last = closing === '' ? [] : [`  ${closing}`];
  return [
    `Layout of ${title} (${atMost ? 'at most ' : ''}${bytes})`,
    ...table([heads, ...body]),
    ...last,
  ];
}

function costLines({ messages, words, bytes, copies, notes }: Cost, per: string): string[] {
  return [
    `Cost ${per}`,
    ...table([
      ['messages', messages],
      ['words', words],
      ['bytes', bytes],
      ['copies', copies.length],
    ]),
    ...copies.map((copy) => `    ${copy}`),
    ...notes.map((note) => `  ${note}`),
  ];
}

export function printExplanation(explanation: Explanation): string {
  const { kind, name, doc, summary, carriers, layouts, limits, cost, per } = explanation;
  const sections: string[][] = [[`${kind} ${name} of ${explanation.interface}: ${summary}`]];
  if (doc !== '') sections[0]?.push(doc);
  if (carriers.length > 0) {
    const lines = carriers.flatMap(({ what, carrier, because, rule }) => [
      `  ${what}: ${carrier}`,
      `    ${because}${rule === '' ? '' : ` (${rule})`}`,
    ]);
    sections.push(['Carriers', ...lines]);
  }
  if (explanation.conditions !== undefined && explanation.conditions.length > 0)
    sections.push(['Conditions', ...explanation.conditions.map((text) => `  ${text}`)]);
  for (const layout of layouts) sections.push(layoutLines(layout));
  if (limits.length > 0) {
    const rows = limits.map(({ limit, used, most, rule }) => [
      limit,
      used,
      `at most ${most}`,
      rule,
    ]);
    sections.push(['Limits', ...table(rows)]);
  }
  if (explanation.entitlements !== undefined) {
    const rows = explanation.entitlements.map(({ side, key, approval, reason }) => [
      side,
      key,
      approval ? 'Apple grants it on request' : 'free to use',
      reason,
    ]);
    sections.push(['Entitlements', ...table(rows)]);
  }
  if (cost !== null) sections.push(costLines(cost, per));
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
