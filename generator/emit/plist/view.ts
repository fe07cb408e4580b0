// The view of Info.plist and the entitlements: keys and values as XML, in the order in which they are printed.
import type { Entitlement, Model } from '../../model/model.js';
import { bannerLines } from '../banner.js';
import { personalities } from './personalities.js';
import { entryLines, xmlComment, xmlText } from './xml.js';

export type PlistView = {
  readonly banner: readonly string[];
  readonly bundleIdentifier: string;
  readonly bundleName: string;
  readonly version: string;
  readonly usage: string;
  /** Lines. */
  readonly personalities: readonly string[];
};

export function toPlistView(model: Model): PlistView {
  return {
    banner: bannerLines(model).map(xmlComment),
    bundleIdentifier: xmlText(model.bundle.identifier),
    bundleName: xmlText(model.bundle.name),
    version: `${model.version.major}.${model.version.minor}`,
    usage: xmlText(usage(model)),
    personalities: entryLines(personalities(model)),
  };
}

/** Lines of an entitlements file. */
export function toEntitlementsView(
  { entitlements }: Model,
  side: Entitlement['side'],
): { readonly entries: readonly string[] } {
  return { entries: entryLines(entitlements.filter((one) => one.side === side)) };
}

/** macOS shows this sentence when it asks whether the driver may run. */
function usage(model: Model): string {
  const paragraph = model.doc.trim().split(/\n\s*\n/)[0] ?? '';
  return paragraph === '' ? `The driver of ${model.name}.` : paragraph.replace(/\s+/g, ' ');
}
