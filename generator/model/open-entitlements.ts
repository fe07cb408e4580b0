// What an app must be entitled to before the kernel lets it open a user client (contract §4.3 step 7).
import { child, type Report, type SourceNode } from '../source/index.js';
import { entitlementOf } from './guards.js';
import { ADMINISTRATOR } from './limits.js';

export const OPEN_KEY = 'IOServiceDEXTEntitlements';

const itemsOf = (node: SourceNode): readonly SourceNode[] =>
  node.kind === 'list' ? node.items : [node];

function nameOf(node: SourceNode, report: Report): string[] {
  const name = entitlementOf(node, report);
  if (name === ADMINISTRATOR)
    report({
      code: 'DK528',
      at: node.span,
      message:
        'what makes root an administrator is told to the driver, and not asked when it is opened',
      hint: 'write it on the methods that need it.',
    });
  return name === null ? [] : [name];
}

/** `X`: that one. `[X, Y]`: one of them. `[[X, Y], Z]`: both X and Y, or Z. */
export function openEntitlements(
  node: SourceNode | null,
  report: Report,
): readonly (readonly string[])[] {
  const at = child(node, 'entitlement');
  if (at === null) return [];
  refuseTwice(node, report);
  return itemsOf(at).map((one) => itemsOf(one).flatMap((name) => nameOf(name, report)));
}

function refuseTwice(node: SourceNode | null, report: Report): void {
  const properties = child(node, 'properties');
  const own = properties?.kind === 'map' ? properties.entries.get(OPEN_KEY) : undefined;
  if (own === undefined) return;
  report({
    code: 'DK705',
    at: own.keySpan,
    message: `dextgen writes "${OPEN_KEY}" itself`,
    hint: 'remove it; "entitlement" says what it becomes.',
  });
}
