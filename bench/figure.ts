// One measured figure, its goal and whether it holds; printed as a line of JSON.

export type Figure = {
  readonly figure: string;
  readonly value: number;
  readonly unit: string;
  readonly goal?: string;
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

function goalText(bound: Bound): string {
  if ('atMost' in bound) return `<= ${bound.atMost}`;
  if ('atLeast' in bound) return `>= ${bound.atLeast}`;
  return `= ${bound.exactly}`;
}

/** `value` is rounded to four significant digits for the eye; the goal is judged on the exact value. */
export function figure(name: string, value: number, unit: string, bound?: Bound): Figure {
  const rounded = Number.isInteger(value) ? value : Number(value.toPrecision(4));
  if (bound === undefined) return { figure: name, value: rounded, unit };
  return { figure: name, value: rounded, unit, goal: goalText(bound), holds: holds(value, bound) };
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? Number.NaN)) / 2;
}
