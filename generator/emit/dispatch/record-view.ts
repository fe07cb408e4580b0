// A record as two classes of C++: one that reads it in place, and one that writes it and cannot overrun.

import type { ArrayPart, Model, RecordPart, RecordType, Type } from '../../model/model.js';
import { arraySuffix, fieldType, pascal, typeName } from '../c-names.js';
import { commentText } from '../c-text.js';
import { alignIn } from '../layouts.js';
import { readerType, writerType } from '../struct-parameters.js';
import { recordRuleName } from './rules.js';

export type ClassView = {
  readonly isRecord: true;
  readonly docs: readonly string[];
  readonly rule: string;
  readonly reader: string;
  readonly writer: string;
  readonly partCount: number;
  /** Lines of the members of each. */
  readonly readers: readonly string[];
  readonly writers: readonly string[];
};

/** Members that every reader and writer has; a part of that name gets a suffix. */
const common = ['Size', 'Bytes', 'Base', 'Room'];

export type NamedPart = {
  readonly part: RecordPart;
  readonly index: number;
  readonly name: string;
  readonly layout: RecordType['layout'];
};

/** `Head`, `Part2`, and the names of the members. */
export function namedParts({ name, parts, layout }: RecordType): readonly NamedPart[] {
  const taken = new Set(common);
  return parts.map((part, index) => {
    let free = part.kind === 'fixed' ? part.struct.name.slice(name.length) : pascal(part.name);
    while (taken.has(free) || taken.has(`${free}Count`) || taken.has(`${free}Length`))
      free += 'Part';
    for (const suffix of ['', 'Count', 'Length']) taken.add(free + suffix);
    return { part, index, name: free, layout };
  });
}

const doc = (text: string): string[] => (text === '' ? [] : [`/// ${commentText(text)}`]);

const isByte = (type: Type): boolean => type.kind === 'scalar' && type.size === 1;

function arrayReaders(model: Model, part: ArrayPart, { name, index, layout }: NamedPart): string[] {
  const align = alignIn(layout, part.element.align);
  const { element } = part;
  const place = `places_[${index}]`;
  if (element.kind === 'record') {
    const list = `dextgen::RecordList<${readerType(model, element.name)}>`;
    return [
      ...doc(part.doc),
      `${list} ${name}() const {`,
      `    return ${list}(bytes_, ${place}, ${align});`,
      '}',
    ];
  }
  const type = fieldType(model, element, part.byteOrder);
  if (isByte(element))
    return [
      ...doc(part.doc),
      `const ${type} * ${name}() const {`,
      `    return reinterpret_cast<const ${type} *>(bytes_ + ${place}.offset);`,
      '}',
      `uint64_t ${name}Length() const { return ${place}.count; }`,
    ];
  const count = `uint64_t ${name}Count() const { return ${place}.count; }`;
  const suffix = arraySuffix(element);
  if (suffix !== '')
    return [
      ...doc(part.doc),
      `void ${name}(uint64_t index, ${type} (&target)${suffix}) const {`,
      `    dextgen::CopyElement(target, sizeof(target), bytes_, ${place}, index);`,
      '}',
      count,
    ];
  return [
    ...doc(part.doc),
    `${type} ${name}(uint64_t index) const {`,
    `    return dextgen::ElementAs<${type}>(bytes_, ${place}, index);`,
    '}',
    count,
  ];
}

function partReaders(model: Model, named: NamedPart): string[] {
  const { part, index, name } = named;
  const place = `places_[${index}]`;
  switch (part.kind) {
    case 'fixed': {
      const type = typeName(model, part.struct.name);
      return [
        `${type} ${name}() const {`,
        `    return dextgen::LoadAs<${type}>(bytes_ + ${place}.offset, ${place}.size);`,
        '}',
      ];
    }
    case 'array':
      return arrayReaders(model, part, named);
    case 'text':
      return [
        ...doc(part.doc),
        `const char * ${name}() const {`,
        `    return reinterpret_cast<const char *>(bytes_ + ${place}.offset);`,
        '}',
        `uint64_t ${name}Length() const { return ${place}.count; }`,
      ];
    case 'record': {
      const type = readerType(model, part.type.name);
      return [
        ...doc(part.doc),
        `${type} ${name}() const {`,
        `    return ${type}(bytes_ + ${place}.offset, ${place}.size);`,
        '}',
      ];
    }
    default:
      return part satisfies never;
  }
}

function arrayWriters(model: Model, part: ArrayPart, { name, index }: NamedPart): string[] {
  const { element } = part;
  if (element.kind === 'record')
    return recordWriter(model, { name: `Add${name}`, index, type: element.name });
  const type = fieldType(model, element, part.byteOrder);
  const pointer = arraySuffix(element) === '' && !isByte(element) ? type : 'void';
  return [
    ...doc(part.doc),
    `bool Add${name}(const ${pointer} * elements, uint64_t count) {`,
    `    return record_.Add(${index}, elements, count);`,
    '}',
    ...(pointer === 'void'
      ? []
      : [
          `bool Add${name}(const ${type} & element) {`,
          `    return record_.Add(${index}, &element, 1);`,
          '}',
        ]),
    ...(isByte(element)
      ? [
          `uint8_t * Reserve${name}(uint64_t count) {`,
          `    return record_.Reserve(${index}, count);`,
          '}',
        ]
      : []),
  ];
}

type Nested = { readonly name: string; readonly index: number; readonly type: string };

/** `write` gets the writer of the record inside. */
function recordWriter(model: Model, { name, index, type }: Nested): string[] {
  const writer = writerType(model, type);
  return [
    `template <typename Write> bool ${name}(Write write) {`,
    '    uint64_t capacity = 0;',
    `    uint8_t * place = record_.Begin(${index}, &capacity);`,
    '    if (place == nullptr) {',
    '        return false;',
    '    }',
    `    ${writer} inner(place, capacity);`,
    '    write(inner);',
    `    return record_.Added(${index}, inner.Base());`,
    '}',
  ];
}

function partWriters(model: Model, named: NamedPart): string[] {
  const { part, index, name } = named;
  switch (part.kind) {
    case 'fixed': {
      const type = typeName(model, part.struct.name);
      return [
        `bool Put${name}(const ${type} & value) {`,
        `    return record_.Put(${index}, &value, sizeof(value));`,
        '}',
      ];
    }
    case 'array':
      return arrayWriters(model, part, named);
    case 'text':
      return [
        `bool Put${name}(const char * text, uint64_t length) {`,
        `    return record_.PutText(${index}, text, length);`,
        '}',
      ];
    case 'record':
      return recordWriter(model, { name: `Put${name}`, index, type: part.type.name });
    default:
      return part satisfies never;
  }
}

export function classView(model: Model, type: RecordType): ClassView {
  const parts = namedParts(type);
  return {
    isRecord: true,
    docs: doc(type.doc),
    rule: recordRuleName(model, type.name),
    reader: readerType(model, type.name),
    writer: writerType(model, type.name),
    partCount: type.parts.length,
    readers: parts.flatMap((part) => partReaders(model, part)),
    writers: parts.flatMap((part) => partWriters(model, part)),
  };
}
