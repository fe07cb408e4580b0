// Why tests failed, in a line each, from what uvu and watched-uvu.ts print.

/** Characters of one reason. */
const LENGTH = 300;

/** Every failed test of a file with the first line of its reason; without any, how the output ended. */
export function reasonsOf(output: string): readonly string[] {
  const found = [...output.matchAll(/^\s*((?:FAIL|HOOK) .*)\n\s*(.*)$/gm)].map(
    ([, test, reason]) => `${test}: ${reason}`,
  );
  const hang = /^HANGS .*$/m.exec(output)?.[0];
  if (hang !== undefined) found.push(hang);
  const reasons = found.length > 0 ? found : output.trimEnd().split('\n').slice(-3);
  return reasons.map((reason) => reason.slice(0, LENGTH));
}
