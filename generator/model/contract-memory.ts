// What both sides observe of memory.
import { type Json, said } from './contract-json.js';
import { bitFacts, fieldFacts } from './contract-types.js';
import type { Buffer, Section } from './model.js';

/** Who allocates the memory is the driver's own business. */
export function bufferFacts({ name, memoryType, size, access, shared, ...more }: Buffer) {
  const { parts, anyType, sizing, wholePages, cache, sections } = more;
  const facts = {
    ...said({ parts: parts.map(bitFacts), anyType, partialPages: !wholePages }),
    ...(sizing.kind === 'exact' ? {} : { sizing: { ...sizing } }),
    ...(cache === 'default' ? {} : { cache }),
  };
  const [first, second] = sections;
  const contents = plainContents(first, second);
  return {
    ...{ name, memoryType, size, access, shared, ...facts },
    ...(contents !== null && sections.length < 3
      ? contents
      : { sections: sections.map(sectionFacts) }),
  };
}

function sectionFacts({ owner, atomic, open, ...section }: Section): Json {
  return { ...fieldFacts(section), ...said({ atomic, open }), owner };
}

/** A header and an array to the end are what layouts were at first, and have the facts that they had. */
function plainContents(first: Section | undefined, second: Section | undefined) {
  const header = first?.name === 'header' && first.type.kind === 'struct' ? first : undefined;
  const data = header === undefined ? first : second;
  if (header === undefined && second !== undefined) return null;
  if (header !== undefined && (header.offset !== 0 || header.owner === 'app')) return null;
  const name = header?.type.kind === 'struct' ? header.type.name : null;
  if (data === undefined) return { header: name, data: null };
  const { type } = data;
  const element = type.kind === 'array' && type.element.kind === 'scalar' ? type.element : null;
  if (element === null || type.kind !== 'array' || !data.open || data.owner === 'app') return null;
  const { offset } = data;
  return {
    header: name,
    data: { name: data.name, element: element.scalar, offset, length: type.length },
  };
}
