// Mapped memory: a method that maps each buffer, and a class that reads and writes its sections.
import {
  type ClassDeclarationStructure,
  type MethodDeclarationStructure,
  type OptionalKind,
  StructureKind,
} from 'ts-morph';
import type { BitField, Buffer, CacheMode, Model, Section, Type } from '../../model/model.js';
import { pascal } from '../c-names.js';
import { isWord } from '../words.js';
import { decodeText, encodeLines, typeText } from './codecs.js';
import { access, key, quote, toDocs } from './jsdoc.js';
import { fieldTypeText, numbersOf } from './members-of-types.js';
import { type Names, nameOf } from './names.js';
import { sectionNames } from './section-names.js';
import { checkText } from './value-checks.js';

type Method = OptionalKind<MethodDeclarationStructure>;

/** Bits 8 to 11 of what an app asks for when it maps (contract §2.1). */
const cacheBits: Readonly<Record<CacheMode, number>> = {
  default: 0,
  inhibit: 0x100,
  'write-through': 0x200,
  copyback: 0x300,
  'write-combine': 0x400,
};

function sizeText({ sizing, size }: Buffer): string {
  switch (sizing.kind) {
    case 'exact':
      return String(size);
    case 'part':
      return `Number(${access('input', sizing.part)}) * ${sizing.unit}`;
    case 'supplied':
      return '1';
    default:
      return sizing satisfies never;
  }
}

/** `input` as the number that the buffer is mapped by. */
function typeLines(names: Names, { memoryType, parts, name }: Buffer): string[] {
  if (parts.length === 0) return [];
  const added = parts.map(({ name: part, at, type, range, rules }) => {
    const value = checkText(names, { type, range, rules }, access('input', part), quote(part));
    return `Number(${value})${at === 0 ? '' : ` * ${2 ** at}`}`;
  });
  return [
    `const at = dextgen.argumentsOf(${quote(`map${pascal(name)}`)});`,
    'dextgen.checkObject(input, at);',
    `const type = ${[memoryType, ...added].join(' + ')};`,
  ];
}

/** What only the driver writes, so that the app cannot do it by mistake. */
function lockedText({ access: rights, sections }: Buffer): string {
  const locked = sections.filter(({ owner }) => rights === 'read-write' && owner === 'driver');
  const ranges = locked.map(({ offset, size, open }) =>
    open ? `[${offset}, Infinity]` : `[${offset}, ${offset + size}]`,
  );
  return ranges.length === 0 ? '' : `, locked: [${ranges.join(', ')}]`;
}

function partMember(names: Names, { name, type, rules }: BitField): string {
  return `readonly ${key(name)}: ${fieldTypeText(names, { type, rules }, true)}`;
}

function sizeNote({ sizing, size, access: rights }: Buffer): string {
  const bytes =
    sizing.kind === 'exact'
      ? `${size} bytes`
      : sizing.kind === 'part'
        ? `${sizing.unit} bytes for each of \`${sizing.part}\``
        : 'as many bytes as the driver has';
  return `Maps ${bytes}, ${rights}; close it, or the connection, to unmap.`;
}

export function mapStructure(names: Names, buffer: Buffer): Method {
  const type = nameOf(names.bufferClasses, buffer.name);
  const computed = buffer.parts.length > 0;
  const cache = cacheBits[buffer.cache] === 0 ? '' : `, cache: ${cacheBits[buffer.cache]}`;
  const number = computed ? 'type' : `type: ${buffer.memoryType}`;
  const details = `{ name: ${quote(buffer.name)}, ${number}, size: ${sizeText(buffer)}${cache}${lockedText(buffer)} }`;
  const members = buffer.parts.map((part) => partMember(names, part)).join('; ');
  return {
    name: nameOf(names.maps, buffer.name),
    isAsync: true,
    docs: toDocs({ doc: buffer.doc, notes: [sizeNote(buffer)] }),
    parameters: [
      ...(computed ? [{ name: 'input', type: `{ ${members} }` }] : []),
      { name: 'options?', type: 'dextgen.CallOptions' },
    ],
    returnType: `Promise<${type}>`,
    statements: [
      ...typeLines(names, buffer),
      `return new ${type}(...(await dextgen.mapMemory(this.#connection, ${details}, options)));`,
    ],
  };
}

export function bufferStructure(
  model: Model,
  names: Names,
  buffer: Buffer,
): ClassDeclarationStructure {
  const writable = buffer.access === 'read-write';
  return {
    kind: StructureKind.Class,
    name: nameOf(names.bufferClasses, buffer.name),
    isExported: true,
    extends: 'dextgen.MappedBuffer',
    docs: toDocs({
      doc: buffer.doc,
      notes: [`Memory of ${model.name}, mapped; all reads are copies.`],
    }),
    methods: buffer.sections.flatMap((section) => [
      readStructure(names, section, buffer),
      ...(writable && section.owner !== 'driver' ? [writeStructure(names, section, buffer)] : []),
    ]),
  };
}

/** Elements of an array: known, or as many as the mapping has room for. */
function lengthText({ offset, type, open }: Section, { sizing }: Buffer): string {
  if (type.kind !== 'array') return '1';
  return open && sizing.kind !== 'exact'
    ? `Math.floor((this.size - ${offset}) / ${type.element.size})`
    : String(type.length);
}

