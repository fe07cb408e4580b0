// Member functions as an .iig declares them, read just well enough to compare: names, types of parameters, LOCALONLY.
// Spacing, names of parameters and comments do not count.

export type Declaration = {
  readonly name: string;
  readonly result: string;
  readonly parameters: readonly string[];
  readonly localOnly: boolean;
};

export function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, ' ').replace(/\/\/[^\n]*/g, ' ');
}

/** `const uint8_t *` of `const uint8_t * image`. */
function typeOf(parameter: string): string {
  const tokens = parameter.match(/\w+|[*&:<>[\]]/g) ?? [];
  const words = tokens.filter((token) => /^\w/.test(token) && token !== 'const');
  const named = words.length > 1 && /^\w/.test(tokens.at(-1) ?? '');
  // `OSAction * action TARGET`: an attribute stands behind the name.
  const plain = tokens.filter((token) => token !== 'TARGET');
  const last = plain.length - 1;
  const unnamed = named && plain.length > 1 && /^\w/.test(plain[last] ?? '');
  return (unnamed ? plain.slice(0, last) : plain).join(' ');
}

function resultOf(before: string): string {
  const words = before.match(/\w+|\*/g) ?? [];
  return words.filter((word) => word !== 'virtual' && word !== 'static').join(' ');
}

const pattern = /([\w\s*]+?)\b([A-Za-z_]\w*)\s*\(([^()]*)\)([^;{}()]*(?:\([^()]*\)[^;{}()]*)?);/g;

/** Of the body of a class. */
export function declarationsOf(body: string): readonly Declaration[] {
  return [...body.matchAll(pattern)].map(([, before = '', name = '', list = '', after = '']) => ({
    name,
    result: resultOf(before),
    parameters: list.trim() === '' ? [] : list.split(',').map(typeOf),
    localOnly: /\bLOCALONLY\b/.test(after),
  }));
}

/** The base class and the body of a class; null when the text declares none of that name. */
export function classOf(
  text: string,
  name: string,
): { readonly base: string; readonly body: string } | null {
  const plain = withoutComments(text);
  const head = new RegExp(
    `\\bclass\\s+(?:[A-Z_]+\\s+)?${name}\\s*:\\s*public\\s+(\\w+)[^{;]*\\{`,
  ).exec(plain);
  if (head === null) return null;
  const start = head.index + head[0].length;
  let depth = 1;
  let end = start;
  while (end < plain.length && depth > 0) {
    if (plain[end] === '{') depth += 1;
    if (plain[end] === '}') depth -= 1;
    end += 1;
  }
  // Access labels would stand before a result.
  const body = plain.slice(start, end - 1).replace(/\b(public|protected|private)\s*:/g, ';');
  return { base: head[1] ?? '', body: body.replace(/^\s*#.*$/gm, '') };
}
