// User text, code and tables as Markdown: the one place that escapes for it.

/** Words, with one space between them, that Markdown prints as they are. */
const plain = /^[A-Za-z](?: ?[\dA-Za-z.,;:()'"=%/?!+-])*$/;

/** Text that reads as it was written, on one line: in a paragraph, a list or a table cell. */
export function markdownText(text: string): string {
  if (plain.test(text)) return text;
  return text
    .trim()
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]<>|~&]/g, '\\$&')
    .replace(/^(#|[-+](?= )|\d+[.)](?= ))/, '\\$1');
}

/** Paragraphs of a longer text, blank lines between them. */
export function markdownParagraphs(text: string): string {
  return text
    .split(/\r?\n[ \t]*\r?\n/)
    .map(markdownText)
    .filter((paragraph) => paragraph !== '')
    .join('\n\n');
}

/** Names and types of ours: none has a backtick, and a bar would end a table cell. */
export function code(text: string): string {
  if (!/[`|]/.test(text)) return `\`${text}\``;
  return `\`${text.replaceAll('`', '').replaceAll('|', '\\|')}\``;
}

/** A comment cannot hold its own end. */
export function markdownComment(text: string): string {
  return text.replaceAll('--', '- -');
}

/** `rows` hold finished Markdown. A column that is empty in every row is left out, a table without rows is none. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return '';
  const used = head.map((_, column) => rows.some((row) => row[column] !== ''));
  const line = (cells: readonly string[]) =>
    `| ${cells.filter((_, column) => used[column]).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A part of the reference below a heading of its own. */
export type Section = { readonly title: string; readonly body: string };

/** Blocks with blank lines between them; empty ones vanish. */
export function blocks(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n\n');
}
