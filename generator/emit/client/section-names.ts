// Members of a mapped buffer's class that read and write its sections, kept apart where two would meet.
import type { Buffer, Section } from '../../model/model.js';
import { pascal } from '../c-names.js';

/** Members of the class that every buffer derives from; with `then`, what is awaited is taken for a promise. */
const members = [
  'read',
  'readInto',
  'write',
  'close',
  'size',
  'writable',
  'constructor',
  'load',
  'store',
  'then',
];

export type SectionNames = { readonly read: string; readonly write: string };

export function sectionNames({ sections }: Buffer, section: Section): SectionNames {
  const taken = new Set(members);
  const claim = (name: string): string => {
    let free = name;
    while (taken.has(free)) free += '_';
    taken.add(free);
    return free;
  };
  const reads = sections.map(({ name }) => claim(members.includes(name) ? `${name}Data` : name));
  const writes = sections.map(({ name }) => claim(`write${pascal(name)}`));
  const index = sections.indexOf(section);
  return { read: reads[index] ?? section.name, write: writes[index] ?? section.name };
}
