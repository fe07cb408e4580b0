// A buffer as one struct: its sections, the gaps between them, and what they leave at the end. Of one whose size is not
// known before it is mapped, the last section goes on as far as there is memory.
import type { Buffer, Model, Section } from '../../model/model.js';
import { bufferType, fieldType } from '../c-names.js';
import { commentLines } from '../c-text.js';
import { alignUp, cAlign, fieldView, gap } from './struct-view.js';
import {
  type FieldView,
  fieldDocs,
  offsetAssertion,
  sizeAssertion,
  structOpening,
  type TypeView,
} from './type-view.js';

const owners = {
  driver: 'The driver writes it.',
  app: 'The app writes it: the driver trusts nothing in it, and reads it once.',
  both: '',
} as const;

function ownerDoc({ owner, atomic }: Section, { access }: Buffer): string {
  const who = access === 'read-only' ? '' : owners[owner];
  const word = atomic ? 'One word: use __atomic_load_n and __atomic_store_n.' : '';
  return [who, word].filter((text) => text !== '').join(' ');
}

function sectionView(model: Model, section: Section, buffer: Buffer): FieldView {
  const { name, type, byteOrder, doc, unit, open } = section;
  const docs = [...fieldDocs(doc, unit), ...commentLines(ownerDoc(section, buffer))];
  if (!open || buffer.sizing.kind === 'exact' || type.kind !== 'array')
    return { declaration: fieldView(model, section).declaration, docs };
  // C has no struct with nothing but an array of any length.
  const length = buffer.sections.length === 1 ? '1' : '';
  const text = `${fieldType(model, type, byteOrder)} ${name}[${length}];`;
  return { declaration: text, docs: [...docs, 'As many as there is memory for.'] };
}

function members(model: Model, buffer: Buffer): readonly FieldView[] {
  const { sections, size, sizing } = buffer;
  if (sections.length === 0) return [{ declaration: `uint8_t bytes[${size}];`, docs: [] }];
  const views: FieldView[] = [];
  let end = 0;
  for (const section of sections) {
    if (section.offset > alignUp(end, cAlign(section, false)))
      views.push(gap(end, section.offset - end));
    views.push(sectionView(model, section, buffer));
    end = section.offset + section.size;
  }
  if (sizing.kind === 'exact' && size > end) views.push(gap(end, size - end));
  return views;
}

export function bufferView(model: Model, buffer: Buffer): TypeView {
  const name = bufferType(model, buffer);
  return {
    docs: commentLines(buffer.doc),
    name,
    isWord: false,
    isComment: false,
    base: '',
    constants: [],
    opening: structOpening(name),
    fields: members(model, buffer),
    assertions: [
      ...(buffer.sizing.kind === 'exact' ? sizeAssertion(name, buffer.size) : []),
      ...buffer.sections.flatMap((section) => offsetAssertion(name, section.name, section.offset)),
    ],
    functions: [],
  };
}
