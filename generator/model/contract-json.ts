// How what both sides observe is written down, so that equal interfaces are equal text; and what goes without saying.
export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

/** What JSON writes as it is. */
const unescaped = /^[ !#-[\]-~]*$/;

const quoted = (text: string): string =>
  unescaped.test(text) ? `"${text}"` : JSON.stringify(text);

/** JSON with sorted keys and no white space, so that equal values are equal text. */
export function canonical(value: Json): string {
  if (typeof value === 'string') return quoted(value);
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const facts = value as { readonly [key: string]: Json };
  let text = '';
  for (const key of Object.keys(facts).sort()) {
    text += `${text === '' ? '' : ','}${quoted(key)}:${canonical(facts[key] ?? null)}`;
  }
  return `{${text}}`;
}

const isSilent = (fact: Json): boolean =>
  fact === null || fact === false || fact === 0 || (Array.isArray(fact) && fact.length === 0);

/** Only what is said: an interface that does not use a rule keeps its hash when the language gains one. */
export function said(facts: { readonly [key: string]: Json }): { readonly [key: string]: Json } {
  const kept: { [key: string]: Json } = {};
  for (const key of Object.keys(facts)) {
    const fact = facts[key] ?? null;
    if (!isSilent(fact)) kept[key] = fact;
  }
  return kept;
}

export const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : 1;

/** An interface without such a section has the hash that it had before the language knew it. */
export const section = (name: string, facts: readonly Json[]): { readonly [key: string]: Json } =>
  facts.length === 0 ? {} : { [name]: facts };
