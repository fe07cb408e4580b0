// `f32[24]` as text → its parts. Whether the names exist is types.ts's concern.

/** A length: a number (exact, since it may be absurd), `[...]`, or the name of something that says it. */
export type LengthExpression = bigint | 'open' | { readonly name: string };

export type TypeExpression = {
  readonly name: string;
  /** Outermost first. */
  readonly lengths: readonly LengthExpression[];
};

const pattern = /^\s*([A-Za-z_]\w*)\s*((?:\[[^[\]]*\]\s*)*)$/;
const numberPattern = /^(0[xX][0-9a-fA-F]+|\d+)$/;
const namePattern = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/;

function lengthOf(text: string): LengthExpression | null {
  if (text === '...') return 'open';
  if (numberPattern.test(text)) return BigInt(text);
  return namePattern.test(text) ? { name: text } : null;
}

/** Null when the text is no type at all. */
export function parseType(text: string): TypeExpression | null {
  const match = pattern.exec(text);
  if (match === null) return null;
  const texts = [...(match[2] ?? '').matchAll(/\[([^[\]]*)\]/g)].map((m) => (m[1] ?? '').trim());
  const lengths = texts.map(lengthOf);
  const complete = lengths.filter((length) => length !== null);
  return complete.length < lengths.length ? null : { name: match[1] ?? '', lengths: complete };
}
