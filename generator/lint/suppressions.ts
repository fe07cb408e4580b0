// `# dextgen-ignore LINT003: reason` above an entry or behind it: findings of that rule in the entry are accepted, for
// the reason given. Suppressions are themselves looked at: LINT090, LINT091 and LINT092.
import { didYouMean, lintCodes } from '../diagnostics/index.js';
import {
  type Comment,
  commentsOf,
  type Source,
  type SourceNode,
  type Span,
} from '../source/index.js';
import type { Finding } from './finding.js';

type Suppression = {
  readonly at: Span;
  readonly rules: readonly string[];
  readonly reason: string;
  /** Where it holds. */
  readonly scope: Span;
};

const known: ReadonlySet<string> = new Set(lintCodes.map(({ code }) => code));
const pattern = /^#\s*dextgen-ignore\b([^:]*)(?::(.*))?$/;

/** Offsets of the line at or behind `offset` that holds more than a comment; from the text's own start. */
function targetLine(text: string, { start, ownLine }: Comment): Span {
  let from = text.lastIndexOf('\n', start) + 1;
  const lineEnd = (at: number): number => {
    const end = text.indexOf('\n', at);
    return end < 0 ? text.length : end;
  };
  if (ownLine) {
    do from = lineEnd(from) + 1;
    while (from < text.length && /^\s*(#.*)?$/.test(text.slice(from, lineEnd(from))));
  }
  return { start: from, end: lineEnd(from) };
}

type Extent = { readonly start: number; readonly end: number };

/** Every entry from its key to the end of its value, by start: of those in one line, the outermost comes first. */
function extentsOf(root: SourceNode): readonly Extent[] {
  const extents: Extent[] = [];
  const seen = new Set<SourceNode>();
  const walk = (node: SourceNode): void => {
    if (seen.has(node)) return;
    seen.add(node);
    if (node.kind === 'list') node.items.forEach(walk);
    if (node.kind !== 'map') return;
    for (const { keySpan, value } of node.entries.values()) {
      extents.push({ start: keySpan.start, end: value.span.end });
      walk(value);
    }
  };
  walk(root);
  return extents.sort((a, b) => a.start - b.start);
}

/** The end of the outermost entry that begins in a line. */
function endOfEntry(extents: readonly Extent[], line: Span): number {
  let low = 0;
  let high = extents.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((extents[middle]?.start ?? 0) < line.start) low = middle + 1;
    else high = middle;
  }
  const first = extents[low];
  return first !== undefined && first.start <= line.end ? Math.max(line.end, first.end) : line.end;
}

function suppressionsIn(
  { text, base }: Source,
  extents: readonly Extent[],
): readonly Suppression[] {
  return commentsOf(text).flatMap((comment): Suppression[] => {
    const match = pattern.exec(comment.text);
    if (match === null) return [];
    const at = { start: base + comment.start, end: base + comment.start + comment.text.length };
    const line = targetLine(text, comment);
    const placed = { start: base + line.start, end: base + line.end };
    const scope = { start: placed.start, end: endOfEntry(extents, placed) };
    const rules = (match[1] ?? '').split(/[\s,]+/).filter((word) => word !== '');
    return [{ at, rules, reason: (match[2] ?? '').trim(), scope }];
  });
}

function unknownRule({ at }: Suppression, rule: string): Finding {
  const hint =
    didYouMean(rule, known) ?? 'dextgen explain LINT001 explains the first of the rules.';
  return { code: 'LINT091', at, message: `there is no rule "${rule}"`, hint };
}

/** What is wrong with a suppression before it is known what it suppresses. */
function faultOf(suppression: Suppression): Finding | null {
  const { at, rules, reason } = suppression;
  const unknown = rules.find((rule) => !known.has(rule));
  if (unknown !== undefined) return unknownRule(suppression, unknown);
  if (rules.length === 0) {
    const hint = 'write it as "# dextgen-ignore LINT003: reason".';
    return { code: 'LINT091', at, message: 'this suppression names no rule', hint };
  }
  if (reason !== '') return null;
  const message = 'a suppression needs a reason, and until it has one it suppresses nothing';
  return { code: 'LINT090', at, message, hint: `write "# dextgen-ignore ${rules.join(', ')}: …".` };
}

/** The findings that are left, and those about the suppressions. */
export function suppress(
  findings: readonly Finding[],
  sources: readonly Source[],
  root: SourceNode,
): readonly Finding[] {
  const extents = extentsOf(root);
  const written = sources.flatMap((source) => suppressionsIn(source, extents));
  const faults = new Map(written.map((one) => [one, faultOf(one)]));
  const sound = written.filter((one) => faults.get(one) === null);
  const used = new Map(sound.map((one) => [one, new Set<string>()]));
  const byRule = new Map<string, Suppression[]>();
  for (const one of sound) {
    for (const rule of one.rules) {
      const others = byRule.get(rule);
      if (others === undefined) byRule.set(rule, [one]);
      else others.push(one);
    }
  }
  const left = findings.filter(({ code, at }) => {
    const covering = (byRule.get(code) ?? []).filter(
      ({ scope }) => at.start >= scope.start && at.start <= scope.end,
    );
    for (const one of covering) used.get(one)?.add(code);
    return covering.length === 0;
  });
  const idle = sound.flatMap((one) =>
    one.rules
      .filter((rule) => !used.get(one)?.has(rule))
      .map((rule): Finding => {
        const message = `there is no ${rule} here to suppress`;
        return { code: 'LINT092', at: one.at, message, hint: 'remove it.' };
      }),
  );
  return [...left, ...[...faults.values()].filter((fault) => fault !== null), ...idle];
}
