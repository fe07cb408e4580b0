// Handles: numbers that name objects of the driver for one connection, told apart by their kind when the app is compiled.

declare const kind: unique symbol;

export type Handle<Kind extends string, Word extends number | bigint = bigint> = Word & {
  readonly [kind]: Kind;
};
