// LINT001: what an app or a driver engineer would have to guess.
import { entriesOf, stringOf } from '../source/index.js';
import { entryAt, type Finding, type Rule } from './finding.js';

const sections = [
  { section: 'types', noun: 'type' },
  { section: 'methods', noun: 'method' },
  { section: 'events', noun: 'event' },
  { section: 'buffers', noun: 'buffer' },
  { section: 'properties', noun: 'property' },
  { section: 'constants', noun: 'constant' },
  { section: 'states', noun: 'state machine' },
  { section: 'roles', noun: 'role' },
  { section: 'handles', noun: 'handle' },
] as const;

export const checkDocumentation: Rule = ({ root }) =>
  sections.flatMap(({ section, noun }) =>
    entriesOf(entryAt(root, section)?.value ?? null).flatMap(
      ({ key, keySpan, value }): Finding[] => {
        const doc = value.kind === 'map' ? value.entries.get('doc')?.value : undefined;
        if ((stringOf(doc ?? null) ?? '').trim() !== '') return [];
        return [
          {
            code: 'LINT001',
            at: keySpan,
            message: `the ${noun} "${key}" has no doc`,
            hint: 'add "doc:" with what a reader of the generated code should know.',
          },
        ];
      },
    ),
  );
