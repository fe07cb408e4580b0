// The shape of an imported file: what an interface may say about types, and nothing else.
import type { Entry, MapNode, Report, ScalarNode, SourceNode, Span } from '../source/index.js';
import { checkShape } from './shape.js';

export const typesFileKeys: readonly string[] = [
  '$schema',
  'dextgen',
  'doc',
  'import',
  'constants',
  'types',
];

const nowhere: Span = { start: 0, end: 0 };

const text = (value: string): ScalarNode => ({
  kind: 'scalar',
  value,
  text: value,
  span: nowhere,
});

const map = (members: Readonly<Record<string, SourceNode>>): MapNode => {
  const entries = Object.entries(members).map(([key, value]): [string, Entry] => [
    key,
    { key, keySpan: nowhere, value },
  ]);
  return { kind: 'map', entries: new Map(entries), span: nowhere };
};

/** What an interface needs besides its types; sound, so that nothing is ever reported about it. */
const rest = map({
  interface: text('Types'),
  version: text('1.0'),
  bundle: map({ identifier: text('com.example.Types') }),
  driver: map({ provider: text('IOService'), match: map({ IOMatchCategory: text('none') }) }),
});

/** Whether it is sound. Checked as an interface, so that one JSON Schema says what a type is. */
export function checkTypesShape(root: SourceNode, report: Report): boolean {
  let sound = true;
  const counted: Report = (fault) => {
    sound = false;
    report(fault);
  };
  const whole: SourceNode =
    root.kind === 'map' ? { ...root, entries: new Map([...rest.entries, ...root.entries]) } : root;
  checkShape(whole, counted);
  return sound;
}
