// `f32[24]` as text → its parts. Whether the names exist is types.ts's concern.

export type TypeExpression = {
  readonly name: string;
  /** Outermost first; `open` is `[...]`. Exact, since a length may be absurd. */
  readonly lengths: readonly (bigint | 'open')[];
};

const pattern = /^\s*([A-Za-z_]\w*)\s*((?:\[[^[\]]*\]\s*)*)$/;
const lengthPattern = /^(0[xX][0-9a-fA-F]+|\d+|\.\.\.)$/;

/** Null when the text is no type at all. */
export function parseType(text: string): TypeExpression | null {
  const match = pattern.exec(text);
  if (match === null) return null;
  const lengths = [...(match[2] ?? '').matchAll(/\[([^[\]]*)\]/g)].map((m) => (m[1] ?? '').trim());
  if (!lengths.every((length) => lengthPattern.test(length))) return null;
  return {
    name: match[1] ?? '',
    lengths: lengths.map((length) => (length === '...' ? 'open' : BigInt(length))),
  };
}
