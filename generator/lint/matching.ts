// Personalities that match other devices than they mean: LINT004 and LINT060.
import { driverNodes } from '../model/driver-nodes.js';
import { child, entriesOf, type SourceNode, stringOf } from '../source/index.js';
import type { Finding, Rule } from './finding.js';

/** Keys that name a class of devices, and the keys of which one narrows it to somebody's devices. */
const families = [
  {
    wide: /^b(Device|Interface)(Class|SubClass|Protocol)$/,
    narrow: ['idVendor'],
    hint: 'add idVendor and idProduct, or suppress this in a driver that is meant for the whole class.',
  },
  {
    wide: /^(Device|Primary)Usage(Page)?$/,
    narrow: ['VendorID'],
    hint: 'add VendorID and ProductID, or suppress this in a driver that is meant for the whole usage.',
  },
];

/** Of every personality of every driver. */
function matchesOf(root: SourceNode): readonly SourceNode[] {
  const nodes = driverNodes(root).flatMap(({ node }) => [
    node,
    ...entriesOf(child(node, 'personalities')).map(({ value }) => value),
  ]);
  return nodes.map((node) => child(node, 'match')).filter((match) => match !== null);
}

/** One class code, although what is meant is nearly always a family of them. */
function checkPciClass(match: SourceNode): Finding[] {
  const value = child(match, 'IOPCIClassMatch');
  const parts = value === null ? [] : value.kind === 'list' ? value.items : [value];
  const bare = parts.find((part) =>
    part.kind === 'map'
      ? child(part, 'mask') === null
      : !(part.kind === 'scalar' && part.text.includes('&')),
  );
  if (bare === undefined) return [];
  return [
    {
      code: 'LINT060',
      at: bare.span,
      message: 'without a mask, this matches one class, subclass and interface to the last bit',
      hint: 'mask what may differ, as in { value: 0x03000000, mask: 0xff000000 }, or match vendor and device with IOPCIMatch.',
    },
  ];
}

export const checkMatching: Rule = ({ root }) =>
  matchesOf(root).flatMap((match) => [...checkMatch(match), ...checkPciClass(match)]);

function checkMatch(match: SourceNode): Finding[] {
  return families.flatMap(({ wide, narrow, hint }): Finding[] => {
    if (narrow.some((key) => child(match, key) !== null)) return [];
    const entry = entriesOf(match).find(({ key, value }) => {
      // A mask is the author's word that the width is meant.
      const masked = child(value, 'mask') !== null || (stringOf(value) ?? '').includes('&');
      return wide.test(key) && !masked;
    });
    if (entry === undefined) return [];
    const message = `"${entry.key}" alone matches every device of that class, whoever made it`;
    return [{ code: 'LINT004', at: entry.keySpan, message, hint }];
  });
}
