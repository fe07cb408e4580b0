// The view of Info.plist and the entitlements: keys and values as XML, in the order in which they are printed.
import type { Driver, Model } from '../../model/model.js';
import { bannerLines } from '../banner.js';
import { usbTransport } from './families.js';
import { plistValue, xmlComment, xmlText } from './xml.js';

type Entry = { readonly key: string; readonly value: string };

export type PlistView = {
  readonly banner: readonly string[];
  readonly bundleIdentifier: string;
  readonly bundleName: string;
  readonly version: string;
  readonly usage: string;
  readonly className: string;
  readonly userClientClass: string;
  readonly provider: string;
  readonly match: readonly Entry[];
  readonly isUsb: boolean;
  readonly usbTransport: readonly Entry[];
};

export function toPlistView(model: Model): PlistView {
  const transport = usbTransport(model.driver);
  return {
    banner: bannerLines(model).map(xmlComment),
    bundleIdentifier: xmlText(model.bundle.identifier),
    bundleName: xmlText(model.bundle.name),
    version: `${model.version.major}.${model.version.minor}`,
    usage: xmlText(usage(model)),
    className: xmlText(model.driver.className),
    userClientClass: xmlText(model.driver.userClientClass),
    provider: xmlText(model.driver.provider),
    match: matchEntries(model.driver),
    isUsb: transport.length > 0,
    usbTransport: transport,
  };
}

/** macOS shows this sentence when it asks whether the driver may run. */
function usage(model: Model): string {
  const paragraph = model.doc.trim().split(/\n\s*\n/)[0] ?? '';
  return paragraph === '' ? `The driver of ${model.name}.` : paragraph.replace(/\s+/g, ' ');
}

function matchEntries(driver: Driver): readonly Entry[] {
  const written = driver.match.map(({ key, value }) => ({
    key: xmlText(key),
    value: plistValue(value),
  }));
  // The nub of virtual drivers is only reached with this key beside it (contract §5.2).
  const virtual = driver.provider === 'IOUserResources';
  const complete = !virtual || driver.match.some(({ key }) => key === 'IOResourceMatch');
  return complete ? written : [...written, { key: 'IOResourceMatch', value: plistValue('IOKit') }];
}
