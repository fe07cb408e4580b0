// The view of Info.plist and the entitlements: keys and values as XML, in the order in which they are printed.
import type { Model } from '../../model/model.js';
import { bannerLines } from '../banner.js';
import { usbTransport } from './families.js';
import { personalities } from './personalities.js';
import { entryLines, plistLines, xmlComment, xmlText } from './xml.js';

export type PlistView = {
  readonly banner: readonly string[];
  readonly bundleIdentifier: string;
  readonly bundleName: string;
  readonly version: string;
  readonly usage: string;
  /** Lines. */
  readonly personalities: readonly string[];
  readonly isUsb: boolean;
  /** Lines. */
  readonly usbTransport: readonly string[];
};

export function toPlistView(model: Model): PlistView {
  const transport = usbTransport(model).flatMap(plistLines);
  return {
    banner: bannerLines(model).map(xmlComment),
    bundleIdentifier: xmlText(model.bundle.identifier),
    bundleName: xmlText(model.bundle.name),
    version: `${model.version.major}.${model.version.minor}`,
    usage: xmlText(usage(model)),
    personalities: entryLines(personalities(model)),
    isUsb: transport.length > 0,
    usbTransport: transport,
  };
}

/** macOS shows this sentence when it asks whether the driver may run. */
function usage(model: Model): string {
  const paragraph = model.doc.trim().split(/\n\s*\n/)[0] ?? '';
  return paragraph === '' ? `The driver of ${model.name}.` : paragraph.replace(/\s+/g, ' ');
}
