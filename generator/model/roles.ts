// Roles: what one connection at a time can have.
import { didYouMean } from '../diagnostics/index.js';
import {
  child,
  entriesOf,
  itemsOf,
  type Report,
  type SourceNode,
  stringOf,
} from '../source/index.js';
import { MAX_ROLES } from './limits.js';
import type { Role } from './model.js';
import { textOf } from './text.js';

/** A list of names, or names with docs. */
export function resolveRoles(node: SourceNode | null, report: Report): readonly Role[] {
  const listed = itemsOf(node).map((item) => ({
    role: { name: stringOf(item) ?? '', doc: '' },
    at: item.span,
  }));
  const documented = entriesOf(node).map(({ key, keySpan, value }) => ({
    role: { name: key, doc: textOf(child(value, 'doc')) },
    at: keySpan,
  }));
  const all = [...listed, ...documented];
  const excess = all[MAX_ROLES];
  if (excess !== undefined) {
    report({
      code: 'DK527',
      at: excess.at,
      message: `an interface has at most ${MAX_ROLES} roles; "${excess.role.name}" is one too many`,
      hint: 'let one role stand for several, or leave the rest to the driver.',
    });
  }
  return all.map(({ role }) => role);
}

/** The name of a declared role. */
export function roleOf(
  roles: readonly Role[],
  node: SourceNode | null,
  report: Report,
): string | null {
  if (node === null) return null;
  const name = stringOf(node) ?? '';
  if (roles.some((role) => role.name === name)) return name;
  const known = roles.map((role) => role.name);
  const add = known.length > 0 ? 'add it to "roles".' : `add "roles: [${name}]".`;
  const hint = didYouMean(name, known) ?? add;
  report({ code: 'DK527', at: node.span, message: `there is no role "${name}"`, hint });
  return null;
}
