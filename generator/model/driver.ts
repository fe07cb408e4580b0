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
import type { Driver, DriverAction, Model, Personality, PlistValue, UserClient } from './model.js';
import { toModelNumber } from './ranges.js';
import { textOf } from './text.js';

/** Name of the only driver, and of its only user client, where the schema gives none. */
export const MAIN = 'main';

function plistValueOf(node: SourceNode): PlistValue {
  const value = node.kind === 'scalar' ? node.value : null;
  if (typeof value === 'boolean') return { kind: 'boolean', value };
  if (typeof value === 'bigint' || typeof value === 'number')
    return { kind: 'integer', value: toModelNumber(value) };
  return { kind: 'string', value: value ?? '' };
}

function actionsOf(node: SourceNode | null, report: Report): readonly DriverAction[] {
  return entriesOf(node).flatMap(({ key, value }) => {
    const [providerClass = '', providerMethod = ''] = (stringOf(value) ?? '').split('.');
    const known = checkAction({ providerClass, providerMethod, at: value.span }, report);
    return known ? [{ name: key, providerClass, providerMethod }] : [];
  });
}

export type Drivers = Pick<Model, 'drivers' | 'userClients' | 'services'>;

/** The section `driver`: one driver, one user client that every type opens. */
export function resolveDrivers(
  node: SourceNode | null,
  interfaceName: string,
  report: Report,
): Drivers {
  const match = child(node, 'match');
  const provider = child(node, 'provider');
  const providerAt: Span = provider?.span ?? { start: 0, end: 0 };
  const providerClass = stringOf(provider) ?? '';
  checkProvider(providerClass, providerAt, report);
  checkMatch(entriesOf(match), report);
  const className = stringOf(child(node, 'class')) ?? `${interfaceName}Driver`;
  const personality: Personality = {
    name: className,
    kernelClass: 'IOUserService',
    provider: providerClass,
    match: entriesOf(match).map(({ key, value }) => ({ key, value: plistValueOf(value) })),
    properties: [],
  };
  const driver: Driver = {
    name: MAIN,
    className,
    baseClass: 'IOService',
    keptIig: null,
    personalities: [personality],
    actions: actionsOf(child(node, 'actions'), report),
    doc: textOf(child(node, 'doc')),
  };
  const client: UserClient = {
    name: MAIN,
    driver: MAIN,
    className: stringOf(child(node, 'userClient')) ?? `${interfaceName}UserClient`,
    type: null,
    dictionary: 'UserClientProperties',
    properties: [],
    doc: '',
  };
  return { drivers: [driver], userClients: [client], services: [] };
}
