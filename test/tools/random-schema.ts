// Schemas made of random pieces of style: comments, blank lines, quotes and flow anywhere.
import { schemaOf } from './support.js';

const header = schemaOf('');

/** The same for the same seed. */
export function randomSchema(seed: number): string {
  let state = seed;
  const below = (n: number): number => {
    state = (state * 48271) % 2147483647;
    return state % n;
  };
  const pick = <T>(items: readonly T[]): T => items[below(items.length)] as T;
  let comments = 0;
  const comment = (): string => {
    comments += 1;
    return `# c${comments}`;
  };
  const map = (entries: readonly (readonly [string, string])[], indent: number): string => {
    const pad = ' '.repeat(indent);
    if (
      below(2) === 0 &&
      entries.every(([, value]) => !value.includes('\n') && !value.includes('#'))
    )
      return `{${pick(['', ' ', '  '])}${entries.map(([k, v]) => `${k}: ${v}`).join(', ')}}`;
    if (below(4) === 0 && entries.every(([, value]) => !value.includes('\n')))
      return `{ ${comment()}\n${entries.map(([k, v]) => `${pad}${k}: ${v}, ${comment()}\n${below(3) === 0 ? `${pad}${comment()}\n` : ''}`).join('')}${pad}}`;
    const lines = entries.map(([key, value]) => {
      const above =
        below(3) === 0 ? `${pick(['', '\n', '\n\n'])}${pad}${comment()}\n` : pick(['', '', '\n']);
      const behind = below(3) === 0 && !value.includes('\n') ? ` ${comment()}` : '';
      return `${above}${pad}${key}: ${value}${behind}`;
    });
    return `${below(3) === 0 ? ` ${comment()}` : ''}\n${lines.join('\n')}`;
  };
  const field = (indent: number): string =>
    pick([
      'u8',
      '"u16"',
      "'f32'",
      map(
        [
          ['type', 'u32'],
          ['doc', pick(['Some text', '"a, b"'])],
          ['min', '0x01'],
        ],
        indent + 3,
      ),
    ]);
  const fields = (indent: number): string =>
    map(
      Array.from({ length: 1 + below(3) }, (_, i) => [`f${i}`, field(indent + 2)] as const),
      indent,
    );
  const methods = Array.from({ length: 1 + below(4) }, (_, i): readonly [string, string] => [
    `m${i}`,
    map(
      [
        ...(below(2) === 0 ? [['out', fields(8)] as const] : []),
        ['selector', String(i)],
        ...(below(2) === 0 ? [['in', fields(8)] as const] : []),
        ...(below(3) === 0 ? [['doc', '|\n      Text.\n\n       More.'] as const] : []),
        ...(below(3) === 0 ? [['errors', pick(['[busy]', '[ busy,idle ]'])] as const] : []),
      ],
      4,
    ),
  ]);
  const sections = [`methods: ${map(methods, 2)}`, `retired: [ ${50 + below(9)} ]`, 'doc: Some.'];
  if (below(2) === 0) sections.reverse();
  return `${header}${sections.map((section) => `${pick(['', '\n', `${comment()}\n`])}${section}\n`).join('')}${pick(['', `${comment()}\n`, `\n  ${comment()}\n`])}`;
}
