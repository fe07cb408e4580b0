// Codes of `dextgen gen` about folders and files rather than about a schema's text. io/ raises them.
// docs/diagnostics.md explains them; test/cli/ provokes each one.

export const driftCodes = [
  { code: 'DK901', title: 'stale: the schema was edited' },
  { code: 'DK902', title: 'stale: the generator changed' },
  { code: 'DK903', title: 'stale: a template changed' },
  { code: 'DK904', title: 'edited by hand' },
  { code: 'DK905', title: 'missing' },
  { code: 'DK906', title: 'file that is not generated' },
  { code: 'DK907', title: 'interface folder without a schema' },
  { code: 'DK908', title: 'no schema found' },
  { code: 'DK909', title: 'nothing generated' },
  { code: 'DK910', title: 'differs, and nothing recorded tells why' },
  { code: 'DK911', title: 'left over from an interrupted run' },
  { code: 'DK912', title: 'folder that belongs to somebody else' },
  { code: 'DK913', title: 'line endings converted' },
  { code: 'DK914', title: 'two schemas for one interface' },
  { code: 'DK915', title: 'file that cannot be read or written' },
  { code: 'DK916', title: 'not in the canonical style' },
] as const;

export type DriftCode = (typeof driftCodes)[number]['code'];
