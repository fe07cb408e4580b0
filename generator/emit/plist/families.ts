// What follows from the provider's family: the framework to link and the transport entitlement to ask for.
import type { Driver } from '../../model/model.js';
import { plistValue } from './xml.js';

type Family = { readonly prefix: string; readonly framework: string };

const families: readonly Family[] = [
  { prefix: 'IOUSB', framework: 'USBDriverKit' },
  { prefix: 'IOPCI', framework: 'PCIDriverKit' },
  { prefix: 'IOHID', framework: 'HIDDriverKit' },
];

/** Frameworks of the dext, DriverKit first. */
export function frameworks(driver: Driver): readonly string[] {
  const family = families.find(({ prefix }) => driver.provider.startsWith(prefix));
  return family === undefined ? ['DriverKit'] : ['DriverKit', family.framework];
}

/**
 * The dictionary of `com.apple.developer.driverkit.transport.usb`: what the dext matches is what it asks for.
 * Without an idVendor only the wildcard remains, which Apple grants for development (contract §5.4).
 */
export function usbTransport(driver: Driver): readonly { key: string; value: string }[] {
  if (!driver.provider.startsWith('IOUSB')) return [];
  const asked = driver.match.filter(({ key }) => key === 'idVendor' || key === 'idProduct');
  const vendor = asked.some(({ key }) => key === 'idVendor');
  const entries = vendor ? asked : [{ key: 'idVendor', value: '*' }];
  return entries.map(({ key, value }) => ({ key, value: plistValue(value) }));
}
