// The end of a sentence about a name that nothing has.
import { didYouMean } from '../../diagnostics/index.js';

/** `; did you mean "Oscilloscope"?`, or nothing. */
export function suggestion(word: string, known: Iterable<string>): string {
  const hint = didYouMean(word, known);
  return hint === null ? '' : `; ${hint}`;
}