const plus = (offset: number, index: string, size: number): string =>
  `${offset} + ${index} * ${size}`;

/** The constructor of plain numbers in the order of this machine; null for anything else. */
function plainArray({ type, byteOrder, rules }: Section): string | null {
  if (type.kind !== 'array' || (byteOrder === 'big' && type.element.size > 1)) return null;
  return numbersOf({ type: type.element, rules });
}

function readStructure(names: Names, section: Section, buffer: Buffer): Method {
  const { type, offset, size, doc, unit, byteOrder, rules, atomic } = section;
  const name = sectionNames(buffer, section).read;
  const owner = ownerNote(section, buffer);
  if (type.kind !== 'array') {
    const read = atomic
      ? `return this.load(${quote(scalarOf(type))}, ${offset}) as ${typeText(names, type)};`
      : `return ${decodeText(names, type, { at: '0', byteOrder, rules })};`;
    const view = `const view = new DataView(this.read(${offset}, ${size}).buffer);`;
    return {
      name,
      docs: toDocs({ doc, unit, notes: owner }),
      returnType: fieldTypeText(names, { type, rules }),
      statements: atomic ? [read] : [view, read],
    };
  }
  const length = lengthText(section, buffer);
  const { element } = type;
  const array = plainArray(section);
  if (array !== null)
    return {
      name,
      docs: toDocs({
        doc,
        unit,
        notes: [`A copy of \`count\` of the elements, from \`first\` on.`, ...owner],
      }),
      parameters: [
        { name: 'first', initializer: '0' },
        { name: 'count?', type: 'number' },
      ],
      returnType: array,
      statements: [
        `const [from, many] = dextgen.checkElements(${quote(name)}, first, count, ${length});`,
        `const bytes = this.read(${plus(offset, 'from', element.size)}, many * ${element.size});`,
        `return new ${array}(bytes.buffer, 0, many);`,
      ],
    };
  return {
    name,
    docs: toDocs({ doc, unit, notes: ['A copy of one element.', ...owner] }),
    parameters: [{ name: 'index', type: 'number' }],
    returnType: fieldTypeText(names, { type: element, rules }),
    statements: [
      `const [from] = dextgen.checkElements(${quote(name)}, index, 1, ${length});`,
      `const view = new DataView(this.read(${plus(offset, 'from', element.size)}, ${element.size}).buffer);`,
      `return ${decodeText(names, element, { at: '0', byteOrder, rules })};`,
    ],
  };
}

function ownerNote({ owner, atomic }: Section, { access: rights }: Buffer): string[] {
  const word = atomic ? ['One word, read and written whole.'] : [];
  if (rights === 'read-only') return word;
  const who = { driver: 'The driver writes it.', app: 'The app writes it.', both: '' }[owner];
  return who === '' ? word : [who, ...word];
}

const scalarOf = (type: Type): string => (type.kind === 'scalar' ? type.scalar : 'u32');

function writeStructure(names: Names, section: Section, buffer: Buffer): Method {
  const { type, doc, unit } = section;
  const array = plainArray(section);
  const given = (value: Type): string =>
    fieldTypeText(names, { type: value, rules: section.rules }, true);
  const docs = toDocs({ doc, unit, notes: [`Writes ${section.name}.`] });
  const name = sectionNames(buffer, section).write;
  if (type.kind !== 'array')
    return {
      name,
      docs,
      parameters: [{ name: 'value', type: given(type) }],
      returnType: 'void',
      statements: writeLines(names, section, { type, place: String(section.offset), method: name }),
    };
  const length = lengthText(section, buffer);
  const { element } = type;
  if (array !== null)
    return {
      name,
      docs,
      parameters: [
        { name: 'values', type: array },
        { name: 'first', initializer: '0' },
      ],
      returnType: 'void',
      statements: [
        `const [from] = dextgen.checkElements(${quote(name)}, first, values.length, ${length});`,
        `this.write(dextgen.bytesOfArray(values), ${plus(section.offset, 'from', element.size)});`,
      ],
    };
  return {
    name,
    docs,
    parameters: [
      { name: 'index', type: 'number' },
      { name: 'value', type: given(element) },
    ],
    returnType: 'void',
    statements: [
      `const [from] = dextgen.checkElements(${quote(name)}, index, 1, ${length});`,
      ...writeLines(names, section, {
        type: element,
        place: plus(section.offset, 'from', element.size),
        method: name,
      }),
    ],
  };
}

/** Statements that encode `value` and put it into the memory at once. */
function writeLines(
  names: Names,
  { range, rules, byteOrder, atomic }: Section,
  { type, place, method }: { readonly type: Type; readonly place: string; readonly method: string },
): string[] {
  const at = `const at = dextgen.argumentsOf(${quote(method)});`;
  if (atomic && isWord(type)) {
    const value = checkText(names, { type, range, rules }, 'value', quote('value'));
    return [at, `this.store(${quote(scalarOf(type))}, ${place}, ${value});`];
  }
  return [
    at,
    `const view = new DataView(new ArrayBuffer(${type.size}));`,
    ...encodeLines({
      ...{ names, type, range, rules, byteOrder },
      offset: '0',
      value: 'value',
      member: quote('value'),
      depth: 0,
    }),
    `this.write(new Uint8Array(view.buffer), ${place});`,
  ];
}
