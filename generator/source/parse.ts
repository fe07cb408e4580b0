// Text → nodes, by a quick reader of usual texts or through the `yaml` package (JSON is a subset). Owns everything that can be wrong with text as text.
import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  isSeq,
  type ParsedNode,
  Parser,
  type YAMLError,
  type YAMLMap,
  type YAMLSeq,
  type Node as YamlNode,
} from 'yaml';
import {
  type Entry,
  type MapNode,
  moveNode,
  type ScalarNode,
  type SourceNode,
  type Span,
} from './node.js';
import type { Report, Source } from './source.js';
import { parseUsual } from './usual/parse.js';

// Nodes after aliases are followed: far above any interface, far below what exhausts memory.
const MAX_EXPANDED_NODES = 4_000_000;
const MAX_DEPTH = 64;

type Conversion = {
  readonly report: Report;
  readonly anchors: Map<string, { readonly node: SourceNode; readonly size: number }>;
  /** Nodes of the tree with every alias followed. */
  expanded: number;
};

function spanOf(node: { readonly range?: readonly [number, number, number] | null }): Span {
  const [start, end] = node.range ?? [0, 0];
  return { start, end };
}

/** Without brackets, up to the end of its last value: the package adds the comments behind it. */
function spanOfCollection(node: YAMLMap | YAMLSeq): Span {
  const { start, end } = spanOf(node);
  const last = node.items.at(-1);
  const inner = isPair(last) ? (last.value ?? last.key) : last;
  if (node.flow === true || !isNode(inner)) return { start, end };
  return { start, end: isCollection(inner) ? spanOfCollection(inner).end : spanOf(inner).end };
}

/** The messages of the package end in details for its own excerpt; ours is drawn elsewhere. */
function syntaxFault(error: YAMLError, report: Report): void {
  const [start, end] = error.pos;
  const message = error.message.replace(/\s+/g, ' ').replace(/[.:]$/, '');
  if (error.code === 'TAG_RESOLVE_FAILED') {
    const tag = `the tag ${message.replace(/^Unresolved tag: /, '')} means nothing here`;
    report({
      code: 'DK106',
      at: { start, end },
      message: tag,
      hint: 'write the value without it.',
    });
    return;
  }
  const hint =
    'look for a bracket, a quote or an indentation that is wrong here or shortly before.';
  report({ code: 'DK101', at: { start, end }, message: `not valid YAML: ${message}`, hint });
}

function convertScalar(node: YamlNode): ScalarNode {
  if (!isScalar(node)) throw new Error('not a scalar');
  const value = node.value as ScalarNode['value'];
  const text = typeof value === 'string' ? value : (node.source ?? String(value ?? ''));
  return { kind: 'scalar', value: value ?? null, text, span: spanOf(node) };
}

function convertKey(key: unknown, conversion: Conversion, fallback: Span): ScalarNode | null {
  if (isScalar(key) && key.value !== null) return convertScalar(key);
  const at = key === null ? fallback : spanOf(key as YamlNode);
  conversion.report({
    code: 'DK104',
    at,
    message: 'a key is one word',
    hint: 'write "name: value", with a name in front of the colon.',
  });
  return null;
}

/** `<<` merges what the map does not say itself; of several maps, the first that has a key wins. */
function mergeInto(entries: Map<string, Entry>, node: SourceNode, report: Report): void {
  if (node.kind === 'list') {
    for (const item of node.items) mergeInto(entries, item, report);
  } else if (node.kind === 'map') {
    for (const entry of node.entries.values()) {
      if (!entries.has(entry.key)) entries.set(entry.key, entry);
    }
  } else {
    report({
      code: 'DK109',
      at: node.span,
      message: '"<<" merges maps, and this is none',
      hint: 'write <<: *name with the anchor of a map, or a list of such aliases.',
    });
  }
}

function convertMap(map: YAMLMap, conversion: Conversion): MapNode {
  const entries = new Map<string, Entry>();
  /** Keys that stand in this very map. */
  const own = new Map<string, Entry>();
  for (const pair of map.items) {
    const key = convertKey(pair.key, conversion, spanOf(map));
    const value = pair.value === null ? null : convertNode(pair.value as ParsedNode, conversion);
    if (key === null) continue;
    const first = own.get(key.text);
    if (first !== undefined) {
      conversion.report({
        code: 'DK103',
        at: key.span,
        message: `the key "${key.text}" stands twice in one map`,
        notes: [{ message: 'first used here', at: first.keySpan }],
        hint: 'remove one, or rename it.',
      });
      continue;
    }
    const missing: ScalarNode = { kind: 'scalar', value: null, text: '', span: key.span };
    const entry = { key: key.text, keySpan: key.span, value: value ?? missing };
    own.set(key.text, entry);
    if (isMergeKey(pair.key)) mergeInto(entries, entry.value, conversion.report);
    else entries.set(key.text, entry);
  }
  return { kind: 'map', entries, span: spanOfCollection(map) };
}

