// Where a schema declares its drivers: the section `driver` for the only one, or `drivers` by name.
import {
  child,
  entriesOf,
  type Report,
  type SourceNode,
  type Span,
  stringOf,
} from '../source/index.js';

/** Name of the only driver, and of its only user client, where the schema gives none. */
export const MAIN = 'main';

export type DriverNode = {
  readonly name: string;
  readonly at: Span;
  readonly node: SourceNode;
  /** It is the section `driver`: what it does not say has a default. */
  readonly only: boolean;
  /** Keys that lead to it. */
  readonly path: readonly string[];
};

export function driverNodes(root: SourceNode): readonly DriverNode[] {
  const section = root.kind === 'map' ? root.entries.get('driver') : undefined;
  if (section !== undefined) {
    const { keySpan, value } = section;
    return [{ name: MAIN, at: keySpan, node: value, only: true, path: ['driver'] }];
  }
  return entriesOf(child(root, 'drivers')).map(({ key, keySpan, value }) => ({
    name: key,
    at: keySpan,
    node: value,
    only: false,
    path: ['drivers', key],
  }));
}

export type ClientNode = {
  readonly name: string;
  readonly at: Span;
  /** Null for the short form, in which the class is all that is said. */
  readonly node: SourceNode | null;
  /** Where it says what opening asks for: itself, or in the short form its driver. */
  readonly opening: SourceNode;
  readonly className: SourceNode | null;
  readonly path: readonly string[];
};

/** The user clients of a driver; a schema with one driver need not name its only one. */
export function clientNodes({ name, at, node, only, path }: DriverNode): readonly ClientNode[] {
  const section = child(node, 'userClients');
  if (section !== null)
    return entriesOf(section).map(({ key, keySpan, value }) => ({
      name: key,
      at: keySpan,
      node: value,
      opening: value,
      className: child(value, 'class'),
      path: [...path, 'userClients', key],
    }));
  const className = child(node, 'userClient');
  if (className === null && !only) return [];
  if (stringOf(className) === 'none') return [];
  return [
    {
      ...{ name, at: className?.span ?? at, node: null, opening: node, className },
      path: [...path, 'userClient'],
    },
  ];
}

/** Two keys of a map that exclude each other. */
export function checkChoice(
  node: SourceNode,
  { one, other }: { readonly one: string; readonly other: string },
  report: Report,
): void {
  if (node.kind !== 'map') return;
  const [first, second] = [node.entries.get(one), node.entries.get(other)];
  if (first === undefined || second === undefined) return;
  report({
    code: 'DK208',
    at: second.keySpan,
    message: `"${other}" does not go with "${one}"`,
    notes: [{ message: `"${one}" is here`, at: first.keySpan }],
    hint: 'remove one of the two.',
  });
}
