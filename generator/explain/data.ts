// Types, buffers and properties: what lies where, who uses it, and what reading it costs.

import { layoutTexts } from '../emit/layouts.js';
import { typeText } from '../emit/type-text.js';
import { varyingText } from '../emit/variable-text.js';
import { MAX_STRUCT, PAGE } from '../model/limits.js';
import type {
  Buffer,
  Model,
  NamedType,
  Payload,
  Property,
  RecordPart,
  Type,
} from '../model/model.js';
import type { Explanation, Layout, Limit } from './explanation.js';
import { namedLayout } from './layouts.js';

function mentions(type: Type, name: string): boolean {
  if (type.kind === 'array') return mentions(type.element, name);
  return 'name' in type && type.name === name;
}

function payloadMentions({ scalars, struct }: Payload, name: string): boolean {
  const named = struct?.kind === 'fixed' || struct?.kind === 'variable' ? struct.type.name : null;
  if (named === name) return true;
  return scalars.some(({ type }) => mentions(type, name));
}

function isMadeOf(type: NamedType, name: string): boolean {
  switch (type.kind) {
    case 'struct':
    case 'bits':
      return type.fields.some((field) => mentions(field.type, name));
    case 'union':
      return type.members.some((member) => mentions(member.type, name));
    case 'variant':
      return type.cases.some((one) => one.type?.name === name);
    case 'record':
      return type.parts.some((part) => partMentions(part, name));
    default:
      return false;
  }
}

function partMentions(part: RecordPart, name: string): boolean {
  if (part.kind === 'text') return false;
  if (part.kind === 'fixed') return part.struct.name === name;
  const type = part.kind === 'array' ? part.element : part.type;
  return type.kind === 'record' ? type.name === name : mentions(type, name);
}

/** Everything that holds the type, by kind and name. */
function usersOf({ types, methods, events, buffers }: Model, name: string): readonly string[] {
  return [
    ...types.filter((type) => isMadeOf(type, name)).map((type) => `type ${type.name}`),
    ...methods
      .filter(({ input, output }) => payloadMentions(input, name) || payloadMentions(output, name))
      .map((method) => `method ${method.name}`),
    ...events.filter(({ payload }) => payload.name === name).map((event) => `event ${event.name}`),
    ...buffers
      .filter(({ sections }) => sections.some(({ type }) => mentions(type, name)))
      .map((buffer) => `buffer ${buffer.name}`),
  ];
}

const words = { enum: 'enum', flags: 'flags', bits: 'bit-fields' } as const;

const bytes = (size: number): string => `${size} ${size === 1 ? 'byte' : 'bytes'}`;

function sizeSummary(type: NamedType): string {
  if (type.kind === 'union' || type.kind === 'variant' || type.kind === 'record') {
    const text = varyingText(type);
    return `${text.charAt(0).toLowerCase()}${text.slice(1, -1)}`;
  }
  if (type.kind !== 'struct') return `${words[type.kind]} in ${type.base}, ${bytes(type.size)}`;
  const padding = type.padding.reduce((sum, { size }) => sum + size, 0);
  return `${layoutTexts[type.layout].toLowerCase()} of ${bytes(type.size)}, aligned to ${type.align}, ${padding === 0 ? 'without padding' : `${padding} of them padding`}`;
}

export function explainType(model: Model, type: NamedType): Explanation {
  const users = usersOf(model, type.name);
  const struct: Limit = {
    limit: 'size of a struct',
    used: bytes('size' in type ? type.size : type.max),
    most: `${MAX_STRUCT} bytes; inline in a call 4096, in a completion 112`,
    rule: 'contract §0.2',
  };
  return {
    kind: 'type',
    name: type.name,
    interface: model.name,
    doc: type.doc,
    summary: `${sizeSummary(type)}; used by ${users.length === 0 ? 'nothing' : users.join(', ')}`,
    carriers: [],
    layouts: [namedLayout(model, type)],
    limits: type.kind === 'struct' ? [struct] : [],
    cost: null,
    per: '',
  };
}

function bufferLayouts({ name, sections, size, sizing }: Buffer): Layout[] {
  if (sections.length === 0) return [];
  const rows = sections.map(({ offset, size, name, type, owner, atomic, open }) => ({
    offset,
    size,
    field: name,
    type: typeText(type),
    note: [
      owner === 'both' ? '' : `written by the ${owner}`,
      atomic ? 'one word' : '',
      open ? 'to the end of the buffer' : '',
    ]
      .filter((text) => text !== '')
      .join('; '),
  }));
  return [{ title: sizing.kind === 'exact' ? name : `${name}, at its largest`, rows, size }];
}

/** Large ones are made of bits. */
const numberOf = (value: number): string =>
  value < 0x1000 ? String(value) : `0x${value.toString(16)}`;

function numberText({ memoryType, parts, anyType }: Buffer): string {
  if (anyType) return 'any memory type that no other buffer has';
  const added = parts.map(({ name, at, width }) => `${name} in bits ${at} to ${at + width - 1}`);
  return [`memory type ${numberOf(memoryType)}`, ...added].join(', plus ');
}

const sources = {
  generated: 'allocated by generated code',
  driver: 'supplied by the driver',
  bar: 'memory of the PCI device',
} as const;

function sizeText({ size, sizing }: Buffer): string {
  if (sizing.kind === 'exact') return `${size} bytes`;
  return sizing.kind === 'part'
    ? `${sizing.unit} bytes times ${sizing.part}`
    : `at most ${size} bytes`;
}

export function explainBuffer(model: Model, buffer: Buffer): Explanation {
  const { name, doc, size, access, shared, wholePages, source } = buffer;
  const whose = shared ? 'one for all clients' : 'one for each connection';
  return {
    kind: 'buffer',
    name,
    interface: model.name,
    doc,
    summary: `${numberText(buffer)}, ${sizeText(buffer)}, ${access}, ${whose}, ${sources[source.kind]}`,
    carriers: [
      {
        what: name,
        carrier: 'shared memory',
        because:
          access === 'read-only'
            ? 'the kernel maps it read-only, so that the app cannot write'
            : 'both sides write, so that neither may trust what it reads',
        rule: access === 'read-only' ? 'contract §2.1' : 'contract §2.6',
      },
    ],
    layouts: bufferLayouts(buffer),
    limits: [
      {
        limit: 'size',
        used: `${bytes(size)}, ${wholePages ? `${size / PAGE} whole pages of ${PAGE}` : 'which need not fill its pages'}`,
        most: '4 GiB',
        rule: 'contract §0.2, §2.5',
      },
    ],
    cost: {
      messages: 0,
      words: 0,
      bytes: size,
      copies: [],
      notes: [
        'Mapping it is one call, which waits for every call in flight (contract §1.8).',
        'Closing the connection unmaps it; after an unplug it stays, with what it held (contract §2.3).',
      ],
    },
    per: 'per access',
  };
}

export function explainProperty(model: Model, property: Property): Explanation {
  const { name, doc, type, setter, default: initial } = property;
  return {
    kind: 'property',
    name,
    interface: model.name,
    doc,
    summary: `${type.scalar} in the registry, ${initial} at first${setter === null ? '' : `, set by ${setter}`}`,
    carriers: [
      {
        what: name,
        carrier: 'registry property of the driver',
        because: 'an app reads it without opening the driver, and cannot write it',
        rule: 'contract §6.1, §6.3',
      },
    ],
    layouts: [],
    limits: [],
    cost: {
      messages: 2,
      words: 1,
      bytes: type.size,
      copies: [],
      notes: ['The kernel answers by itself: the driver does not run.'],
    },
    per: 'per read',
  };
}
