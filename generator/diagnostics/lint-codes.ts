// Rules of `dextgen lint`: what a schema may say, but seldom should. An id is never reused. docs/diagnostics.md explains
// each with an example that it finds and one that it does not; test/tools/ runs both.

export const lintCodes = [
  { code: 'LINT001', title: 'undocumented' },
  { code: 'LINT002', title: 'number without a unit' },
  { code: 'LINT003', title: 'input without a range' },
  { code: 'LINT004', title: 'match of a whole class' },
  { code: 'LINT005', title: 'asynchronous method without a timeout' },
  { code: 'LINT006', title: 'large event without a ring' },
  { code: 'LINT007', title: 'bytes that do not travel inline' },
  { code: 'LINT008', title: 'gap among selectors' },
  { code: 'LINT009', title: 'enum without a zero' },
  { code: 'LINT010', title: 'property without a range' },
  { code: 'LINT011', title: 'padding inside a struct' },
  { code: 'LINT012', title: 'floating-point input that may be no number' },
  { code: 'LINT013', title: 'event id that depends on the order' },
  { code: 'LINT014', title: 'error code that depends on the order' },

  { code: 'LINT020', title: 'open type as an input' },
  { code: 'LINT021', title: '64-bit number that could be safe' },
  { code: 'LINT022', title: 'packed without need' },

  { code: 'LINT030', title: 'union as an input' },
  { code: 'LINT031', title: 'variant that takes any number' },
  { code: 'LINT032', title: 'maximum that the count cannot reach' },
  { code: 'LINT033', title: 'length that nobody tells' },

  { code: 'LINT040', title: 'unchecked method' },
  { code: 'LINT041', title: 'state, role or handle that no method uses' },
  { code: 'LINT042', title: 'handles that nothing closes' },
  { code: 'LINT043', title: 'role that nobody can take' },

  { code: 'LINT050', title: 'standing event that nothing acknowledges' },
  { code: 'LINT051', title: 'subscription that cannot be left' },
  { code: 'LINT052', title: 'memory by its address' },

  { code: 'LINT060', title: 'PCI class without a mask' },
  { code: 'LINT061', title: 'shared words without an owner' },
  { code: 'LINT062', title: 'provider that looks misspelt' },

  { code: 'LINT090', title: 'suppression without a reason' },
  { code: 'LINT091', title: 'suppression of an unknown rule' },
  { code: 'LINT092', title: 'suppression that suppresses nothing' },
] as const;

export type LintCode = (typeof lintCodes)[number]['code'];
