// LINT004: a personality that takes over devices of other makers.
import { child, entriesOf, stringOf } from '../source/index.js';
import { entryAt, type Finding, type Rule } from './finding.js';

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

export const checkMatching: Rule = ({ root }) => {
  const match = entryAt(root, 'driver', 'match')?.value ?? null;
  return families.flatMap(({ wide, narrow, hint }): Finding[] => {
    if (narrow.some((key) => child(match, key) !== null)) return [];
    const entry = entriesOf(match).find(({ key, value }) => {
      // A mask is the author's word that the width is meant.
      return wide.test(key) && !(stringOf(value) ?? '').includes('&');
    });
    if (entry === undefined) return [];
    const message = `"${entry.key}" alone matches every device of that class, whoever made it`;
    return [{ code: 'LINT004', at: entry.keySpan, message, hint }];
  });
};
