// Matching keys of IOPCIDevice: numbers with masks, which the kernel reads out of texts such as
// "0x702410ee&0xffffffff". The device stands in the upper half, the vendor in the lower.
import {
  child,
  entriesOf,
  integerOf,
  itemsOf,
  type Report,
  type SourceNode,
  stringOf,
} from '../source/index.js';

/** The class key holds a class code; the others device and vendor. */
export const pciKeys: ReadonlySet<string> = new Set([
  'IOPCIMatch',
  'IOPCIPrimaryMatch',
  'IOPCISecondaryMatch',
  'IOPCIClassMatch',
]);

const MAX = 0xffff_ffffn;
const pattern = /^0x[0-9a-f]{1,8}(&0x[0-9a-f]{1,8})?(\s+0x[0-9a-f]{1,8}(&0x[0-9a-f]{1,8})?)*$/i;

function bad(report: Report, node: SourceNode, message: string): null {
  const hint =
    'write { vendor: 0x10ee, device: 0x7024 }, { value: 0x702410ee, mask: 0xffffffff }, a list of them, or "0x702410ee&0xffffffff".';
  report({ code: 'DK714', at: node.span, message, hint });
  return null;
}

const hex = (value: bigint): string => `0x${value.toString(16).padStart(8, '0')}`;

function word(node: SourceNode, most: bigint, report: Report): bigint | null {
  const value = integerOf(node);
  if (value !== null && value >= 0n && value <= most) return value;
  return bad(report, node, `this is a whole number from 0 to ${hex(most)}`);
}

/** Bits of the value that the mask hides can never be equal. */
function masked(value: bigint, mask: bigint, node: SourceNode, report: Report): string | null {
  if ((value & ~mask) === 0n) return `${hex(value)}&${hex(mask)}`;
  return bad(
    report,
    node,
    `${hex(value)} has bits outside its mask ${hex(mask)}, so nothing matches`,
  );
}

function textOf(node: SourceNode, text: string, report: Report): string | null {
  if (!pattern.test(text)) return bad(report, node, `"${text}" is no PCI match`);
  for (const part of text.split(/\s+/)) {
    const [value = '0', mask] = part.split('&');
    if (mask !== undefined && masked(BigInt(value), BigInt(mask), node, report) === null)
      return null;
  }
  return text;
}

function mapOf(node: SourceNode, report: Report): string | null {
  const keys = entriesOf(node)
    .map(({ key }) => key)
    .sort()
    .join(' ');
  const part = (key: string, most: bigint): bigint | null => {
    const found = child(node, key);
    return found === null ? null : word(found, most, report);
  };
  if (keys === 'device vendor') {
    const [vendor, device] = [part('vendor', 0xffffn), part('device', 0xffffn)];
    return vendor === null || device === null ? null : hex((device << 16n) | vendor);
  }
  if (keys === 'vendor') {
    const vendor = part('vendor', 0xffffn);
    return vendor === null ? null : `${hex(vendor)}&0x0000ffff`;
  }
  if (keys !== 'mask value' && keys !== 'value') return bad(report, node, 'this is no PCI match');
  const [value, mask] = [part('value', MAX), part('mask', MAX)];
  if (value === null) return null;
  return mask === null ? hex(value) : masked(value, mask, node, report);
}

/** The text that the kernel reads; null when it is malformed, which is reported. */
export function pciMatchOf(node: SourceNode, report: Report): string | null {
  if (node.kind === 'list') {
    const parts = itemsOf(node).map((item) => pciMatchOf(item, report));
    return parts.includes(null) || parts.length === 0 ? null : parts.join(' ');
  }
  if (node.kind === 'map') return mapOf(node, report);
  const text = stringOf(node);
  if (text !== null) return textOf(node, text, report);
  const value = word(node, MAX, report);
  return value === null ? null : hex(value);
}
