// What follows from the provider's family: the framework to link and the transport entitlement to ask for.
import type { Model, PlistEntry, PlistValue } from '../../model/model.js';

type Family = { readonly prefix: string; readonly framework: string };

const families: readonly Family[] = [
  { prefix: 'IOUSB', framework: 'USBDriverKit' },
  { prefix: 'IOPCI', framework: 'PCIDriverKit' },
  { prefix: 'IOHID', framework: 'HIDDriverKit' },
];

/** Frameworks of the dext, DriverKit first. */
export function frameworks({ drivers }: Model): readonly string[] {
  const providers = drivers.flatMap(({ personalities }) => personalities.map((p) => p.provider));
  const used = families.filter(({ prefix }) => providers.some((name) => name.startsWith(prefix)));
  return ['DriverKit', ...used.map(({ framework }) => framework)];
}

/**
 * The dictionaries of `com.apple.developer.driverkit.transport.usb`: what the dext matches is what it asks for.
 * Without an idVendor only the wildcard remains, which Apple grants for development (contract §5.4).
 */
export function usbTransport({ drivers }: Model): readonly PlistValue[] {
  const usb = drivers
    .flatMap(({ personalities }) => personalities)
    .filter(({ provider }) => provider.startsWith('IOUSB'));
  return usb.map(({ match }) => {
    const asked = match.filter(({ key }) => key === 'idVendor' || key === 'idProduct');
    const vendor = asked.some(({ key }) => key === 'idVendor');
    return { kind: 'dictionary', entries: vendor ? asked : [anyVendor] };
  });
}

const anyVendor: PlistEntry = { key: 'idVendor', value: { kind: 'string', value: '*' } };
