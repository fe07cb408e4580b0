// LINT004: a personality that takes over devices of other makers.
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
  {
    wide: /^IOPCIClassMatch$/,
    narrow: ['IOPCIMatch', 'IOPCIPrimaryMatch', 'IOPCISecondaryMatch'],
    hint: 'match vendor and device with IOPCIMatch, or mask the class: "0x01060100&0xffffff00".',
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

export const checkMatching: Rule = ({ root }) => matchesOf(root).flatMap(checkMatch);

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
