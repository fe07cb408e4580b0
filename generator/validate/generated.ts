// A name that generated code adds.

/** A generated name, and the keys that lead to what it is generated from. */
export type Generated = { readonly name: string; readonly path: readonly string[] };
