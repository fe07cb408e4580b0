// Matching keys of the personality: integers as integers, and nothing that dextgen or the kernel keeps for itself.
import { pciKeys } from '../model/pci-match.js';
import { type Entry, integerOf, type Report, type Span } from '../source/index.js';

/** Largest value of each integer key; the kernel compares numbers, and a string never matches one (contract §5.2). */
const integerKeys: ReadonlyMap<string, bigint> = new Map(
  Object.entries({
    idVendor: 0xffffn,
    idProduct: 0xffffn,
    idProductMask: 0xffffn,
    bcdDevice: 0xffffn,
    bConfigurationValue: 0xffn,
    bInterfaceNumber: 0xffn,
    bInterfaceClass: 0xffn,
    bInterfaceSubClass: 0xffn,
    bInterfaceProtocol: 0xffn,
    bDeviceClass: 0xffn,
    bDeviceSubClass: 0xffn,
    bDeviceProtocol: 0xffn,
    locationID: 0xffff_ffffn,
    VendorID: 0xffff_ffffn,
    ProductID: 0xffff_ffffn,
    PrimaryUsage: 0xffff_ffffn,
    PrimaryUsagePage: 0xffff_ffffn,
    DeviceUsage: 0xffff_ffffn,
    DeviceUsagePage: 0xffff_ffffn,
    IOProbeScore: 0x7fff_ffffn,
  }),
);

const stringKeys: ReadonlySet<string> = new Set([
  'IOResourceMatch',
  'IONameMatch',
  'IOLocationMatch',
  'IOPathMatch',
  'IOMatchCategory',
  'Transport',
]);

/** What the plist emitter writes itself (contract §5.2). */
export const ownKeys: ReadonlySet<string> = new Set([
  'CFBundleIdentifier',
  'CFBundleIdentifierKernel',
  'IOClass',
  'IOProviderClass',
  'IOUserClass',
  'IOUserServerName',
  'IOUserServerOneProcess',
  'UserClientProperties',
]);

export const personalityKeys: ReadonlySet<string> = new Set([
  ...integerKeys.keys(),
  ...stringKeys,
  ...ownKeys,
  ...pciKeys,
  'IOPropertyMatch',
  'IOPropertyExistsMatch',
  'IOParentMatch',
]);

function checkInteger({ key, value }: Entry, max: bigint, report: Report): void {
  const number = integerOf(value);
  if (number !== null && number >= 0n && number <= max) return;
  const quoted = value.kind === 'scalar' && typeof value.value === 'string';
  report({
    code: 'DK704',
    at: value.span,
    message: quoted
      ? `"${key}" is a string here; the kernel compares integers, so it would never match`
      : `"${key}" is a whole number from 0 to ${max}`,
    hint: quoted
      ? `write it without quotes: ${key}: ${value.text}`
      : 'write a number such as 0x0957.',
  });
}

function checkString({ key, value }: Entry, report: Report): void {
  if (value.kind === 'scalar' && typeof value.value === 'string') return;
  report({
    code: 'DK704',
    at: value.span,
    message: `"${key}" is a string`,
    hint: `write it in quotes: ${key}: "${value.kind === 'scalar' ? value.text : ''}"`,
  });
}

/** Numbers of the registry have no fraction (contract §6.4). */
function checkWhole({ key, value }: Entry, report: Report): void {
  if (value.kind !== 'scalar' || typeof value.value !== 'number') return;
  if (Number.isInteger(value.value)) return;
  const hint = 'write a whole number, or a string in quotes.';
  report({ code: 'DK704', at: value.span, message: `"${key}" has a fraction`, hint });
}

export function checkMatch(entries: readonly Entry[], report: Report): void {
  for (const entry of entries) {
    const max = integerKeys.get(entry.key);
    if (ownKeys.has(entry.key)) {
      report({
        code: 'DK705',
        at: entry.keySpan,
        message: `dextgen writes "${entry.key}" itself`,
        hint: 'remove it; "driver" and "bundle" say what it becomes.',
      });
    } else if (max !== undefined) checkInteger(entry, max, report);
    else if (stringKeys.has(entry.key)) checkString(entry, report);
    else checkWhole(entry, report);
  }
}

/** The kernel refuses to attach a dext to IOResources (contract §5.2). */
export function checkProvider(provider: string, at: Span, report: Report): void {
  if (provider !== 'IOResources') return;
  report({
    code: 'DK706',
    at,
    message: 'the kernel attaches no dext to IOResources',
    hint: 'write IOUserResources, with IOResourceMatch: IOKit.',
  });
}
