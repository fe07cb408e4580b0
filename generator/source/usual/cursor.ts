// Where a reader of usual YAML stands in the text, and how it gets over what separates values.

export type Cursor = {
  readonly text: string;
  at: number;
  /** Of the content that the cursor stands at, once a block value ended; -1 at the end of the text. */
  column: number;
  /** Collections around the cursor. */
  depth: number;
  /** Those of them in braces or brackets. */
  flows: number;
};

export const code = {
  newline: 0x0a,
  space: 0x20,
  doubleQuote: 0x22,
  hash: 0x23,
  singleQuote: 0x27,
  comma: 0x2c,
  dash: 0x2d,
  colon: 0x3a,
  openList: 0x5b,
  closeList: 0x5d,
  openMap: 0x7b,
  closeMap: 0x7d,
} as const;

export const here = ({ text, at }: Cursor): number => text.charCodeAt(at);

/** White space, or the end of the text. */
export function isGap(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit === code.space || unit === code.newline || Number.isNaN(unit);
}

export function skipSpaces(cursor: Cursor): void {
  while (here(cursor) === code.space) cursor.at += 1;
}

/** Over white space, line ends and comments. False when a `#` stands where none may. */
export function skipGaps(cursor: Cursor): boolean {
  const { text } = cursor;
  for (;;) {
    const unit = here(cursor);
    if (unit === code.hash) {
      if (cursor.at > 0 && !isGap(text, cursor.at - 1)) return false;
      const end = text.indexOf('\n', cursor.at);
      cursor.at = end < 0 ? text.length : end;
    } else if (unit === code.space || unit === code.newline) cursor.at += 1;
    else return true;
  }
}

/** How far an offset is from the start of its line. */
export const columnAt = (text: string, at: number): number =>
  at === 0 ? 0 : at - text.lastIndexOf('\n', at - 1) - 1;

/** From the end of a value to the next content, which has to begin a line. */
export function endLine(cursor: Cursor): boolean {
  const from = cursor.at;
  if (!skipGaps(cursor)) return false;
  const { text, at } = cursor;
  if (at === text.length) {
    cursor.column = -1;
    return true;
  }
  cursor.column = columnAt(text, at);
  return at - cursor.column >= from;
}