/** In quotes it is a key like any other. */
const isMergeKey = (key: unknown): boolean =>
  isScalar(key) && key.value === '<<' && key.type === 'PLAIN';

function convertAlias(name: string, span: Span, conversion: Conversion): SourceNode {
  const anchored = conversion.anchors.get(name);
  if (anchored !== undefined) {
    conversion.expanded += anchored.size;
    return anchored.node;
  }
  conversion.report({
    code: 'DK107',
    at: span,
    message: `no anchor "&${name}" stands before this alias`,
    hint: `write &${name} in front of the value that *${name} repeats.`,
  });
  return { kind: 'scalar', value: null, text: '', span };
}

function convertNode(node: ParsedNode, conversion: Conversion): SourceNode {
  if (isAlias(node)) return convertAlias(node.source, spanOf(node), conversion);
  const before = conversion.expanded;
  conversion.expanded += 1;
  const converted = convertPlain(node, conversion);
  if (node.anchor !== undefined) {
    const size = conversion.expanded - before;
    conversion.anchors.set(node.anchor, { node: converted, size });
  }
  return converted;
}

function convertPlain(node: ParsedNode, conversion: Conversion): SourceNode {
  if (isMap(node)) return convertMap(node as YAMLMap, conversion);
  if (isSeq(node)) {
    const items = (node as YAMLSeq).items.map((item) =>
      convertNode(item as ParsedNode, conversion),
    );
    return { kind: 'list', items, span: spanOfCollection(node as YAMLSeq) };
  }
  return convertScalar(node);
}

/** Keys are compared here rather than by the package, whose comparison takes quadratic time. */
const options = {
  intAsBigInt: true,
  uniqueKeys: false,
  prettyErrors: false,
  version: '1.2',
} as const;

/** The package composes by recursion, so depth is measured before it does. */
function deepToken(tokens: readonly CST.Token[]): CST.Token | null {
  const open = tokens.map((token) => ({ token, depth: 0 }));
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const { token, depth } = at;
    if (depth > MAX_DEPTH) return token;
    const inner =
      token.type === 'document'
        ? [token.value]
        : 'items' in token
          ? token.items.flatMap((item) => [item.key, item.value])
          : [];
    for (const next of inner) if (next) open.push({ token: next, depth: depth + 1 });
  }
  return null;
}

function compose(tokens: readonly CST.Token[], length: number): Document.Parsed[] {
  return [...new Composer(options).compose(tokens, true, length)] as Document.Parsed[];
}

function tooMuch(report: Report, start: number): null {
  report({
    code: 'DK108',
    at: { start, end: start },
    message: 'the schema is nested too deeply, or its aliases repeat too much',
    hint: 'write it flat, and each value where it is used.',
  });
  return null;
}

function convertDocument(document: Document.Parsed, report: Report): SourceNode | null {
  if (document.contents === null) return null;
  const conversion: Conversion = { report, anchors: new Map(), expanded: 0 };
  const root = convertNode(document.contents, conversion);
  return conversion.expanded > MAX_EXPANDED_NODES ? tooMuch(report, 0) : root;
}

/** Through the package, whatever the text. */
export function parseAny(source: Source, report: Report): SourceNode | null {
  const tokens = [...new Parser().parse(source.text)];
  const deep = deepToken(tokens);
  if (deep !== null) return tooMuch(report, deep.offset);
  const documents = compose(tokens, source.text.length);
  const [document, second] = documents;
  if (document === undefined) return null;
  // What follows the first syntax error is mostly a consequence of it.
  const fault = document.errors[0] ?? document.warnings[0];
  if (fault !== undefined) {
    syntaxFault(fault, report);
    return null;
  }
  if (second !== undefined) {
    const start = second.range[0];
    const hint = 'give each interface a file of its own.';
    report({ code: 'DK105', at: { start, end: start }, message: 'a schema is one document', hint });
    return null;
  }
  return convertDocument(document, report);
}

const isNothing = (root: SourceNode | null): boolean =>
  root === null || (root.kind === 'scalar' && root.value === null);

/** The root node; null when something was reported. */
export function parseSource(source: Source, report: Report): SourceNode | null {
  let faults = 0;
  const move = ({ start, end }: Span): Span => ({
    start: start + source.base,
    end: end + source.base,
  });
  const count: Report = ({ notes = [], ...fault }) => {
    faults += 1;
    const moved = notes.map((note) => ({ ...note, at: move(note.at) }));
    report({ ...fault, at: move(fault.at), notes: moved });
  };
  const root = parseUsual(source.text) ?? parseAny(source, count);
  if (faults > 0) return null;
  if (root !== null && !isNothing(root)) {
    return source.base === 0 ? root : moveNode(root, source.base);
  }
  const hint = 'begin with "dextgen: 1" and "interface: Name".';
  count({ code: 'DK102', at: { start: 0, end: 0 }, message: 'the schema is empty', hint });
  return null;
}
