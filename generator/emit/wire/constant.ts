// One constant in a generated header, with the comment above it.

export type Constant = {
  readonly name: string;
  readonly value: string;
  readonly docs: readonly string[];
};
