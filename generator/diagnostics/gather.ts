// One fault, one diagnostic: what several places say about one name that is missing, and what only follows from
// another fault, is told once.
import type { Diagnostic } from './diagnostic.js';

/** A name that is nowhere declared, however often it is used. */
const missing = /^(there is no |no anchor )/;

/** Code → codes that its faults bring along; those are told when it is mended, if they are still there. */
const consequences: Readonly<Record<string, readonly string[]>> = {
  // The first user client or driver stands in for the missing one.
  DK710: ['DK501', 'DK502', 'DK606', 'DK661', 'DK711'],
  DK718: ['DK715'],
  DK509: ['DK533'],
  // A number is zero as long as its constant is not known.
  DK420: ['DK607', 'DK661'],
};

/** On the line of an unknown type, what its keys mean is not known either. */
const ofTypes = new Set(['DK409', 'DK436', 'DK529']);

const lineOf = ({ at }: Diagnostic): string => `${at?.file}:${at?.line}`;
const placeOf = (one: Diagnostic): string => `${lineOf(one)}:${one.at?.column}`;

function withoutConsequences(sorted: readonly Diagnostic[]): readonly Diagnostic[] {
  const followed = new Set(sorted.flatMap(({ code }) => consequences[code] ?? []));
  const untyped = new Set(sorted.filter(({ code }) => code === 'DK401').map(lineOf));
  const left = sorted.filter(
    (one) => !followed.has(one.code) && !(ofTypes.has(one.code) && untyped.has(lineOf(one))),
  );
  return left.length > 0 ? left : sorted;
}

/** Of sorted diagnostics; the first of those that are alike stays, and points to the others. */
export function gatherDiagnostics(sorted: readonly Diagnostic[]): readonly Diagnostic[] {
  const firsts = new Map<string, { diagnostic: Diagnostic; readonly places: Set<string> }>();
  for (const one of withoutConsequences(sorted)) {
    const alike = one.at !== null && missing.test(one.message);
    const key = `${one.code} ${one.message} ${alike ? '' : placeOf(one)}`;
    const first = firsts.get(key);
    if (first === undefined) {
      firsts.set(key, { diagnostic: one, places: new Set([placeOf(one)]) });
    } else if (one.at !== null && !first.places.has(placeOf(one))) {
      first.places.add(placeOf(one));
      const { notes } = first.diagnostic;
      const note = { message: 'also used here', at: one.at };
      first.diagnostic = { ...first.diagnostic, notes: [...notes, note] };
    }
  }
  return [...firsts.values()].map(({ diagnostic }) => diagnostic);
}
