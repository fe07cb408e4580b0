// A driver: what it matches, what apps open, what it creates, and what all of that has to be signed with.
import { alternatives } from '../emit/guard-text.js';
import { entriesText } from '../emit/plist-text.js';
import type {
  ChildService,
  Driver,
  Entitlement,
  Model,
  Personality,
  UserClient,
} from '../model/model.js';
import type { Carrier, Explanation } from './explanation.js';

/** Identifiers are mostly known in hexadecimal. */
const integerText = (value: number | string): string =>
  BigInt(value) < 256n ? String(value) : `${value} (0x${BigInt(value).toString(16)})`;

export const personalityCarrier = ({
  name,
  provider,
  kernelClass,
  match,
}: Personality): Carrier => ({
  what: `personality ${name}`,
  carrier: `${provider} with ${entriesText(match, integerText)}`,
  because: `the kernel creates an ${kernelClass} beside it for each service that matches`,
  rule: 'contract §5.2',
});

export const clientCarrier = ({
  name,
  className,
  type,
  dictionary,
  entitlements,
}: UserClient): Carrier => ({
  what: `user client ${name}`,
  carrier: `${className}, opened with ${type === null ? 'every type that is left' : `type ${type}`}`,
  because:
    `the driver creates it from the dictionary ${dictionary} of its personality` +
    (entitlements.length === 0 ? '' : `; the app needs ${alternatives(entitlements)}`),
  rule: 'contract §4.1, §4.2',
});

export const serviceCarrier = ({
  name,
  className,
  kernelClass,
  dictionary,
}: ChildService): Carrier => ({
  what: `service ${name}`,
  carrier: `${className}, an ${kernelClass}`,
  because: `the driver's code creates it from the dictionary ${dictionary}`,
  rule: 'contract §4.2',
});

const placement = ({ bundle }: Model): Carrier => ({
  what: 'process',
  carrier: bundle.oneProcess
    ? 'one for all drivers and devices of the bundle'
    : 'one for each match',
  because: bundle.oneProcess
    ? 'the bundle says oneProcess: a crash ends all of them'
    : 'the bundle does not say oneProcess',
  rule: 'contract §5.3',
});

/** Those of the whole bundle: it is signed once. */
const entitlementRow = ({ side, key, approval, reason }: Entitlement) => ({
  side,
  key,
  approval,
  reason,
});

export function explainDriver(model: Model, driver: Driver): Explanation {
  const { name, className, baseClass, doc, personalities } = driver;
  const clients = model.userClients.filter((client) => client.driver === name);
  const owners = new Set(clients.map((client) => client.name));
  const services = model.services.filter(({ owner }) =>
    owner.kind === 'driver' ? owner.name === name : owners.has(owner.name),
  );
  return {
    kind: 'driver',
    name: className,
    interface: model.name,
    doc,
    summary: `an ${baseClass} of the bundle ${model.bundle.identifier}`,
    carriers: [
      ...personalities.map(personalityCarrier),
      ...clients.map(clientCarrier),
      ...services.map(serviceCarrier),
      placement(model),
    ],
    layouts: [],
    limits: [],
    entitlements: model.entitlements.map(entitlementRow),
    cost: null,
    per: '',
  };
}
