// The parsed text as plain values that keep where they stand and how they were spelt. Knows nothing of the language.

/** Offsets into the text (UTF-16 units); `end` is one past the last. */
export type Span = { readonly start: number; readonly end: number };

export type Scalar = string | number | bigint | boolean | null;

export type ScalarNode = {
  readonly kind: 'scalar';
  /** Integers are bigints, so that 64-bit values are exact. */
  readonly value: Scalar;
  /** As spelt, without quotes: `1.0` stays `1.0`. */
  readonly text: string;
  readonly span: Span;
};

export type Entry = { readonly key: string; readonly keySpan: Span; readonly value: SourceNode };

export type MapNode = {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Entry>;
  readonly span: Span;
};

export type ListNode = {
  readonly kind: 'list';
  readonly items: readonly SourceNode[];
  readonly span: Span;
};

export type SourceNode = ScalarNode | MapNode | ListNode;

/** The value below a key of a map; null for anything else. */
export function child(node: SourceNode | null, key: string): SourceNode | null {
  return node?.kind === 'map' ? (node.entries.get(key)?.value ?? null) : null;
}

/** The entries of a map, in the order of the text; none for anything else. */
export function entriesOf(node: SourceNode | null): readonly Entry[] {
  return node?.kind === 'map' ? [...node.entries.values()] : [];
}

export function itemsOf(node: SourceNode | null): readonly SourceNode[] {
  return node?.kind === 'list' ? node.items : [];
}

/** The text of a string scalar; null for anything else. */
export function stringOf(node: SourceNode | null): string | null {
  return node?.kind === 'scalar' && typeof node.value === 'string' ? node.value : null;
}

/** The exact value of a whole number, however it was spelt (`4`, `0x4`, `4.0`); null for anything else. */
export function integerOf(node: SourceNode | null): bigint | null {
  if (node?.kind !== 'scalar') return null;
  if (typeof node.value === 'bigint') return node.value;
  return typeof node.value === 'number' && Number.isInteger(node.value) ? BigInt(node.value) : null;
}

/** The same nodes, all spans moved by `by`. What aliases share stays shared. */
export function moveNode(root: SourceNode, by: number): SourceNode {
  const seen = new Map<SourceNode, SourceNode>();
  const moveSpan = ({ start, end }: Span): Span => ({ start: start + by, end: end + by });
  const move = (node: SourceNode): SourceNode => {
    const known = seen.get(node);
    if (known !== undefined) return known;
    const moved = moveOne(node);
    seen.set(node, moved);
    return moved;
  };
  const moveOne = (node: SourceNode): SourceNode => {
    const span = moveSpan(node.span);
    if (node.kind === 'scalar') return { ...node, span };
    if (node.kind === 'list') return { ...node, items: node.items.map(move), span };
    const entries = [...node.entries.values()].map(
      ({ key, keySpan, value }) =>
        [key, { key, keySpan: moveSpan(keySpan), value: move(value) }] as const,
    );
    return { kind: 'map', entries: new Map(entries), span };
  };
  return move(root);
}

function plainMap({ entries }: MapNode, convert: (node: SourceNode) => unknown): object {
  const plain: Record<string, unknown> = {};
  for (const { key, value } of entries.values()) {
    // Assigning this key would set the prototype.
    if (key === '__proto__')
      Object.defineProperty(plain, key, { value: convert(value), enumerable: true });
    else plain[key] = convert(value);
  }
  return plain;
}

/** Plain JSON for shape checks. Integers become doubles: exact values are read from the nodes. */
export function toPlain(node: SourceNode): unknown {
  const seen = new Map<SourceNode, unknown>();
  const convert = (at: SourceNode): unknown => {
    if (at.kind === 'scalar') return typeof at.value === 'bigint' ? Number(at.value) : at.value;
    const known = seen.get(at);
    if (known !== undefined) return known;
    const plain = at.kind === 'list' ? at.items.map(convert) : plainMap(at, convert);
    seen.set(at, plain);
    return plain;
  };
  return convert(node);
}
