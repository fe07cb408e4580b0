// The driver: its classes, what it matches, and the completions it receives from its provider.
import {
  child,
  entriesOf,
  type Report,
  type SourceNode,
  type Span,
  stringOf,
} from '../source/index.js';
import { checkAction } from '../validate/actions.js';
import { checkMatch, checkProvider } from '../validate/matching.js';
import type { Driver, DriverAction } from './model.js';
import { toModelNumber } from './ranges.js';
import { textOf } from './text.js';

type MatchValue = Driver['match'][number]['value'];

function matchValue(node: SourceNode): MatchValue {
  const value = node.kind === 'scalar' ? node.value : null;
  return typeof value === 'bigint' ? toModelNumber(value) : (value ?? '');
}

function actionsOf(node: SourceNode | null, report: Report): readonly DriverAction[] {
  return entriesOf(node).flatMap(({ key, value }) => {
    const [providerClass = '', providerMethod = ''] = (stringOf(value) ?? '').split('.');
    const known = checkAction({ providerClass, providerMethod, at: value.span }, report);
    return known ? [{ name: key, providerClass, providerMethod }] : [];
  });
}

export function resolveDriver(
  node: SourceNode | null,
  interfaceName: string,
  report: Report,
): Driver {
  const match = child(node, 'match');
  const provider = child(node, 'provider');
  const providerAt: Span = provider?.span ?? { start: 0, end: 0 };
  const providerClass = stringOf(provider) ?? '';
  checkProvider(providerClass, providerAt, report);
  checkMatch(entriesOf(match), report);
  return {
    className: stringOf(child(node, 'class')) ?? `${interfaceName}Driver`,
    userClientClass: stringOf(child(node, 'userClient')) ?? `${interfaceName}UserClient`,
    provider: providerClass,
    match: entriesOf(match).map(({ key, value }) => ({ key, value: matchValue(value) })),
    actions: actionsOf(child(node, 'actions'), report),
    doc: textOf(child(node, 'doc')),
  };
}
