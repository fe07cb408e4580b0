// docs/diagnostics.md as data: `explain CODE` prints what that page says, and there is no second copy of its texts.

export type Entry = {
  readonly code: string;
  readonly title: string;
  /** What it is and why, as Markdown. */
  readonly text: string;
  /** Empty for codes that no schema alone can provoke. */
  readonly fails: string;
  readonly fixed: string;
};

function block(entry: string, label: string): string {
  const start = entry.indexOf(`\n${label}:\n`);
  const match = /^```yaml\n([\s\S]*?)^```$/m.exec(start < 0 ? '' : entry.slice(start));
  return match?.[1] ?? '';
}

function entryOf(text: string): Entry | null {
  const head = /^(\w+): (.*)\n/.exec(text);
  if (head === null) return null;
  const [line, code = '', title = ''] = head;
  // A section of the page may follow its last entry.
  const body = text.slice(line.length).split(/^## /m)[0] ?? '';
  return {
    code,
    title,
    text: (body.split(/^Fails:$/m)[0] ?? '').trim(),
    fails: block(body, 'Fails'),
    fixed: block(body, 'Fixed'),
  };
}

/** In the order of the page. */
export function parseEntries(page: string): readonly Entry[] {
  const sections = page.replaceAll('\r\n', '\n').split(/^### /m).slice(1);
  return sections.map(entryOf).filter((entry) => entry !== null);
}

const indent = (text: string): string => text.trimEnd().replace(/^(?=.)/gm, '  ');

/** For a terminal. */
export function printEntry({ code, title, text, fails, fixed }: Entry): string {
  const parts = [`${code}: ${title}`, text];
  if (fails !== '') parts.push(`Fails:\n\n${indent(fails)}`);
  if (fixed !== '') parts.push(`Fixed:\n\n${indent(fixed)}`);
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}
