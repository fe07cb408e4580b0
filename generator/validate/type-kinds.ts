// What kind of type a declaration is, and which keys go with that. A choice that JSON Schema could only describe with
// branches, each of which would complain.
import { child, entriesOf, type MapNode, type Report, type SourceNode } from '../source/index.js';

type Kind = {
  /** Keys that it cannot be without. */
  readonly needs: readonly string[];
  /** Keys that it may have besides. */
  readonly takes: readonly string[];
};

const kinds: Readonly<Record<string, Kind>> = {
  enum: { needs: ['values'], takes: ['reserved', 'open'] },
  flags: { needs: ['values'], takes: ['reserved', 'open', 'safe'] },
  bits: { needs: ['fields'], takes: ['open'] },
  struct: { needs: [], takes: ['layout', 'size', 'byteOrder', 'max', 'align'] },
  variant: { needs: ['cases'], takes: ['exact'] },
  union: { needs: [], takes: [] },
};

const owned = new Set(Object.values(kinds).flatMap(({ needs, takes }) => [...needs, ...takes]));
const common = new Set(['doc', 'since']);

const asList = (words: readonly string[]): string => words.map((word) => `"${word}"`).join(' or ');

function checkDeclaration(name: string, node: MapNode, report: Report): void {
  const said = Object.keys(kinds).filter((kind) => node.entries.has(kind));
  const [kind, ...others] = said;
  for (const other of others) {
    report({
      code: 'DK208',
      at: node.entries.get(other)?.keySpan ?? node.span,
      message: `"${other}" does not go with "${kind}"`,
      hint: 'remove one of the two.',
    });
  }
  if (kind === undefined || others.length > 0) return;
  const { needs, takes } = kinds[kind] ?? { needs: [], takes: [] };
  for (const key of needs) {
    if (node.entries.has(key)) continue;
    report({
      code: 'DK203',
      at: node.entries.get(kind)?.keySpan ?? node.span,
      message: `"${name}" needs a key "${key}"`,
      hint: `add "${key}: …".`,
    });
  }
  for (const { key, keySpan } of node.entries.values()) {
    if (key === kind || common.has(key) || !owned.has(key)) continue;
    if (needs.includes(key) || takes.includes(key)) continue;
    const owners = Object.keys(kinds).filter((one) => {
      const own = kinds[one];
      return own?.needs.includes(key) || own?.takes.includes(key);
    });
    report({
      code: 'DK205',
      at: keySpan,
      message: `"${key}" means nothing without ${asList(owners)}`,
      hint: `remove it: "${name}" is ${/^[aeiou]/.test(kind) ? 'an' : 'a'} ${kind}.`,
    });
  }
}

export function checkTypeKinds(root: SourceNode, report: Report): void {
  for (const { key, value } of entriesOf(child(root, 'types'))) {
    if (value.kind === 'map') checkDeclaration(key, value, report);
  }
}
