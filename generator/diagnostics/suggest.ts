// Did-you-mean: the known word that a misspelt one is closest to.

/** Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours, each 1. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let older: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let best = Math.min(
        (previous[j] ?? 0) + 1,
        (current[j - 1] ?? 0) + 1,
        (previous[j - 1] ?? 0) + (same ? 0 : 1),
      );
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) best = Math.min(best, (older[j - 2] ?? 0) + 1);
      current.push(best);
    }
    older = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** The closest of `known`, or null when none is so close. Case does not count as a difference of its own. */
export function suggest(
  word: string,
  known: Iterable<string>,
  limit = Math.max(1, Math.floor(word.length / 3)),
): string | null {
  let best: string | null = null;
  let bestDistance = limit + 1;
  for (const candidate of known) {
    const d = distance(word.toLowerCase(), candidate.toLowerCase(), limit);
    if (d >= bestDistance) continue;
    best = candidate;
    bestDistance = d;
  }
  return best;
}

/** `Did you mean "selector"?`, or null. */
export function didYouMean(word: string, known: Iterable<string>): string | null {
  const found = suggest(word, known);
  return found === null ? null : `did you mean "${found}"?`;
}
