// An argument that is memory of the app: the address and the length of a range, for which the driver gets a descriptor
// (contract §1.10).
import { child, type Report, type Span, stringOf } from '../source/index.js';
import type { FieldDeclaration } from './field-declaration.js';
import { scalarOf } from './layout.js';
import { MAX_BYTES } from './limits.js';
import type { MemorySlot } from './model.js';
import { sizeOf } from './quantities.js';
import type { Direction } from './scalar-slots.js';

function fail(report: Report, at: Span, message: string, hint: string): null {
  report({ code: 'DK563', at, message, hint });
  return null;
}

export function memoryInside(report: Report, { name, type, nameAt }: FieldDeclaration): null {
  const hint =
    'make it an argument of the method, next to the struct; of an interface that exists, declare address and length as numbers.';
  const message = `"${name}" is memory of the app, whose address no driver looks up inside a struct`;
  return fail(report, type?.at ?? nameAt, message, hint);
}

type Sizes = { readonly min: number; readonly max: number; readonly fixed: boolean };

function sizesOf(field: FieldDeclaration, report: Report): Sizes | null {
  const size = child(field.value, 'size');
  const example = 'write { type: clientMemory, access: read-only, max: 16 MiB }, or a size.';
  const limit = size ?? field.max;
  if (limit === null) return fail(report, field.nameAt, `"${field.name}" needs a max`, example);
  const max = sizeOf(limit);
  const min = field.min === null ? 1 : sizeOf(field.min);
  if (max === null || max < 1 || max > MAX_BYTES)
    return fail(report, limit.span, `this is no size from 1 to ${MAX_BYTES} bytes`, example);
  if (size !== null) return { min: max, max, fixed: true };
  if (min !== null && min >= 1 && min <= max) return { min, max, fixed: false };
  return fail(
    report,
    field.min?.span ?? field.nameAt,
    `this is no size from 1 to ${max} bytes`,
    'choose another min.',
  );
}

/** Two scalars, or the address alone where the length is known. */
export function memorySlot(
  field: FieldDeclaration,
  direction: Direction,
  report: Report,
): Omit<MemorySlot, 'index'> | null {
  const { name, doc, unit, since, value } = field;
  const at = field.type?.at ?? field.nameAt;
  if (direction === 'output')
    return fail(
      report,
      at,
      `"${name}" is memory of the app, so the app passes it`,
      'move it to "in", with access: write-only.',
    );
  const access = stringOf(child(value, 'access'));
  if (access !== 'read-only' && access !== 'write-only' && access !== 'read-write')
    return fail(
      report,
      at,
      `"${name}" does not say what the driver does with it`,
      'add "access: read-only", write-only or read-write.',
    );
  const sizes = sizesOf(field, report);
  if (sizes === null) return null;
  const { min, max, fixed } = sizes;
  const lengthFirst = stringOf(child(value, 'order')) === 'length-address';
  return {
    ...{ name, doc, unit, since },
    range: { min, max },
    rules: null,
    optional: false,
    packing: 'memory',
    words: fixed ? 1 : 2,
    type: scalarOf('u64'),
    access,
    order: lengthFirst ? 'length-address' : 'address-length',
  };
}

/** Keys that only memory of the app has. */
export function refuseMemoryKeys(field: FieldDeclaration, report: Report): void {
  if (field.value.kind !== 'map') return;
  for (const key of ['access', 'order']) {
    const entry = field.value.entries.get(key);
    if (entry !== undefined)
      fail(
        report,
        entry.keySpan,
        `"${key}" is for memory of the app, and "${field.name}" is none`,
        'remove it, or write "type: clientMemory".',
      );
  }
}
