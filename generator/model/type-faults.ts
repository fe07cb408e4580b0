// What can be wrong with a type, as diagnostics. Each returns null, the type that is not there.
import { didYouMean } from '../diagnostics/index.js';
import type { Report, Span } from '../source/index.js';
import type { FieldDeclaration } from './field-declaration.js';
import { scalars } from './layout.js';
import { MAX_NESTING, MAX_STRUCT } from './limits.js';
import type { StructType } from './model.js';

/** How other languages call the scalars. */
const foreign = new Map([
  ...[8, 16, 32, 64].flatMap((bits): [string, string][] => [
    [`uint${bits}`, `u${bits}`],
    [`uint${bits}_t`, `u${bits}`],
    [`int${bits}`, `i${bits}`],
    [`int${bits}_t`, `i${bits}`],
  ]),
  ['byte', 'u8'],
  ['char', 'u8'],
  ['short', 'i16'],
  ['int', 'i32'],
  ['uint', 'u32'],
  ['long', 'i64'],
  ['float', 'f32'],
  ['float32', 'f32'],
  ['double', 'f64'],
  ['float64', 'f64'],
  ['number', 'f64'],
  ['boolean', 'bool'],
  ['kern_return_t', 'status'],
  ['IOReturn', 'status'],
  ['uuid', 'u8[16]'],
  ['uuid_t', 'u8[16]'],
  ['data', 'bytes'],
]);

type Unknown = { readonly name: string; readonly at: Span; readonly declared: Iterable<string> };

/** What holds an address: of objects, of memory, of functions. */
const addresses =
  /^(void|uintptr_t|intptr_t|pointer|ptr|address|addr|(mach_)?vm_(address|offset)_t|user_addr_t|OSObject|IOService|IOMemoryDescriptor|IOBufferMemoryDescriptor|OSAction|mach_port_t|io_\w+_t)$/i;

/** A number of one process that would be used by another. */
function refuseAddress(text: string, at: Span, report: Report): null {
  report({
    code: 'DK435',
    at,
    message: `"${text}" is an address or an object of one process, and means nothing in another`,
    hint: 'pass bytes, map a buffer, or name the object by an identifier that the driver looks up.',
  });
  return null;
}

/** Text that is no type at all. */
export function malformedType(text: string, at: Span, report: Report): null {
  if (/^[\w\s]*[a-z_]\w*\s*[*&]+$/i.test(text)) return refuseAddress(text, at, report);
  const hint = 'a type is a name with optional lengths: u32, f32[24], Packet[8].';
  report({ code: 'DK411', at, message: `"${text}" is no type`, hint });
  return null;
}

export function unknownType({ name, at, declared }: Unknown, report: Report): null {
  if (addresses.test(name)) return refuseAddress(name, at, report);
  const known = [...declared, ...Object.keys(scalars), 'bytes', 'string', 'u128', 'status'];
  const translated = foreign.get(name);
  const declare =
    'declare it below "types", or use u8 … u128, i8 … i64, f32, f64, bool, string or status.';
  report({
    code: 'DK401',
    at,
    message: `there is no type "${name}"`,
    hint: translated === undefined ? (didYouMean(name, known) ?? declare) : `write ${translated}.`,
  });
  return null;
}

type Recursion = {
  readonly at: Span;
  /** From the type to itself. */
  readonly cycle: readonly string[];
  readonly declaredAt: Span;
};

export function recursion({ at, cycle, declaredAt }: Recursion, report: Report): null {
  report({
    code: 'DK402',
    at,
    message: `"${cycle[0]}" contains itself (${cycle.join(' → ')}), so it has no size`,
    notes: [{ message: 'declared here', at: declaredAt }],
    hint: 'refer to the other record by an index or an identifier.',
  });
  return null;
}

export function tooDeep(report: Report, name: string, at: Span): null {
  const message = `"${name}" nests structs more than ${MAX_NESTING} deep`;
  report({ code: 'DK412', at, message, hint: 'flatten it.' });
  return null;
}

export function tooLarge(report: Report, type: StructType, at: Span): null {
  report({
    code: 'DK412',
    at,
    message: `"${type.name}" takes ${type.size} bytes; a struct has at most ${MAX_STRUCT}`,
    hint: 'pass large data as bytes, or in a buffer.',
  });
  return null;
}

/** Reports a type whose size varies where it must be known. */
export function notFixed(report: Report, name: string, at: Span): null {
  const hint =
    'pass it as the whole struct of a call, or put it into another struct of variable size.';
  report({ code: 'DK410', at, message: `"${name}" varies in size, which cannot be here`, hint });
  return null;
}

/** Reports an array without a length where the size must be known. */
export function openArray(report: Report, name: string, at: Span): void {
  const hint = 'give it a length, as in "f32[24]"; [...] is for the layout of a buffer.';
  report({ code: 'DK410', at, message: `"${name}" needs a length here`, hint });
}

export function badLength(report: Report, length: bigint, at: Span): null {
  const zero = length < 1n;
  report({
    code: 'DK403',
    at,
    message: zero
      ? 'an array has at least one element'
      : `an array of ${length} is over the ${MAX_STRUCT} bytes of a struct`,
    hint: zero
      ? 'remove the field, or give it a length.'
      : 'pass large data as bytes, or in a buffer.',
  });
  return null;
}

const argumentKeys = [
  'optional',
  'scalars',
  'split',
  'creates',
  'closes',
  'order',
  'direct',
  'trailing',
];

/** A struct has a place for every field, whatever a caller leaves out. */
export function refuseArgumentKeys({ name, value }: FieldDeclaration, report: Report): void {
  if (value.kind !== 'map') return;
  for (const key of argumentKeys) {
    const entry = value.entries.get(key);
    if (entry === undefined) continue;
    report({
      code: 'DK524',
      at: entry.keySpan,
      message: `"${key}" is for arguments of a call, and "${name}" is part of a struct`,
      hint: 'remove it, or make the value an argument of the method.',
    });
  }
}
