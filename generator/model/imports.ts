// Types and constants from other files: every file that a schema imports is parsed, checked by itself, and what it
// declares is put below `types` and `constants` as if it were declared there, with its places in its own file. Fetching the files is io/'s.
import {
  child,
  type Entry,
  entriesOf,
  itemsOf,
  type MapNode,
  nextBase,
  openSource,
  parseSource,
  type Report,
  type Source,
  type SourceNode,
  type Span,
  stringOf,
} from '../source/index.js';
import { checkTypesShape, typesFileKeys } from '../validate/types-file.js';
import { joinPath } from './import-paths.js';

/** A file that io/ looked for. */
export type ImportedFile = {
  /** Relative to the project, as the importing file's folder and the written path give it. */
  readonly path: string;
  /** Null when it could not be read. */
  readonly text: string | null;
  /** Why not: "there is no such file". */
  readonly reason: string;
};

type Loaded = { readonly path: string; readonly at: Span };

type Loading = {
  readonly files: ReadonlyMap<string, ImportedFile>;
  /** Grows with each file. */
  readonly sources: Source[];
  readonly report: Report;
  /** By path; the place is the import that came first. */
  readonly loaded: Map<string, Loaded>;
  /** From the schema to the file being read. */
  readonly open: Loaded[];
  /** By name, in the order of the imports. */
  readonly types: Map<string, Entry>;
  readonly constants: Map<string, Entry>;
};

/** A types file holds types, and says which others it builds on. */
export function isTypesFile(root: SourceNode): boolean {
  const keys = entriesOf(root).map(({ key }) => key);
  return (
    keys.every((key) => typesFileKeys.includes(key)) &&
    ['types', 'constants', 'import'].some((key) => keys.includes(key))
  );
}

function badPath(report: Report, item: SourceNode, message: string): void {
  const hint = 'write a path relative to this file, as in ./types/common.yaml.';
  report({ code: 'DK805', at: item.span, message, hint });
}

function checkCycle(path: string, item: SourceNode, { open, report }: Loading): boolean {
  const first = open.findIndex((one) => one.path === path);
  if (first < 0) return false;
  const cycle = [...open.slice(first).map((one) => one.path), path];
  const back = open[first + 1];
  report({
    code: 'DK802',
    at: item.span,
    message: `these files import each other: ${cycle.join(' → ')}`,
    notes: back === undefined ? [] : [{ message: 'the cycle begins here', at: back.at }],
    hint: 'move what both need into a third file, and import that.',
  });
  return true;
}

function openImported(path: string, item: SourceNode, loading: Loading): SourceNode | null {
  const file = loading.files.get(path);
  if (file === undefined || file.text === null) {
    loading.report({
      code: 'DK801',
      at: item.span,
      message: `"${path}" cannot be imported: ${file?.reason ?? 'there is no such file'}`,
      hint: 'the path is relative to the file that imports.',
    });
    return null;
  }
  const source = openSource({ path, text: file.text }, nextBase(loading.sources));
  loading.sources.push(source);
  return parseSource(source, loading.report);
}

function refuseOtherKeys(root: SourceNode, path: string, report: Report): boolean {
  const other = entriesOf(root).find(({ key }) => !typesFileKeys.includes(key));
  if (other === undefined) return false;
  report({
    code: 'DK804',
    at: other.keySpan,
    message: `"${path}" is imported, so it may hold types only, and "${other.key}" is none`,
    hint: 'move the types into a file of their own, and import that.',
  });
  return true;
}

