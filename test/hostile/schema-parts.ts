// What the schemas of hostile names have in common: how names meet positions, and declarations that hold still.
import type { Positions } from './schema-text.js';

export type Names = { readonly all: readonly string[]; readonly turn: number };

export const filled = (names: Names, ...positions: readonly string[]): Positions =>
  Object.fromEntries(positions.map((position) => [position, new Set(names.all)]));

/** Type and handle names begin with a capital letter; others may stay to be refused. */
export const capital = ({ all, turn }: Names): Names => ({
  turn,
  all: [
    ...new Set(all.map((name) => name.replace(/^("?)([a-z])/, (_, q, c) => q + c.toUpperCase()))),
  ],
});

/** Another beginning in each turn, for positions that take few names. */
export const turned = ({ all, turn }: Names, by: number): Set<string> => {
  const at = (turn * by) % all.length;
  return new Set([...all.slice(at), ...all.slice(0, at)]);
};

export const pick = (list: readonly string[], index: number): string =>
  list[index % list.length] ?? '';

export const driver =
  'driver: { provider: IOUserResources, match: { IOResourceMatch: IOKit }, clientHooks: true }';
export const bundle = (name: string): string =>
  `bundle: { identifier: com.example.${name}.driver }`;

export const basicTypes = [
  'types:',
  '  Zq0: { enum: u8, values: { zq0: 0, zq1: 1 } }',
  '  Zq1: { flags: u16, values: { zq0: 1, zq1: 2 } }',
  '  Zq2: { bits: u32, fields: { zq0: { width: 3, type: u8, max: 5 }, zq1: bool } }',
  '  Zq3: { struct: { zq0: u8, zq1: { type: u32, min: 3 } } }',
  '  Zq4: { struct: { zq0: u8, zq1: { type: "u8[zq0]", max: 9 } } }',
  '  Zq5: { variant: { tag: u16 }, cases: { zq0: { tag: 1, type: Zq3 }, zq1: { tag: 2 } } }',
  '  Zq6: { struct: { zq0: u8, zq1: "u8[5000]" } }',
];
