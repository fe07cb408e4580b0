// One measured figure, its goal and whether it holds; printed as a line of JSON.

export type Figure = {
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: string;
  /** Value over goal; none where the goal is 0. */
  readonly ratio?: number;
  readonly holds?: boolean;
};

type Bound =
  | { readonly atMost: number }
  | { readonly atLeast: number }
  | { readonly exactly: number };

function holds(value: number, bound: Bound): boolean {
  if ('atMost' in bound) return value <= bound.atMost;
  if ('atLeast' in bound) return value >= bound.atLeast;
  return value === bound.exactly;
}

function goalOf(bound: Bound): { readonly sign: string; readonly goal: number } {
  if ('atMost' in bound) return { sign: '<=', goal: bound.atMost };
  if ('atLeast' in bound) return { sign: '>=', goal: bound.atLeast };
  return { sign: '=', goal: bound.exactly };
}

const rounded = (value: number): number =>
  Number.isInteger(value) ? value : Number(value.toPrecision(4));

/** `value` is rounded to four significant digits for the eye; the goal is judged on the exact value. */
export function figure(name: string, value: number, unit: string, bound?: Bound): Figure {
  const measured = { figure: name, value: rounded(value), unit };
  if (bound === undefined) return measured;
  const { sign, goal } = goalOf(bound);
  return {
    ...measured,
    goal: `${sign} ${rounded(goal)}`,
    ...(goal === 0 ? {} : { ratio: rounded(value / goal) }),
    holds: holds(value, bound),
  };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
