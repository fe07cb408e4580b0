// A table of its own in front of the methods, and what a method's row says of it; the numbers that rows name things by.
import type { Model } from '../../model/model.js';
import { wrapBraces } from '../c-text.js';
import { entitlementsOf } from '../guard-text.js';

/** Lines of declarations, and what the row says of them. */
export type Extras = { readonly tables: readonly string[]; readonly columns: readonly string[] };

export const nothing: Extras = { tables: [], columns: [] };

export type Row = readonly string[];

export function table(type: string, name: string, rows: readonly Row[]): string[] {
  const lines = rows.flatMap((row) => wrapBraces('', row, ',', 4)).map((line) => `    ${line}`);
  return [`constexpr ${type} ${name}[] = {`, ...lines, '};'];
}

/** What a look-up by name would cost is paid once per model. */
export type Numbers = {
  readonly machines: ReadonlyMap<string, number>;
  readonly roles: ReadonlyMap<string, number>;
  readonly handles: ReadonlyMap<string, number>;
  readonly entitlements: ReadonlyMap<string, number>;
  readonly enums: ReadonlyMap<string, ReadonlyMap<string, number | string>>;
};

const places = (names: readonly string[]): ReadonlyMap<string, number> =>
  new Map(names.map((name, index) => [name, index]));

export function numbersOf(model: Model): Numbers {
  const nameOf = ({ name }: { readonly name: string }): string => name;
  return {
    machines: places(model.states.map(nameOf)),
    roles: places(model.roles.map(nameOf)),
    handles: places(model.handles.map(nameOf)),
    entitlements: places(entitlementsOf(model)),
    enums: new Map(
      model.types.flatMap((type) =>
        type.kind === 'enum'
          ? [[type.name, new Map(type.values.map(({ name, value }) => [name, value]))]]
          : [],
      ),
    ),
  };
}

export function placeOf(places: ReadonlyMap<string, number>, name: string): number {
  const place = places.get(name);
  if (place === undefined) throw new Error(`${name} has no number`);
  return place;
}
