// Memory that both sides write: LINT061.
import { type Finding, type Rule, spanAt } from './finding.js';

/** Of a layout that says nothing of owners, neither side knows what it may believe. */
export const checkMemory: Rule = ({ model, root }) =>
  model.buffers
    .filter(({ access, sections }) => access === 'read-write' && sections.length > 1)
    .filter(({ sections }) => sections.every(({ owner }) => owner === 'both'))
    .map(
      ({ name }): Finding => ({
        code: 'LINT061',
        at: spanAt(root, 'buffers', name),
        message: `driver and app may both write every section of "${name}", so neither can tell what the other wrote (contract §2.6)`,
        hint: 'say "owner: driver" or "owner: app" of the sections that one side writes.',
      }),
    );