function importOne(item: SourceNode, from: string, loading: Loading): void {
  const { report, loaded, open } = loading;
  const text = stringOf(item) ?? '';
  if (!/\.(ya?ml|json)$/i.test(text)) {
    badPath(report, item, `"${text}" is no path of a YAML or JSON file`);
    return;
  }
  if (/^([/\\~]|[A-Za-z]+:)|\\/.test(text)) {
    badPath(report, item, `"${text}" is not relative, or not written with "/"`);
    return;
  }
  const path = joinPath(from, text);
  if (checkCycle(path, item, loading) || loaded.has(path)) return;
  loaded.set(path, { path, at: item.span });
  const root = openImported(path, item, loading);
  if (root === null || refuseOtherKeys(root, path, report)) return;
  if (!checkTypesShape(root, report)) return;
  open.push({ path, at: item.span });
  importAll(root, path, loading);
  open.pop();
  for (const entry of entriesOf(child(root, 'types'))) add(entry, 'type', loading);
  for (const entry of entriesOf(child(root, 'constants'))) add(entry, 'constant', loading);
}

function importAll(root: SourceNode, path: string, loading: Loading): void {
  const items = itemsOf(child(root, 'import'));
  const first = new Map<string, SourceNode>();
  for (const item of items) {
    const text = stringOf(item) ?? '';
    const earlier = first.get(text);
    if (earlier === undefined) {
      first.set(text, item);
      importOne(item, path, loading);
      continue;
    }
    const notes = [{ message: 'first imported here', at: earlier.span }];
    const message = `"${text}" is imported twice`;
    loading.report({ code: 'DK805', at: item.span, message, notes, hint: 'remove one.' });
  }
}

type Kind = 'type' | 'constant';

function add(entry: Entry, kind: Kind, { types, constants, report }: Loading): void {
  const known = kind === 'type' ? types : constants;
  const earlier = known.get(entry.key);
  if (earlier === undefined) known.set(entry.key, entry);
  else clash({ entry, earlier, kind }, report);
}

type Clash = { readonly entry: Entry; readonly earlier: Entry; readonly kind: Kind };

function clash({ entry, earlier, kind }: Clash, report: Report): void {
  report({
    code: 'DK803',
    at: entry.keySpan,
    message: `the ${kind} "${entry.key}" is declared in two files`,
    notes: [{ message: 'also declared here', at: earlier.keySpan }],
    hint: 'rename one, or remove the copy.',
  });
}

type Imported = { readonly kind: Kind; readonly entries: readonly Entry[] };

/** The root with what was imported behind its own. */
function mergeSection(root: MapNode, { kind, entries }: Imported, report: Report): MapNode {
  if (entries.length === 0 && kind === 'constant') return root;
  const key = `${kind}s`;
  const section = root.entries.get(key);
  const at = root.entries.get('import')?.keySpan ?? root.span;
  const all = new Map(section?.value.kind === 'map' ? section.value.entries : []);
  for (const entry of entries) {
    const own = all.get(entry.key);
    if (own === undefined) all.set(entry.key, entry);
    else clash({ entry: own, earlier: entry, kind }, report);
  }
  const value: MapNode = { kind: 'map', entries: all, span: section?.value.span ?? at };
  const entry: Entry = { key, keySpan: section?.keySpan ?? at, value };
  return { ...root, entries: new Map(root.entries).set(key, entry) };
}

export type Merged = { readonly root: SourceNode; readonly imported: ReadonlySet<string> };

type Request = {
  readonly root: SourceNode;
  readonly files: readonly ImportedFile[];
  /** The schema itself; the imported files join it. */
  readonly sources: Source[];
  readonly report: Report;
};

/** `imported`: names of the types that other files declare. */
export function importTypes({ root, files, sources, report }: Request): Merged {
  const imports = child(root, 'import');
  if (root.kind !== 'map' || imports === null) return { root, imported: new Set() };
  const path = sources[0]?.path ?? '';
  const loading: Loading = {
    files: new Map(files.map((file) => [file.path, file])),
    sources,
    report,
    loaded: new Map(),
    open: [{ path, at: imports.span }],
    types: new Map(),
    constants: new Map(),
  };
  importAll(root, path, loading);
  const types: Imported = { kind: 'type', entries: [...loading.types.values()] };
  const constants: Imported = { kind: 'constant', entries: [...loading.constants.values()] };
  return {
    root: mergeSection(mergeSection(root, types, report), constants, report),
    imported: new Set(loading.types.keys()),
  };
}
