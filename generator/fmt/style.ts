// The canonical style, read off the language itself: keys in the order in which interface.schema.json lists them, and
// for a few kinds of maps whether they spread over lines. schema/scope.yaml is the picture of it.
import language from '../../schema/interface.schema.json' with { type: 'json' };

type Schema = {
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
};

/**
 * spread: always over lines. documented: over lines when it has a doc. nested: over lines when what it is in is.
 * compact: in one line when that fits.
 */
export type Spread = 'spread' | 'documented' | 'nested' | 'compact';

export type Style = {
  readonly spread: Spread;
  /** Known keys in order; null where the user's names stand, whose order has a meaning. */
  readonly order: readonly string[] | null;
  readonly of: (key: string | null) => Style;
};

const spreads: Readonly<Record<string, Spread>> = {
  actions: 'spread',
  namedType: 'documented',
  method: 'documented',
  buffer: 'documented',
  fields: 'nested',
};

const root = language as unknown as Schema & {
  readonly definitions: Readonly<Record<string, Schema>>;
};

function styleOf(schema: Schema | undefined, name: string, depth: number): Style {
  const reference = schema?.$ref?.replace('#/definitions/', '');
  if (reference !== undefined) return styleOf(root.definitions[reference], reference, depth);
  const rest = schema?.additionalProperties;
  const named = typeof rest === 'object' ? rest : undefined;
  // A section holds the user's names, and stands at the top.
  const section = depth === 0 || (depth === 1 && named !== undefined);
  return {
    spread: section ? 'spread' : (spreads[name] ?? 'compact'),
    order: schema?.properties === undefined ? null : Object.keys(schema.properties),
    of: (key) => {
      if (key === null) return styleOf(schema?.items, '', depth + 1);
      const known = schema?.properties?.[key];
      return styleOf(known ?? named, known === undefined ? '' : key, depth + 1);
    },
  };
}

export const rootStyle: Style = styleOf(root, '', 0);
