// IOKitPersonalities: what is matched, which classes run, and the dictionaries that connections and services are made
// from (contract §4.2, §5.2).
import type {
  ChildService,
  Model,
  Personality,
  PlistEntry,
  PlistValue,
  UserClient,
} from '../../model/model.js';
import { type ClientSide, type DriverSide, driverSides } from '../sides.js';

const text = (value: string): PlistValue => ({ kind: 'string', value });
const dictionary = (entries: readonly PlistEntry[]): PlistValue => ({
  kind: 'dictionary',
  entries,
});

/** In schema order, each below its name. */
export function personalities(model: Model): readonly PlistEntry[] {
  return driverSides(model).flatMap((side) =>
    side.driver.personalities.map((personality) => ({
      key: personality.name,
      value: dictionary(personalityEntries(model, side, personality)),
    })),
  );
}

function personalityEntries(
  { bundle }: Model,
  { driver, clients, services }: DriverSide,
  personality: Personality,
): readonly PlistEntry[] {
  return [
    { key: 'CFBundleIdentifier', value: text(bundle.identifier) },
    { key: 'CFBundleIdentifierKernel', value: text('com.apple.kpi.iokit') },
    { key: 'IOClass', value: text(personality.kernelClass) },
    { key: 'IOProviderClass', value: text(personality.provider) },
    { key: 'IOUserClass', value: text(driver.className) },
    { key: 'IOUserServerName', value: text(bundle.identifier) },
    // Its presence alone counts, so it is left out rather than false (contract §5.5).
    ...(bundle.oneProcess ? [{ key: 'IOUserServerOneProcess', value: yes }] : []),
    ...clients.map(clientEntry),
    ...services.map(serviceEntry),
    ...matchEntries(personality),
    ...personality.properties,
  ];
}

const yes: PlistValue = { kind: 'boolean', value: true };

function clientEntry({ client, services }: ClientSide): PlistEntry {
  return {
    key: client.dictionary,
    value: dictionary([
      ...classes('IOUserUserClient', client),
      ...openEntry(client),
      ...client.properties,
      ...services.map(serviceEntry),
    ]),
  };
}

/** A text must be there; of a list one element, which is a text or a list that is there whole (contract §4.3). */
function openEntry({ entitlements }: UserClient): readonly PlistEntry[] {
  const both = (names: readonly string[]): PlistValue =>
    names.length === 1 ? text(names[0] ?? '') : { kind: 'array', items: names.map(text) };
  const [first] = entitlements;
  if (first === undefined) return [];
  const one = entitlements.length === 1 && first.length === 1;
  const value: PlistValue = one ? both(first) : { kind: 'array', items: entitlements.map(both) };
  return [{ key: 'IOServiceDEXTEntitlements', value }];
}

function serviceEntry(service: ChildService): PlistEntry {
  return {
    key: service.dictionary,
    value: dictionary([...classes(service.kernelClass, service), ...service.properties]),
  };
}

function classes(
  kernelClass: string,
  { className }: Pick<UserClient, 'className'>,
): readonly PlistEntry[] {
  return [
    { key: 'IOClass', value: text(kernelClass) },
    { key: 'IOUserClass', value: text(className) },
  ];
}

function matchEntries({ provider, match }: Personality): readonly PlistEntry[] {
  // The nub of virtual drivers is only reached with this key beside it (contract §5.2).
  const virtual = provider === 'IOUserResources';
  const complete = !virtual || match.some(({ key }) => key === 'IOResourceMatch');
  return complete ? match : [...match, { key: 'IOResourceMatch', value: text('IOKit') }];
}
