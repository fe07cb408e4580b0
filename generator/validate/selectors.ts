// Selectors: each once, none of the retired, none of the contract's.

import { CONTRACT_SELECTORS } from '../model/limits.js';
import type { SelectorRange } from '../model/model.js';
import { selectorRangeOf } from '../model/quantities.js';
import type { Report, SourceNode, Span } from '../source/index.js';

export type RetiredRange = SelectorRange & { readonly at: Span };

export type Selected = {
  readonly name: string;
  readonly selector: number;
  readonly selectorAt: Span;
};

export type SelectorContext = {
  readonly retired: readonly RetiredRange[];
  /** Base of the contract selectors; null when there are none. */
  readonly base: number | null;
  readonly report: Report;
};

const MAX_SELECTOR = 0xffff_ffff;

const hex = (value: number): string => `0x${value.toString(16)}`;

/** Ordered and without overlap, so that a search finds the one that holds a selector. */
export function readRetired(nodes: readonly SourceNode[], report: Report): readonly RetiredRange[] {
  const ranges = nodes.flatMap((node) => {
    const range = selectorRangeOf(node);
    if (range !== null && range.first <= range.last && range.last <= MAX_SELECTOR) {
      return [{ ...range, at: node.span }];
    }
    const hint = 'write a selector (4) or a range of them ("10-19").';
    report({ code: 'DK511', at: node.span, message: 'this is no range of selectors', hint });
    return [];
  });
  const ordered = ranges.sort((a, b) => a.first - b.first);
  return ordered.filter((range, i) => {
    const before = ordered[i - 1];
    if (before === undefined || before.last < range.first) return true;
    report({
      code: 'DK511',
      at: range.at,
      message: 'this retires selectors that are retired already',
      notes: [{ message: 'first retired here', at: before.at }],
      hint: 'remove one of the two.',
    });
    return false;
  });
}

function retiredAt(retired: readonly RetiredRange[], selector: number): RetiredRange | null {
  let low = 0;
  let high = retired.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const range = retired[middle];
    if (range === undefined) return null;
    if (selector < range.first) high = middle - 1;
    else if (selector > range.last) low = middle + 1;
    else return range;
  }
  return null;
}

/** The lowest number that nothing uses, for hints. */
function freeSelector(taken: ReadonlyMap<number, Selected>, context: SelectorContext): number {
  let candidate = 0;
  for (;;) {
    // A range may be millions wide.
    const range = retiredAt(context.retired, candidate);
    if (range !== null) candidate = range.last + 1;
    else if (taken.has(candidate)) candidate += 1;
    else return candidate;
  }
}

function checkOne(
  selected: Selected,
  { retired, base, report }: SelectorContext,
  free: () => number,
): void {
  const { selector, selectorAt, name } = selected;
  const range = retiredAt(retired, selector);
  if (range !== null) {
    report({
      code: 'DK502',
      at: selectorAt,
      message: `the selector ${selector} of "${name}" is retired: an old client would call it with another meaning`,
      notes: [{ message: 'retired here', at: range.at }],
      hint: `choose a number that was never used; ${free()} is free.`,
    });
  }
  if (base !== null && selector >= base && selector < base + CONTRACT_SELECTORS) {
    report({
      code: 'DK503',
      at: selectorAt,
      message: `the selector of "${name}" belongs to the contract, which keeps ${hex(base)} to ${hex(base + CONTRACT_SELECTORS - 1)}`,
      hint: 'choose another number, or move the contract with "contract: { base: … }".',
    });
  }
}

export function checkSelectors(all: readonly Selected[], context: SelectorContext): void {
  const first = new Map<number, Selected>();
  for (const selected of all)
    if (!first.has(selected.selector)) first.set(selected.selector, selected);
  let lowest: number | null = null;
  const free = (): number => {
    lowest ??= freeSelector(first, context);
    return lowest;
  };
  for (const selected of all) {
    const earlier = first.get(selected.selector);
    checkOne(selected, context, free);
    if (earlier === undefined || earlier === selected) continue;
    context.report({
      code: 'DK501',
      at: selected.selectorAt,
      message: `"${selected.name}" and "${earlier.name}" both have selector ${selected.selector}`,
      notes: [{ message: 'first used here', at: earlier.selectorAt }],
      hint: `choose another one; ${free()} is free.`,
    });
  }
}
