// One declaration in a generated .iig, with the comment above it.

export type Member = { readonly docs: readonly string[]; readonly lines: readonly string[] };
